using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Pybo.Data;
using Pybo.Rag.Ingestion;

namespace Pybo.Tests.Pages.Documents;

/// <summary>A document is renamed, replaced by a new version, and searched within; collections of the command line are managed like others.</summary>
public sealed class DocumentVersionTests
{
    private const string Former = "열람실 안내\n\n열람실은 아홉 시에 연다.\n\n사물함은 무료이다.";
    private const string Latter = "열람실 안내\n\n열람실은 열 시에 연다.\n\n사물함은 무료이다.";

    [Fact]
    public async Task A_given_title_stays_when_the_document_is_read_again_until_it_is_taken_back()
    {
        await using var site = new PyboSite();
        var (owner, id) = await UploadAsync(site);
        using var renamed = await owner.PostFormAsync($"/documents/{id}?handler=Title", [new("title", "  도서관   규칙 ")], page: $"/documents/{id}");
        Assert.Equal($"/documents/{id}", renamed.Headers.Location?.OriginalString);
        await IndexAsync(site);
        Assert.Equal("도서관 규칙", (await owner.SeeAsync($"/documents/{id}")).QuerySelector("h1")!.TextContent);
        await using var db = site.CreateDbContext();
        Assert.Equal(["도서관 규칙"], await db.Passages.Where(p => p.DocumentId == id).Select(p => p.Title).Distinct().ToListAsync());

        (await owner.PostFormAsync($"/documents/{id}?handler=Title", [new("title", " ")], page: $"/documents/{id}")).Dispose();
        await IndexAsync(site);
        Assert.Equal("열람실 안내", (await owner.SeeAsync($"/documents/{id}")).QuerySelector("h1")!.TextContent);
    }

    [Fact]
    public async Task A_new_version_keeps_address_and_readers_and_old_citations_say_so()
    {
        await using var site = new PyboSite();
        var (owner, id) = await UploadAsync(site);
        await using var db = site.CreateDbContext();
        var passage = await db.Passages.Where(p => p.DocumentId == id).Select(p => p.Id).FirstAsync();
        using var answer = await UploadTests.UploadAsync(owner, [new("document", $"{id}")], UploadTests.Text("안내-2판.txt", Latter));
        Assert.Equal($"/documents/{id}", answer.Headers.Location?.OriginalString);
        await IndexAsync(site);
        var document = await db.Documents.AsNoTracking().SingleAsync();
        Assert.Equal((id, "안내-2판.txt", Audience.Members), (document.Id, document.Path, document.Audience));
        Assert.Equal(1, await db.DocumentFiles.CountAsync());

        var gone = await owner.SeeAsync($"/documents/{id}?passage={passage}&quote={Uri.EscapeDataString("아홉 시에 연다.")}");
        Assert.Contains("인용한 뒤에 새 판이 올라왔습니다", gone.QuerySelector(".alert-warning")!.TextContent, StringComparison.Ordinal);
        var kept = await owner.SeeAsync($"/documents/{id}?passage={passage}&quote={Uri.EscapeDataString("사물함은 무료이다.")}");
        Assert.Contains("새 판", kept.QuerySelector(".alert-warning")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("사물함은 무료이다.", kept.QuerySelector("#quote")!.TextContent);
        Assert.Null((await owner.SeeAsync($"/documents/{id}")).QuerySelector(".alert-warning"));
    }

    [Fact]
    public async Task Nobody_else_replaces_or_renames_a_document()
    {
        await using var site = new PyboSite();
        await site.SignUpAsync("주인장");
        var (_, id) = await UploadAsync(site);
        var other = await site.SignUpAsync("김철수");
        (await UploadTests.UploadAsync(other, [new("document", $"{id}")], UploadTests.Text("글.txt", "남의 글"))).Dispose();
        Assert.Contains("바꿀 수 없는 문서", (await other.SeeAsync("/documents")).QuerySelector(".alert-danger")!.TextContent, StringComparison.Ordinal);
        using var renamed = await other.PostFormAsync($"/documents/{id}?handler=Title", [new("title", "남의 제목")], page: "/documents/collections");
        Assert.Equal(HttpStatusCode.NotFound, renamed.StatusCode);
        await using var db = site.CreateDbContext();
        Assert.Equal(["안내.txt"], await db.Documents.Select(d => d.Path).ToListAsync());
        Assert.Null(await db.Documents.Select(d => d.GivenTitle).SingleAsync());
    }

    [Fact]
    public async Task Words_are_found_within_a_document_whatever_their_case_and_line_breaks()
    {
        await using var site = new PyboSite();
        var (owner, id) = await UploadAsync(site, "회의록\n\n첫째, 예산을\n늘린다. Wi-Fi는 50%만 쓴다.");
        var found = await owner.SeeAsync($"/documents/{id}?find={Uri.EscapeDataString("예산을 늘린다")}");
        Assert.Equal("예산을\n늘린다", found.QuerySelector(".document-found mark")!.TextContent);
        Assert.NotNull((await owner.SeeAsync(found.QuerySelector(".document-found a")!.GetAttribute("href")!)).QuerySelector("mark#quote"));
        Assert.Equal("Wi-Fi", (await owner.SeeAsync($"/documents/{id}?find=wi-fi")).QuerySelector(".document-found mark")!.TextContent);
        Assert.Single((await owner.SeeAsync($"/documents/{id}?find=50%25")).QuerySelectorAll(".document-found li"));
        Assert.Contains("이 문서에 없습니다", (await owner.SeeAsync($"/documents/{id}?find=5_%25")).QuerySelector(".document-found")!.TextContent, StringComparison.Ordinal);
        await site.Visit().SeeAsync($"/documents/{id}?find=wi-fi", HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task An_administrator_manages_the_command_lines_collections()
    {
        await using var site = new PyboSite();
        var administrator = await site.SignUpAsync("주인장");
        var member = await site.SignUpAsync("홍길동");
        await using var db = site.CreateDbContext();
        var collection = await db.EnsureCollectionAsync("규정", null, default);
        const string page = "/documents/collections";
        Assert.NotNull((await administrator.SeeAsync(page)).QuerySelector($"#collection-{collection.Id}"));
        Assert.Null((await member.SeeAsync(page)).QuerySelector($"#collection-{collection.Id}"));
        KeyValuePair<string, string>[] change = [new("name", "도서관 규정"), new("audience", "members")];
        using var refused = await member.PostFormAsync($"{page}?handler=Change&id={collection.Id}", change, page: page);
        Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
        (await administrator.PostFormAsync($"{page}?handler=Change&id={collection.Id}", change, page: page)).Dispose();
        Assert.Equal(("도서관 규정", Audience.Members), await db.Collections.Select(c => new ValueTuple<string, long>(c.Name, c.Audience)).SingleAsync());
    }

    private static async Task<(Visitor Owner, long Id)> UploadAsync(PyboSite site, string text = Former)
    {
        var owner = await site.SignUpAsync("홍길동");
        (await UploadTests.UploadAsync(owner, [new("audience", "members")], UploadTests.Text("안내.txt", text))).Dispose();
        await IndexAsync(site);
        await using var db = site.CreateDbContext();
        return (owner, (await db.Documents.SingleAsync()).Id);
    }

    private static async Task IndexAsync(PyboSite site)
    {
        const int looksMax = 1_200;
        site.Services.GetRequiredService<IndexingSignal>().Raise();
        await using var db = site.CreateDbContext();
        for (var looks = 0; await db.Documents.AnyAsync(d => d.IndexedAt == null); looks++)
        {
            Assert.True(looks < looksMax, "The document was not read.");
            await Task.Delay(50);
        }
    }
}
