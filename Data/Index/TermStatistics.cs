using System.Text.Json;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Pybo.Data;

/// <summary>How common terms are among the passages a reader may see.</summary>
/// <param name="Passages">The total number of those passages.</param>
/// <param name="PassageCounts">How many of them contain each term; a term with no passage is missing.</param>
public sealed record TermStatistics(long Passages, IReadOnlyDictionary<string, long> PassageCounts)
{
    /// <summary>
    /// Smoothing: imaginary passages added to the real ones. In a site of three posts every count is chance, so all terms weigh nearly the same;
    /// from a few thousand passages on, the counts decide.
    /// </summary>
    private const double SmoothingPassages = 500;

    /// <summary>The statistics of a reader who may see nothing.</summary>
    public static readonly TermStatistics None = new(0, new Dictionary<string, long>());

    /// <summary>Returns a term's inverse document frequency: ln(1 + (passages + 500) / (passages with the term + 1)).</summary>
    public double Weight(string term) => Math.Log(1 + ((Passages + SmoothingPassages) / (PassageCounts.GetValueOrDefault(term) + 1)));
}

/// <summary>Reads the vocabulary of the lexical index.</summary>
public static class TermStatisticsQueries
{
    /// <summary>The most terms looked up at once; each costs some microseconds.</summary>
    public const int KnownTermsMax = 256;

    private const string Known = """
        select a.value Value from json_each(@terms) a
        where exists (select 1 from json_each(@prefixes) f cross join PassageTerms t on t.term = f.value || a.value)
        """;

    private const string Counted = """
        select a.value Term, sum(t.doc) Passages
        from json_each(@terms) a cross join json_each(@prefixes) f cross join PassageTerms t on t.term = f.value || a.value
        group by a.value
        """;

    /// <summary>The passages with a word's bigrams in which the word is looked for.</summary>
    private const int WrittenPassagesMax = 200;

    private const string Written = """
        select count(*) Value from (select p.Id
            from (select rowid Id from PassageWords where PassageWords match @match limit @passages) w
            join Passages p on p.Id = w.Id left join Documents d on d.Id = p.DocumentId
            where instr(p.Title, @text) or instr(coalesce(p.Heading, ''), @text) or instr(p.Text, @text) or instr(coalesce(d.Path, ''), @text) limit 1)
        """;

    extension(PyboDb db)
    {
        /// <summary>Returns the counts of terms of <see cref="KoreanText"/> for a reader; for a pasted text, the first <see cref="PassageSearch.TermsConsideredMax"/> terms.</summary>
        public async Task<TermStatistics> TermStatisticsAsync(IEnumerable<string> terms, Viewer viewer, CancellationToken ct)
        {
            var asked = JsonSerializer.Serialize(terms.Distinct().Take(PassageSearch.TermsConsideredMax));
            var audiences = await db.AudiencesAsync(viewer, ct);
            SqliteParameter[] parameters = [new("@terms", asked), new("@prefixes", JsonSerializer.Serialize(audiences.Select(PassageWords.Prefix)))];
            var counts = await db.Database.SqlQueryRaw<TermCount>(Counted, parameters)
                .ToDictionaryAsync(c => c.Term, c => c.Passages, StringComparer.Ordinal, ct);
            var passages = await db.PassageTotals.Where(t => audiences.Contains(t.Audience)).SumAsync(t => t.Passages, ct);
            return new(passages, counts);
        }

        /// <summary>Returns which of the first <see cref="KnownTermsMax"/> terms are in a passage that the reader may see.</summary>
        public async Task<IReadOnlySet<string>> KnownTermsAsync(IEnumerable<string> terms, Viewer viewer, CancellationToken ct)
        {
            var asked = JsonSerializer.Serialize(terms.Distinct().Take(KnownTermsMax));
            var audiences = await db.AudiencesAsync(viewer, ct);
            SqliteParameter[] parameters = [new("@terms", asked), new("@prefixes", JsonSerializer.Serialize(audiences.Select(PassageWords.Prefix)))];
            return (await db.Database.SqlQueryRaw<string>(Known, parameters).ToListAsync(ct)).ToHashSet(StringComparer.Ordinal);
        }

        /// <summary>Returns whether a passage that the reader may see contains a piece of a word.</summary>
        /// <param name="text">Two Hangul syllables or more.</param>
        /// <param name="terms">The bigrams of <paramref name="text"/>.</param>
        /// <param name="viewer">Who asks.</param>
        /// <param name="ct">Cancels.</param>
        public async Task<bool> IsWrittenAsync(string text, IEnumerable<string> terms, Viewer viewer, CancellationToken ct)
        {
            // All tokens of a passage carry the prefix of its audience.
            var match = string.Join(" OR ", (await db.AudiencesAsync(viewer, ct)).Select(PassageWords.Prefix).Select(prefix => $"({string.Join(" AND ", terms.Select(term => $"\"{prefix}{term}\""))})"));
            SqliteParameter[] parameters = [new("@match", match), new("@text", text), new("@passages", WrittenPassagesMax)];
            return await db.Database.SqlQueryRaw<long>(Written, parameters).SingleAsync(ct) > 0;
        }
    }

    private sealed record TermCount(string Term, long Passages);
}
