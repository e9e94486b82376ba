using Microsoft.Playwright;

namespace Pybo.Tests.Pages.Documents;

public sealed class DocumentBrowserTests
{
    private const string Pdf = "corpus/pdf-ko-synth/weasyprint_0.pdf";
    private const string Hwp = "corpus/hwp/hwpjs__noori.hwp";

    /// <summary>The mark is within the shown part of the page, and that part is on the screen. Checked once: the page is still scrolling.</summary>
    internal const string MarkIsSeen = """
        () => {
          const mark = document.querySelector('.pdf-mark')?.getBoundingClientRect();
          const view = document.querySelector('[data-pages]').getBoundingClientRect();
          return mark && mark.width > 1 && mark.top >= Math.max(0, view.top) && mark.bottom <= Math.min(innerHeight, view.bottom) && mark.right <= view.right;
        }
        """;

    [Fact]
    public async Task A_Korean_pdf_and_an_hwp_are_uploaded_on_a_phone_and_their_answers_lead_to_the_marked_place()
    {
        var files = new[] { Repository.Shared(Pdf), Repository.Shared(Hwp) };
        await using var browser = await Browser.StartAsync();
        await using var site = new PyboSite().Listen();
        List<string> complaints = [];
        var page = await browser.OpenAsync(site.Address, Browser.Phone, ColorScheme.Light, complaints);
        await Browser.SignUpAsync(page);

        await page.GotoAsync("/documents");
        await Browser.AssertAccessibleAsync(page);
        await page.SetInputFilesAsync("#upload-files", [.. files, typeof(DocumentBrowserTests).Assembly.Location]);
        await page.ClickAsync("[data-chosen] li:last-child button");
        Assert.Equal(files.Length, await page.Locator("[data-chosen] li").CountAsync());
        await page.ClickAsync("form[data-upload] button[type=submit]");
        await page.WaitForFunctionAsync("() => location.search === '?show=own'");
        await page.WaitForFunctionAsync("() => document.querySelectorAll('[data-progress]').length === 0");
        await page.ReloadAsync();
        Assert.Equal(0, await page.Locator(".document-state.is-failed").CountAsync());
        Assert.Equal(files.Length, await page.Locator(".post-list .kind-mark").CountAsync());
        await Browser.AssertAccessibleAsync(page);

        await AskAsync(page, "신청서는 매월 며칠까지 어디에 제출하나요?");
        await page.ClickAsync(".source a[href^='/documents/']");
        await page.WaitForFunctionAsync(MarkIsSeen);
        Assert.Contains("25일까지", await page.TextContentAsync("#quote"), StringComparison.Ordinal);
        await page.WaitForSelectorAsync(".pdf-text span:has-text('총무팀')");
        await Browser.AssertAccessibleAsync(page);
        await page.ClickAsync("[data-zoom-in]");
        await page.ClickAsync("[data-next]");
        await page.WaitForFunctionAsync("() => document.querySelector('[data-page-number]').value === '2'");

        await AskAsync(page, "누리호는 어디에서 발사하였나요?");
        await page.ClickAsync(".source a[href^='/documents/']");
        await page.WaitForSelectorAsync("#quote");
        Assert.True(await page.IsVisibleAsync(".passage.is-cited #quote"));
        await Browser.AssertAccessibleAsync(page);
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task A_file_that_is_too_large_is_named_before_it_is_sent()
    {
        await using var browser = await Browser.StartAsync();
        await using var site = new PyboSite().WithSetting("Pybo:UploadMegabytes", "1").Listen();
        var page = await browser.OpenAsync(site.Address, Browser.Phone, ColorScheme.Light, []);
        await Browser.SignUpAsync(page);
        await page.GotoAsync("/documents");
        await page.SetInputFilesAsync("#upload-files", new FilePayload { Name = "큰.txt", MimeType = "text/plain", Buffer = new byte[1_000_001] });
        Assert.Contains("큰.txt: 파일이 너무 큽니다.", await page.TextContentAsync("[data-upload-state]"), StringComparison.Ordinal);
        Assert.True(await page.IsDisabledAsync("form[data-upload] button[type=submit]"));
        await page.ClickAsync("[data-chosen] button");
        Assert.Equal(0, await page.Locator("[data-chosen] li").CountAsync());
        Assert.False(await page.IsDisabledAsync("form[data-upload] button[type=submit]"));
    }

    [Fact]
    public async Task Without_script_a_file_is_uploaded_and_the_citation_is_marked_in_the_text()
    {
        var file = Repository.Shared(Pdf);
        await using var browser = await Browser.StartAsync();
        await using var site = new PyboSite().Listen();
        var page = await browser.OpenAsync(site.Address, Browser.Phone, ColorScheme.Light, [], withScript: false);
        await Browser.SignUpAsync(page);
        await page.GotoAsync("/documents/upload");
        await page.SetInputFilesAsync("#upload-files", file);
        await page.ClickAsync("form[data-upload] button[type=submit]");
        await page.WaitForFunctionAsync("() => location.search === '?show=own'");
        for (var looks = 0; await page.Locator(".document-state").CountAsync() > 0; looks++)
        {
            Assert.True(looks < 240, "The document was not read.");
            await page.WaitForTimeoutAsync(500);
            await page.ReloadAsync();
        }

        await AskAsync(page, "신청서는 매월 며칠까지 어디에 제출하나요?");
        await page.ClickAsync(".source a[href^='/documents/']");
        Assert.Contains("25일까지", await page.TextContentAsync("#quote"), StringComparison.Ordinal);
        Assert.False(await page.IsVisibleAsync("[data-pdf]"));
    }

    private static async Task AskAsync(IPage page, string question)
    {
        await page.GotoAsync("/chat");
        await page.FillAsync("#question", question);
        await page.ClickAsync("[data-ask] button");
        await page.WaitForSelectorAsync(".sources");
    }
}
