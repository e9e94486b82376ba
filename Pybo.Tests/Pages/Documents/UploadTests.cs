using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using AngleSharp.Html.Dom;
using Microsoft.EntityFrameworkCore;
using Pybo.Data;
using Pybo.Pages.Documents;
using Pybo.Tests.Pages.Chat;

namespace Pybo.Tests.Pages.Documents;

public sealed class UploadTests
{
    private const string Page = "/documents/upload";
    private const string TokenField = "__RequestVerificationToken";

    [Fact]
    public async Task Uploaded_files_become_documents_of_their_owner()
    {
        await using var site = new PyboSite();
        var member = await site.SignUpAsync("홍길동");
        using var answer = await UploadAsync(member, [], Text("회의록.txt", "회의는 목요일에 한다."), Text("안내.md", "# 안내\n\n승강기 공사 안내."));

        Assert.Equal("/documents?show=own", answer.Headers.Location?.OriginalString);
        await using var db = site.CreateDbContext();
        var documents = await db.Documents.Include(d => d.File).OrderBy(d => d.Id).ToListAsync();
        Assert.Equal(["회의록.txt", "안내.md"], documents.Select(d => d.Path));
        Assert.All(documents, d => Assert.Equal((1L, 1L), (d.OwnerId, d.Audience)));
        var list = await member.SeeAsync("/documents?show=own");
        Assert.Contains("파일 2개를 받았습니다.", list.Body!.TextContent, StringComparison.Ordinal);
        Assert.Equal(2, list.QuerySelectorAll(".post-list > li").Length);
    }

    [Theory]
    [InlineData("own", 1L)]
    [InlineData("members", Audience.Members)]
    [InlineData("everyone", Audience.Everyone)]
    [InlineData("anything", 1L)]
    public async Task The_audience_is_chosen_and_a_mistake_publishes_nothing(string choice, long audience)
    {
        await using var site = new PyboSite();
        var member = await site.SignUpAsync("홍길동");
        using var answer = await UploadAsync(member, [new("audience", choice)], Text("글.txt", "본문"));
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        await using var db = site.CreateDbContext();
        Assert.Equal(audience, (await db.Documents.SingleAsync()).Audience);
    }

    [Fact]
    public async Task A_form_that_no_page_of_ours_sends_is_the_senders_mistake()
    {
        await using var site = new PyboSite();
        var member = await site.SignUpAsync("홍길동");
        using var answer = await UploadAsync(member, [.. Enumerable.Range(0, 30).Select(n => new KeyValuePair<string, string>($"f{n}", "x"))], Text("글.txt", "본문"));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("요청을 처리하지 못했습니다", (await Visitor.ReadAsync(answer)).QuerySelector("h1")!.TextContent);
    }

    [Fact]
    public async Task The_same_bytes_are_one_document_per_member_and_members_share_no_file()
    {
        await using var site = new PyboSite();
        var first = await site.SignUpAsync("홍길동");
        var second = await site.SignUpAsync("김철수");
        (await UploadAsync(first, [], Text("가.txt", "같은 글"))).Dispose();
        (await UploadAsync(first, [], Text("나.txt", "같은 글"))).Dispose();
        (await UploadAsync(second, [], Text("다.txt", "같은 글"))).Dispose();

        Assert.Contains("나.txt: 같은 파일을 이미 올렸습니다.", (await first.SeeAsync(Page)).Body!.TextContent, StringComparison.Ordinal);
        await using var db = site.CreateDbContext();
        Assert.Equal(2, await db.Documents.CountAsync());
        Assert.Equal(2, await db.DocumentFiles.CountAsync());
    }

    [Fact]
    public async Task Unreadable_files_are_refused_by_their_first_bytes_and_the_others_accepted()
    {
        await using var site = new PyboSite();
        var member = await site.SignUpAsync("홍길동");
        using var answer = await UploadAsync(member, [], ("그림.pdf", [0x47, 0x49, 0x46, 0x38, 0x39, 0x61, 1, 0, 1, 0, 0, 0, 0, 0]), Text("글.txt", "본문"), ("빈.txt", []));
        var list = await member.SeeAsync("/documents");
        var warning = list.QuerySelector(".alert-danger")!.TextContent;
        Assert.Contains("그림.pdf: ", warning, StringComparison.Ordinal);
        Assert.Contains("빈.txt: 빈 파일입니다.", warning, StringComparison.Ordinal);
        await using var db = site.CreateDbContext();
        Assert.Equal("글.txt", (await db.Documents.SingleAsync()).Path);
    }

    [Fact]
    public async Task A_file_that_is_too_large_is_refused_and_a_request_that_declares_it_is_not_read()
    {
        await using var site = new PyboSite().WithSetting("Pybo:UploadMegabytes", "1");
        var member = await site.SignUpAsync("홍길동");
        using var large = await UploadAsync(member, [], Text("큰.txt", new string('a', 1_000_001)), Text("작은.txt", "본문"));
        Assert.Contains("큰.txt: 파일이 너무 큽니다. 1 MB까지", (await member.SeeAsync("/documents")).QuerySelector(".alert-danger")!.TextContent, StringComparison.Ordinal);

        using var enormous = await UploadAsync(member, [], Text("아주 큰.txt", new string('a', 7_000_000)));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, enormous.StatusCode);
        await using var db = site.CreateDbContext();
        Assert.Equal("작은.txt", (await db.Documents.SingleAsync()).Path);
    }

    [Fact]
    public async Task Only_the_first_file_over_the_limit_is_named()
    {
        await using var site = new PyboSite();
        var member = await site.SignUpAsync("홍길동");
        using var answer = await UploadAsync(member, [], [.. Enumerable.Range(1, UploadReader.FilesMax + 50).Select(n => Text($"{n}.txt", $"{n}번째 글"))]);
        var warning = (await member.SeeAsync("/documents")).QuerySelector(".alert-danger")!.TextContent.Trim();
        Assert.Equal("101.txt: 한 번에 100개까지 올릴 수 있습니다. 이 파일부터는 받지 않았습니다.", warning);
        await using var db = site.CreateDbContext();
        Assert.Equal(UploadReader.FilesMax, await db.Documents.CountAsync());
    }

    [Fact]
    public async Task Nothing_is_accepted_without_a_token_or_with_a_token_after_the_files()
    {
        await using var site = new PyboSite();
        var member = await site.SignUpAsync("홍길동");
        using var missing = Form([], Text("글.txt", "본문"));
        using var refused = await member.Http.PostAsync(new Uri(Page, UriKind.Relative), missing);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);

        var token = Token(await member.SeeAsync(Page));
        using var late = Form([], Text("글.txt", "본문"));
        late.Add(new StringContent(token), TokenField);
        using var alsoRefused = await member.Http.PostAsync(new Uri(Page, UriKind.Relative), late);
        Assert.Equal(HttpStatusCode.BadRequest, alsoRefused.StatusCode);
        await using var db = site.CreateDbContext();
        Assert.Equal(0, await db.Documents.CountAsync());
    }

    [Fact]
    public async Task A_script_is_told_that_its_session_has_ended()
    {
        await using var site = new PyboSite();
        using var form = Form([], Text("글.txt", "본문"));
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Page, UriKind.Relative)) { Content = form, Headers = { { "X-Requested-With", "XMLHttpRequest" } } };
        using var answer = await site.Visit().Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task Every_refused_file_is_named_and_messages_fit_into_the_headers_that_proxies_accept()
    {
        const int cookieBytesMax = 4_500;
        await using var site = new PyboSite();
        var member = await site.SignUpAsync("홍길동");
        byte[] picture = [0x47, 0x49, 0x46, 0x38, 0x39, 0x61, 1, 0, 1, 0, 0, 0, 0, 0];
        using var answer = await UploadAsync(member, [], [.. Enumerable.Range(0, 8).Select(n => ($"{n}{new string('가', 200)}.gif", picture))]);
        Assert.InRange(answer.Headers.TryGetValues("Set-Cookie", out var cookies) ? cookies.Sum(cookie => cookie.Length) : 0, 0, cookieBytesMax);
        var refused = (await Visitor.ReadAsync(answer)).QuerySelectorAll(".alert-danger .refused-files li").Select(line => line.TextContent).ToList();
        Assert.Equal(8, refused.Count);
        Assert.All(refused, (line, at) => Assert.StartsWith($"{at}가가", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_text_named_like_a_program_is_not_served_as_one()
    {
        await using var site = new PyboSite();
        var member = await site.SignUpAsync("홍길동");
        (await UploadAsync(member, [], Text("급여.hta", "급여 이야기"))).Dispose();
        using var original = await member.Http.GetAsync(new Uri("/documents/1/file", UriKind.Relative));
        Assert.Equal("급여.hta.txt", original.Content.Headers.ContentDisposition!.FileNameStar);
    }

    [Fact]
    public async Task A_visitor_is_led_to_the_log_in_page()
    {
        await using var site = new PyboSite();
        var visitor = site.Visit();
        using var form = Form([], Text("글.txt", "본문"));
        using var answer = await visitor.Http.PostAsync(new Uri(Page, UriKind.Relative), form);
        Assert.StartsWith("/account/login", answer.Headers.Location!.OriginalString.Replace(site.Address.GetLeftPart(UriPartial.Authority), "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Null((await visitor.SeeAsync("/documents")).QuerySelector("form[data-upload]"));
    }

    [Fact]
    public async Task A_document_in_a_collection_has_the_collections_readers()
    {
        await using var site = new PyboSite();
        var owner = await site.SignUpAsync("홍길동");
        var other = await site.SignUpAsync("김철수");
        using var made = await owner.PostFormAsync("/documents/collections?handler=Create", [new("name", "동아리 자료"), new("audience", "members")], page: "/documents/collections");
        await using var db = site.CreateDbContext();
        var collection = (await db.Collections.SingleAsync()).Id;
        (await UploadAsync(owner, [new("audience", "own"), new("collection", $"{collection}")], Text("글.txt", "본문"))).Dispose();
        var document = (await db.Documents.AsNoTracking().SingleAsync()).Id;

        await other.SeeAsync($"/documents/{document}");
        Assert.NotNull((await other.SeeAsync($"/documents?collection={collection}")).QuerySelector($"a[href='/documents/{document}']"));
        (await owner.PostFormAsync($"/documents/collections?handler=Change&id={collection}", [new("name", "동아리 자료"), new("audience", "own")], page: "/documents/collections")).Dispose();
        await other.SeeAsync($"/documents/{document}", HttpStatusCode.NotFound);
        await other.SeeAsync($"/documents?collection={collection}", HttpStatusCode.NotFound);
        (await owner.PostFormAsync($"/documents/{document}?handler=Place", [new("audience", "everyone"), new("collection", "")], page: $"/documents/{document}")).Dispose();
        await site.Visit().SeeAsync($"/documents/{document}");
        using var stranger = await other.PostFormAsync($"/documents/{document}?handler=Place", [new("audience", "own")], page: "/documents/collections");
        Assert.Equal(HttpStatusCode.NotFound, stranger.StatusCode);
    }

    [Fact]
    public async Task The_script_gets_the_progress_of_the_readers_own_documents_only()
    {
        await using var site = new PyboSite();
        var owner = await site.SignUpAsync("홍길동");
        var other = await site.SignUpAsync("김철수");
        (await UploadAsync(owner, [], Text("글.txt", "본문"), ("깨진.md", [0x41, 0, 0, 0x42, 0, 0, 0, 1]))).Dispose();
        var mine = "[]";
        await ChatSite.UntilAsync(async () =>
        {
            mine = await owner.Http.GetStringAsync(new Uri("/documents?handler=Progress&id=1&id=2", UriKind.Relative));
            return !mine.Contains("\"isOpen\":true", StringComparison.Ordinal);
        });
        var states = JsonElement.Parse(mine).EnumerateArray().Select(state => state.GetProperty("html").GetString()!).ToList();
        Assert.Equal("찾을 수 있습니다.", states[0]);
        Assert.StartsWith("읽지 못했습니다: ", states[1], StringComparison.Ordinal);
        Assert.Equal("[]", await other.Http.GetStringAsync(new Uri("/documents?handler=Progress&id=1&id=2", UriKind.Relative)));
        Assert.NotNull((await owner.SeeAsync("/documents?show=open")).QuerySelector(".document-state.is-failed"));
    }

    [Fact]
    public async Task A_permitted_reader_downloads_the_original_byte_for_byte()
    {
        await using var site = new PyboSite();
        var owner = await site.SignUpAsync("홍길동");
        var other = await site.SignUpAsync("김철수");
        var bytes = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("줄마다 같은 글\n", 20_000)));
        (await UploadAsync(owner, [], ("한글 이름.txt", bytes))).Dispose();
        await using var db = site.CreateDbContext();
        var url = new Uri($"/documents/{(await db.Documents.SingleAsync()).Id}/file", UriKind.Relative);

        using var whole = await owner.Http.GetAsync(url);
        Assert.Equal(bytes, await whole.Content.ReadAsByteArrayAsync());
        Assert.Equal("attachment", whole.Content.Headers.ContentDisposition!.DispositionType);
        Assert.Equal("한글 이름.txt", whole.Content.Headers.ContentDisposition.FileNameStar);
        Assert.Contains("sandbox", whole.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        using var range = new HttpRequestMessage(HttpMethod.Get, url) { Headers = { Range = new RangeHeaderValue(70_000, 70_099) } };
        using var part = await owner.Http.SendAsync(range);
        Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
        Assert.Equal(bytes[70_000..70_100], await part.Content.ReadAsByteArrayAsync());
        await other.SeeAsync(url.OriginalString, HttpStatusCode.NotFound);
        await site.Visit().SeeAsync(url.OriginalString, HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Only_its_owner_deletes_a_document_and_its_bytes_are_deleted_too()
    {
        await using var site = new PyboSite();
        await site.SignUpAsync("주인장");
        var owner = await site.SignUpAsync("홍길동");
        var other = await site.SignUpAsync("김철수");
        (await UploadAsync(owner, [new("audience", "members")], Text("글.txt", "본문"))).Dispose();
        await using var db = site.CreateDbContext();
        var id = (await db.Documents.SingleAsync()).Id;
        using var refused = await other.PostFormAsync($"/documents/{id}?handler=Delete", [], page: "/documents/collections");
        Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
        using var deleted = await owner.PostFormAsync($"/documents/{id}?handler=Delete", [], page: $"/documents/{id}");
        Assert.Equal("/documents", deleted.Headers.Location?.OriginalString);
        Assert.Equal((0, 0, 0), (await db.Documents.CountAsync(), await db.DocumentFiles.CountAsync(), await db.DocumentFileParts.CountAsync()));
    }

    internal static async Task<HttpResponseMessage> UploadAsync(Visitor member, IReadOnlyList<KeyValuePair<string, string>> fields, params (string Name, byte[] Bytes)[] files)
    {
        using var form = Form([new(TokenField, Token(await member.SeeAsync(Page))), .. fields], files);
        return await member.Http.PostAsync(new Uri(Page, UriKind.Relative), form);
    }

    internal static (string Name, byte[] Bytes) Text(string name, string text) => (name, Encoding.UTF8.GetBytes(text));

    private static string Token(IHtmlDocument page) => ((IHtmlInputElement)page.QuerySelector($"form[data-upload] input[name={TokenField}]")!).Value;

    private static MultipartFormDataContent Form(IReadOnlyList<KeyValuePair<string, string>> fields, params (string Name, byte[] Bytes)[] files)
    {
        var form = new MultipartFormDataContent();
        foreach (var (name, value) in fields)
        {
            form.Add(new StringContent(value), name);
        }

        foreach (var (name, bytes) in files)
        {
            form.Add(new ByteArrayContent(bytes), "files", name);
        }

        return form;
    }
}
