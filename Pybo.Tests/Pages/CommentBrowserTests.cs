using Microsoft.Playwright;

namespace Pybo.Tests.Pages;

/// <summary>Comments in a real browser.</summary>
public sealed class CommentBrowserTests
{
    [Theory]
    [InlineData(true, ColorScheme.Light)]
    [InlineData(false, ColorScheme.Dark)]
    public async Task A_comment_is_written_scrolled_to_edited_and_deleted(bool isPhone, ColorScheme scheme)
    {
        await using var browser = await Browser.StartAsync();
        await using var site = new PyboSite().Listen();
        List<string> complaints = [];
        var page = await browser.OpenAsync(site.Address, isPhone ? Browser.Phone : Browser.Desktop, scheme, complaints);
        page.Dialog += (_, dialog) => _ = dialog.AcceptAsync();
        await Browser.SignUpAsync(page);
        await FillAsync(page);

        await page.ClickAsync("#answer_1 .comment-add summary");
        await page.FillAsync("#answer_1 .comment-add textarea", "문고리를 **위로** 든 채 미세요.\n그래도 안 되면 관리실입니다.");
        await Browser.AssertAccessibleAsync(page);
        await page.ClickAsync("#answer_1 .comment-add button");
        await Browser.WaitForAddressAsync(page, "**#comment_2");
        Assert.True(await page.EvaluateAsync<bool>("(() => { const place = document.querySelector('#comment_2').getBoundingClientRect(); return place.top >= 0 && place.top < innerHeight; })()"));
        await Browser.AssertAccessibleAsync(page);

        await page.ClickAsync("#comment_2 a[href='/comments/2/edit']");
        await Browser.WaitForAddressAsync(page, "**/comments/2/edit");
        await Browser.AssertAccessibleAsync(page);
        await page.FillAsync("textarea", "");
        await page.ClickAsync("form.post-form button");
        await page.WaitForSelectorAsync(".field-validation-error");
        await Browser.AssertAccessibleAsync(page);
        await page.FillAsync("textarea", "고쳐 쓴 댓글");
        await page.ClickAsync("form.post-form button");
        await Browser.WaitForAddressAsync(page, "**#comment_2");
        await page.ClickAsync("#comment_2 .comment-delete");
        await Browser.WaitForAddressAsync(page, "**#answer_1");
        Assert.Equal(0, await page.Locator("#comment_2").CountAsync());
        foreach (var address in new[] { "/questions/recent", "/users/홍길동?tab=comments", "/comments/new?question=1", "/questions" })
        {
            await page.GotoAsync(address);
            await Browser.AssertAccessibleAsync(page);
        }

        Assert.Equal("", string.Join(Environment.NewLine, complaints));
    }

    [Fact]
    public async Task Without_script_a_comment_is_written_edited_and_deleted()
    {
        await using var browser = await Browser.StartAsync();
        await using var site = new PyboSite().Listen();
        List<string> complaints = [];
        var page = await browser.OpenAsync(site.Address, Browser.Phone, ColorScheme.Light, complaints, withScript: false);
        await Browser.SignUpAsync(page);
        await FillAsync(page);
        await page.ClickAsync("#comment_1 a[href='/comments/1/edit']");
        await page.FillAsync("textarea", "스크립트 없이 고친 댓글");
        await page.ClickAsync("form.post-form button");
        await Browser.WaitForAddressAsync(page, "**#comment_1");
        Assert.Contains("스크립트 없이", await page.TextContentAsync("#comment_1"), StringComparison.Ordinal);
        await page.ClickAsync("#comment_1 .comment-delete");
        await page.WaitForSelectorAsync("article.question:not(:has(.comment))");
        Assert.Equal("", string.Join(Environment.NewLine, complaints));
    }

    /// <summary>Asks, answers, and comments on the question.</summary>
    private static async Task FillAsync(IPage page)
    {
        await page.GotoAsync("/questions/ask");
        await page.FillAsync("#Input_Title", "창고 문이 안 열려요");
        await page.FillAsync("#Input_Body", "비가 온 뒤로 뻑뻑합니다.");
        await page.ClickAsync("form.post-form button.btn-primary");
        await Browser.WaitForAddressAsync(page, "**/questions/1");
        await page.FillAsync("#answer-body", "문을 세게 미세요.");
        await page.ClickAsync(".answer-box button.btn-primary");
        await Browser.WaitForAddressAsync(page, "**#answer_1");
        await page.ClickAsync("article.question .comment-add summary");
        await page.FillAsync("article.question .comment-add textarea", "어느 창고인가요?");
        await page.ClickAsync("article.question .comment-add button");
        await Browser.WaitForAddressAsync(page, "**#comment_1");
    }
}
