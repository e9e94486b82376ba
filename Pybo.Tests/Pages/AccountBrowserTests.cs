using Microsoft.Playwright;

namespace Pybo.Tests.Pages;

public sealed class AccountBrowserTests
{
    [Theory]
    [InlineData(true, ColorScheme.Light)]
    [InlineData(false, ColorScheme.Dark)]
    public async Task The_account_pages_are_accessible_and_violate_no_policy(bool isPhone, ColorScheme scheme)
    {
        await using var browser = await Browser.StartAsync();
        await using var site = new PyboSite().Listen();
        List<string> complaints = [];
        var page = await browser.OpenAsync(site.Address, isPhone ? Browser.Phone : Browser.Desktop, scheme, complaints);

        await page.GotoAsync("/account/login");
        Assert.Equal(scheme == ColorScheme.Dark ? "dark" : "light", await page.GetAttributeAsync("html", "data-bs-theme"));
        await Browser.AssertAccessibleAsync(page);
        await page.ClickAsync("main button[type=submit]");
        await page.WaitForSelectorAsync(".field-validation-error");
        await Browser.AssertAccessibleAsync(page);

        await Browser.SignUpAsync(page);
        using var elsewhere = await site.Visit().LogInAsync("홍길동");
        foreach (var address in new[] { "/account/signup", "/account/password", "/account/sessions", "/account/logout", "/users/홍길동", "/users/홍길동?tab=answers", "/no/such/page" })
        {
            await page.GotoAsync(address);
            await page.ClickAsync(".account-menu summary");
            await Browser.AssertAccessibleAsync(page);
        }

        Assert.Equal("", string.Join(Environment.NewLine, complaints));
    }

    [Fact]
    public async Task Without_script_one_signs_up_and_logs_out()
    {
        await using var browser = await Browser.StartAsync();
        await using var site = new PyboSite().Listen();
        List<string> complaints = [];
        var page = await browser.OpenAsync(site.Address, Browser.Phone, ColorScheme.Dark, complaints, withScript: false);
        await Browser.SignUpAsync(page);
        await page.GotoAsync("/users/홍길동");
        await page.ClickAsync(".account-menu summary");
        await page.ClickAsync(".account-items button");
        await page.GotoAsync("/users/홍길동");
        Assert.True(await page.IsVisibleAsync("a[href^='/account/login']"));
        Assert.Equal("rgb(23, 25, 29)", await page.Locator("body").EvaluateAsync<string>("body => getComputedStyle(body).backgroundColor"));
    }

    [Fact]
    public async Task Without_script_another_device_is_logged_out_with_the_keyboard()
    {
        await using var browser = await Browser.StartAsync();
        await using var site = new PyboSite().Listen();
        List<string> complaints = [];
        var page = await browser.OpenAsync(site.Address, Browser.Phone, ColorScheme.Light, complaints, withScript: false);
        await Browser.SignUpAsync(page);
        var elsewhere = site.Visit();
        using var logIn = await elsewhere.LogInAsync("홍길동");
        await page.ClickAsync(".account-menu summary");
        await page.ClickAsync(".account-items a[href='/account/sessions']");
        Assert.Equal(2, await page.Locator(".session-list > li").CountAsync());
        await page.Locator(".session-list > li:last-child button").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForSelectorAsync("[role=status]");
        Assert.Equal(1, await page.Locator(".session-list > li").CountAsync());
        using var ended = await elsewhere.Http.GetAsync(new Uri("/account/sessions", UriKind.Relative));
        Assert.StartsWith("/account/login", ended.Headers.Location?.OriginalString, StringComparison.Ordinal);
        Assert.Equal("", string.Join(Environment.NewLine, complaints));
    }
}
