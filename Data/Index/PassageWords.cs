using System.Globalization;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Pybo.Data;

/// <summary>
/// The words of a passage as the FTS5 table <c>PassageWords</c> holds them: each term with its passage's audience in front. The table's vocabulary
/// then counts each audience apart, so a reader's counts are sums over what that reader may read, and text that is hidden from a reader moves none of
/// them (docs/decisions/0016-counts-a-reader-may-know.md).
/// </summary>
/// <param name="Title">For the column of titles.</param>
/// <param name="Body">For the column of texts.</param>
/// <param name="TermCount">The terms of both columns: <see cref="Passage.TermCount"/>.</param>
internal readonly record struct PassageWords(string Title, string Body, int TermCount)
{
    // Private-use characters: FTS5's ascii tokenizer keeps them in the token, and no term of KoreanText holds one.
    private const char OwnerStart = '\uE000';
    private const char OwnerEnd = '\uE001';
    private const string MembersPrefix = "\uE002";

    /// <summary>Passages whose words are written by one transaction of <see cref="PassageWordQueries.WriteMissingWordsAsync"/>.</summary>
    internal const int PassagesPerTransaction = 1_000;

    /// <summary>What stands in front of every term of a passage; nothing for everyone's, so that opening a site to visitors costs no room.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A passage that nobody may find has no words in the table.</exception>
    public static string Prefix(long audience) => audience switch
    {
        Audience.Everyone => "",
        Audience.Members => MembersPrefix,
        > 0 => string.Create(CultureInfo.InvariantCulture, $"{OwnerStart}{audience}{OwnerEnd}"),
        _ => throw new ArgumentOutOfRangeException(nameof(audience), audience, "Nobody has words."),
    };

    /// <summary>The prefixes of everything that a reader may see.</summary>
    public static IReadOnlyList<string> Prefixes(Reader reader)
    {
        var (everyone, members, own) = reader.Audiences;
        // The command line reads as a member with the id 0, which is everyone's audience: it owns nothing.
        return [.. new[] { everyone, members, own }.Distinct().Select(Prefix)];
    }

    public static PassageWords Of(long audience, string title, string? heading, string text)
    {
        var prefix = Prefix(audience);
        var (titles, body) = (KoreanText.Terms(TitleWords(title, heading)), KoreanText.Terms(text));
        return new(Join(titles), Join(body), titles.Count + body.Count);

        string Join(List<string> terms) => string.Join(' ', prefix.Length == 0 ? terms : terms.ConvertAll(term => prefix + term));
    }

    /// <summary>The first token of a passage's row, by which <see cref="PassageCheck"/> tells whose words they are; null for a passage without words.</summary>
    public static string? FirstToken(long audience, string title, string? heading, string text)
    {
        var first = KoreanText.Terms(TitleWords(title, heading)).FirstOrDefault() ?? KoreanText.Terms(text).FirstOrDefault();
        return first is null ? null : Prefix(audience) + first;
    }

    private static string TitleWords(string title, string? heading) => heading is null ? title : $"{title} {heading}";
}

/// <summary>Writes the words of passages that are in the database.</summary>
internal static class PassageWordQueries
{
    public const string Insert = "insert into PassageWords(rowid, Title, Body) values (@id, @title, @body)";

    extension(PyboDb db)
    {
        /// <summary>Writes the words of some passages for an audience, in place of those that are there, within the open transaction.</summary>
        /// <remarks>All are deleted first: replacing them one by one takes three times as long. 4,000 passages, a document's most, take some two seconds.</remarks>
        public async Task WriteWordsAsync(IQueryable<Passage> passages, long audience, CancellationToken ct)
        {
            var ids = JsonSerializer.Serialize(await passages.Select(p => p.Id).ToListAsync(ct));
            await db.Database.ExecuteSqlAsync($"delete from PassageWords where rowid in (select value from json_each({ids}))", ct);
            using var words = new WordInserts(db);
            await foreach (var p in passages.OrderBy(p => p.Id).Select(p => new { p.Id, p.Title, p.Heading, p.Text }).AsAsyncEnumerable().WithCancellation(ct))
            {
                words.Write(p.Id, PassageWords.Of(audience, p.Title, p.Heading, p.Text));
            }
        }

        /// <summary>Writes the words of passages that have none, in transactions of their own: one that is broken off goes on at the next start.</summary>
        /// <remarks>
        /// A migration takes the words of passages that not everyone may read out of the table, because SQL cannot cut words. Looking costs two counts
        /// where nothing is missing.
        /// </remarks>
        public async Task WriteMissingWordsAsync(CancellationToken ct)
        {
            var missing = await db.Database.SqlQuery<bool>($"""
                select (select count(*) from PassageWords_docsize) <> (select coalesce(sum(Passages), 0) from PassageTotals where Audience <> {Audience.Nobody}) Value
                """).SingleAsync(ct);
            for (var last = 0L; missing;)
            {
                await using var transaction = await db.Database.BeginTransactionAsync(ct);
                var passages = await db.Database.SqlQuery<Wordless>($"""
                    select p.Id, p.Audience, p.Title, p.Heading, p.Text from Passages p
                    where p.Id > {last} and p.Audience <> {Audience.Nobody} and not exists (select 1 from PassageWords_docsize d where d.id = p.Id)
                    order by p.Id limit {PassageWords.PassagesPerTransaction}
                    """).ToListAsync(ct);
                using (var inserts = new WordInserts(db))
                {
                    foreach (var p in passages)
                    {
                        var words = PassageWords.Of(p.Audience, p.Title, p.Heading, p.Text);
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

    private sealed record Wordless(long Id, long Audience, string Title, string? Heading, string Text);

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
