using Microsoft.EntityFrameworkCore;

namespace Pybo.Data;

/// <summary>Why a question was refused.</summary>
public enum TurnRefusal
{
    NotFound,

    /// <summary>This reader has no such document or collection.</summary>
    ScopeNotFound,
    ConversationFull,
    TooManyWaiting,
    QueueFull,

    /// <summary>It is already being answered.</summary>
    Busy,
}

/// <summary>A queued turn, or the reason it was refused.</summary>
public readonly record struct QueuedTurn(long ConversationId, long TurnId, TurnRefusal? Refusal = null)
{
    public static QueuedTurn Refused(TurnRefusal refusal) => new(0, 0, refusal);
}

/// <summary>A waiting turn and its owner.</summary>
/// <param name="IsSuggestion">It answers a question of the board, not of the chat: see <see cref="Suggestions"/>.</param>
public sealed record WaitingTurn(long Id, long ConversationId, long UserId, bool IsSuggestion = false);

/// <summary>
/// The row is the queue: a waiting turn is answered once, by the worker that claims it. A turn that was being answered when the process died keeps its
/// partial text and is not retried automatically.
/// </summary>
public static class TurnQueue
{
    /// <summary>The most questions of one member that wait or are being answered.</summary>
    public const int OpenPerUserMax = 3;

    /// <summary>The most members with a question that waits or is being answered. Each takes one of these places, however many questions others have.</summary>
    public const int OpenMax = 50;

    /// <summary>
    /// Second and third questions of all members together. They take no place of <see cref="OpenMax"/>, so however many questions some members ask, the next
    /// member gets in as long as fewer than fifty wait.
    /// </summary>
    public const int OpenMoreMax = 25;

    /// <summary>
    /// The most members at one address who hold a place: half of all, so that one person with many accounts leaves the other half to everyone else. An
    /// office behind one address has twenty-five.
    /// </summary>
    public const int OpenPerAddressMax = OpenMax / 2;

    /// <summary>A page reads all turns of a conversation, its versions included.</summary>
    public const int TurnsPerConversationMax = 100;

    extension(PyboDb db)
    {
        /// <summary>Returns the conversations that a member began; suggestions are none of them.</summary>
        public IQueryable<Conversation> ConversationsOf(long userId) => db.Conversations.Where(c => c.UserId == userId && c.QuestionId == null);

        /// <summary>Starts a conversation with its first question.</summary>
        /// <param name="userId">The member who asks.</param>
        /// <param name="question">The question.</param>
        /// <param name="ct">Cancels; nothing is queued.</param>
        /// <param name="scope">The document or collection that all its questions search; null for everything.</param>
        /// <param name="isNeighbour">Whether another member asks from the same address; null if addresses do not count.</param>
        /// <param name="choice">Who answers and how long; null for the site's choice.</param>
        public async Task<QueuedTurn> StartConversationAsync(
            long userId, string question, CancellationToken ct, PassageScope? scope = null, Func<long, bool>? isNeighbour = null, AnswerChoice? choice = null)
        {
            // A write transaction from the start, so that two requests do not both see the last free place.
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            if (await db.CrowdedAsync(userId, isNeighbour, ct) is { } refusal)
            {
                return QueuedTurn.Refused(refusal);
            }

            var asked = scope is { } part ? await db.ScopeNameAsync(part, new Viewer(userId), ct) : null;
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
                Answerer = choice?.Answerer ?? "",
                AnswerLength = choice?.Length ?? AnswerLength.Normal,
            };
            db.Conversations.Add(conversation);
            await db.SaveChangesAsync(ct);
            var turn = new Turn { ConversationId = conversation.Id, Question = question };
            db.Turns.Add(turn);
            await db.SaveChangesAsync(ct);
            await transaction.CommitAsync(ct);
            return new(conversation.Id, turn.Id);
        }

        /// <summary>Adds a question to a conversation.</summary>
        /// <param name="conversationId">The conversation.</param>
        /// <param name="userId">The member who asks.</param>
        /// <param name="question">The question.</param>
        /// <param name="ct">Cancels; nothing is queued.</param>
        /// <param name="isNeighbour">Whether another member asks from the same address; null if addresses do not count.</param>
        /// <param name="after">The turn that it follows; null for the newest of the conversation.</param>
        /// <param name="choice">Who answers and how long, from now on; null to keep the former choice.</param>
        public async Task<QueuedTurn> AddTurnAsync(
            long conversationId, long userId, string question, CancellationToken ct, Func<long, bool>? isNeighbour = null, long? after = null, AnswerChoice? choice = null)
        {
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            var parent = await db.Turns.Where(t => t.ConversationId == conversationId && (after == null || t.Id == after)).MaxAsync(t => (long?)t.Id, ct);
            var queued = after is not null && parent is null
                ? QueuedTurn.Refused(TurnRefusal.NotFound)
                : await db.QueueAsync(conversationId, userId, parent, question, isNeighbour, ct);
            if (queued.Refusal is null && choice is not null)
            {
                await db.Conversations.Where(c => c.Id == conversationId).ExecuteUpdateAsync(set => set
                    .SetProperty(c => c.Answerer, c => choice.Answerer ?? c.Answerer)
                    .SetProperty(c => c.AnswerLength, c => choice.Length ?? c.AnswerLength), ct);
            }

            await transaction.CommitAsync(ct);
            return queued;
        }

        /// <summary>Queues another version of a turn, which stays as it is: the same question again, or the question as edited.</summary>
        /// <param name="turnId">The turn.</param>
        /// <param name="userId">The member who asks.</param>
        /// <param name="ct">Cancels; nothing is queued.</param>
        /// <param name="isNeighbour">Whether another member asks from the same address; null if addresses do not count.</param>
        /// <param name="edited">The edited question; null to ask the same one, which must have been answered.</param>
        /// <param name="anyway"><see cref="Turn.AnswersAnyway"/>.</param>
        public async Task<QueuedTurn> AskAgainAsync(
            long turnId, long userId, CancellationToken ct, Func<long, bool>? isNeighbour = null, string? edited = null, bool anyway = false)
        {
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            var turn = await db.Turns.AsNoTracking().SingleOrDefaultAsync(t => t.Id == turnId && t.Conversation!.UserId == userId, ct);
            if (turn is null)
            {
                return QueuedTurn.Refused(TurnRefusal.NotFound);
            }

            if (edited is null && turn.State is TurnState.Waiting or TurnState.Answering)
            {
                return new(turn.ConversationId, turnId, TurnRefusal.Busy);
            }

            var queued = await db.QueueAsync(turn.ConversationId, userId, turn.ParentId, edited ?? turn.Question, isNeighbour, ct, anyway || (turn.AnswersAnyway && edited is null));
            await transaction.CommitAsync(ct);
            return queued.Refusal is { } refusal ? new(turn.ConversationId, turnId, refusal) : queued;
        }

        /// <summary>Returns all waiting turns, those of the chat first, then oldest first.</summary>
        public Task<List<WaitingTurn>> WaitingTurnsAsync(CancellationToken ct) => db.Turns
            .Where(t => t.State == TurnState.Waiting)
            .OrderBy(t => t.Conversation!.QuestionId != null).ThenBy(t => t.Id)
            .Take(OpenMax + OpenMoreMax + Suggestions.WaitingMax)
            .Select(t => new WaitingTurn(t.Id, t.ConversationId, t.Conversation!.UserId, t.Conversation.QuestionId != null))
            .ToListAsync(ct);

        /// <summary>Claims a turn from the queue and returns it; null if another worker was faster, or it was stopped or deleted.</summary>
        public async Task<Turn?> ClaimTurnAsync(long turnId, CancellationToken ct) =>
            await db.Turns.Where(t => t.Id == turnId && t.State == TurnState.Waiting).ExecuteUpdateAsync(set => set.SetProperty(t => t.State, TurnState.Answering), ct) == 1
                ? await db.Turns.AsNoTracking().SingleOrDefaultAsync(t => t.Id == turnId, ct)
                : null;

        /// <summary>Removes a turn from the queue unanswered; false if it was not waiting or is not this user's.</summary>
        public async Task<bool> StopWaitingTurnAsync(long turnId, long userId, CancellationToken ct) => await db.Turns
            .Where(t => t.Id == turnId && t.Conversation!.UserId == userId && t.State == TurnState.Waiting)
            .ExecuteUpdateAsync(set => set.SetProperty(t => t.State, TurnState.Stopped).SetProperty(t => t.AnsweredAt, DateTime.UtcNow), ct) == 1;

        /// <summary>Saves the answer so far.</summary>
        /// <returns>False if a source or the turn is now gone: nothing is saved.</returns>
        public async Task<bool> KeepPartialAnswerAsync(long turnId, string answer, CancellationToken ct) => await db.Turns
            .Where(t => t.Id == turnId && t.State == TurnState.Answering && !t.Citations.Any(c => c.IsGone))
            .ExecuteUpdateAsync(set => set.SetProperty(t => t.Answer, answer), ct) == 1;

        /// <summary>Saves the sources of an answer, before its first word.</summary>
        /// <returns>False if a source has been deleted, edited or reread since it was found: nothing is saved, and the answer must not use it.</returns>
        public async Task<bool> KeepSourcesAsync(long turnId, IReadOnlyList<Citation> sources, CancellationToken ct)
        {
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            await db.Citations.Where(c => c.TurnId == turnId).ExecuteDeleteAsync(ct);
            if (await db.Turns.AnyAsync(t => t.Id == turnId, ct))
            {
                // Passages are deleted with their source and with each version of its text: while they exist, the source is unchanged.
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

        /// <summary>Saves the answer and its quotations; nothing if the turn has been deleted, and no text if one of its sources has.</summary>
        /// <param name="ended">The turn as it ended, with the citations that <see cref="KeepSourcesAsync"/> saved.</param>
        /// <param name="ct">Cancels; nothing is saved.</param>
        public async Task EndTurnAsync(Turn ended, CancellationToken ct)
        {
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            var isGone = !ended.Refused && ended.Answer.Length > 0 && await db.Citations.AnyAsync(c => c.TurnId == ended.Id && c.IsGone, ct);
            var isRepeated = ended.RepeatsEarlier && await db.TurnsBefore(ended.Id).AnyAsync(t => t.IsAnswerGone, ct);
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

        /// <summary>Stops, at the start of the process, turns left unfinished by the previous one; their partial text is kept.</summary>
        public Task<int> StopAbandonedTurnsAsync(CancellationToken ct) => db.Turns
            .Where(t => t.State == TurnState.Answering)
            .ExecuteUpdateAsync(set => set.SetProperty(t => t.State, TurnState.Stopped).SetProperty(t => t.AnsweredAt, DateTime.UtcNow), ct);

        /// <summary>Adds a turn to a member's conversation, within the open transaction.</summary>
        private async Task<QueuedTurn> QueueAsync(
            long conversationId, long userId, long? parentId, string question, Func<long, bool>? isNeighbour, CancellationToken ct, bool anyway = false)
        {
            if (!await db.ConversationsOf(userId).AnyAsync(c => c.Id == conversationId, ct))
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

            var turn = new Turn { ConversationId = conversationId, ParentId = parentId, Question = question, AnswersAnyway = anyway };
            db.Turns.Add(turn);
            await db.SaveChangesAsync(ct);
            await db.Conversations.Where(c => c.Id == conversationId).ExecuteUpdateAsync(set => set.SetProperty(c => c.UpdatedAt, DateTime.UtcNow), ct);
            return new(conversationId, turn.Id);
        }

        private async Task<TurnRefusal?> CrowdedAsync(long userId, Func<long, bool>? isNeighbour, CancellationToken ct)
        {
            var open = await db.Turns.Where(t => t.State < TurnState.Done && t.Conversation!.QuestionId == null).Select(t => t.Conversation!.UserId).ToListAsync(ct);
            var members = open.Distinct().ToList();
            var own = open.Count(id => id == userId);
            if (own > 0)
            {
                return own >= OpenPerUserMax ? TurnRefusal.TooManyWaiting : open.Count - members.Count >= OpenMoreMax ? TurnRefusal.QueueFull : null;
            }

            return members.Count >= OpenMax || (isNeighbour is not null && members.Count(isNeighbour) >= OpenPerAddressMax) ? TurnRefusal.QueueFull : null;
        }
    }

    /// <summary>Returns the first line of a question, cut to a title's length.</summary>
    public static string TitleOf(string question) => question.Trim().Split('\n', 2)[0].Trim().Cut(Conversation.TitleMax, "…");
}
