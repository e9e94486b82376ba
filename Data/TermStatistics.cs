using System.Text.Json;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Pybo.Data;

/// <summary>How common terms are here.</summary>
/// <param name="Passages">All passages.</param>
/// <param name="PassageCounts">The number of passages that hold a term; a term that none holds is missing.</param>
public sealed record TermStatistics(long Passages, IReadOnlyDictionary<string, long> PassageCounts)
{
    /// <summary>
    /// Passages that are imagined beside the real ones. In a site of three posts every count is chance, so that all terms weigh nearly the same;
    /// from a few thousand passages on the counts decide.
    /// </summary>
    private const double PassagesImagined = 500;

    /// <summary>How much a term tells: the inverse document frequency, ln(1 + (passages + 500) / (passages with the term + 1)).</summary>
    public double Weight(string term) => Math.Log(1 + ((Passages + PassagesImagined) / (PassageCounts.GetValueOrDefault(term) + 1)));
}

/// <summary>Reads the vocabulary of the lexical index.</summary>
public static class TermStatisticsQueries
{
    extension(PyboDb db)
    {
        /// <summary>The counts of terms of <see cref="KoreanText"/>; of a pasted text the first <see cref="PassageSearch.TermsConsideredMax"/>.</summary>
        public async Task<TermStatistics> TermStatisticsAsync(IEnumerable<string> terms, CancellationToken ct)
        {
            var asked = JsonSerializer.Serialize(terms.Distinct().Take(PassageSearch.TermsConsideredMax));
            var counts = await db.Database
                .SqlQueryRaw<TermCount>("select t.term Term, t.doc Passages from json_each(@terms) a cross join PassageTerms t on t.term = a.value", new SqliteParameter("@terms", asked))
                .ToDictionaryAsync(c => c.Term, c => c.Passages, StringComparer.Ordinal, ct);
            var passages = await db.Counters.Where(c => c.Name == Counter.Passages).Select(c => c.Value).SingleAsync(ct);
            return new(passages, counts);
        }
    }

    private sealed record TermCount(string Term, long Passages);
}
