using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Pybo.Data;

namespace Pybo.Tests.Data;

/// <summary>A file of the previous version, which keeps the words of all passages together.</summary>
public sealed class PassageWordsMigrationTests
{
    private const string Before = "20261125193900_DocumentQueueIndex";
    private const long Owner = 1;
    private const long Other = 2;

    /// <summary>Longer than 127 terms and longer than 16,383: FTS5 writes such lengths in two and in three bytes.</summary>
    private static readonly (long Audience, string Title, string? Heading, string Text)[] Passages =
    [
        (Audience.Everyone, "열린 글", null, "도서관의 승강기 공사"),
        (Audience.Members, "회원 글", "머리말", "도서관의 회의록 " + Many(200)),
        (Owner, "숨긴 글", null, "도서관의 금고 열쇠"),
        (Audience.Nobody, "쓰는 중", null, "도서관의 초안"),
        (Audience.Everyone, string.Join(' ', Enumerable.Repeat("제목", 140)), null, Many(17_000)),
    ];

    [Fact]
    public async Task Restricted_words_are_found_and_counted_for_their_readers_only()
    {
        await using var database = await BeforeAsync();
        await using var db = database.CreateDbContext();
        await db.StartAsync(default);
        Assert.Equal(Passages.Index().Where(p => p.Item.Audience != Audience.Nobody).Select(p => PassageWords.Of(p.Item.Audience, $"{p.Index + 1}.txt", p.Item.Title, p.Item.Heading, p.Item.Text).TermCount),
            await db.Passages.Where(p => p.Audience != Audience.Nobody).OrderBy(p => p.Id).Select(p => p.TermCount).ToListAsync());
        Assert.DoesNotContain(await db.CheckPassagesAsync(default), f => f.Fault is PassageFault.MissingWords or PassageFault.StrayWords or PassageFault.WrongWords or PassageFault.WrongCounter);
        Assert.Equal((2, 1, 0), await CountsAsync(db, Viewer.Visitor));
        Assert.Equal((3, 2, 0), await CountsAsync(db, new(Other)));
        Assert.Equal((4, 3, 1), await CountsAsync(db, new(Owner)));
        Assert.Equal(["숨긴 글"], await FoundAsync(db, "금고", new(Owner)));
        Assert.Empty(await FoundAsync(db, "금고", new(Other)));
        Assert.Equal(["회원 글"], await FoundAsync(db, "회의록", new(Other)));
        Assert.Empty(await FoundAsync(db, "회의록", Viewer.Visitor));

        // A visitor finds the same as if the other passages had never existed.
        var seen = await db.SearchPassagesAsync(Query("도서관 금고 초안", Viewer.Visitor), default);
        await db.Documents.Where(d => d.Audience != Audience.Everyone).ExecuteDeleteAsync();
        Assert.Equal(await db.SearchPassagesAsync(Query("도서관 금고 초안", Viewer.Visitor), default), seen);
    }

    [Fact]
    public async Task An_interrupted_start_shows_no_words_to_others_and_the_next_one_continues()
    {
        await using var database = await BeforeAsync();
        await using var db = database.CreateDbContext();
        await db.GetService<IMigrator>().MigrateAsync();
        foreach (var viewer in new Viewer[] { Viewer.Visitor, Viewer.AnyMember, new(Other) })
        {
            Assert.Empty(await FoundAsync(db, "금고", viewer));
            Assert.Equal(0, (await CountsAsync(db, viewer)).Secret);
        }

        // One of them got as far as this.
        await using (var transaction = await db.Database.BeginTransactionAsync())
        {
            await db.WriteWordsAsync(db.Passages.Where(p => p.Audience == Audience.Members), Audience.Members, default);
            await transaction.CommitAsync();
        }

        await db.StartAsync(default);
        Assert.Equal(["숨긴 글"], await FoundAsync(db, "금고", new(Owner)));
        Assert.Equal(["회원 글"], await FoundAsync(db, "회의록", new(Other)));
    }

    [Fact]
    public async Task The_downgrade_leaves_no_word_that_the_previous_version_would_count()
    {
        await using var database = await BeforeAsync();
        await using var db = database.CreateDbContext();
        await db.StartAsync(default);
        await db.GetService<IMigrator>().MigrateAsync(Before);
        Assert.Equal(Passages.Length, await db.Database.SqlQuery<long>($"select Value from Counters where Name = 'passages'").SingleAsync());
        Assert.Equal([1L, 5L], await db.Database.SqlQuery<long>($"select id Value from PassageWords_docsize order by id").ToListAsync());
        await db.Database.ExecuteSqlAsync($"delete from Passages where Id = 1");
        Assert.Equal(Passages.Length - 1, await db.Database.SqlQuery<long>($"select Value from Counters where Name = 'passages'").SingleAsync());
        await db.StartAsync(default);
        Assert.Equal(["숨긴 글"], await FoundAsync(db, "금고", new(Owner)));
    }

    /// <summary>As the previous version wrote it: documents of one passage each, with their words in one table for all readers.</summary>
    private static async Task<TestDatabase> BeforeAsync()
    {
        var database = new TestDatabase();
        await using var db = database.CreateDbContext();
        await db.GetService<IMigrator>().MigrateAsync(Before);
        await db.Database.ExecuteSqlRawAsync("""
            insert into AspNetUsers (Id, CreatedAt, IsAdministrator, EmailConfirmed, PhoneNumberConfirmed, TwoFactorEnabled, LockoutEnabled, AccessFailedCount)
                values (1, '2026-01-01', 0, 0, 0, 0, 0, 0), (2, '2026-01-01', 0, 0, 0, 0, 0, 0);
            insert into DocumentFiles (Id, Hash, Size) values (1, x'01', 0), (2, x'02', 0), (3, x'03', 0), (4, x'04', 0), (5, x'05', 0);
            """);
        foreach (var (at, (audience, title, heading, text)) in Passages.Index())
        {
            await db.Database.ExecuteSqlRawAsync("""
                insert into Documents (Id, Path, Title, Audience, CreatedAt, Revision, IndexedAt, FileId, OwnerId, Attempts, PagesRead, ChunksDone, ChunksTotal, PageCount, Characters, Warnings, IsTruncated)
                    values (@id, @id || '.txt', @title, iif(@audience = -2, 1, @audience), '2026-01-01', 0, iif(@audience = -2, null, '2026-01-01'), @id, iif(@audience in (1, -2), 1, null), 0, 0, 0, 0, 0, 9, '', 0);
                insert into Passages (Id, Kind, DocumentId, Ordinal, Title, Heading, Text, Start, Audience) values (@id, 3, @id, 0, @title, @heading, @text, 0, @audience);
                insert into PassageWords (rowid, Title, Body) values (@id, @titles, @body);
                """,
                new SqliteParameter("@id", at + 1), new SqliteParameter("@audience", audience), new SqliteParameter("@title", title), new SqliteParameter("@heading", heading ?? (object)DBNull.Value),
                new SqliteParameter("@text", text), new SqliteParameter("@titles", Joined(heading is null ? title : $"{title} {heading}")), new SqliteParameter("@body", Joined(text)));
        }

        return database;
    }

    private static async Task<(long Passages, long Library, long Secret)> CountsAsync(PyboDb db, Viewer viewer)
    {
        var statistics = await db.TermStatisticsAsync(["도서", "금고"], viewer, default);
        return (statistics.Passages, statistics.PassageCounts.GetValueOrDefault("도서"), statistics.PassageCounts.GetValueOrDefault("금고"));
    }

    private static async Task<List<string>> FoundAsync(PyboDb db, string words, Viewer viewer) =>
        (await db.SearchPassagesAsync(Query(words, viewer), default)).ConvertAll(hit => hit.Title);

    private static PassageQuery Query(string words, Viewer viewer) => new() { Terms = KoreanText.Terms(words), Viewer = viewer, Limit = 10 };

    private static string Many(int words) => string.Join(' ', Enumerable.Range(0, words).Select(n => $"w{n}"));

    private static string Joined(string text) => string.Join(' ', KoreanText.Terms(text));
}
