using System.Net;
using AngleSharp.Html.Dom;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Pybo.Data;
using Pybo.Tests.Data;

namespace Pybo.Tests.Pages.Documents;

public sealed class DocumentTests
{
    [Fact]
    public async Task A_citation_opens_its_page_with_the_passage_marked()
    {
        await using var site = new PyboSite();
        var (document, last) = await AddAsync(site, Audience.Everyone, DocumentReading.PassagesOnPage + 2);
        var visitor = site.Visit();
        var page = await visitor.SeeAsync($"/documents/{document}?passage={last}");
        Assert.Equal($"passage-{last}", page.QuerySelector(".is-cited")!.Id);
        Assert.Equal(2, page.QuerySelectorAll(".passage").Length);
        var quoted = page.QuerySelector(".is-cited .passage-text")!.TextContent[..5];
        Assert.Equal(quoted, (await visitor.SeeAsync($"/documents/{document}?passage={last}&quote={Uri.EscapeDataString(quoted)}")).QuerySelector("#quote")!.TextContent);
        Assert.Null((await visitor.SeeAsync($"/documents/{document}?passage={last}&quote=<script>")).QuerySelector("#quote"));
        Assert.Contains("인용된 부분은 그 뒤에", (await visitor.SeeAsync($"/documents/{document}?passage=999999")).Body!.TextContent, StringComparison.Ordinal);
        Assert.NotNull((await visitor.SeeAsync("/documents")).QuerySelector($"a[href='/documents/{document}']"));
    }

    [Fact]
    public async Task What_the_reader_may_not_see_is_not_there()
    {
        await using var site = new PyboSite();
        var owner = await site.SignUpAsync("홍길동");
        var other = await site.SignUpAsync("김철수");
        var (ofMembers, _) = await AddAsync(site, Audience.Members, 1);
        var (ofOwner, passage) = await AddAsync(site, audience: 1, 1);
        var visitor = site.Visit();

        await AssertSeenAsync(visitor, ofMembers, isSeen: false);
        await AssertSeenAsync(visitor, ofOwner, isSeen: false);
        await AssertSeenAsync(other, ofMembers, isSeen: true);
        await AssertSeenAsync(other, ofOwner, isSeen: false);
        await AssertSeenAsync(owner, ofOwner, isSeen: true);
        await other.SeeAsync($"/documents/{ofOwner}?passage={passage}", HttpStatusCode.NotFound);

        static async Task AssertSeenAsync(Visitor visitor, long id, bool isSeen)
        {
            await visitor.SeeAsync($"/documents/{id}", isSeen ? HttpStatusCode.OK : HttpStatusCode.NotFound);
            Assert.Equal(isSeen, (await visitor.SeeAsync("/documents")).QuerySelector($"a[href='/documents/{id}']") is not null);
            var found = await visitor.SeeAsync("/search?q=%EB%B9%84%EB%B0%80%EB%AC%B8%EC%84%9C");
            Assert.Equal(isSeen, found.QuerySelector($"a[href^='/documents/{id}?passage=']") is not null);
        }
    }

    [Fact]
    public async Task Saving_a_document_of_a_collection_says_who_reads_it()
    {
        await using var site = new PyboSite();
        var owner = await site.SignUpAsync("홍길동");
        var (document, _) = await AddAsync(site, audience: 1, 1);
        await using var db = site.CreateDbContext();
        var (shelf, _) = await db.CreateCollectionAsync(1, "열린 모음", Audience.Everyone, default);
        Assert.Equal("모음 “열린 모음”에 있으므로 모음과 같이 읽습니다: 모두.", await SavedAsync("own", $"{shelf}"));
        Assert.Equal("이제 읽는 사람: 회원.", await SavedAsync("members", ""));
        Assert.Equal("이제 읽는 사람: 나만.", await SavedAsync("own", ""));

        (await UploadTests.UploadAsync(owner, [new("audience", "own"), new("collection", $"{shelf}")], UploadTests.Text("가.txt", "가"))).Dispose();
        Assert.Contains("모음 “열린 모음”에 있으므로 모음과 같이 읽습니다: 모두.", Notice(await owner.SeeAsync("/documents")), StringComparison.Ordinal);
        (await UploadTests.UploadAsync(owner, [new("audience", "members")], UploadTests.Text("나.txt", "나"))).Dispose();
        Assert.Contains("이제 읽는 사람: 회원.", Notice(await owner.SeeAsync("/documents")), StringComparison.Ordinal);

        async Task<string> SavedAsync(string audience, string collection)
        {
            (await owner.PostFormAsync($"/documents/{document}?handler=Place", [new("audience", audience), new("collection", collection)], page: $"/documents/{document}")).Dispose();
            return Notice(await owner.SeeAsync($"/documents/{document}"));
        }
    }

    [Fact]
    public async Task A_folder_document_keeps_its_collection_when_its_form_is_saved()
    {
        await using var site = new PyboSite();
        var administrator = await site.SignUpAsync("관리자");
        await using var db = site.CreateDbContext();
        var (theirs, _) = await db.CreateCollectionAsync(1, "관리자의 모음", Audience.Everyone, default);
        var shelf = (await db.EnsureCollectionAsync("서가", Audience.Members, default)).Id;
        var document = (await db.AddDocumentAsync("글/가.txt", "가", Audience.Members, collectionId: shelf, indexedAt: DateTime.UtcNow)).Id;
        var page = await administrator.SeeAsync($"/documents/{document}");
        Assert.DoesNotContain("관리자의 모음", page.Body!.TextContent, StringComparison.Ordinal);
        var form = (IHtmlFormElement)page.QuerySelector("form[action$='handler=Place']")!;
        var fields = form.QuerySelectorAll("select").Cast<IHtmlSelectElement>().Select(s => KeyValuePair.Create(s.Name!, s.Value!));
        (await administrator.PostFormAsync($"/documents/{document}?handler=Place", fields, page: $"/documents/{document}")).Dispose();
        Assert.Equal("모음 “서가”에 있으므로 모음과 같이 읽습니다: 회원.", Notice(await administrator.SeeAsync($"/documents/{document}")));
        Assert.Equal((shelf, Audience.Members), await db.Documents.Where(d => d.Id == document).Select(d => ValueTuple.Create(d.CollectionId!.Value, d.Audience)).SingleAsync());
    }

    private static string Notice(IHtmlDocument page) => page.QuerySelector(".alert-success")!.TextContent.Trim();

    private static async Task<(long Id, long LastPassage)> AddAsync(PyboSite site, long audience, int passages)
    {
        await using var db = site.CreateDbContext();
        // Indexed, or the site's worker would read it.
        var document = await db.AddDocumentAsync($"{audience}.txt", audience: audience, ownerId: audience > 0 ? audience : null, title: "비밀문서", indexedAt: DateTime.UtcNow);
        var texts = Enumerable.Range(0, passages).Select(i => new NewPassage("비밀문서", null, $"비밀문서의 {i}번째 글", i * 20, []));
        Assert.True(await site.Services.GetRequiredService<PassageWriter>().ReplaceAsync(new(PassageKind.Document, document.Id, 0), [.. texts], null, null, default));
        return (document.Id, db.Passages.Where(p => p.DocumentId == document.Id).Max(p => p.Id));
    }
}
