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
            var readable = cited.Count == 0 ? [] : await db.ReadableDocuments(viewer).Where(d => cited.Contains(d.Id)).Select(d => d.Id).ToHashSetAsync(ct);
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

        /// <summary>Returns whether an earlier answer of the conversation, which this one may repeat, is gone or hidden.</summary>
        private Task<bool> IsEarlierGoneAsync(Turn turn, Viewer viewer, CancellationToken ct)
        {
            var readable = db.ReadableDocuments(viewer).Select(d => (long?)d.Id);
            return db.Turns.AnyAsync(t => t.ConversationId == turn.ConversationId && t.Id < turn.Id && !t.Refused
                && (t.IsAnswerGone || t.Citations.Any(c => c.IsGround && c.Kind == PassageKind.Document && !readable.Contains(c.DocumentId))), ct);
        }
    }

    private static bool IsGone(Citation citation, HashSet<long> readable) => citation.IsGone || citation.Kind switch
    {
        PassageKind.Question => citation.QuestionId is null,
        PassageKind.Answer => citation.AnswerId is null,
        _ => !(citation.DocumentId is { } document && readable.Contains(document)),
    };
}
