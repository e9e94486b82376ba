using Microsoft.EntityFrameworkCore;

namespace Pybo.Data;

/// <summary>What became of a suggestion.</summary>
public enum SuggestionVerdict
{
    None = 0,

    /// <summary>The asker found it helpful.</summary>
    Helpful = 1,

    /// <summary>The asker or an administrator removed it; the question gets no other.</summary>
    Dismissed = 2,
}

/// <summary>A suggested answer as one reader sees it.</summary>
/// <param name="Turn">With its citations; sources that are gone or closed to the reader are blanked.</param>
public sealed record Suggestion(Turn Turn, SuggestionVerdict Verdict)
{
    /// <summary>True if it is still being written.</summary>
    public bool IsOpen => Turn.State < TurnState.Done;

    /// <summary>True if it answers the question from sources that the reader may see.</summary>
    public bool IsShown => Turn is { State: TurnState.Done, Refused: false } && Turn.Answer != Turn.GoneAnswer && Turn.Citations.Exists(c => c is { Quote.Length: > 0, IsGone: false });
}

/// <summary>
/// Answers that the site suggests for a new question, from the threads and documents that its asker may read. Each is a turn of a conversation of the asker's
/// that no list shows: the chat's queue writes it, and it loses a source as any turn does. It is no answer: it is not counted, searched or cited.
/// </summary>
public static class Suggestions
{
    /// <summary>The most suggestions that wait; questions asked in the meantime get none.</summary>
    public const int WaitingMax = 50;

    extension(PyboDb db)
    {
        /// <summary>Returns the suggestion for a question; null if there is none, if it was dismissed, or if it may not be shown to this reader.</summary>
        /// <remarks>Only the asker is told that one is being written.</remarks>
        public async Task<Suggestion?> SuggestionAsync(long questionId, Viewer viewer, CancellationToken ct)
        {
            var readable = db.ReadableQuestions(viewer);
            var found = await db.Turns.AsNoTracking().Include(t => t.Citations.OrderBy(c => c.Number))
                .Where(t => t.Conversation!.QuestionId == questionId && readable.Any(q => q.Id == questionId) && t.Conversation.Verdict != SuggestionVerdict.Dismissed)
                .Select(t => new { Turn = t, t.Conversation!.Verdict, t.Conversation.UserId }).SingleOrDefaultAsync(ct);
            if (found is null)
            {
                return null;
            }

            await db.HideGoneSourcesAsync([found.Turn], viewer, ct);
            var suggestion = new Suggestion(found.Turn, found.Verdict);
            return suggestion.IsShown || (suggestion.IsOpen && found.UserId == viewer.UserId) ? suggestion : null;
        }

        /// <summary>Says what became of a suggestion: its asker may say anything, an administrator may dismiss it.</summary>
        public Task<int> JudgeSuggestionAsync(long questionId, Actor actor, SuggestionVerdict verdict, CancellationToken ct)
        {
            var readable = db.ReadableQuestions(actor.Viewer);
            return db.Conversations.Where(c => c.QuestionId == questionId && readable.Any(q => q.Id == questionId) && (c.UserId == actor.UserId || (actor.IsAdministrator && verdict == SuggestionVerdict.Dismissed)))
                .ExecuteUpdateAsync(set => set.SetProperty(c => c.Verdict, verdict), ct);
        }

        /// <summary>Queues a suggestion for a question that was just saved, within the open transaction.</summary>
        internal async Task QueueSuggestionAsync(Question question, CancellationToken ct)
        {
            if (await db.Turns.CountAsync(t => t.State == TurnState.Waiting && t.Conversation!.QuestionId != null, ct) >= WaitingMax)
            {
                return;
            }

            var conversation = new Conversation { UserId = question.AuthorId, Title = TurnQueue.TitleOf(question.Title), QuestionId = question.Id };
            db.Conversations.Add(conversation);
            await db.SaveChangesAsync(ct);
            db.Turns.Add(new() { ConversationId = conversation.Id, Question = Asked(question.Title, question.Body) });
            await db.SaveChangesAsync(ct);
        }

        /// <summary>Removes what was suggested for the old text of a question, and queues it again unless it was dismissed, within the open transaction.</summary>
        internal async Task RenewSuggestionAsync(long questionId, string title, string body, bool suggests, CancellationToken ct)
        {
            await db.Turns.Where(t => t.Conversation!.QuestionId == questionId).ExecuteDeleteAsync(ct);
            await db.Conversations.Where(c => c.QuestionId == questionId).ExecuteUpdateAsync(set => set.SetProperty(c => c.Title, TurnQueue.TitleOf(title)), ct);
            var renewed = db.Conversations.Where(c => suggests && c.QuestionId == questionId && c.Verdict != SuggestionVerdict.Dismissed);
            await renewed.ExecuteUpdateAsync(set => set.SetProperty(c => c.Verdict, SuggestionVerdict.None), ct);
            if (await renewed.Select(c => (long?)c.Id).SingleOrDefaultAsync(ct) is { } conversation)
            {
                db.Turns.Add(new() { ConversationId = conversation, Question = Asked(title, body) });
                await db.SaveChangesAsync(ct);
            }
        }
    }

    /// <summary>Returns the text that is searched and answered: measured, title and text find more threads than the title alone (docs/decisions/0031).</summary>
    private static string Asked(string title, string body) => $"{title}\n\n{body}".Cut(Turn.QuestionMax);
}
