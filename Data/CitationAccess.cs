using Microsoft.EntityFrameworkCore;

namespace Pybo.Data;

/// <summary>What of an old answer's sources its reader may still see.</summary>
public static class CitationAccess
{
    extension(PyboDb db)
    {
        /// <summary>Takes the words out of citations of documents that are gone or not for this reader any more. Every page that shows stored citations asks this first.</summary>
        /// <param name="turns">With their citations, not tracked.</param>
        /// <param name="reader">Whose conversation it is.</param>
        /// <param name="ct">Cancels.</param>
        public async Task HideGoneSourcesAsync(IReadOnlyCollection<Turn> turns, Reader reader, CancellationToken ct)
        {
            var cited = turns.SelectMany(t => t.Citations).Where(c => c.DocumentId is not null).Select(c => c.DocumentId!.Value).Distinct().ToList();
            var readable = cited.Count == 0 ? [] : await db.ReadableDocuments(reader).Where(d => cited.Contains(d.Id)).Select(d => d.Id).ToHashSetAsync(ct);
            foreach (var citations in turns.Select(t => t.Citations))
            {
                for (var at = 0; at < citations.Count; at++)
                {
                    var isGone = citations[at].Kind == PassageKind.Document && !(citations[at].DocumentId is { } document && readable.Contains(document));
                    citations[at] = isGone ? citations[at].Gone() : citations[at];
                }
            }
        }
    }
}
