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
        Assert.Null((await visitor.SeeAsync($"/documents/{document}?passage={last}&quote=<script>")).QuerySelector("mark#quote"));
        Assert.Contains("인용된 부분은 그 뒤에", (await visitor.SeeAsync($"/documents/{document}?passage=999999")).Body!.TextContent, StringComparison.Ordinal);
        Assert.NotNull((await visitor.SeeAsync("/documents")).QuerySelector($"a[href='/documents/{document}']"));
    }

    [Fact]
    public async Task A_quotation_is_marked_over_line_breaks_and_after_the_document_was_read_again()
    {
        await using var site = new PyboSite();
        await using var db = site.CreateDbContext();
        var document = await db.AddDocumentAsync("표.txt", audience: Audience.Everyone, title: "표", indexedAt: DateTime.UtcNow);
        var writer = site.Services.GetRequiredService<PassageWriter>();
        var key = new SourceKey(PassageKind.Document, document.Id, 0);
        var passage = new NewPassage("표", "제목", "제목\n첫 줄에서\n이어지는 [말]이다. 그리고 끝.", 0, []);
        Assert.True(await writer.ReplaceAsync(key, [passage], null, null, default));
        var old = db.Passages.Single(p => p.DocumentId == document.Id).Id;
        var address = $"/documents/{document.Id}?passage={old}&quote=";
        var quote = Uri.EscapeDataString("첫 줄에서 이어지는 (말)이다.");
        Assert.Equal("첫 줄에서\n이어지는 [말]이다.", (await site.Visit().SeeAsync(address + quote)).QuerySelector("mark#quote")!.TextContent);
        Assert.Null((await site.Visit().SeeAsync(address + "%0A")).QuerySelector("mark#quote"));

        Assert.True(await writer.ReplaceAsync(key, [new("표", null, "앞에 온 글.", 0, []), passage], null, null, default));
        Assert.DoesNotContain(old, db.Passages.Where(p => p.DocumentId == document.Id).Select(p => p.Id));
        var again = await site.Visit().SeeAsync(address + Uri.EscapeDataString("그리고 끝."));
        Assert.Equal("그리고 끝.", again.QuerySelector(".is-cited mark#quote")!.TextContent);
        Assert.DoesNotContain("인용된 부분은 그 뒤에", again.Body!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_visitor_is_offered_to_log_in_if_a_document_may_be_for_members()
    {
        await using var site = new PyboSite();
        var member = await site.SignUpAsync("홍길동");
        const string way = "main a[href='/account/login?next=%2Fdocuments%2F987654%3Fpassage%3D1']";
        Assert.NotNull((await site.Visit().SeeAsync("/documents/987654?passage=1", HttpStatusCode.NotFound)).QuerySelector(way));
        Assert.Null((await member.SeeAsync("/documents/987654?passage=1", HttpStatusCode.NotFound)).QuerySelector(way));
    }

    [Fact]
    public async Task The_list_offers_its_owner_the_documents_actions_and_others_the_download()
    {
        await using var site = new PyboSite();
        var owner = await site.SignUpAsync("홍길동");
        var stranger = await site.SignUpAsync("김철수");
        await using var db = site.CreateDbContext();
        var document = await db.AddDocumentAsync("글.txt", audience: Audience.Members, ownerId: 1, title: "글", indexedAt: DateTime.UtcNow);
        await db.CreateCollectionAsync(1, "모음", Audience.Members, default);
        Assert.Equal("own", (await owner.SeeAsync("/documents?show=own")).QuerySelector("form[action='/documents'] input[name=show]")!.GetAttribute("value"));
        Assert.Null((await owner.SeeAsync("/documents")).QuerySelector("form[action='/documents'] input[name=show]"));
        Assert.Equal(["Reindex", "Delete"], await HandlersAsync(owner));
        Assert.Empty(await HandlersAsync(stranger));

        async Task<IEnumerable<string>> HandlersAsync(Visitor visitor)
        {
            var list = await visitor.SeeAsync("/documents");
            Assert.NotNull(list.QuerySelector($"[data-document='{document.Id}'] a[href='/documents/{document.Id}/file'][download]"));
            return list.QuerySelectorAll($"[data-document='{document.Id}'] form").Select(f => f.GetAttribute("action")!.Split("handler=")[1]);
        }
    }

    [Fact]
    public async Task A_heading_at_the_start_of_a_passage_is_shown_once()
    {
        await using var site = new PyboSite();
        await using var db = site.CreateDbContext();
        var document = await db.AddDocumentAsync("길.md", audience: Audience.Everyone, title: "길", indexedAt: DateTime.UtcNow);
        await site.Services.GetRequiredService<PassageWriter>().ReplaceAsync(
            new(PassageKind.Document, document.Id, 0),
            [new("길", "큰 길 › 작은 길", "작은 길\n\n작은 길로 갑니다.", 0, []), new("길", "큰 길 › 작은 길", "작은 길이 끝납니다.", 20, []), new("길", "샛길", "샛길", 40, [])], null, null, default);
        var passage = db.Passages.Where(p => p.DocumentId == document.Id).Min(p => p.Id);

        var page = await site.Visit().SeeAsync($"/documents/{document.Id}");
        Assert.Equal(["큰 길 › 작은 길", "샛길"], page.QuerySelectorAll(".passage-heading").Select(h => h.TextContent));
        Assert.Equal(["작은 길로 갑니다.", "작은 길이 끝납니다."], page.QuerySelectorAll(".passage-text").Select(p => p.TextContent));

        var quoted = await site.Visit().SeeAsync($"/documents/{document.Id}?passage={passage}&quote={Uri.EscapeDataString("길로 갑니다")}");
        Assert.Equal("작은 길로 갑니다.", quoted.QuerySelector(".is-cited .passage-text")!.TextContent);
        var heading = await site.Visit().SeeAsync($"/documents/{document.Id}?passage={passage}&quote={Uri.EscapeDataString("작은 길")}");
        Assert.Equal("작은 길\n\n작은 길로 갑니다.", heading.QuerySelector(".is-cited .passage-text")!.TextContent);
    }

    [Fact]
    public async Task A_hidden_document_looks_like_a_missing_one()
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
    public async Task Saving_a_document_in_a_collection_shows_its_readers()
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
        var administrator = await site.SignUpAsync("주인장");
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
        // Marked as indexed, otherwise the site's worker would read it.
        var document = await db.AddDocumentAsync($"{audience}.txt", audience: audience, ownerId: audience > 0 ? audience : null, title: "비밀문서", indexedAt: DateTime.UtcNow);
        var texts = Enumerable.Range(0, passages).Select(i => new NewPassage("비밀문서", null, $"비밀문서의 {i}번째 글", i * 20, []));
        Assert.True(await site.Services.GetRequiredService<PassageWriter>().ReplaceAsync(new(PassageKind.Document, document.Id, 0), [.. texts], null, null, default));
        return (document.Id, db.Passages.Where(p => p.DocumentId == document.Id).Max(p => p.Id));
    }
}
