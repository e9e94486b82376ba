using Microsoft.EntityFrameworkCore;

namespace Pybo.Data;

/// <summary>A conversation and the turns of one path, as a reader may see them now.</summary>
/// <param name="Turns">In order, with their citations; what the reader may not see is hidden: <see cref="CitationAccess"/>.</param>
/// <param name="Tree">All turns, for the versions.</param>
public sealed record ConversationPath(Conversation Conversation, IReadOnlyList<Turn> Turns, TurnTree Tree);

public static class ConversationPaths
{
    extension(PyboDb db)
    {
        /// <summary>Returns a member's conversation; null if it is not theirs or has no such turn.</summary>
        /// <param name="id">The conversation.</param>
        /// <param name="userId">The member.</param>
        /// <param name="through">A turn of the path; null for the newest path.</param>
        /// <param name="ct">Cancels.</param>
        public Task<ConversationPath?> ConversationPathAsync(long id, long userId, long? through, CancellationToken ct) =>
            db.PathAsync(db.ConversationsOf(userId).Where(c => c.Id == id), through, new Viewer(userId), ct);

        /// <summary>Returns the newest path of a shared conversation, as this reader may see it; null if nothing is shared with this key.</summary>
        public Task<ConversationPath?> SharedConversationAsync(string key, Viewer reader, CancellationToken ct)
        {
            var hash = Sessions.HashOf(key);
            return db.PathAsync(db.Conversations.Where(c => c.ShareKeyHash == hash), through: null, reader, ct);
        }

        /// <summary>Shares a member's conversation by a new key, which ends a former one; null if it is not theirs.</summary>
        public async Task<string?> ShareConversationAsync(long id, long userId, CancellationToken ct)
        {
            var key = Sessions.NewKey();
            var hash = Sessions.HashOf(key);
            return await db.ConversationsOf(userId).Where(c => c.Id == id).ExecuteUpdateAsync(set => set.SetProperty(c => c.ShareKeyHash, hash), ct) == 1 ? key : null;
        }

        public Task<int> UnshareConversationAsync(long id, long userId, CancellationToken ct) => db.Conversations
            .Where(c => c.Id == id && c.UserId == userId)
            .ExecuteUpdateAsync(set => set.SetProperty(c => c.ShareKeyHash, (byte[]?)null), ct);

        private async Task<ConversationPath?> PathAsync(IQueryable<Conversation> conversations, long? through, Viewer viewer, CancellationToken ct)
        {
            var conversation = await conversations.AsNoTracking()
                .Include(c => c.Turns).ThenInclude(t => t.Rating)
                .Include(c => c.Turns).ThenInclude(t => t.Citations.OrderBy(c => c.Number))
                .AsSplitQuery()
                .SingleOrDefaultAsync(ct);
            if (conversation is null)
            {
                return null;
            }

            var tree = new TurnTree(conversation.Turns);
            var turns = tree.PathThrough(through);
            if (through is not null && turns.Count == 0)
            {
                return null;
            }

            await db.HideGoneSourcesAsync([.. turns], viewer, ct);
            return new(conversation, turns, tree);
        }
    }
}
