using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using Pybo.Data;
using Pybo.Tests.Data;

namespace Pybo.Tests.Pages;

/// <summary>A newcomer's path in a real browser with the real model: sign up, ask, answer, accept, search, chat, open a cited source.</summary>
public sealed class JourneyBrowserTests
{
    private const string Handbook = """
        # 달빛도서관 이용 안내

        ## 대출

        책은 한 번에 일곱 권까지 빌릴 수 있고, 빌린 날부터 이 주 동안 볼 수 있습니다. 예약한 사람이 없으면 한 번 연장할 수 있습니다.

        ## 열람실

        열람실은 평일 밤 열 시까지 열고, 매달 둘째 월요일에는 쉽니다.
        """;

    [Theory]
    [InlineData(true, ColorScheme.Light)]
    [InlineData(false, ColorScheme.Dark)]
    public async Task From_sign_up_to_an_answer_that_opens_its_source(bool isPhone, ColorScheme scheme)
    {
        await using var browser = await Browser.StartAsync();
        await using var site = await StartAsync();
        List<string> complaints = [];
        var size = isPhone ? Browser.Phone : Browser.Desktop;
        var asker = await browser.OpenAsync(site.Address, size, scheme, complaints);
        asker.Dialog += (_, dialog) => _ = dialog.AcceptAsync();

        await asker.GotoAsync("/questions");
        Assert.Contains("질문이 없습니다.", await asker.TextContentAsync("main"), StringComparison.Ordinal);
        await Browser.AssertAccessibleAsync(asker);
        await Browser.SignUpAsync(asker, "물음표", "q");
        await AskAsync(asker);

        var answerer = await browser.OpenAsync(site.Address, size, scheme, complaints);
        await Browser.SignUpAsync(answerer, "느낌표", "a");
        await answerer.GotoAsync(asker.Url);
        await answerer.ClickAsync("text=답변 등록");
        await Browser.WaitForAddressAsync(answerer, "**/questions/1/answer");
        Assert.Contains("답변 내용은 필수입력 항목입니다.", await answerer.TextContentAsync("main"), StringComparison.Ordinal);
        await Browser.AssertAccessibleAsync(answerer);
        await answerer.GotoAsync(asker.Url);
        await answerer.FillAsync("#answer-body", "`app.permanent_session_lifetime`을 **31일**로 늘리고 `session.permanent = True`로 두세요.");
        await answerer.ClickAsync("text=답변 등록");
        await Browser.WaitForAddressAsync(answerer, "**#answer_*");
        Assert.Equal("31일", await answerer.TextContentAsync(".answer .prose strong"));

        await answerer.ClickAsync(".question .vote");
        await answerer.WaitForSelectorAsync(".question .vote.is-voted:focus");
        Assert.Equal("1", await answerer.TextContentAsync(".question .vote-count"));
        Assert.EndsWith("#answer_1", answerer.Url, StringComparison.Ordinal);

        await asker.ReloadAsync();
        await asker.ClickAsync(".answer button:text-is('채택')");
        await asker.WaitForSelectorAsync(".answer.is-accepted");
        await Browser.AssertAccessibleAsync(asker);

        await IndexedAsync(site);
        await asker.GotoAsync("/search?q=" + Uri.EscapeDataString("로그인 유지"));
        await asker.WaitForSelectorAsync(".results mark");
        await Browser.AssertAccessibleAsync(asker);
        await asker.GotoAsync("/questions?q=" + Uri.EscapeDataString("세션이"));
        Assert.Equal(1, await asker.Locator(".question-list li").CountAsync());

        await ChatAsync(asker);
        foreach (var address in new[] { "/questions/1/edit", "/answers/1/edit", "/documents", "/search", "/questions?sort=votes", "/users/물음표", "/chat" })
        {
            var page = address.StartsWith("/answers", StringComparison.Ordinal) ? answerer : asker;
            await page.GotoAsync(address);
            await Browser.AssertAccessibleAsync(page);
        }

        Assert.Equal("", string.Join(Environment.NewLine, complaints));
    }

    [Fact]
    public async Task Without_script_one_asks_answers_votes_searches_and_chats()
    {
        await using var browser = await Browser.StartAsync();
        await using var site = await StartAsync();
        List<string> complaints = [];
        var asker = await browser.OpenAsync(site.Address, Browser.Phone, ColorScheme.Light, complaints, withScript: false);
        await Browser.SignUpAsync(asker, "물음표", "q");
        await asker.GotoAsync("/questions/ask");
        await asker.FillAsync("#Input_Title", "두 번째 월요일에도 여나요?");
        await asker.FillAsync("#Input_Body", "열람실이 궁금합니다.");
        await asker.ClickAsync("button[name=preview]");
        Assert.Contains("열람실이 궁금합니다.", await asker.TextContentAsync("#preview, .preview"), StringComparison.Ordinal);
        await asker.ClickAsync("form.post-form button.btn-primary");
        await Browser.WaitForAddressAsync(asker, "**/questions/1");

        var voter = await browser.OpenAsync(site.Address, Browser.Phone, ColorScheme.Light, complaints, withScript: false);
        await Browser.SignUpAsync(voter, "느낌표", "a");
        await voter.GotoAsync("/questions/1");
        await voter.ClickAsync(".question .vote");
        Assert.Equal("1", await voter.TextContentAsync(".question .vote-count"));
        await voter.ClickAsync(".question .vote.is-voted");
        Assert.Equal("0", await voter.TextContentAsync(".question .vote-count"));

        await IndexedAsync(site);
        await voter.GotoAsync("/chat");
        await voter.FillAsync("#question", "책은 한 번에 몇 권까지 빌릴 수 있나요?");
        await voter.ClickAsync("[data-ask] button");
        Assert.Contains("일곱 권", await voter.TextContentAsync(".turn-answer"), StringComparison.Ordinal);
        await voter.ClickAsync(".sources .source-title a");
        Assert.Contains("일곱 권", await voter.TextContentAsync(".passage.is-cited"), StringComparison.Ordinal);
    }

    private static async Task AskAsync(IPage page)
    {
        await page.GotoAsync("/questions/ask");
        await page.FillAsync("#Input_Title", "플라스크에서 로그인을 유지하려면 어떻게 하나요?");
        await page.FillAsync("#Input_Body", "브라우저를 닫으면 세션이 사라집니다.\n\n```python\nsession['user'] = user.id\n```\n\n걸린 시간은 $\\frac{n}{2}$이고 $\\틀림{$은 식이 아닙니다.\n\n$$\n\\sum_{i=1}^n i\n$$");
        await Browser.AssertAccessibleAsync(page);
        await page.ClickAsync("form.post-form button.btn-primary");
        await page.WaitForFunctionAsync("() => location.pathname === '/questions/1'");
        await page.WaitForSelectorAsync(".prose code.hljs");
        await page.WaitForSelectorAsync(".prose span.math mfrac");
        await page.WaitForSelectorAsync(".prose div.math math[display=block] munderover");
    }

    private static async Task ChatAsync(IPage page)
    {
        await page.GotoAsync("/chat");
        await page.FillAsync("#question", "책은 한 번에 몇 권까지 빌릴 수 있나요?");
        await page.ClickAsync("[data-ask] button");
        await page.WaitForSelectorAsync(".sources .source-title");
        Assert.Contains("일곱 권", await page.TextContentAsync(".turn-answer"), StringComparison.Ordinal);
        await Browser.AssertAccessibleAsync(page);
        await page.ClickAsync(".sources .source-title a");
        await page.WaitForSelectorAsync(".passage.is-cited");
        Assert.Contains("일곱 권", await page.TextContentAsync(".passage.is-cited mark#quote:target"), StringComparison.Ordinal);
        await Browser.AssertAccessibleAsync(page);
    }

    private static async Task<PyboSite> StartAsync()
    {
        var site = new PyboSite().Listen();
        await using var db = site.CreateDbContext();
        await db.AddDocumentAsync("library/guide.md", Handbook, title: "guide");
        await db.SaveChangesAsync();
        return site;
    }

    private static async Task IndexedAsync(PyboSite site)
    {
        await using var db = site.CreateDbContext();
        for (var waits = 0; await db.PendingCountAsync(default) > 0; waits++)
        {
            Assert.True(waits < 600, "The worker has not indexed what was written.");
            await Task.Delay(100);
        }

        Assert.False(await db.Documents.AnyAsync(d => d.IndexError != null));
    }
}
