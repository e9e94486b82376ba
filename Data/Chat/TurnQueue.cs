using Microsoft.EntityFrameworkCore;

namespace Pybo.Data;

/// <summary>Why a question was not taken.</summary>
public enum TurnRefusal
{
    NotFound,

    /// <summary>There is no such document or collection for this reader.</summary>
    ScopeNotFound,
    ConversationFull,
    TooManyWaiting,
    QueueFull,

    /// <summary>It is being answered already.</summary>
    Busy,
}

/// <summary>A turn that was put into the queue, or why not.</summary>
public readonly record struct QueuedTurn(long ConversationId, long TurnId, TurnRefusal? Refusal = null)
{
    public static QueuedTurn Refused(TurnRefusal refusal) => new(0, 0, refusal);
}

/// <summary>A turn that waits, and whose it is.</summary>
public sealed record WaitingTurn(long Id, long ConversationId, long UserId);

/// <summary>
/// The row is the queue: a turn that waits is answered once, by whoever claims it. A turn that was being answered when the process died keeps its
/// partial text and is not answered by itself again.
/// </summary>
public static class TurnQueue
{
    /// <summary>Questions of one member that wait or are being answered.</summary>
    public const int OpenPerUserMax = 3;

    /// <summary>Members who have a question that waits or is being answered. Each has one place of these, whoever else has more questions.</summary>
    public const int OpenMax = 50;

    /// <summary>
    /// Second and third questions of all members together. They take no place of <see cref="OpenMax"/>, so however many some members ask, the next
    /// one gets in as long as fewer than fifty wait.
    /// </summary>
    public const int OpenMoreMax = 25;

    /// <summary>
    /// Members at one address who hold one of the places: half of them, so that somebody with many accounts leaves the other half to everybody else. An
    /// office behind one address has twenty-five.
    /// </summary>
    public const int OpenPerAddressMax = OpenMax / 2;

    /// <summary>A page shows all turns of a conversation.</summary>
    public const int TurnsPerConversationMax = 100;

    extension(PyboDb db)
    {
        /// <summary>Starts a conversation with its first question.</summary>
        /// <param name="userId">Who asks.</param>
        /// <param name="question">The question.</param>
        /// <param name="ct">Cancels; nothing is asked then.</param>
        /// <param name="scope">The document or collection that all its questions are asked of; null for everything.</param>
        /// <param name="isNeighbour">Whether another member asks from the same address; null where addresses do not count.</param>
        public async Task<QueuedTurn> StartConversationAsync(long userId, string question, CancellationToken ct, PassageScope? scope = null, Func<long, bool>? isNeighbour = null)
        {
            // A write transaction from its beginning, so that two requests do not both see the last free place.
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            if (await db.CrowdedAsync(userId, isNeighbour, ct) is { } refusal)
            {
                return QueuedTurn.Refused(refusal);
            }

            var asked = scope is { } part ? await db.ScopeNameAsync(part, new Reader(userId), ct) : null;
            if (scope is not null && asked is null)
            {
                return QueuedTurn.Refused(TurnRefusal.ScopeNotFound);
            }

            var conversation = new Conversation
            {
                UserId = userId,
                Title = TitleOf(question),
                DocumentId = scope?.DocumentId,
                CollectionId = scope?.CollectionId,
                ScopeName = asked,
            };
            db.Conversations.Add(conversation);
            await db.SaveChangesAsync(ct);
            var turn = new Turn { ConversationId = conversation.Id, Question = question };
            db.Turns.Add(turn);
            await db.SaveChangesAsync(ct);
            await transaction.CommitAsync(ct);
            return new(conversation.Id, turn.Id);
        }

        public async Task<QueuedTurn> AddTurnAsync(long conversationId, long userId, string question, CancellationToken ct, Func<long, bool>? isNeighbour = null)
        {
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            var touched = await db.Conversations.Where(c => c.Id == conversationId && c.UserId == userId)
                .ExecuteUpdateAsync(set => set.SetProperty(c => c.UpdatedAt, DateTime.UtcNow), ct);
            if (touched == 0)
            {
                return QueuedTurn.Refused(TurnRefusal.NotFound);
            }

            if (await db.Turns.CountAsync(t => t.ConversationId == conversationId, ct) >= TurnsPerConversationMax)
            {
                return QueuedTurn.Refused(TurnRefusal.ConversationFull);
            }

            if (await db.CrowdedAsync(userId, isNeighbour, ct) is { } refusal)
            {
                return QueuedTurn.Refused(refusal);
            }

            var turn = new Turn { ConversationId = conversationId, Question = question };
            db.Turns.Add(turn);
            await db.SaveChangesAsync(ct);
            await transaction.CommitAsync(ct);
            return new(conversationId, turn.Id);
        }

        /// <summary>Forgets an answer and puts its question into the queue again.</summary>
        public async Task<QueuedTurn> AskAgainAsync(long turnId, long userId, CancellationToken ct, Func<long, bool>? isNeighbour = null)
        {
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            var turn = await db.Turns.AsNoTracking().Where(t => t.Id == turnId && t.Conversation!.UserId == userId)
                .Select(t => new { t.ConversationId, t.State }).SingleOrDefaultAsync(ct);
            if (turn is null)
            {
                return QueuedTurn.Refused(TurnRefusal.NotFound);
            }

            if (turn.State is TurnState.Waiting or TurnState.Answering)
            {
                return new(turn.ConversationId, turnId, TurnRefusal.Busy);
            }

            if (await db.CrowdedAsync(userId, isNeighbour, ct) is { } refusal)
            {
                return new(turn.ConversationId, turnId, refusal);
            }

            await db.Citations.Where(c => c.TurnId == turnId).ExecuteDeleteAsync(ct);
            await db.Turns.Where(t => t.Id == turnId).ExecuteUpdateAsync(set => set
                .SetProperty(t => t.State, TurnState.Waiting)
                .SetProperty(t => t.Answer, "")
                .SetProperty(t => t.IsAnswerGone, false)
                .SetProperty(t => t.RepeatsEarlier, false)
                .SetProperty(t => t.Refused, false)
                .SetProperty(t => t.Model, (string?)null)
                .SetProperty(t => t.Error, (string?)null)
                .SetProperty(t => t.Note, (string?)null)
                .SetProperty(t => t.FirstTokenMs, (int?)null)
                .SetProperty(t => t.TokensPerSecond, (double?)null)
                .SetProperty(t => t.AnsweredAt, (DateTime?)null), ct);
            await transaction.CommitAsync(ct);
            return new(turn.ConversationId, turnId);
        }

        /// <summary>All that wait, oldest first.</summary>
        public Task<List<WaitingTurn>> WaitingTurnsAsync(CancellationToken ct) => db.Turns
            .Where(t => t.State == TurnState.Waiting)
            .OrderBy(t => t.Id)
            .Take(OpenMax + OpenMoreMax)
            .Select(t => new WaitingTurn(t.Id, t.ConversationId, t.Conversation!.UserId))
            .ToListAsync(ct);

        /// <summary>Takes a turn out of the queue and reads it; null when another was faster, or it was stopped or deleted.</summary>
        public async Task<Turn?> ClaimTurnAsync(long turnId, CancellationToken ct) =>
            await db.Turns.Where(t => t.Id == turnId && t.State == TurnState.Waiting).ExecuteUpdateAsync(set => set.SetProperty(t => t.State, TurnState.Answering), ct) == 1
                ? await db.Turns.AsNoTracking().SingleOrDefaultAsync(t => t.Id == turnId, ct)
                : null;

        /// <summary>Takes a turn out of the queue unanswered; false when it did not wait or is not this user's.</summary>
        public async Task<bool> StopWaitingTurnAsync(long turnId, long userId, CancellationToken ct) => await db.Turns
            .Where(t => t.Id == turnId && t.Conversation!.UserId == userId && t.State == TurnState.Waiting)
            .ExecuteUpdateAsync(set => set.SetProperty(t => t.State, TurnState.Stopped).SetProperty(t => t.AnsweredAt, DateTime.UtcNow), ct) == 1;

        /// <summary>Keeps what was written so far.</summary>
        /// <returns>False where a source is gone meanwhile, or the turn: nothing is kept.</returns>
        public async Task<bool> KeepPartialAnswerAsync(long turnId, string answer, CancellationToken ct) => await db.Turns
            .Where(t => t.Id == turnId && t.State == TurnState.Answering && !t.Citations.Any(c => c.IsGone))
            .ExecuteUpdateAsync(set => set.SetProperty(t => t.Answer, answer), ct) == 1;

        /// <summary>Keeps what an answer is given to read, before its first word.</summary>
        /// <returns>False where a source is gone since it was found, or was edited or read again: nothing is kept, and nothing may be said of it.</returns>
        public async Task<bool> KeepSourcesAsync(long turnId, IReadOnlyList<Citation> sources, CancellationToken ct)
        {
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            await db.Citations.Where(c => c.TurnId == turnId).ExecuteDeleteAsync(ct);
            if (await db.Turns.AnyAsync(t => t.Id == turnId, ct))
            {
                // Passages go with their source, and with each text that it had: while they are there, it still says what was found.
                var found = sources.Select(s => s.PassageId).ToList();
                if (await db.Passages.CountAsync(p => found.Contains(p.Id), ct) != found.Distinct().Count())
                {
                    return false;
                }

                db.Citations.AddRange(sources);
                await db.SaveChangesAsync(ct);
            }

            await transaction.CommitAsync(ct);
            return true;
        }

        /// <summary>Keeps the answer and what it quotes; nothing when the turn has been deleted, and no word of it when one of its sources has.</summary>
        /// <param name="ended">The turn as it ended, with the citations that <see cref="KeepSourcesAsync"/> kept.</param>
        /// <param name="ct">Cancels; nothing is kept then.</param>
        public async Task EndTurnAsync(Turn ended, CancellationToken ct)
        {
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            var isGone = !ended.Refused && ended.Answer.Length > 0 && await db.Citations.AnyAsync(c => c.TurnId == ended.Id && c.IsGone, ct);
            var isRepeated = ended.RepeatsEarlier && await db.Turns.AnyAsync(
                t => t.Id < ended.Id && t.IsAnswerGone && db.Turns.Any(own => own.Id == ended.Id && own.ConversationId == t.ConversationId), ct);
            var rows = await db.Turns.Where(t => t.Id == ended.Id && t.State == TurnState.Answering).ExecuteUpdateAsync(set => set
                .SetProperty(t => t.State, ended.State)
                .SetProperty(t => t.Answer, isGone || isRepeated ? "" : ended.Answer)
                .SetProperty(t => t.IsAnswerGone, isGone || isRepeated)
                .SetProperty(t => t.RepeatsEarlier, ended.RepeatsEarlier)
                .SetProperty(t => t.Refused, ended.Refused)
                .SetProperty(t => t.Model, ended.Model)
                .SetProperty(t => t.Error, ended.Error)
                .SetProperty(t => t.Note, ended.Note)
                .SetProperty(t => t.FirstTokenMs, ended.FirstTokenMs)
                .SetProperty(t => t.TokensPerSecond, ended.TokensPerSecond)
                .SetProperty(t => t.AnsweredAt, DateTime.UtcNow), ct);
            foreach (var citation in rows == 1 ? ended.Citations : [])
            {
                await db.Citations.Where(c => c.TurnId == ended.Id && c.Number == citation.Number).ExecuteUpdateAsync(set => set
                    .SetProperty(c => c.Quote, c => c.IsGone && citation.Quote != null ? "" : citation.Quote)
                    .SetProperty(c => c.IsGround, citation.IsGround), ct);
            }

            await transaction.CommitAsync(ct);
        }

        /// <summary>For the start of the process: whatever was being answered when the one before ended stays as far as it came.</summary>
        public Task<int> StopAbandonedTurnsAsync(CancellationToken ct) => db.Turns
            .Where(t => t.State == TurnState.Answering)
            .ExecuteUpdateAsync(set => set.SetProperty(t => t.State, TurnState.Stopped).SetProperty(t => t.AnsweredAt, DateTime.UtcNow), ct);

        private async Task<TurnRefusal?> CrowdedAsync(long userId, Func<long, bool>? isNeighbour, CancellationToken ct)
        {
            var open = await db.Turns.Where(t => t.State < TurnState.Done).Select(t => t.Conversation!.UserId).ToListAsync(ct);
            var members = open.Distinct().ToList();
            var own = open.Count(id => id == userId);
            if (own > 0)
            {
                return own >= OpenPerUserMax ? TurnRefusal.TooManyWaiting : open.Count - members.Count >= OpenMoreMax ? TurnRefusal.QueueFull : null;
            }

            return members.Count >= OpenMax || (isNeighbour is not null && members.Count(isNeighbour) >= OpenPerAddressMax) ? TurnRefusal.QueueFull : null;
        }
    }

    /// <summary>The first line of a question, cut to a title's length.</summary>
    public static string TitleOf(string question) => question.Trim().Split('\n', 2)[0].Trim().Cut(Conversation.TitleMax, "…");
}
