using Microsoft.Playwright;

namespace Pybo.Tests.Pages.Moderation;

/// <summary>Moderation in a real browser.</summary>
public sealed class ModerationBrowserTests
{
    [Theory]
    [InlineData(true, ColorScheme.Dark, false)]
    [InlineData(false, ColorScheme.Light, true)]
    public async Task A_question_is_closed_as_a_duplicate_locked_and_made_a_notice(bool isPhone, ColorScheme scheme, bool withScript)
    {
        await using var browser = await Browser.StartAsync();
        await using var site = new PyboSite().Listen();
        List<string> complaints = [];
        var page = await browser.OpenAsync(site.Address, isPhone ? Browser.Phone : Browser.Desktop, scheme, complaints, withScript);
        await Browser.SignUpAsync(page);
        await page.GotoAsync("/questions");
        await page.ClickAsync("footer button[value=en]");
        foreach (var title in new[] { "Where do I renew a passport?", "Passport renewal: which office?" })
        {
            await page.GotoAsync("/questions/ask");
            await page.FillAsync("#Input_Title", title);
            await page.FillAsync("#Input_Body", "It ends in May.");
            await page.ClickAsync("form.post-form button.btn-primary");
            await page.WaitForSelectorAsync("#question-title");
        }

        await page.ClickAsync("text=Moderate");
        await page.CheckAsync("#reason-Duplicate");
        await page.ClickAsync("section button.btn-primary");
        await page.WaitForSelectorAsync("text=Enter the number or address of another question that you can read.");
        await page.FillAsync("#original", "1");
        await page.FillAsync("#note", "See there.");
        await CheckAsync();
        await page.PressAsync("#note", "Enter");
        await page.WaitForSelectorAsync(".thread-status a");
        Assert.Equal(0, await page.Locator("#answer-body").CountAsync());
        await CheckAsync();

        await page.ClickAsync("text=Moderate");
        await page.ClickAsync("text=Lock the thread");
        await page.WaitForSelectorAsync("text=This thread is locked.");
        await page.ClickAsync(".thread-status a");
        await page.ClickAsync("text=Moderate");
        await page.ClickAsync("text=Make it a notice");
        await page.WaitForSelectorAsync("text=This is a notice.");
        await page.GotoAsync("/questions");
        Assert.Equal(["Where do I renew a passport?"], await page.Locator(".pinned-list a").AllTextContentsAsync());
        await CheckAsync();
        Assert.Empty(complaints);

        // axe needs scripts; the other row of this test has them.
        Task CheckAsync() => withScript ? Browser.AssertAccessibleAsync(page) : Task.CompletedTask;
    }
}
