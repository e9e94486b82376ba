using Microsoft.Playwright;

namespace Pybo.Tests.Pages;

/// <summary>The history of a post, and undoing a deletion, in a real browser.</summary>
public sealed class HistoryBrowserTests
{
    [Theory]
    [InlineData(true, ColorScheme.Light)]
    [InlineData(false, ColorScheme.Dark)]
    public async Task A_version_is_compared_restored_and_erased_and_a_deletion_undone(bool isPhone, ColorScheme scheme)
    {
        await using var browser = await Browser.StartAsync();
        await using var site = new PyboSite().Listen();
        List<string> complaints = [];
        var page = await browser.OpenAsync(site.Address, isPhone ? Browser.Phone : Browser.Desktop, scheme, complaints);
        page.Dialog += (_, dialog) => _ = dialog.AcceptAsync();
        await Browser.SignUpAsync(page);
        await page.GotoAsync("/questions/ask");
        await page.FillAsync("#Input_Title", "창고 문이 안 열려요");
        await page.FillAsync("#Input_Body", "비가 온 뒤로 뻑뻑합니다.\n\n1. 세게 밀었습니다.\n2. 기름을 쳤습니다.");
        await page.ClickAsync("form.post-form button.btn-primary");
        await Browser.WaitForAddressAsync(page, "**/questions/1");
        await page.GotoAsync("/questions/1/edit");
        await page.FillAsync("#Input_Title", "창고 문이 왜 안 열려요?");
        await page.FillAsync("#Input_Body", "장마가 온 뒤로 몹시 뻑뻑합니다.\n\n1. 세게 밀었습니다.\n2. 기름을 쳤습니다.\n3. 망치로 두드렸습니다.");
        await page.ClickAsync("form.post-form button.btn-primary");
        await Browser.WaitForAddressAsync(page, "**/questions/1");
        await page.ClickAsync("article.question a[href='/questions/1/history']");
        await page.WaitForSelectorAsync("#version_2 ins");
        await page.ClickAsync("#version_2 .version-whole summary");
        await Browser.AssertAccessibleAsync(page);
        await page.ClickAsync("#version_1 form[action$=Restore] button");
        await page.WaitForSelectorAsync("#version_3");
        await Browser.AssertAccessibleAsync(page);
        await page.ClickAsync("#version_2 form[action$=Erase] button");
        await page.WaitForSelectorAsync("main:not(:has(#version_2)) #version_3");

        await page.GotoAsync("/questions/1");
        await page.ClickAsync("article.question form[action*='handler=Delete'] button");
        await page.WaitForSelectorAsync("form.undo button");
        await Browser.AssertAccessibleAsync(page);
        await page.GotoAsync("/admin/deleted");
        await page.WaitForSelectorAsync("#Question-1");
        await Browser.AssertAccessibleAsync(page);
        await page.ClickAsync("#Question-1 form[action$=Restore] button");
        await Browser.WaitForAddressAsync(page, "**/questions/1");
        await page.ClickAsync("article.question form[action*='handler=Delete'] button");
        await page.ClickAsync("form.undo button");
        await Browser.WaitForAddressAsync(page, "**/questions/1");
        Assert.Equal("창고 문이 안 열려요", await page.TextContentAsync("h1"));
        Assert.Equal("", string.Join(Environment.NewLine, complaints));
    }
}
