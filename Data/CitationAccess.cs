using Microsoft.EntityFrameworkCore;

namespace Pybo.Data;

/// <summary>What of an old answer and its sources its reader may still see.</summary>
public static class CitationAccess
{
    extension(PyboDb db)
    {
        /// <summary>
        /// Takes the words out of citations of documents that are gone or not for this reader any more, and out of answers that rest on one. Whatever
        /// shows stored turns, or has them read by a generator, asks this first.
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
                    var isGone = citations[at].Kind == PassageKind.Document && !(citations[at].DocumentId is { } document && readable.Contains(document));
                    citations[at] = isGone ? citations[at].Gone() : citations[at];
                }

                var isAnswerGone = !turn.Refused && turn.Answer.Length > 0 && Grounds(turn).Any(c => c.IsGone);
                turn.Answer = isAnswerGone ? Turn.GoneAnswer : turn.Answer;
            }
        }
    }

    /// <summary>The sources that an answer rests on: those it quotes. One that quotes none, or was interrupted before its quotations were kept, may rest on any.</summary>
    private static IEnumerable<Citation> Grounds(Turn turn) => turn.Citations.Exists(c => c.Quote is not null) ? turn.Citations.Where(c => c.Quote is not null) : turn.Citations;
}
