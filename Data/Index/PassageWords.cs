using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Pybo.Data;

/// <summary>
/// The words of a passage as stored in the FTS5 table <c>PassageWords</c>: each term prefixed with its passage's audience. The table's vocabulary
/// then counts each audience separately, so a reader's counts are sums over the audiences they may read, and hidden text does not move
/// them (docs/decisions/0016-counts-a-reader-may-know.md).
/// </summary>
/// <remarks>
/// The table is created with <c>tokenize = "ascii tokenchars '#+._'"</c>, which splits at ASCII only and keeps every other character: each term is
/// exactly one token, equal to the term with its prefix, in any SQLite version.
/// </remarks>
/// <param name="Title">The title column.</param>
/// <param name="Body">The text column.</param>
/// <param name="TermCount">The number of terms in both columns: <see cref="Passage.TermCount"/>.</param>
internal readonly partial record struct PassageWords(string Title, string Body, int TermCount)
{
    // Private-use characters: FTS5's ascii tokenizer keeps them in the token, and no term of KoreanText contains one.
    private const char OwnerStart = '\uE000';
    private const char OwnerEnd = '\uE001';
    private const string MembersPrefix = "\uE002";
    private const char GroupStart = '\uE003';

    /// <summary>Passages per transaction of <see cref="PassageWordQueries.WriteMissingWordsAsync"/>.</summary>
    internal const int PassagesPerTransaction = 1_000;

    /// <summary>Returns the prefix of a passage's terms; empty for everyone's, so that opening a site to visitors costs no room.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A passage hidden from everyone has no words in the table.</exception>
    public static string Prefix(long audience) => audience switch
    {
        Audience.Everyone => "",
        Audience.Members => MembersPrefix,
        > 0 => string.Create(CultureInfo.InvariantCulture, $"{OwnerStart}{audience}{OwnerEnd}"),
        < Audience.Nobody => string.Create(CultureInfo.InvariantCulture, $"{GroupStart}{Audience.GroupOf(audience)}{OwnerEnd}"),
        _ => throw new ArgumentOutOfRangeException(nameof(audience), audience, "Nobody has words."),
    };

    /// <summary>Returns the FTS5 expression that finds, in the passages of some audiences, what an expression finds in those for everyone.</summary>
    /// <param name="audiences">A viewer's: <see cref="BoardAccess"/>.</param>
    /// <param name="match">Strings of <see cref="KoreanText.Quote"/> with operators between them.</param>
    public static string MatchFor(IReadOnlyList<long> audiences, string match)
    {
        return string.Join(" OR ", audiences.Select(Prefix).Select(prefix => $"({(prefix.Length == 0 ? match : Quoted().Replace(match, strings => Prefixed(strings, prefix)))})"));

        static string Prefixed(Match quoted, string prefix) => $"\"{prefix}{quoted.Groups[1].Value.Replace(" ", " " + prefix, StringComparison.Ordinal)}\"";
    }

    /// <summary>A quoted string; terms, and so their strings, contain no quotation mark.</summary>
    [GeneratedRegex("\"([^\"]*)\"", RegexOptions.CultureInvariant)]
    private static partial Regex Quoted();

    /// <summary>
    /// Returns the title that is searched. A comment has none: dozens of short comments with every word of their question's title
    /// would be found before the answers and before the documents.
    /// </summary>
    public static string TitleOf(PassageKind kind, string title) => kind is PassageKind.Comment ? "" : title;

    /// <param name="audience">The passage's audience.</param>
    /// <param name="path">The document's path, for its first passage (<see cref="PassageWordQueries.PathOfFirst"/>): its file name is searched like a title. Null for all others.</param>
    /// <param name="title">The passage's title as it is searched: <see cref="TitleOf"/>.</param>
    /// <param name="heading">The headings above it.</param>
    /// <param name="text">The passage's text.</param>
    public static PassageWords Of(long audience, string? path, string title, string? heading, string text)
    {
        var prefix = Prefix(audience);
        var (titles, body) = (TitleTerms(path, title, heading), KoreanText.Terms(text));
        return new(Join(titles), Join(body), titles.Count + body.Count);

        string Join(List<string> terms) => string.Join(' ', prefix.Length == 0 ? terms : terms.ConvertAll(term => prefix + term));
    }

    /// <summary>Returns the first token of a passage's row, which shows <see cref="PassageCheck"/> the words' audience; null for a passage without words.</summary>
    public static string? FirstToken(long audience, string? path, string title, string? heading, string text)
    {
        var first = TitleTerms(path, title, heading).FirstOrDefault() ?? KoreanText.Terms(text).FirstOrDefault();
        return first is null ? null : Prefix(audience) + first;
    }

    /// <summary>A file is often named by its title, whose terms are not counted twice.</summary>
    private static List<string> TitleTerms(string? path, string title, string? heading)
    {
        var terms = KoreanText.Terms(heading is null ? title : $"{title} {heading}");
        if (path is not null)
        {
            terms.AddRange(KoreanText.Terms(DocumentNames.OfFile(path)).Distinct(StringComparer.Ordinal).Except(terms, StringComparer.Ordinal).ToList());
        }

        return terms;
    }
}

/// <summary>Writes the words of passages in the database.</summary>
internal static class PassageWordQueries
{
    /// <summary>The path of a document in the row <c>p</c> of its first passage; null in any other, so that a long document does not make its name common.</summary>
    public const string PathOfFirst = "(select d.Path from Documents d where d.Id = p.DocumentId and p.Ordinal = 0)";

    /// <summary>The searched title of the row <c>p</c>: <see cref="PassageWords.TitleOf"/>.</summary>
    public const string SearchedTitle = "iif(p.Kind = 4, '', p.Title)";

    public const string Insert = "insert into PassageWords(rowid, Title, Body) values (@id, @title, @body)";

    extension(PyboDb db)
    {
        /// <summary>Rewrites the words of some passages for an audience, within the open transaction.</summary>
        /// <remarks>All are deleted first: replacing them one by one takes three times as long. 4,000 passages, a document's maximum, take some two seconds.</remarks>
        public async Task WriteWordsAsync(IQueryable<Passage> passages, long audience, CancellationToken ct)
        {
            var ids = JsonSerializer.Serialize(await passages.Select(p => p.Id).ToListAsync(ct));
            await db.Database.ExecuteSqlAsync($"delete from PassageWords where rowid in (select value from json_each({ids}))", ct);
            using var words = new WordInserts(db);
            await foreach (var p in passages.OrderBy(p => p.Id).Select(p => new { p.Id, p.Kind, p.Title, p.Heading, p.Text, Path = db.Documents.Where(d => d.Id == p.DocumentId && p.Ordinal == 0).Select(d => d.Path).FirstOrDefault() })
                .AsAsyncEnumerable().WithCancellation(ct))
            {
                words.Write(p.Id, PassageWords.Of(audience, p.Path, PassageWords.TitleOf(p.Kind, p.Title), p.Heading, p.Text));
            }
        }

        /// <summary>Writes the words of passages that have none, in transactions of their own: an interrupted run continues at the next start.</summary>
        /// <remarks>
        /// A migration removes the words of passages that not everyone may read from the table, because SQL cannot tokenize. If nothing
        /// is missing, the check costs two counts.
        /// </remarks>
        public async Task WriteMissingWordsAsync(CancellationToken ct)
        {
            var missing = await db.Database.SqlQuery<bool>($"""
                select (select count(*) from PassageWords_docsize) <> (select coalesce(sum(Passages), 0) from PassageTotals where Audience <> {Audience.Nobody}) Value
                """).SingleAsync(ct);
            for (var last = 0L; missing;)
            {
                await using var transaction = await db.Database.BeginTransactionAsync(ct);
                var passages = await db.Database.SqlQueryRaw<UnindexedPassage>($$"""
                    select p.Id, p.Audience, {{PathOfFirst}} Path, {{SearchedTitle}} Title, p.Heading, p.Text from Passages p
                    where p.Id > {0} and p.Audience <> {{Audience.Nobody}} and not exists (select 1 from PassageWords_docsize d where d.id = p.Id)
                    order by p.Id limit {{PassageWords.PassagesPerTransaction}}
                    """, last).ToListAsync(ct);
                using (var inserts = new WordInserts(db))
                {
                    foreach (var p in passages)
                    {
                        var words = PassageWords.Of(p.Audience, p.Path, p.Title, p.Heading, p.Text);
                        inserts.Write(p.Id, words);
                        await db.Passages.Where(row => row.Id == p.Id && row.TermCount != words.TermCount)
                            .ExecuteUpdateAsync(set => set.SetProperty(row => row.TermCount, words.TermCount), ct);
                    }
                }

                await transaction.CommitAsync(ct);
                (last, missing) = passages.Count > 0 ? (passages[^1].Id, true) : (last, false);
            }
        }
    }

    private sealed record UnindexedPassage(long Id, long Audience, string? Path, string Title, string? Heading, string Text);

    /// <summary>Prepared by hand: virtual tables cannot be entities.</summary>
    private sealed class WordInserts : IDisposable
    {
        private readonly SqliteCommand insert;

        public WordInserts(PyboDb db)
        {
            insert = ((SqliteConnection)db.Database.GetDbConnection()).CreateCommand();
            insert.Transaction = (SqliteTransaction)db.Database.CurrentTransaction!.GetDbTransaction();
            insert.CommandText = Insert;
        }

        public void Write(long id, PassageWords words)
        {
            insert.Parameters.Clear();
            insert.Parameters.AddRange([new SqliteParameter("@id", id), new SqliteParameter("@title", words.Title), new SqliteParameter("@body", words.Body)]);
            insert.ExecuteNonQuery();
        }

        public void Dispose() => insert.Dispose();
    }
}
