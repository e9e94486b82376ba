using Microsoft.EntityFrameworkCore;

namespace Pybo.Data;

/// <summary>What of an old answer and its sources its reader may still see.</summary>
public static class CitationAccess
{
    extension(PyboDb db)
    {
        /// <summary>
        /// Takes the words out of citations whose source is gone, or not for this reader any more, and out of answers that rest on one. Whatever shows
        /// stored turns, or has them read by a generator, asks this first.
        /// </summary>
        /// <param name="turns">With their citations, not tracked.</param>
        /// <param name="reader">Whose conversation it is.</param>
        /// <param name="ct">Cancels.</param>
        public async Task HideGoneSourcesAsync(IReadOnlyCollection<Turn> turns, Reader reader, CancellationToken ct)
        {
            var cited = turns.SelectMany(t => t.Citations).Where(c => c.DocumentId is not null).Select(c => c.DocumentId!.Value).Distinct().ToList();
            var readable = cited.Count == 0 ? [] : await db.ReadableDocuments(reader).Where(d => cited.Contains(d.Id)).Select(d => d.Id).ToHashSetAsync(ct);
            foreach (var turn in turns)
            {
                var citations = turn.Citations;
                for (var at = 0; at < citations.Count; at++)
                {
                    citations[at] = IsGone(citations[at], readable) ? citations[at].Gone() : citations[at];
                }

                var isAnswerGone = turn.IsAnswerGone || (!turn.Refused && turn.Answer.Length > 0
                    && (citations.Exists(c => c.IsGone && c.IsGround) || (turn.RepeatsEarlier && await db.IsEarlierGoneAsync(turn, reader, ct))));
                turn.Answer = isAnswerGone ? Turn.GoneAnswer : turn.Answer;
            }
        }

        /// <summary>Whether an earlier answer of the conversation is gone or hidden, which this one may repeat.</summary>
        private Task<bool> IsEarlierGoneAsync(Turn turn, Reader reader, CancellationToken ct)
        {
            var readable = db.ReadableDocuments(reader).Select(d => (long?)d.Id);
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
