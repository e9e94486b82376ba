using Microsoft.EntityFrameworkCore;

namespace Pybo.Data;

/// <summary>Decides how much of an old answer and its sources its reader may still see.</summary>
public static class CitationAccess
{
    extension(PyboDb db)
    {
        /// <summary>
        /// Blanks citations whose source is gone or no longer visible to this reader, and answers based on one. All code that shows
        /// stored turns, or passes them to a generator, calls this first.
        /// </summary>
        /// <param name="turns">The turns with their citations, not tracked.</param>
        /// <param name="viewer">The owner of the conversation.</param>
        /// <param name="ct">Cancels.</param>
        public async Task HideGoneSourcesAsync(IReadOnlyCollection<Turn> turns, Viewer viewer, CancellationToken ct)
        {
            var cited = turns.SelectMany(t => t.Citations).Where(c => c.DocumentId is not null).Select(c => c.DocumentId!.Value).Distinct().ToList();
            var threads = turns.SelectMany(t => t.Citations).Select(c => c.QuestionId).OfType<long>().Distinct().ToList();
            var readable = new Readable(
                cited.Count == 0 ? [] : await db.ReadableDocuments(viewer).Where(d => cited.Contains(d.Id)).Select(d => d.Id).ToHashSetAsync(ct),
                threads.Count == 0 ? [] : await db.ReadableQuestions(viewer).Where(q => threads.Contains(q.Id)).Select(q => q.Id).ToHashSetAsync(ct));
            foreach (var turn in turns)
            {
                var citations = turn.Citations;
                for (var at = 0; at < citations.Count; at++)
                {
                    citations[at] = IsGone(citations[at], readable) ? citations[at].Gone() : citations[at];
                }

                var isAnswerGone = turn.IsAnswerGone || (!turn.Refused && turn.Answer.Length > 0
                    && (citations.Exists(c => c.IsGone && c.IsGround) || (turn.RepeatsEarlier && await db.IsEarlierGoneAsync(turn, viewer, ct))));
                turn.Answer = isAnswerGone ? Turn.GoneAnswer : turn.Answer;
            }
        }

        /// <summary>Returns the turns with an answer that this reader may see. An answer that repeats an earlier one is left out if any earlier answer is hidden.</summary>
        internal IQueryable<Turn> ReadableTurns(Viewer viewer)
        {
            var hidden = db.HiddenAnswers(viewer);
            return db.Turns.Where(t => t.Answer != "" && !hidden.Any(h => h.Id == t.Id)
                && !(t.RepeatsEarlier && hidden.Any(h => h.ConversationId == t.ConversationId && h.Id < t.Id)));
        }

        /// <summary>Returns the turns whose answer is gone, or is based on a source that this reader may not see.</summary>
        private IQueryable<Turn> HiddenAnswers(Viewer viewer)
        {
            var (readable, threads) = (db.ReadableDocuments(viewer).Select(d => (long?)d.Id), db.ReadableQuestions(viewer).Select(q => (long?)q.Id));
            return db.Turns.Where(t => !t.Refused && (t.IsAnswerGone || t.Citations.Any(c => c.IsGround && (c.IsGone
                || (c.Kind != PassageKind.Document && !threads.Contains(c.QuestionId))
                || (c.Kind == PassageKind.Answer && c.AnswerId == null)
                || (c.Kind == PassageKind.Comment && c.CommentId == null)
                || (c.Kind == PassageKind.Document && !readable.Contains(c.DocumentId))))));
        }

        /// <summary>Returns whether an earlier answer of the path, which this one may repeat, is gone or hidden.</summary>
        private Task<bool> IsEarlierGoneAsync(Turn turn, Viewer viewer, CancellationToken ct)
        {
            var hidden = db.HiddenAnswers(viewer);
            return db.TurnsBefore(turn.Id).AnyAsync(t => hidden.Any(h => h.Id == t.Id), ct);
        }
    }

    /// <summary>The documents and the questions of threads that a reader may see, of those cited.</summary>
    private sealed record Readable(HashSet<long> Documents, HashSet<long> Threads);

    private static bool IsGone(Citation citation, Readable readable) => citation.IsGone || citation.Kind switch
    {
        PassageKind.Document => !(citation.DocumentId is { } document && readable.Documents.Contains(document)),
        _ when !(citation.QuestionId is { } thread && readable.Threads.Contains(thread)) => true,
        PassageKind.Answer => citation.AnswerId is null,
        PassageKind.Comment => citation.CommentId is null,
        _ => false,
    };
}
