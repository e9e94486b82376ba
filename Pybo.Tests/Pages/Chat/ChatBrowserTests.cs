using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Pybo.Data;
using Pybo.Rag.Chat;
using Pybo.Tests.Rag.Chat;

namespace Pybo.Tests.Pages.Chat;

public sealed class ChatBrowserTests
{
    [Theory]
    [InlineData(true, ColorScheme.Light)]
    [InlineData(false, ColorScheme.Dark)]
    public async Task An_answer_appears_while_it_is_written_and_its_markers_lead_to_its_sources(bool isPhone, ColorScheme scheme)
    {
        var client = ScriptedChatClient.Typed();
        client.Figures = new() { OutputTokens = 43, FirstToken = TimeSpan.FromMilliseconds(812), Decoding = TimeSpan.FromSeconds(1) };
        await using var browser = await Browser.StartAsync();
        await using var site = Start(client);
        await FillAsync(site);
        List<string> complaints = [];
        var page = await browser.OpenAsync(site.Address, isPhone ? Browser.Phone : Browser.Desktop, scheme, complaints);
        await Browser.SignUpAsync(page);
        await page.GotoAsync("/chat");
        await Browser.AssertAccessibleAsync(page);

        await page.FillAsync("#question", ChatSite.Question);
        await page.ClickAsync("[data-ask] button");
        client.Type("서울의 인구는 **약 940만 명**입니다 [1]. ");
        client.Type("“부산의 인구는 약 330만 명이다.”라는 글도 있습니다 [2");
        await page.WaitForSelectorAsync("[data-text]:has-text('부산')");
        Assert.Equal("서울의 인구는 **약 940만 명**입니다 [1]. “부산의 인구는 약 330만 명이다.”라는 글도 있습니다", await page.TextContentAsync("[data-text]"));
        await page.WaitForSelectorAsync("[data-sources] a");
        Assert.Equal(ScriptedChatClient.Name, await page.TextContentAsync("[data-model]"));
        await Browser.AssertAccessibleAsync(page);

        client.Type("][9].\n\n```csharp\nvar people = cities[0].People;\n```\n");
        client.End();
        await page.WaitForSelectorAsync(".sources");
        Assert.Equal("약 940만 명", await page.TextContentAsync(".turn-answer strong"));
        Assert.Equal($"{ScriptedChatClient.Name} · 첫 글자 0.8초 · 초당 42토큰", await page.TextContentAsync(".turn-model"));
        await page.ClickAsync(".turn-answer a[href^='#source-']");
        Assert.True(await page.IsVisibleAsync(".source:target"));
        await Browser.AssertAccessibleAsync(page);
        await page.GotoAsync("/chat");
        if (isPhone)
        {
            await page.ClickAsync(".chat-side-toggle summary");
        }

        await page.ClickAsync(".conversation-edit summary");
        await Browser.AssertAccessibleAsync(page);
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task Enter_sends_but_not_while_a_syllable_is_being_composed()
    {
        await using var browser = await Browser.StartAsync();
        await using var site = Start(new ScriptedChatClient("답 [1]."));
        await FillAsync(site);
        List<string> complaints = [];
        var page = await browser.OpenAsync(site.Address, Browser.Desktop, ColorScheme.Light, complaints);
        await Browser.SignUpAsync(page);
        await page.GotoAsync("/chat");
        await page.FillAsync("#question", ChatSite.Question);
        const string composing = "box => box.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true, cancelable: true }))";
        Assert.True(await page.Locator("#question").EvaluateAsync<bool>(composing));
        await page.PressAsync("#question", "Shift+Enter");
        Assert.EndsWith("/chat", page.Url, StringComparison.Ordinal);
        await page.PressAsync("#question", "Enter");
        await page.WaitForSelectorAsync(".sources");
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task Stopping_keeps_the_page_position_the_partial_text_and_the_keyboard_focus()
    {
        var client = ScriptedChatClient.Typed();
        await using var browser = await Browser.StartAsync();
        await using var site = Start(client);
        await FillAsync(site);
        List<string> complaints = [];
        var page = await browser.OpenAsync(site.Address, Browser.Phone, ColorScheme.Light, complaints);
        await Browser.SignUpAsync(page);
        await page.GotoAsync("/chat");
        await page.FillAsync("#question", ChatSite.Question);
        await page.ClickAsync("[data-ask] button");
        client.Type("여기까지 [1]");
        await page.WaitForSelectorAsync("[data-text]:has-text('여기까지')");
        await page.FocusAsync("[data-stop] button");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForSelectorAsync("text=여기에서 멈췄습니다.");
        Assert.Contains("여기까지", await page.TextContentAsync(".turn-answer"), StringComparison.Ordinal);
        await Browser.AssertAccessibleAsync(page);

        await page.WaitForSelectorAsync("button:focus:has-text('다시 답하기')");
        client.Type(" 그리고 더 있습니다.");
        client.End();
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForSelectorAsync(".turn-answer.prose:has-text('그리고 더 있습니다.')");
        Assert.Equal(1, await page.Locator(".turn").CountAsync());
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task A_waiting_member_sees_the_queue_position_change()
    {
        var client = ScriptedChatClient.Typed();
        await using var browser = await Browser.StartAsync();
        await using var site = Start(client);
        await FillAsync(site);
        List<string> complaints = [];
        var page = await browser.OpenAsync(site.Address, Browser.Phone, ColorScheme.Light, complaints);
        await Browser.SignUpAsync(page);
        var before = await AskAsOtherAsync(site);
        await site.UntilStateAsync(before, TurnState.Answering);
        await page.GotoAsync("/chat");
        await page.FillAsync("#question", ChatSite.Question);
        await page.ClickAsync("[data-ask] button");
        await page.WaitForSelectorAsync("[data-state]:has-text('앞에 질문 1개')");
        await Browser.AssertAccessibleAsync(page);
        client.Type("답 [1].");
        client.End();
        await page.WaitForSelectorAsync(".sources");
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task Without_script_the_page_contains_the_answer()
    {
        await using var browser = await Browser.StartAsync();
        await using var site = Start(new ScriptedChatClient("약 940만 명입니다 [1]."));
        await FillAsync(site);
        List<string> complaints = [];
        var page = await browser.OpenAsync(site.Address, Browser.Phone, ColorScheme.Light, complaints, withScript: false);
        await Browser.SignUpAsync(page);
        await page.GotoAsync("/chat");
        await page.FillAsync("#question", ChatSite.Question);
        await page.ClickAsync("[data-ask] button");
        Assert.Equal("약 940만 명입니다 [1].", (await page.TextContentAsync(".turn-answer"))!.Trim());
    }

    private static PyboSite Start(ScriptedChatClient client)
    {
        var site = ChatSite.With(client).Listen();
        return site;
    }

    /// <summary>A question of another member, who has no page open.</summary>
    private static async Task<long> AskAsOtherAsync(PyboSite site)
    {
        await using var db = site.CreateDbContext();
        var other = new User { UserName = "앞사람", NormalizedUserName = "앞사람", Email = "b@example.com", NormalizedEmail = "B@EXAMPLE.COM" };
        db.Users.Add(other);
        await db.SaveChangesAsync();
        var turn = (await db.StartConversationAsync(other.Id, ChatSite.Question, default)).TurnId;
        site.Services.GetRequiredService<TurnRunner>().Wake();
        return turn;
    }

    private static async Task FillAsync(PyboSite site)
    {
        await site.AddDocumentAsync();
        await site.AddDocumentAsync("부산광역시 소개", "부산은 항구 도시이다. 부산의 인구는 약 330만 명이다. 해운대 해수욕장이 유명하고, 여름이면 많은 사람이 찾는다.");
        await site.AddDocumentAsync("대구광역시 인구 통계", "대구의 인구는 약 236만 명이며 해마다 조금씩 줄고 있다. 통계는 매달 새로 나온다.");
    }
}
