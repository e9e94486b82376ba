using System.Text.Json;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Pybo.Data;

/// <summary>How common terms are here.</summary>
/// <param name="Passages">All passages.</param>
/// <param name="PassageCounts">The number of passages that hold a term, of a rare one those that its reader may see; a term that none holds is missing.</param>
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
    /// <summary>
    /// Of a term in at most so many passages those are counted that the reader may see: whether one private document holds a word must not be told
    /// by what weighs. In a larger number one document is lost, and it costs nothing: a question of 24 terms with 200 passages each takes 8 ms.
    /// </summary>
    public const int PassagesLookedAtMax = 200;

    private const string Counted = """
        with counted as materialized (select t.term Term, iif(t.doc > @lookedAtMax, t.doc,
                (select count(*) from PassageWords w cross join Passages p on p.Id = w.rowid
                 where w.PassageWords match printf('"%w"', t.term) and p.Audience in (@everyone, @members, @own))) Passages
            from json_each(@terms) a cross join PassageTerms t on t.term = a.value)
        select Term, Passages from counted where Passages > 0
        """;

    extension(PyboDb db)
    {
        /// <summary>The counts of terms of <see cref="KoreanText"/> for a reader; of a pasted text those of the first <see cref="PassageSearch.TermsConsideredMax"/>.</summary>
        public async Task<TermStatistics> TermStatisticsAsync(IEnumerable<string> terms, Reader reader, CancellationToken ct)
        {
            var asked = JsonSerializer.Serialize(terms.Distinct().Take(PassageSearch.TermsConsideredMax));
            var (everyone, members, own) = reader.Audiences;
            SqliteParameter[] parameters =
                [new("@terms", asked), new("@lookedAtMax", PassagesLookedAtMax), new("@everyone", everyone), new("@members", members), new("@own", own)];
            var counts = await db.Database.SqlQueryRaw<TermCount>(Counted, parameters)
                .ToDictionaryAsync(c => c.Term, c => c.Passages, StringComparer.Ordinal, ct);
            var passages = await db.Counters.Where(c => c.Name == Counter.Passages).Select(c => c.Value).SingleAsync(ct);
            return new(passages, counts);
        }
    }

    private sealed record TermCount(string Term, long Passages);
}
