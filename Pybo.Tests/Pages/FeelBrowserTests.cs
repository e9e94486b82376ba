using Microsoft.Playwright;
using Pybo.Data;
using Pybo.Tests.Pages.Chat;

namespace Pybo.Tests.Pages;

/// <summary>How the board is used with keyboard, finger and eye: toolbar, themes, shortcuts, suggestions, related questions.</summary>
public sealed class FeelBrowserTests
{
    private const string Asked = "화분 흙은 얼마마다 가나요?";
    private const string Related = "화분 흙에 곰팡이가 생겼습니다";

    public static TheoryData<bool, ColorScheme> Screens => new() { { true, ColorScheme.Light }, { false, ColorScheme.Dark } };

    [Theory]
    [MemberData(nameof(Screens))]
    public async Task The_toolbar_writes_marks_by_press_and_by_key(bool isPhone, ColorScheme scheme)
    {
        await using var browser = await Browser.StartAsync();
        await using var site = Start();
        List<string> complaints = [];
        var page = await OpenAsync(browser, site, isPhone, scheme, complaints);
        await Browser.SignUpAsync(page);
        await page.GotoAsync("/questions/ask");
        var (text, bar) = (page.Locator("#Input_Body"), page.Locator("markdown-toolbar"));
        await bar.WaitForAsync();
        await Browser.AssertAccessibleAsync(page);
        Assert.InRange((await bar.BoundingBoxAsync())!.Height, 30, 65);

        await text.FillAsync("사과는 빨갛다");
        await SelectAsync(text, 0, 2);
        await bar.GetByLabel("굵게").ClickAsync();
        Assert.Equal("**사과**는 빨갛다", await text.InputValueAsync());
        await SelectAsync(text, 8, 11);
        await bar.GetByLabel("기울임").ClickAsync();
        Assert.Equal("**사과**는 *빨갛다*", await text.InputValueAsync());
        await bar.GetByLabel("기울임").ClickAsync();
        Assert.Equal("**사과**는 빨갛다", await text.InputValueAsync());
        await text.FillAsync("첫 줄");
        await bar.GetByLabel("표", new() { Exact = true }).ClickAsync();
        Assert.Equal("첫 줄\n\n| 열 1 | 열 2 |\n| --- | --- |\n|  |  |\n", await text.InputValueAsync());
        var chooser = await page.RunAndWaitForFileChooserAsync(() => bar.GetByLabel("이미지 넣기").ClickAsync());
        Assert.True(chooser.IsMultiple);

        await text.FillAsync("할 일");
        await page.FocusAsync("#Input_Title");
        await page.Keyboard.PressAsync("Tab");
        Assert.Equal("제목", await FocusedAsync(page));
        await page.Keyboard.PressAsync("ArrowRight");
        Assert.Equal("굵게", await FocusedAsync(page));
        await page.Keyboard.PressAsync("End");
        for (var step = 0; step < 4; step++)
        {
            await page.Keyboard.PressAsync("ArrowLeft");
        }

        Assert.Equal("목록", await FocusedAsync(page));
        await page.Keyboard.PressAsync("Enter");
        Assert.Equal("- 할 일", await text.InputValueAsync());
        Assert.Equal("", string.Join(Environment.NewLine, complaints));
    }

    [Theory]
    [MemberData(nameof(Screens))]
    public async Task A_theme_is_chosen_in_place_and_kept_and_the_systems_is_followed_again(bool isPhone, ColorScheme scheme)
    {
        await using var browser = await Browser.StartAsync();
        await using var site = Start();
        List<string> complaints = [];
        var page = await OpenAsync(browser, site, isPhone, scheme, complaints);
        var (own, other) = scheme == ColorScheme.Light ? ("light", "dark") : ("dark", "light");
        await page.GotoAsync("/search");
        Assert.Equal(own, await page.GetAttributeAsync("html", "data-bs-theme"));
        await page.FillAsync("#search", "쓰던 말");
        await page.ClickAsync(".theme-menu summary");
        await Browser.AssertAccessibleAsync(page);
        await page.RunAndWaitForResponseAsync(() => page.ClickAsync($".theme-menu button[value={other}]"), "**/theme");
        Assert.Equal((other, "쓰던 말"), (await page.GetAttributeAsync("html", "data-bs-theme"), await page.InputValueAsync("#search")));
        Assert.False(await page.IsVisibleAsync(".theme-menu button"));
        await page.ReloadAsync();
        Assert.Equal((other, other), (await page.GetAttributeAsync("html", "data-bs-theme"), await page.EvaluateAsync<string>("getComputedStyle(document.documentElement).colorScheme")));
        await page.ClickAsync(".theme-menu summary");
        await page.RunAndWaitForResponseAsync(() => page.ClickAsync(".theme-menu button[value=system]"), "**/theme");
        Assert.Equal(own, await page.GetAttributeAsync("html", "data-bs-theme"));
        await page.EmulateMediaAsync(new() { ColorScheme = scheme == ColorScheme.Light ? ColorScheme.Dark : ColorScheme.Light });
        await page.WaitForSelectorAsync($"html[data-bs-theme={other}]");
        Assert.Equal("", string.Join(Environment.NewLine, complaints));
    }

    [Theory]
    [MemberData(nameof(Screens))]
    public async Task Shortcuts_lead_through_the_site_and_never_act_while_one_types(bool isPhone, ColorScheme scheme)
    {
        await using var browser = await Browser.StartAsync();
        await using var site = Start();
        List<string> complaints = [];
        var page = await OpenAsync(browser, site, isPhone, scheme, complaints);
        await FillAsync(site);
        await page.GotoAsync("/questions");
        await page.Keyboard.PressAsync("?");
        await page.WaitForSelectorAsync("#keys[open]");
        await Browser.AssertAccessibleAsync(page);
        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("Escape");
        Assert.False(await page.IsVisibleAsync("#keys"));
        await page.ClickAsync("[data-keys-open]");
        await page.ClickAsync("#keys form button");

        await page.EvaluateAsync("document.activeElement.blur()");
        await page.Keyboard.PressAsync("j");
        Assert.Equal(Related, await FocusedAsync(page));
        await KeyAsync(page, "ㅓ", "KeyJ");
        Assert.Equal(Asked, await FocusedAsync(page));
        await page.Keyboard.PressAsync("k");
        Assert.Equal(Related, await FocusedAsync(page));
        foreach (var held in new[] { "isComposing", "ctrlKey", "altKey", "metaKey", "shiftKey" })
        {
            await KeyAsync(page, "j", "KeyJ", held);
            Assert.Equal(Related, await FocusedAsync(page));
        }

        await page.Keyboard.PressAsync("/");
        await page.Keyboard.TypeAsync("njgq?");
        Assert.Equal("njgq?", await page.InputValueAsync("#site-search"));
        Assert.False(await page.IsVisibleAsync("#keys"));
        await page.EvaluateAsync("document.activeElement.blur()");
        foreach (var (first, second, address) in new[] { ("g", "d", "/documents"), ("g", "t", "/tags"), ("g", "q", "/questions") })
        {
            await page.Keyboard.PressAsync(first);
            await page.Keyboard.PressAsync(second);
            await Browser.WaitForAddressAsync(page, $"**{address}");
            await page.WaitForSelectorAsync("[data-keys-open]"); // shown by the script
        }

        Assert.Equal("/chat", await page.GetAttributeAsync("[data-keys='g c']", "href")); // a visitor would be sent to the log-in
        await page.Keyboard.PressAsync("?");
        await page.UncheckAsync("#keys-on");
        await page.ClickAsync("#keys form button");
        await page.Keyboard.PressAsync("n");
        await page.Keyboard.PressAsync("?");
        await page.CheckAsync("#keys-on");
        await page.ClickAsync("#keys form button");
        await page.Keyboard.PressAsync("n");
        await Browser.WaitForAddressAsync(page, "**/account/login?*");
        Assert.Equal("", string.Join(Environment.NewLine, complaints));
    }

    [Theory]
    [MemberData(nameof(Screens))]
    public async Task A_search_suggests_questions_and_Enter_without_a_choice_searches(bool isPhone, ColorScheme scheme)
    {
        await using var browser = await Browser.StartAsync();
        await using var site = Start();
        List<string> complaints = [];
        var page = await OpenAsync(browser, site, isPhone, scheme, complaints);
        await FillAsync(site);
        foreach (var id in new[] { "site-search", "search" })
        {
            await page.GotoAsync("/search");
            var field = page.Locator($"#{id}");
            await field.PressSequentiallyAsync("ㅎㅂ");
            await page.WaitForSelectorAsync($"#{id}[aria-expanded=true]");
            await Browser.AssertAccessibleAsync(page);
            await field.PressAsync("ArrowDown");
            await field.PressAsync("ArrowDown");
            Assert.Equal(await page.GetAttributeAsync("[role=option][aria-selected=true]", "id"), await field.GetAttributeAsync("aria-activedescendant"));
            await field.PressAsync("Escape");
            Assert.Equal("false", await field.GetAttributeAsync("aria-expanded"));
            await field.PressAsync("Enter");
            await Browser.WaitForAddressAsync(page, "**/search?q=*");
            await page.WaitForLoadStateAsync();
            await field.FillAsync("");
            await field.PressSequentiallyAsync("ghkqns");
            await page.WaitForSelectorAsync($"#{id}[aria-expanded=true]");
            await field.PressAsync("ArrowDown");
            await field.PressAsync("Enter");
            await Browser.WaitForAddressAsync(page, "**/questions/2/*");
        }

        Assert.Equal("", string.Join(Environment.NewLine, complaints));
    }

    [Theory]
    [MemberData(nameof(Screens))]
    public async Task Related_questions_are_next_to_a_question_or_after_it_on_a_phone(bool isPhone, ColorScheme scheme)
    {
        await using var browser = await Browser.StartAsync();
        await using var site = Start();
        List<string> complaints = [];
        var page = await OpenAsync(browser, site, isPhone, scheme, complaints, withScript: isPhone);
        await FillAsync(site);
        await page.GotoAsync("/questions/1");
        Assert.Equal([Related], await page.Locator(".related a").AllTextContentsAsync());
        var (question, related) = ((await page.Locator("article.question").BoundingBoxAsync())!, (await page.Locator(".related").BoundingBoxAsync())!);
        Assert.True(isPhone ? related.Y > question.Y + question.Height : related.X > question.X + question.Width && related.Y <= question.Y + 1);
        if (isPhone)
        {
            await Browser.AssertAccessibleAsync(page);
        }

        Assert.Equal("", string.Join(Environment.NewLine, complaints));
    }

    [Fact]
    public async Task Without_script_there_is_no_toolbar_and_no_sheet_and_the_theme_is_a_form()
    {
        await using var browser = await Browser.StartAsync();
        await using var site = Start();
        List<string> complaints = [];
        var page = await OpenAsync(browser, site, isPhone: true, ColorScheme.Light, complaints, withScript: false);
        await Browser.SignUpAsync(page);
        await page.GotoAsync("/questions/ask");
        Assert.False(await page.IsVisibleAsync("markdown-toolbar"));
        Assert.False(await page.IsVisibleAsync("[data-keys-open]"));
        await page.ClickAsync(".theme-menu summary");
        await page.ClickAsync(".theme-menu button[value=dark]");
        await page.WaitForSelectorAsync("html[data-bs-theme=dark]");
        Assert.EndsWith("/questions/ask", page.Url, StringComparison.Ordinal);
        Assert.Equal("rgb(23, 25, 29)", await page.Locator("body").EvaluateAsync<string>("body => getComputedStyle(body).backgroundColor"));
        Assert.Equal("", string.Join(Environment.NewLine, complaints));
    }

    private static PyboSite Start()
    {
        var site = new PyboSite();
        site.UseKestrel(0);
        site.StartServer();
        return site;
    }

    private static Task<IPage> OpenAsync(Browser browser, PyboSite site, bool isPhone, ColorScheme scheme, List<string> complaints, bool withScript = true) =>
        browser.OpenAsync(site.Address, isPhone ? Browser.Phone : Browser.Desktop, scheme, complaints, withScript);

    /// <summary>Two questions on one subject; the newer is the second.</summary>
    private static async Task FillAsync(PyboSite site)
    {
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = site.Address };
        var asker = new Visitor(http);
        using var signedUp = await asker.SignUpAsync("김철수");
        foreach (var title in new[] { Asked, Related })
        {
            using var asked = await asker.PostFormAsync("/questions/ask", [new("Input.Title", title), new("Input.Body", "다육식물 화분입니다.")]);
        }

        await ChatSite.UntilAsync(async () =>
        {
            await using var db = site.CreateDbContext();
            return await db.PendingCountAsync(default) == 0;
        });
    }

    private static async Task SelectAsync(ILocator text, int start, int end) => await text.EvaluateAsync("(text, [start, end]) => { text.focus(); text.setSelectionRange(start, end); }", new[] { start, end });

    private static Task<string> FocusedAsync(IPage page) => page.EvaluateAsync<string>("document.activeElement.ariaLabel ?? document.activeElement.textContent");

    /// <summary>Presses a key as another keyboard layout or an input method reports it.</summary>
    private static async Task KeyAsync(IPage page, string key, string code, string? held = null) => await page.EvaluateAsync(
        "([key, code, held]) => document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key, code, bubbles: true, cancelable: true, [held]: true }))", new[] { key, code, held ?? "none" });
}
