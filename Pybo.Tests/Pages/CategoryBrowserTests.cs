using Microsoft.Playwright;

namespace Pybo.Tests.Pages;

/// <summary>Categories in a real browser: an administrator makes a group and a category, asks in it, and moves the question.</summary>
public sealed class CategoryBrowserTests
{
    [Theory]
    [InlineData(true, ColorScheme.Light)]
    [InlineData(false, ColorScheme.Dark)]
    public async Task A_category_is_made_for_a_group_asked_in_listed_and_deleted(bool isPhone, ColorScheme scheme)
    {
        await using var browser = await Browser.StartAsync();
        await using var site = new PyboSite();
        site.UseKestrel(0);
        site.StartServer();
        List<string> complaints = [];
        var page = await browser.OpenAsync(site.Address, isPhone ? Browser.Phone : Browser.Desktop, scheme, complaints);
        await Browser.SignUpAsync(page);
        await page.GotoAsync("/questions/ask");
        Assert.Equal(0, await page.Locator("#Input_Category").CountAsync());

        await page.GotoAsync("/admin/groups");
        await Browser.AssertAccessibleAsync(page);
        await page.FillAsync("#group-name", "운영진");
        await page.PressAsync("#group-name", "Enter");
        await page.FillAsync("#member-1", "홍길동");
        await page.PressAsync("#member-1", "Enter");
        await page.WaitForSelectorAsync(".group-members li");
        await page.ClickAsync("#group-1 summary");
        await Browser.AssertAccessibleAsync(page);

        await page.GotoAsync("/admin/categories");
        await page.FillAsync("#name-new", "운영 회의");
        await page.FillAsync("#slug-new", "staff");
        await page.FillAsync("#description-new", "운영진이 이야기하는 곳");
        await page.SelectOptionAsync("#readers-new", "group-1");
        await page.ClickAsync("main > form button[type=submit]");
        await page.WaitForSelectorAsync("#category-2");
        await page.ClickAsync("#category-2 summary");
        await Browser.AssertAccessibleAsync(page);

        await page.GotoAsync("/categories/staff");
        await Browser.AssertAccessibleAsync(page);
        await page.ClickAsync(".board-head a.btn-primary");
        await page.FillAsync("#Input_Title", "다음 회의는 언제인가요?");
        await page.FillAsync("#Input_Body", "글");
        Assert.Equal("2", await page.InputValueAsync("#Input_Category"));
        await Browser.AssertAccessibleAsync(page);
        await page.ClickAsync("form.post-form button.btn-primary");
        await page.WaitForSelectorAsync("article.question .post-meta a[href='/categories/staff']");
        await Browser.AssertAccessibleAsync(page);
        foreach (var address in new[] { "/questions", "/categories", "/categories/staff?sort=votes", "/questions?q=category%3Astaff", "/questions/1/edit" })
        {
            await page.GotoAsync(address);
            await Browser.AssertAccessibleAsync(page);
        }

        await page.SelectOptionAsync("#Input_Category", "1");
        await page.ClickAsync("form.post-form button.btn-primary");
        await page.WaitForSelectorAsync("article.question .post-meta a[href='/categories/general']");
        await page.GotoAsync("/admin/categories");
        page.Dialog += (_, dialog) => dialog.AcceptAsync();
        await page.ClickAsync("#category-2 summary");
        await page.ClickAsync("#category-2 .btn-outline-danger");
        await page.WaitForSelectorAsync(".alert-success");
        Assert.Equal(1, await page.Locator(".categories > li").CountAsync());
        await page.GotoAsync("/questions");
        Assert.Equal(0, await page.Locator("a[href^='/categories']").CountAsync());
        Assert.Equal("", string.Join(Environment.NewLine, complaints));
    }
}
