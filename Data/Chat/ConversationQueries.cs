using Microsoft.EntityFrameworkCore;

namespace Pybo.Data;

/// <summary>A conversation as a member's list shows it.</summary>
/// <param name="IsAnswering">One of its questions waits or is being answered.</param>
/// <param name="TurnId">The newest turn that contains the searched words; without any, the newest turn.</param>
public sealed record ConversationRow(long Id, string Title, bool IsPinned, DateTime UpdatedAt, bool IsAnswering, long? TurnId);

/// <summary>A member's conversations; each member can reach only their own.</summary>
public static class ConversationQueries
{
    public const int PageSize = 30;

    extension(PyboDb db)
    {
        /// <summary>
        /// Returns a page of a member's conversations and the first row of the next page, if there is one: pinned ones first, then the last used. Words are
        /// searched in titles, in questions, and in the answers that the member may read now.
        /// </summary>
        /// <param name="userId">The member.</param>
        /// <param name="words">Empty for all conversations.</param>
        /// <param name="page">From 1.</param>
        /// <param name="ct">Cancels.</param>
        public Task<List<ConversationRow>> ConversationsAsync(long userId, string words, int page, CancellationToken ct)
        {
            var own = db.ConversationsOf(userId);
            IQueryable<Turn> holding = db.Turns;
            if (words.Length > 0)
            {
                var pattern = $"%{Escaped(words)}%";
                var answers = db.ReadableTurns(new Viewer(userId)).Where(t => EF.Functions.Like(t.Answer, pattern, "\\"));
                holding = db.Turns.Where(t => EF.Functions.Like(t.Question, pattern, "\\") || answers.Any(a => a.Id == t.Id));
                own = own.Where(c => EF.Functions.Like(c.Title, pattern, "\\") || holding.Any(t => t.ConversationId == c.Id));
            }

            return own
                .OrderByDescending(c => c.IsPinned).ThenByDescending(c => c.UpdatedAt).ThenByDescending(c => c.Id)
                .Skip((page - 1) * PageSize)
                .Take(PageSize + 1)
                .Select(c => new ConversationRow(c.Id, c.Title, c.IsPinned, c.UpdatedAt, c.Turns.Any(t => t.State < TurnState.Done),
                    holding.Where(t => t.ConversationId == c.Id).Max(t => (long?)t.Id) ?? c.Turns.Max(t => (long?)t.Id)))
                .ToListAsync(ct);
        }

        public Task<int> RenameConversationAsync(long id, long userId, string title, CancellationToken ct) =>
            db.Own(id, userId).ExecuteUpdateAsync(set => set.SetProperty(c => c.Title, title), ct);

        public Task<int> PinConversationAsync(long id, long userId, bool isPinned, CancellationToken ct) =>
            db.Own(id, userId).ExecuteUpdateAsync(set => set.SetProperty(c => c.IsPinned, isPinned), ct);

        public Task<int> DeleteConversationAsync(long id, long userId, CancellationToken ct) => db.Own(id, userId).ExecuteDeleteAsync(ct);

        /// <summary>Returns the conversation of one of the member's turns; null if it is not theirs.</summary>
        public Task<long?> ConversationOfAsync(long turnId, long userId, CancellationToken ct) => db.Turns
            .Where(t => t.Id == turnId && t.Conversation!.UserId == userId)
            .Select(t => (long?)t.ConversationId)
            .SingleOrDefaultAsync(ct);

        private IQueryable<Conversation> Own(long id, long userId) => db.ConversationsOf(userId).Where(c => c.Id == id);
    }

    /// <summary>Escapes user input for a literal match in <c>like</c>.</summary>
    private static string Escaped(string words) => words.Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal);
}
