using Microsoft.EntityFrameworkCore;
using Pybo.Data;

namespace Pybo.Tests.Data;

public sealed class DocumentUploadsTests
{
    private const long Roomy = 1_000_000;

    [Fact]
    public async Task The_same_bytes_from_the_same_member_are_the_existing_document()
    {
        await using var database = await TestDatabase.StartAsync();
        var (member, other) = (await database.AddUserAsync("가나다"), await database.AddUserAsync("라마바"));
        await using var db = database.CreateDbContext();
        var first = await UploadAsync(db, member.Id, "보고서.txt", "같은 글");
        var again = await UploadAsync(db, member.Id, "이름이 다른 보고서.txt", "같은 글");
        var others = await UploadAsync(db, other.Id, "보고서.txt", "같은 글");
        Assert.Equal((true, false, true), (first.IsNew, again.IsNew, others.IsNew));
        Assert.Equal(first.DocumentId, again.DocumentId);
        Assert.NotEqual(first.DocumentId, others.DocumentId);
        Assert.Equal(2, await db.DocumentFiles.CountAsync());
    }

    [Fact]
    public async Task The_same_bytes_under_another_name_rename_the_document_and_queue_it_again()
    {
        await using var database = await TestDatabase.StartAsync();
        var member = await database.AddUserAsync();
        await using var db = database.CreateDbContext();
        var first = await UploadAsync(db, member.Id, "초안.txt", "같은 글");
        await db.Documents.ExecuteUpdateAsync(set => set.SetProperty(d => d.IndexedAt, DateTime.UtcNow));
        await UploadAsync(db, member.Id, "초안.txt", "같은 글");
        Assert.NotNull((await db.Documents.AsNoTracking().SingleAsync()).IndexedAt);
        await UploadAsync(db, member.Id, "확정.txt", "같은 글");
        var renamed = await db.Documents.AsNoTracking().SingleAsync();
        Assert.Equal((first.DocumentId, "확정.txt", null), (renamed.Id, renamed.Path, renamed.IndexedAt));
    }

    [Fact]
    public async Task A_members_quota_is_enforced()
    {
        await using var database = await TestDatabase.StartAsync();
        var (member, other) = (await database.AddUserAsync("가나다"), await database.AddUserAsync("라마바"));
        await using var db = database.CreateDbContext();
        Assert.Null((await UploadAsync(db, member.Id, "가.txt", new string('a', 600), 1_000)).Refusal);
        Assert.Equal(UploadRefusal.QuotaFull, (await UploadAsync(db, member.Id, "나.txt", new string('b', 401), 1_000)).Refusal);
        Assert.Null((await UploadAsync(db, member.Id, "나.txt", new string('b', 400), 1_000)).Refusal);
        Assert.Null((await UploadAsync(db, other.Id, "나.txt", new string('b', 401), 1_000)).Refusal);
        Assert.Equal((1_000, 2), await db.StorageOfAsync(member.Id, default));
        Assert.Equal(UploadRefusal.Empty, (await UploadAsync(db, other.Id, "빈.txt", "")).Refusal);
        Assert.Equal(3, await db.Documents.CountAsync());
    }

    [Fact]
    public async Task An_upload_is_accepted_into_ones_own_collection_only_and_takes_its_audience()
    {
        await using var database = await TestDatabase.StartAsync();
        var (member, other) = (await database.AddUserAsync("가나다"), await database.AddUserAsync("라마바"));
        await using var db = database.CreateDbContext();
        var (own, _) = await db.CreateCollectionAsync(member.Id, "규정", Audience.Members, default);
        var (foreign, _) = await db.CreateCollectionAsync(other.Id, "규정", Audience.Everyone, default);
        Assert.Equal(CollectionRefusal.NameTaken, (await db.CreateCollectionAsync(member.Id, "규정", Audience.Everyone, default)).Refusal);

        Assert.Equal(UploadRefusal.NoCollection, (await UploadAsync(db, member.Id, "가.txt", "글", Roomy, foreign)).Refusal);
        var upload = await UploadAsync(db, member.Id, "가.txt", "글", Roomy, own);
        var row = await db.DocumentAsync(upload.DocumentId, new(other.Id), default);
        Assert.Equal((Audience.Members, "규정", "가나다", DocumentState.Waiting), (row!.Audience, row.Collection, row.Owner, row.Progress.State));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => db.UploadAsync(new(member.Id, "나.txt", other.Id), new MemoryStream([1]), Roomy, default));
    }

    [Theory]
    [InlineData("C:\\문서\\보고서.hwp", "보고서.hwp")]
    [InlineData("../../etc/passwd", "passwd")]
    [InlineData("a\u202Efdp.exe\u0000", "afdp.exe")]
    [InlineData("  ", "이름 없는 파일")]
    [InlineData("끝/", "이름 없는 파일")]
    public void A_file_name_is_cleaned(string sent, string kept) => Assert.Equal(kept, DocumentNames.OfFile(sent));

    [Fact]
    public void A_long_name_keeps_its_extension()
    {
        var name = DocumentNames.OfFile(new string('가', 1_000) + ".pdf");
        Assert.Equal(Document.TitleMax, name.Length);
        Assert.EndsWith("가.pdf", name, StringComparison.Ordinal);
        Assert.Equal(Document.TitleMax, DocumentNames.OfFile("가." + new string('x', 1_000)).Length);
    }

    private static async Task<UploadResult> UploadAsync(PyboDb db, long owner, string name, string text, long room = Roomy, long? collection = null)
    {
        using var content = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text));
        return await db.UploadAsync(new(owner, name, owner, collection), content, room, default);
    }
}
