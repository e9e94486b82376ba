using Microsoft.Playwright;
using Xunit.Sdk;

namespace Pybo.Tests.Pages;

/// <summary>What the other browser tests rely on.</summary>
public sealed class BrowserTests
{
    [Theory]
    [InlineData("<input>", "label")]
    [InlineData("<p style=\"color: #aaa\">흐린 글자</p>", "color-contrast")]
    [InlineData("<p style=\"width: 200vw\">넓은 글</p>", "wider than the screen")]
    public async Task A_page_that_some_people_cannot_use_fails_and_says_why(string html, string why)
    {
        await using var browser = await Browser.StartAsync();
        var page = await browser.OpenAsync(new("http://localhost"), Browser.Phone, ColorScheme.Light, []);
        await page.SetContentAsync("<!doctype html><html lang=\"ko\"><title>쪽</title><main><h1>쪽</h1><p>글</p></main></html>");
        await Browser.AssertAccessibleAsync(page);
        await page.EvaluateAsync("html => document.querySelector('main').insertAdjacentHTML('beforeend', html)", html);
        var problem = await Assert.ThrowsAnyAsync<XunitException>(() => Browser.AssertAccessibleAsync(page));
        Assert.Contains(why, problem.Message, StringComparison.Ordinal);
    }
}
