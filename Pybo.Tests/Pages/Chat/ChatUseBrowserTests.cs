using Microsoft.Playwright;
using Pybo.Tests.Rag.Chat;

namespace Pybo.Tests.Pages.Chat;

/// <summary>A member's day with the chat, in a browser: with a script on a desktop, without one on a phone.</summary>
public sealed class ChatUseBrowserTests
{
    [Fact]
    public async Task A_member_asks_edits_compares_copies_rates_and_shares_with_a_script()
    {
        await using var browser = await Browser.StartAsync();
        await using var site = Start(new ScriptedChatClient("약 940만 명입니다 [1].\n\n```csharp\nvar people = 9_400_000;\n```"));
        await site.AddDocumentAsync();
        List<string> complaints = [];
        var page = await browser.OpenAsync(site.Address, Browser.Desktop, ColorScheme.Light, complaints);
        await Browser.SignUpAsync(page);
        await page.GotoAsync("/chat");
        Assert.Equal("question", await page.EvaluateAsync<string>("document.activeElement.id"));
        Assert.Equal(0, await page.EvaluateAsync<int>("scrollY"));
        await AssertBoxAtBottomAsync(page);

        await page.Keyboard.TypeAsync(ChatSite.Question);
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForSelectorAsync(".sources");
        await page.WaitForFunctionAsync("() => document.activeElement.id === 'question'");
        await AssertBoxAtBottomAsync(page);
        Assert.Null(await page.QuerySelectorAsync(".conversation-open"));
        await page.ClickAsync("[data-copy-place] button");
        await page.WaitForSelectorAsync("[data-copy-place] button:has-text('복사했습니다')");
        await page.ClickAsync(".code-block button");
        await page.WaitForSelectorAsync(".code-block button:has-text('복사했습니다')");

        await page.FocusAsync(".turn-edit summary");
        await page.Keyboard.PressAsync("Enter");
        await page.FillAsync(".turn-edit textarea", "서울의 인구는 지금 몇 명인가요?");
        await page.ClickAsync(".turn-edit button");
        await page.WaitForSelectorAsync(".turn-versions:has-text('2/2')");
        await page.WaitForSelectorAsync(".sources");
        await Browser.AssertAccessibleAsync(page);
        await page.ClickAsync(".turn-versions a[href]");
        await page.WaitForSelectorAsync(".turn-versions:has-text('1/2')");
        Assert.Equal(ChatSite.Question, await page.TextContentAsync(".turn-question"));

        await page.ClickAsync(".turn-rate >> nth=1");
        await page.FillAsync("textarea[name=reason]", "출처가 더 있으면 좋겠어요.");
        await Browser.AssertAccessibleAsync(page);
        await page.ClickAsync(".turn-reason button");
        await page.WaitForSelectorAsync(".turn-rate[aria-pressed=true]");
        await page.ClickAsync(".chat-share summary");
        await page.ClickAsync(".chat-share button");
        Assert.StartsWith(site.Address.ToString(), await page.TextContentAsync("[data-share-link]"), StringComparison.Ordinal);
        await Browser.AssertAccessibleAsync(page);
        await page.ClickAsync("[data-share-link]");
        await page.WaitForSelectorAsync("text=공유된 대화입니다.");
        await Browser.AssertAccessibleAsync(page);
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task An_answer_is_copied_over_plain_http_too_where_a_browser_has_no_clipboard()
    {
        await using var browser = await Browser.StartAsync();
        await using var site = Start(new ScriptedChatClient("약 940만 명입니다 [1]."));
        await site.AddDocumentAsync();
        List<string> complaints = [];
        var page = await browser.OpenAsync(site.Address, Browser.Desktop, ColorScheme.Light, complaints);
        await page.AddInitScriptAsync("Object.defineProperty(navigator, 'clipboard', { value: undefined })");
        await Browser.SignUpAsync(page);
        await page.GotoAsync("/chat");
        await page.FillAsync("#question", ChatSite.Question);
        await page.Keyboard.PressAsync("Enter");
        await page.ClickAsync("[data-copy-place] button");
        await page.WaitForSelectorAsync("[data-copy-place] button:has-text('복사했습니다')");
        await page.FocusAsync("#question");
        await page.Keyboard.PressAsync("Control+V");
        Assert.Equal("약 940만 명입니다 [1].", await page.InputValueAsync("#question"));
        await page.EvaluateAsync("document.execCommand = () => false");
        await page.ClickAsync("[data-copy-place] button");
        await page.WaitForSelectorAsync("[data-copy-place] button:has-text('선택해 복사하세요')");
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task Without_a_script_a_phone_opens_the_list_pins_searches_edits_and_rates()
    {
        await using var browser = await Browser.StartAsync();
        await using var site = Start(new ScriptedChatClient("약 940만 명입니다 [1]."));
        await site.AddDocumentAsync();
        List<string> complaints = [];
        var page = await browser.OpenAsync(site.Address, new() { Width = 375, Height = 760 }, ColorScheme.Dark, complaints, withScript: false);
        await Browser.SignUpAsync(page);
        await page.GotoAsync("/chat");
        Assert.False(await page.IsVisibleAsync(".chat-side-body"));
        await page.FillAsync("#question", ChatSite.Question);
        await page.ClickAsync("[data-ask] button");
        Assert.Equal("약 940만 명입니다 [1].", (await page.TextContentAsync(".turn-answer"))!.Trim());
        Assert.Null(await page.QuerySelectorAsync("[data-copy-place] button"));
        await page.ClickAsync(".turn-rate >> nth=0");
        await page.WaitForSelectorAsync(".turn-rate[aria-pressed=true]");
        await page.ClickAsync(".turn-edit summary");
        await page.FillAsync(".turn-edit textarea", "서울의 인구는 지금 몇 명인가요?");
        await page.ClickAsync(".turn-edit button");
        await page.WaitForSelectorAsync(".turn-versions:has-text('2/2')");

        await page.ClickAsync(".chat-side-toggle summary");
        await page.ClickAsync(".conversation-edit summary");
        await page.ClickAsync("button:has-text('맨 위에 고정')");
        await page.ClickAsync(".chat-side-toggle summary");
        await page.WaitForSelectorAsync(".chat-side-group:has-text('고정한 대화')");
        await page.FillAsync("#conversations-q", "940만");
        await page.ClickAsync(".chat-side-search button");
        await page.ClickAsync(".conversation-title");
        await page.WaitForSelectorAsync(".turn-versions");
        Assert.False(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth > innerWidth"));
        Assert.Empty(complaints);
    }

    private static async Task AssertBoxAtBottomAsync(IPage page) =>
        Assert.True(await page.EvaluateAsync<bool>("Math.abs(innerHeight - document.querySelector('.ask').getBoundingClientRect().bottom) <= 1"));

    private static PyboSite Start(ScriptedChatClient client)
    {
        var site = ChatSite.With(client).Listen();
        return site;
    }
}
