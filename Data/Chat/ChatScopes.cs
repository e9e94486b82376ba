using Microsoft.EntityFrameworkCore;

namespace Pybo.Data;

/// <summary>What a conversation is asked of.</summary>
/// <param name="Name">As it was when the conversation began; null with <paramref name="Passages"/>.</param>
/// <param name="Passages">Null once it is gone, or is not for this reader any more: the two look alike, so that neither gives the other away.</param>
public sealed record ChatScope(string? Name, PassageScope? Passages)
{
    public bool IsGone => Passages is null;
}

/// <summary>Conversations of one document or one collection.</summary>
public static class ChatScopes
{
    extension(PyboDb db)
    {
        /// <summary>The name of a document or a collection; null where there is none for this reader.</summary>
        public Task<string?> ScopeNameAsync(PassageScope scope, Reader reader, CancellationToken ct) => scope.DocumentId is { } document
            ? db.ReadableDocuments(reader).Where(d => d.Id == document).Select(d => d.Title).SingleOrDefaultAsync(ct)
            : db.ReadableCollections(reader).Where(c => c.Id == scope.CollectionId).Select(c => c.Name).SingleOrDefaultAsync(ct);

        /// <summary>What a conversation is asked of, from its row; null where it asks everything.</summary>
        public async Task<ChatScope?> ChatScopeAsync(Conversation conversation, CancellationToken ct) =>
            await db.ChatScopeAsync(conversation.DocumentId, conversation.CollectionId, conversation.ScopeName, new Reader(conversation.UserId), ct);

        /// <inheritdoc cref="ChatScopeAsync(PyboDb, Conversation, CancellationToken)"/>
        internal async Task<ChatScope?> ChatScopeAsync(long? documentId, long? collectionId, string? name, Reader reader, CancellationToken ct)
        {
            if (name is null)
            {
                return null;
            }

            var scope = documentId is { } document ? PassageScope.Document(document) : collectionId is { } collection ? PassageScope.Collection(collection) : (PassageScope?)null;
            return scope is { } part && await db.ScopeNameAsync(part, reader, ct) is not null ? new(name, part) : new(null, null);
        }
    }
}
