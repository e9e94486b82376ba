using Microsoft.EntityFrameworkCore;
using Pybo.Data;

namespace Pybo.Tests.Data;

public sealed class FileNameWordsTests
{
    private const long Owner = 7;

    [Theory]
    [InlineData("기획/2023_수련회_계획_v3.hwp", "수련회 계획")]
    [InlineData("기획/2023_수련회_계획_v3.hwp", "v3.hwp")]
    [InlineData("기획/2023_수련회_계획_v3.hwp", "hwp")]
    [InlineData("CT-77 정기검사(최종).pdf", "CT-77")]
    [InlineData("CT-77 정기검사(최종).pdf", "ct77 최종")]
    [InlineData("안내문-20230401.txt", "2023년 4월 1일")]
    public async Task A_document_is_found_by_the_words_of_its_file_name(string path, string words)
    {
        await using var database = await TestDatabase.StartAsync();
        await using var db = database.CreateDbContext();
        await WriteAsync(database, db, "다른 글.txt", Audience.Everyone);
        var document = await WriteAsync(database, db, path, Audience.Everyone);
        Assert.Equal([(document, 0)], (await FindAsync(db, words, Viewer.Visitor)).Select(hit => (hit.DocumentId, hit.Start)));
    }

    [Fact]
    public async Task Only_the_file_name_is_searched_not_its_folder()
    {
        await using var database = await TestDatabase.StartAsync();
        await using var db = database.CreateDbContext();
        await WriteAsync(database, db, "수영장/목록.txt", Audience.Everyone);
        Assert.Empty(await FindAsync(db, "수영장", Viewer.Visitor));
    }

    [Fact]
    public async Task A_name_is_found_and_counted_only_by_who_may_read_the_document()
    {
        await using var database = await TestDatabase.StartAsync();
        await using var db = database.CreateDbContext();
        await WriteAsync(database, db, "합병계획.txt", Owner);
        Assert.Single(await FindAsync(db, "합병", new(Owner)));
        Assert.Empty(await FindAsync(db, "합병", Viewer.Visitor));
        Assert.Empty(await FindAsync(db, "합병", new(Owner + 1)));
        Assert.Empty((await db.TermStatisticsAsync(["합병"], new(Owner + 1), default)).PassageCounts);
        Assert.Empty(await db.KnownTermsAsync(["합병"], new(Owner + 1), default));
        Assert.Equal(1, (await db.TermStatisticsAsync(["합병"], new(Owner), default)).PassageCounts["합병"]);
    }

    [Fact]
    public async Task Words_removed_by_a_migration_come_back_with_the_name_and_the_check_finds_no_fault()
    {
        await using var database = await TestDatabase.StartAsync();
        await using var db = database.CreateDbContext();
        await WriteAsync(database, db, "합병계획.txt", Owner);
        await db.Database.ExecuteSqlAsync($"delete from PassageWords");
        await db.StartAsync(default);
        Assert.Single(await FindAsync(db, "합병", new(Owner)));
        Assert.DoesNotContain(await db.CheckPassagesAsync(default), fault => fault.Fault is PassageFault.WrongWords or PassageFault.WrongCounter or PassageFault.MissingWords);

        await db.Database.ExecuteSqlAsync($"delete from PassageWords where rowid = (select min(Id) from Passages)");
        await db.MendPassagesAsync(default);
        Assert.Single(await FindAsync(db, "합병", new(Owner)));
    }

    /// <summary>Two passages, of which only the first carries the name.</summary>
    private static async Task<long> WriteAsync(TestDatabase database, PyboDb db, string path, long audience)
    {
        var owner = audience > 0 ? await database.AddUserAsync() : null;
        if (owner is not null)
        {
            await db.Users.Where(u => u.Id == owner.Id).ExecuteUpdateAsync(set => set.SetProperty(u => u.Id, audience));
        }

        var document = await db.AddDocumentAsync(path, text: path, audience: audience, ownerId: owner is null ? null : audience, title: "제목");
        NewPassage[] passages = [new("제목", null, "첫째 대목", 0, []), new("제목", null, "둘째 대목", 6, [])];
        Assert.True(await new PassageWriter(database).ReplaceAsync(new(PassageKind.Document, document.Id, 0), passages, null, new DocumentFacts("제목", 11), default));
        return document.Id;
    }

    private static Task<List<PassageHit>> FindAsync(PyboDb db, string words, Viewer viewer) =>
        db.SearchPassagesAsync(new() { Terms = KoreanText.QueryTerms(words), Viewer = viewer, Limit = 10 }, default);
}
