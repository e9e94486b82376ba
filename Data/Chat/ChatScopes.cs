using Microsoft.EntityFrameworkCore;

namespace Pybo.Data;

/// <summary>The scope that a conversation searches.</summary>
/// <param name="Name">The name when the conversation began; null with <paramref name="Passages"/>.</param>
/// <param name="Passages">Null if the scope is gone or no longer visible to this reader: the two look alike, so that neither reveals the other.</param>
public sealed record ChatScope(string? Name, PassageScope? Passages)
{
    public bool IsGone => Passages is null;
}

/// <summary>Conversations of one document or one collection.</summary>
public static class ChatScopes
{
    extension(PyboDb db)
    {
        /// <summary>Returns the name of a document or a collection; null if this reader has none.</summary>
        public Task<string?> ScopeNameAsync(PassageScope scope, Viewer viewer, CancellationToken ct) => scope.DocumentId is { } document
            ? db.ReadableDocuments(viewer).Where(d => d.Id == document).Select(d => d.Title).SingleOrDefaultAsync(ct)
            : db.ReadableCollections(viewer).Where(c => c.Id == scope.CollectionId).Select(c => c.Name).SingleOrDefaultAsync(ct);

        /// <summary>Returns a conversation's scope, from its row; null if it searches everything.</summary>
        public async Task<ChatScope?> ChatScopeAsync(Conversation conversation, CancellationToken ct) =>
            await db.ChatScopeAsync(conversation.DocumentId, conversation.CollectionId, conversation.ScopeName, new Viewer(conversation.UserId), ct);

        /// <inheritdoc cref="ChatScopeAsync(PyboDb, Conversation, CancellationToken)"/>
        internal async Task<ChatScope?> ChatScopeAsync(long? documentId, long? collectionId, string? name, Viewer viewer, CancellationToken ct)
        {
            if (name is null)
            {
                return null;
            }

            var scope = documentId is { } document ? PassageScope.Document(document) : collectionId is { } collection ? PassageScope.Collection(collection) : (PassageScope?)null;
            return scope is { } part && await db.ScopeNameAsync(part, viewer, ct) is not null ? new(name, part) : new(null, null);
        }
    }
}
