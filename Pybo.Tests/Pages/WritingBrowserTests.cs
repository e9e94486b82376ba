using Microsoft.Playwright;
using Pybo.Tests.Pages.Images;
using SkiaSharp;

namespace Pybo.Tests.Pages;

/// <summary>Writing in a real browser: images, and drafts.</summary>
public sealed class WritingBrowserTests
{
    private const string Paste = """
        ([id, type, bytes, kind]) => {
          const transfer = new DataTransfer();
          transfer.items.add(new File([Uint8Array.from(atob(bytes), c => c.charCodeAt(0))], 'image.png', { type: 'image/png' }));
          if (kind === 'with text') { transfer.setData('text/plain', '글'); }
          const event = type === 'paste' ? new ClipboardEvent('paste', { clipboardData: transfer, cancelable: true, bubbles: true })
            : new DragEvent(type, { dataTransfer: transfer, cancelable: true, bubbles: true });
          return !document.getElementById(id).dispatchEvent(event);
        }
        """;

    [Theory]
    [InlineData(true, ColorScheme.Dark)]
    [InlineData(false, ColorScheme.Light)]
    public async Task An_image_is_chosen_pasted_or_dropped_at_the_cursor_and_shown_in_the_post(bool isPhone, ColorScheme scheme)
    {
        await using var browser = await Browser.StartAsync();
        await using var site = new PyboSite().Listen();
        List<string> complaints = [];
        var page = await browser.OpenAsync(site.Address, isPhone ? Browser.Phone : Browser.Desktop, scheme, complaints);
        await Browser.SignUpAsync(page);
        await page.GotoAsync("/questions/ask");
        await page.FillAsync("#Input_Title", "화면이 이렇게 나옵니다");
        await page.FillAsync("#Input_Body", "앞 뒤");
        await page.EvaluateAsync("() => document.getElementById('Input_Body').setSelectionRange(2, 2)");
        await page.SetInputFilesAsync("#Input_Body-images", new FilePayload { Name = "큰 화면.png", MimeType = "image/png", Buffer = TestImages.Make(SKEncodedImageFormat.Png, 1_600, 1_200) });
        await SaysAsync(page, "큰 화면.png");
        Assert.Matches(@"^앞 !\[큰 화면\.png\]\(/images/[0-9a-f]{32}-1600x1200\)뒤$", await page.InputValueAsync("#Input_Body"));

        var pixel = Convert.ToBase64String(TestImages.Make(SKEncodedImageFormat.Png, 30, 20));
        foreach (var (way, count) in new[] { ("paste", 2), ("drop", 3) })
        {
            Assert.True(await page.EvaluateAsync<bool>(Paste, new[] { "Input_Body", way, pixel, "" }));
            await page.WaitForFunctionAsync("count => document.getElementById('Input_Body').value.split('/images/').length > count", count);
        }

        Assert.False(await page.EvaluateAsync<bool>(Paste, new[] { "Input_Body", "paste", pixel, "with text" }));
        await Browser.AssertAccessibleAsync(page);
        Assert.Equal("", string.Join(Environment.NewLine, complaints));

        await page.SetInputFilesAsync("#Input_Body-images", new FilePayload { Name = "그림.png", MimeType = "image/png", Buffer = "<svg/>"u8.ToArray() });
        await SaysAsync(page, "다른 형식");
        Assert.Contains("415", Assert.Single(complaints), StringComparison.Ordinal);
        complaints.Clear();

        await page.ClickAsync("form.post-form button.btn-primary");
        await Browser.WaitForAddressAsync(page, "**/questions/1");
        await page.WaitForFunctionAsync("() => [...document.querySelectorAll('.question .prose img')].filter(image => image.complete && image.naturalWidth > 0).length === 3");
        await Browser.AssertAccessibleAsync(page);
        await page.SetInputFilesAsync("#answer-body-images", new FilePayload { Name = "답.png", MimeType = "image/png", Buffer = TestImages.Make(SKEncodedImageFormat.Png, 30, 20) });
        await page.WaitForFunctionAsync("() => document.getElementById('answer-body').value.startsWith('![답.png](/images/')");
        Assert.Equal("", string.Join(Environment.NewLine, complaints));
    }

    [Fact]
    public async Task Without_script_a_page_uploads_an_image()
    {
        await using var browser = await Browser.StartAsync();
        await using var site = new PyboSite().Listen();
        List<string> complaints = [];
        var page = await browser.OpenAsync(site.Address, Browser.Phone, ColorScheme.Light, complaints, withScript: false);
        await Browser.SignUpAsync(page);
        await page.GotoAsync("/questions/ask");
        await page.GotoAsync((await page.GetAttributeAsync("[data-image-page]", "href"))!);
        await page.SetInputFilesAsync("#image-file", new FilePayload { Name = "그림.png", MimeType = "image/png", Buffer = TestImages.Make(SKEncodedImageFormat.Png, 900, 600) });
        await page.ClickAsync("form.post-form button");
        Assert.StartsWith("![그림.png](/images/", await page.InputValueAsync("#image-markdown"), StringComparison.Ordinal);
        Assert.Equal("", string.Join(Environment.NewLine, complaints));
    }

    [Fact]
    public async Task A_draft_survives_a_reload_and_ends_with_its_post()
    {
        await using var browser = await Browser.StartAsync();
        await using var site = new PyboSite().Listen();
        List<string> complaints = [];
        var page = await browser.OpenAsync(site.Address, Browser.Phone, ColorScheme.Light, complaints);
        await Browser.SignUpAsync(page);
        await page.GotoAsync("/questions/ask");
        await page.FillAsync("#Input_Title", "쓰던 제목");
        await page.Locator("#Input_Body").PressSequentiallyAsync("쓰던 글");
        await page.WaitForFunctionAsync("() => document.querySelector('.draft-state').textContent.includes('저장했습니다')");
        await Browser.AssertAccessibleAsync(page);
        await page.ReloadAsync();
        Assert.Equal(("쓰던 제목", "쓰던 글"), (await page.InputValueAsync("#Input_Title"), await page.InputValueAsync("#Input_Body")));
        await page.Locator("#Input_Body").PressSequentiallyAsync(", 끝");
        await page.ClickAsync("form.post-form button.btn-primary");
        await Browser.WaitForAddressAsync(page, "**/questions/1");
        await page.GotoAsync("/questions/ask");
        Assert.Equal("", await page.InputValueAsync("#Input_Body"));

        await page.FillAsync("#Input_Body", "지울 글");
        await page.WaitForSelectorAsync("[data-draft-delete]:not([hidden])");
        page.Dialog += async (_, dialog) => await dialog.AcceptAsync();
        await page.ClickAsync("[data-draft-delete]");
        await page.WaitForSelectorAsync(".alert-success");
        Assert.Equal("", await page.InputValueAsync("#Input_Body"));

        await page.GotoAsync("/questions/1");
        await page.FillAsync("#answer-body", "쓰던 답");
        await page.ClickAsync(".comment-add summary");
        await page.FillAsync("#question-comment-body", "쓰던 댓글");
        await page.WaitForFunctionAsync("() => [...document.querySelectorAll('.draft-state')].every(state => state.textContent.includes('저장했습니다'))");
        await page.ReloadAsync();
        Assert.Equal(("쓰던 답", "쓰던 댓글"), (await page.InputValueAsync("#answer-body"), await page.InputValueAsync("#question-comment-body")));
        await Browser.AssertAccessibleAsync(page);
        Assert.Equal("", string.Join(Environment.NewLine, complaints));
    }

    private static async Task SaysAsync(IPage page, string words) => await page.WaitForFunctionAsync(
        "words => { const field = document.querySelector('.image-field'); return field.querySelector('progress').hidden && field.querySelector('[role=status]').textContent.includes(words); }", words);
}
