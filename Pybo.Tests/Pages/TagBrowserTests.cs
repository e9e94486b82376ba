using Microsoft.Playwright;

namespace Pybo.Tests.Pages;

/// <summary>Tags in a real browser.</summary>
public sealed class TagBrowserTests
{
    [Theory]
    [InlineData(true, ColorScheme.Light)]
    [InlineData(false, ColorScheme.Dark)]
    public async Task A_tag_is_suggested_chosen_by_key_or_press_and_leads_to_its_questions(bool isPhone, ColorScheme scheme)
    {
        await using var browser = await Browser.StartAsync();
        await using var site = new PyboSite().Listen();
        List<string> complaints = [];
        var page = await browser.OpenAsync(site.Address, isPhone ? Browser.Phone : Browser.Desktop, scheme, complaints);
        await Browser.SignUpAsync(page);
        await AskAsync(page, "세션이 사라져요", "파이썬, flask, 가나다라마바사아자차카타파하가나다라마바사아자차카타파하가나", 1);

        await page.GotoAsync("/questions/ask");
        var field = page.Locator("#Input_Tags");
        await field.PressSequentiallyAsync("ㅍㅇㅆ");
        await page.WaitForSelectorAsync("#Input_Tags[aria-expanded=true]");
        await Browser.AssertAccessibleAsync(page);
        await field.PressAsync("ArrowDown");
        Assert.Equal(await page.GetAttributeAsync("[role=option][aria-selected=true]", "id"), await field.GetAttributeAsync("aria-activedescendant"));
        await field.PressAsync("Enter");
        Assert.Equal(("파이썬, ", "false"), (await field.InputValueAsync(), await field.GetAttributeAsync("aria-expanded")));
        await field.PressSequentiallyAsync("fl");
        await page.ClickAsync("[role=option]");
        Assert.Equal("파이썬, flask, ", await field.InputValueAsync());
        await field.PressSequentiallyAsync("파");
        await page.WaitForSelectorAsync("#Input_Tags[aria-expanded=true]");
        await field.PressAsync("Escape");
        Assert.Equal("false", await field.GetAttributeAsync("aria-expanded"));
        await field.FillAsync("파이썬, a/b");
        await page.ClickAsync("form.post-form button.btn-primary");
        await page.WaitForSelectorAsync("#Input_Tags-error");
        await Browser.AssertAccessibleAsync(page);

        foreach (var address in new[] { "/questions/1", "/questions", "/tags", "/tags?q=%E3%85%8D", "/tags?q=zz", "/tags/파이썬", "/questions?q=tag%3Aflask" })
        {
            await page.GotoAsync(address);
            await Browser.AssertAccessibleAsync(page);
        }

        await page.GotoAsync("/tags/파이썬/edit");
        await Browser.AssertAccessibleAsync(page);
        await page.FillAsync("textarea", "배우기 쉬운 언어");
        await page.ClickAsync("form.post-form button");
        await page.WaitForSelectorAsync(".tag-description");
        await Browser.AssertAccessibleAsync(page);
        Assert.Equal("", string.Join(Environment.NewLine, complaints));
    }

    [Fact]
    public async Task Without_script_tags_are_typed_as_plain_text()
    {
        await using var browser = await Browser.StartAsync();
        await using var site = new PyboSite().Listen();
        List<string> complaints = [];
        var page = await browser.OpenAsync(site.Address, Browser.Phone, ColorScheme.Light, complaints, withScript: false);
        await Browser.SignUpAsync(page);
        await AskAsync(page, "세션이 사라져요", "파이썬 flask", 1);
        Assert.Equal(["파이썬", "flask"], await page.Locator("article.question .tag").AllTextContentsAsync());
        Assert.Equal("", string.Join(Environment.NewLine, complaints));
    }

    private static async Task AskAsync(IPage page, string title, string tags, long id)
    {
        await page.GotoAsync("/questions/ask");
        await page.FillAsync("#Input_Title", title);
        await page.FillAsync("#Input_Body", "글");
        await page.FillAsync("#Input_Tags", tags);
        await page.ClickAsync("form.post-form button.btn-primary");
        await Browser.WaitForAddressAsync(page, $"**/questions/{id}");
    }
}
