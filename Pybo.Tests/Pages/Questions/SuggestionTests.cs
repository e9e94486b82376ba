using System.Net;
using AngleSharp.Html.Dom;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using Pybo.Data;
using Pybo.Tests.Pages.Chat;
using Pybo.Tests.Rag.Chat;

namespace Pybo.Tests.Pages.Questions;

/// <summary>The answer that the site suggests for a new question.</summary>
public sealed class SuggestionTests
{
    private const string Asked = "서울의 인구는 몇 명인가요?";
    private const string Fact = "서울의 인구는 약 940만 명이다.";

    [Fact]
    public async Task A_new_question_gets_an_answer_from_a_document_and_everyone_sees_it()
    {
        await using var site = ChatSite.With(null);
        var asker = await site.SignUpAsync("홍길동");
        await FillAsync(site);
        var question = await AskAsync(site, asker);
        foreach (var reader in new[] { asker, await site.SignUpAsync("김철수"), site.Visit() })
        {
            var page = await reader.SeeAsync(question);
            Assert.Contains(Fact, page.QuerySelector("#suggestion .turn-answer")!.TextContent, StringComparison.Ordinal);
            Assert.StartsWith("/documents/1", page.QuerySelector("#suggestion .source a")!.GetAttribute("href"), StringComparison.Ordinal);
            Assert.Equal("0개의 답변이 있습니다.", page.QuerySelector("#answers-title")!.TextContent);
        }

        Assert.Null((await asker.SeeAsync("/questions")).QuerySelector(".answer-count"));
    }

    [Fact]
    public async Task It_is_the_accepted_answer_of_another_thread_never_of_its_own()
    {
        await using var site = ChatSite.With(null);
        var asker = await site.SignUpAsync("홍길동");
        var other = await site.SignUpAsync("김철수");
        const string title = "수도 계량기가 얼면 어디에 신고하나요?";
        await FillAsync(site);
        var first = await AskAsync(site, asker, title, "계량기가 얼었습니다.");
        Assert.Null((await asker.SeeAsync(first)).QuerySelector("#suggestion"));
        await other.PostFormAsync($"{first}/answer", [new("Input.Body", "관할 수도사업소에 신고하면 계량기를 바꿔 줍니다.")], first);
        await asker.PostFormAsync($"{first}?handler=Accept", [new("answer", "1")], first);
        await ChatSite.UntilAsync(() => IsIndexedAsync(site));
        Assert.Null((await asker.SeeAsync(first)).QuerySelector("#suggestion"));

        var second = await AskAsync(site, other, title, "수도 계량기가 얼었습니다.");
        var suggested = (await other.SeeAsync(second)).QuerySelector("#suggestion")!;
        Assert.Contains("관할 수도사업소에 신고하면", suggested.QuerySelector(".turn-answer")!.TextContent, StringComparison.Ordinal);
        Assert.Equal($"{first}?answer=1#answer_1", suggested.QuerySelector(".source a")!.GetAttribute("href"));
    }

    [Fact]
    public async Task Nothing_is_suggested_if_nothing_fits()
    {
        await using var site = ChatSite.With(null);
        var asker = await site.SignUpAsync("홍길동");
        await FillAsync(site);
        var question = await AskAsync(site, asker, "화분 분갈이는 언제 하나요?", "처음 키웁니다.");
        Assert.Null((await asker.SeeAsync(question)).QuerySelector("#suggestion"));
        Assert.Equal(HttpStatusCode.OK, (await asker.Http.GetAsync(new Uri($"{question}/suggestion", UriKind.Relative))).StatusCode);
    }

    [Fact]
    public async Task An_answer_from_a_private_document_is_shown_to_its_owner_alone_until_the_document_is_gone()
    {
        await using var site = ChatSite.With(null);
        var asker = await site.SignUpAsync("홍길동");
        var document = await FillAsync(site, audience: 1);
        var question = await AskAsync(site, asker);
        Assert.NotNull((await asker.SeeAsync(question)).QuerySelector("#suggestion"));
        foreach (var reader in new[] { await site.SignUpAsync("김철수"), site.Visit() })
        {
            Assert.DoesNotContain("940만", (await reader.SeeAsync(question)).Body!.InnerHtml, StringComparison.Ordinal);
            Assert.DoesNotContain("940만", (await reader.SeeAsync($"{question}/suggestion")).DocumentElement.OuterHtml, StringComparison.Ordinal);
            using var form = await reader.Http.GetAsync(new Uri($"{question}/answer?from=suggestion", UriKind.Relative));
            Assert.Equal(question, form.Headers.Location!.OriginalString);
        }

        await using (var db = site.CreateDbContext())
        {
            await db.Documents.Where(d => d.Id == document).ExecuteDeleteAsync();
        }

        Assert.Null((await asker.SeeAsync(question)).QuerySelector("#suggestion"));
    }

    [Fact]
    public async Task The_asker_finds_it_helpful_or_dismisses_it_and_others_may_not()
    {
        await using var site = ChatSite.With(null);
        var administrator = await site.SignUpAsync("이영희");
        var asker = await site.SignUpAsync("홍길동");
        var other = await site.SignUpAsync("김철수");
        await FillAsync(site);
        var question = await AskAsync(site, asker);
        Assert.Equal(HttpStatusCode.NotFound, (await JudgeAsync(other, question, "Dismissed")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await JudgeAsync(administrator, question, "Helpful")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await JudgeAsync(asker, question, "7")).StatusCode);
        Assert.Equal($"{question}#suggestion", (await JudgeAsync(asker, question, "Helpful")).Headers.Location!.OriginalString);
        Assert.Equal("질문자에게 도움이 됨", (await other.SeeAsync(question)).QuerySelector("#suggestion .accepted-mark")!.TextContent);
        await JudgeAsync(asker, question, "None");
        Assert.Null((await other.SeeAsync(question)).QuerySelector("#suggestion .accepted-mark"));
        await JudgeAsync(administrator, question, "Dismissed");
        Assert.Null((await asker.SeeAsync(question)).QuerySelector("#suggestion"));

        // An edit does not bring it back.
        await asker.PostFormAsync($"{question}/edit", [new("Input.Title", Asked), new("Input.Body", "급합니다.")]);
        Assert.Null((await asker.SeeAsync(question)).QuerySelector("#suggestion"));
        await using var db = site.CreateDbContext();
        Assert.Empty(db.Turns);
    }

    [Fact]
    public async Task An_edit_asks_again_with_the_new_text_and_keeps_nothing_of_the_old()
    {
        await using var site = ChatSite.With(null);
        var asker = await site.SignUpAsync("홍길동");
        await FillAsync(site);
        await site.AddDocumentAsync("부산광역시 소개", "부산의 인구는 약 330만 명이다.");
        var question = await AskAsync(site, asker);
        await asker.PostFormAsync($"{question}/edit", [new("Input.Title", "부산의 인구는 몇 명인가요?"), new("Input.Body", "부산의 인구를 알려 주세요.")]);
        await ChatSite.UntilAsync(() => IsSettledAsync(site));
        Assert.Contains("330만", (await asker.SeeAsync(question)).QuerySelector("#suggestion .turn-answer")!.TextContent, StringComparison.Ordinal);
        await using var db = site.CreateDbContext();
        Assert.DoesNotContain(await db.Turns.ToListAsync(), t => t.Question.Contains("서울", StringComparison.Ordinal));
        await asker.PostFormAsync($"{question}?handler=Delete", [], question);
        Assert.Empty(db.Conversations);
    }

    [Fact]
    public async Task A_member_edits_it_into_an_answer_of_their_own()
    {
        await using var site = ChatSite.With(null);
        var asker = await site.SignUpAsync("홍길동");
        var other = await site.SignUpAsync("김철수");
        await FillAsync(site);
        var question = await AskAsync(site, asker);
        var link = (await other.SeeAsync(question)).QuerySelector("#suggestion a[href$='from=suggestion']")!.GetAttribute("href")!;
        var body = ((IHtmlTextAreaElement)(await other.SeeAsync(link)).QuerySelector("textarea")!).Value;
        Assert.Contains(Fact, body, StringComparison.Ordinal);
        Assert.Contains("](/documents/1", body, StringComparison.Ordinal);
        await other.PostFormAsync($"{question}/answer", [new("Input.Body", body)], link);
        var page = await site.Visit().SeeAsync(question);
        Assert.Contains(Fact, page.QuerySelector("#answer_1 .prose")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("1개의 답변이 있습니다.", page.QuerySelector("#answers-title")!.TextContent);

        // Below an accepted answer it opens on request.
        Assert.True(page.QuerySelector("#suggestion")!.HasAttribute("open"));
        await asker.PostFormAsync($"{question}?handler=Accept", [new("answer", "1")], question);
        Assert.False((await asker.SeeAsync(question)).QuerySelector("#suggestion")!.HasAttribute("open"));
    }

    [Fact]
    public async Task It_is_no_conversation_of_the_chat()
    {
        await using var site = ChatSite.With(null);
        var asker = await site.SignUpAsync("홍길동");
        await FillAsync(site);
        await AskAsync(site, asker);
        long conversation;
        await using (var db = site.CreateDbContext())
        {
            conversation = (await db.Conversations.SingleAsync()).Id;
        }

        Assert.DoesNotContain(Asked, (await asker.SeeAsync("/chat")).QuerySelector("main")!.TextContent, StringComparison.Ordinal);
        await asker.SeeAsync($"/chat/{conversation}", HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task The_site_can_switch_it_off()
    {
        await using var site = ChatSite.With(null).WithSetting("Pybo:Suggestions", "false");
        var asker = await site.SignUpAsync("홍길동");
        await FillAsync(site);
        using var posted = await asker.PostFormAsync("/questions/ask", [new("Input.Title", Asked), new("Input.Body", "궁금합니다.")]);
        var question = posted.Headers.Location!.OriginalString;
        Assert.Null((await asker.SeeAsync(question)).QuerySelector("#suggestion"));
        await asker.SeeAsync($"{question}/suggestion", HttpStatusCode.NotFound);
        await using var db = site.CreateDbContext();
        Assert.Empty(db.Turns);
    }

    [Fact]
    public async Task It_appears_without_a_reload_while_others_are_not_told_of_it()
    {
        await using var browser = await Browser.StartAsync();
        var client = ScriptedChatClient.Typed();
        await using var site = ChatSite.With(client).Listen();
        await FillAsync(site);
        List<string> complaints = [];
        var page = await browser.OpenAsync(site.Address, Browser.Phone, ColorScheme.Light, complaints);
        await Browser.SignUpAsync(page);
        await page.GotoAsync("/questions/ask");
        await page.FillAsync("#Input_Title", Asked);
        await page.FillAsync("#Input_Body", "서울의 인구가 궁금합니다.");
        await page.ClickAsync(".post-form button.btn-primary");
        await page.WaitForSelectorAsync("#suggestion [role=status]");
        await Browser.AssertAccessibleAsync(page);
        Assert.Null((await site.Visit().SeeAsync(new Uri(page.Url).AbsolutePath)).QuerySelector("#suggestion"));
        client.Type("약 940만 명입니다 [1].");
        client.End();
        await page.WaitForSelectorAsync("#suggestion .source");
        Assert.Contains("약 940만 명입니다", await page.TextContentAsync("#suggestion .turn-answer"), StringComparison.Ordinal);
        await Browser.AssertAccessibleAsync(page);
        await page.ClickAsync("#suggestion button:has-text('도움이 되었어요')");
        await page.WaitForSelectorAsync("#suggestion .accepted-mark");
        Assert.Empty(complaints);
    }

    /// <summary>A document that answers, and others: a new question makes its own words common on a site with little else. Returns the first one's id.</summary>
    private static async Task<long> FillAsync(PyboSite site, long audience = Audience.Everyone)
    {
        var answering = await site.AddDocumentAsync(audience: audience);
        foreach (var name in (string[])["감자", "고구마", "당근", "무", "배추", "상추", "시금치", "양파", "오이", "호박"])
        {
            await site.AddDocumentAsync($"{name} 심기", $"{name} 씨앗은 봄에 뿌린다.");
        }

        return answering;
    }

    /// <summary>Asks through the form, and waits until what is suggested is written.</summary>
    private static async Task<string> AskAsync(PyboSite site, Visitor asker, string title = Asked, string body = "서울의 인구가 궁금합니다.")
    {
        using var posted = await asker.PostFormAsync("/questions/ask", [new("Input.Title", title), new("Input.Body", body)]);
        await ChatSite.UntilAsync(() => IsSettledAsync(site));
        return posted.Headers.Location!.OriginalString;
    }

    private static async Task<bool> IsSettledAsync(PyboSite site)
    {
        await using var db = site.CreateDbContext();
        return !await db.Turns.AnyAsync(t => t.State < TurnState.Done);
    }

    private static async Task<bool> IsIndexedAsync(PyboSite site)
    {
        await using var db = site.CreateDbContext();
        return await db.PendingCountAsync(default) == 0;
    }

    private static Task<HttpResponseMessage> JudgeAsync(Visitor visitor, string question, string verdict) =>
        visitor.PostFormAsync($"{question}?handler=Suggestion", [new("verdict", verdict)], question);
}
