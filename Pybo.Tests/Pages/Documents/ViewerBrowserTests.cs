using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Pybo.Data;
using Pybo.Rag.Ingestion;
using Pybo.Tests.Data;
using Pybo.Tests.Rag.Documents.Pdf;

namespace Pybo.Tests.Pages.Documents;

/// <summary>The pages of a PDF as the script draws them.</summary>
public sealed class ViewerBrowserTests
{
    private const string OldKoreanFont = "corpus/pdf-ko-synth/cmap_KSCms-UHC-H.pdf";
    private const string Korean = "corpus/pdf-ko/AutoRAG__korean_texts_two_page.pdf";
    private const string Rotated = "corpus/pdf/pdfplumber__nics-background-checks-2015-11-rotated.pdf";

    /// <summary>On the fourth sheet; the text leaves out lines at the edges of all pages.</summary>
    private const string Cited = "The delta is wide.";

    private static readonly string[] Bodies = ["Apples are red.", "The bridge was built of stone.", "Carpets come from far away.", Cited, "Eagles fly.", "Forests grow slowly in the north.", "Gold is heavy.", "Houses stand on hills.", "Ink dries.", "Jars hold water and oil."];

    /// <summary>Watches for half a second: any automatic scrolling would have happened by then.</summary>
    private const int SettledMilliseconds = 500;

    [Fact]
    public async Task Text_in_a_predefined_Korean_encoding_is_drawn_and_selectable()
    {
        await using var stand = await Stand.StartAsync(await File.ReadAllBytesAsync(Repository.Shared(OldKoreanFont)), Browser.Desktop);
        await stand.OpenAsync();
        await stand.Page.WaitForFunctionAsync("() => document.querySelector('.pdf-text')?.textContent.includes('가각갂갃')");
        Assert.Empty(stand.Complaints);
    }

    [Fact]
    public async Task The_viewer_has_its_height_before_it_is_drawn()
    {
        const double shiftMax = .1;
        foreach (var size in new[] { Browser.Desktop, Browser.Phone })
        {
            await using var stand = await Stand.StartAsync(Sheets(3, 595, 842), size);
            await stand.Page.AddInitScriptAsync("window.shift = 0; new PerformanceObserver((list) => list.getEntries().forEach((entry) => { window.shift += entry.value; })).observe({ type: 'layout-shift', buffered: true });");
            await stand.OpenAsync();
            await stand.IsDrawnAsync(1);
            await stand.Page.WaitForTimeoutAsync(SettledMilliseconds);
            Assert.InRange(await stand.Page.EvaluateAsync<double>("window.shift"), 0, shiftMax);
        }
    }

    [Fact]
    public async Task A_citation_is_in_view_on_its_page_and_the_next_pages_follow()
    {
        foreach (var size in new[] { Browser.Desktop, Browser.Phone })
        {
            await using var stand = await Stand.StartAsync(Sheets(10, 595, 842), size);
            await stand.CiteAsync(Cited);
            await stand.Page.WaitForFunctionAsync(DocumentBrowserTests.MarkIsSeen);
            Assert.Equal("4", await stand.Page.EvaluateAsync<string>("document.querySelector('.pdf-mark').parentElement.dataset.number"));
            for (var number = 5; number <= 7; number++)
            {
                await stand.Page.ClickAsync("[data-next]");
                await stand.IsOnAsync(number);
            }

            await stand.Page.WaitForTimeoutAsync(SettledMilliseconds);
            Assert.Equal("7", await stand.Page.InputValueAsync("[data-page-number]"));
            Assert.InRange(await stand.TopOfAsync(7), -1, 1);
            Assert.Empty(stand.Complaints);
        }
    }

    [Fact]
    public async Task A_Korean_citation_is_in_view_on_its_page()
    {
        var file = await File.ReadAllBytesAsync(Repository.Shared(Korean));
        foreach (var size in new[] { Browser.Desktop, Browser.Phone })
        {
            await using var stand = await Stand.StartAsync(file, size);
            await stand.CiteLastAsync();
            await stand.Page.WaitForFunctionAsync(DocumentBrowserTests.MarkIsSeen);
            Assert.Equal("2", await stand.Page.InputValueAsync("[data-page-number]"));
            Assert.Empty(stand.Complaints);
        }
    }

    [Fact]
    public async Task Short_pages_are_turned_one_by_one_forwards_and_back()
    {
        await using var stand = await Stand.StartAsync(Sheets(10, 960, 540), Browser.Phone);
        await stand.OpenAsync();
        await stand.IsDrawnAsync(1);
        await stand.Page.ClickAsync("[data-next]");
        await stand.IsOnAsync(2);
        await stand.Page.WaitForTimeoutAsync(SettledMilliseconds);
        await stand.Page.ClickAsync("[data-next]");
        await stand.IsOnAsync(3);
        await stand.Page.WaitForTimeoutAsync(SettledMilliseconds);
        await stand.Page.ClickAsync("[data-previous]");
        await stand.IsOnAsync(2);
        await stand.Page.WaitForTimeoutAsync(SettledMilliseconds);
        Assert.Equal("2", await stand.Page.InputValueAsync("[data-page-number]"));
        Assert.InRange(await stand.TopOfAsync(2), -1, 1);

        await stand.Page.FillAsync("[data-page-number]", "2.5");
        await stand.Page.PressAsync("[data-page-number]", "Enter");
        await stand.IsOnAsync(2);
        await stand.IsDrawnAsync(2);
        Assert.True(await stand.Page.IsVisibleAsync("[data-pages]"));
        Assert.False(await stand.Page.IsVisibleAsync("[data-pdf-state]"));
        Assert.Empty(stand.Complaints);
    }

    [Fact]
    public async Task A_page_that_cannot_be_drawn_does_not_affect_the_others()
    {
        await using var stand = await Stand.StartAsync(Sheets(4, 595, 842, broken: 2), Browser.Desktop);
        await stand.OpenAsync();
        await stand.IsDrawnAsync(1);
        await stand.Page.ClickAsync("[data-next]");
        await stand.Page.WaitForSelectorAsync(".pdf-page.is-broken");
        Assert.Equal("2쪽을 그리지 못했습니다. 아래의 글을 읽으세요.", await stand.Page.TextContentAsync(".pdf-page.is-broken"));
        await Browser.AssertAccessibleAsync(stand.Page);
        await stand.Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        await stand.OpenAsync();
        await stand.IsDrawnAsync(1);
        await stand.Page.ClickAsync("[data-next]");
        await stand.Page.WaitForSelectorAsync(".pdf-page.is-broken");
        await Browser.AssertAccessibleAsync(stand.Page);
        await stand.Page.FillAsync("[data-page-number]", "3");
        await stand.Page.PressAsync("[data-page-number]", "Enter");
        await stand.IsOnAsync(3);
        await stand.IsDrawnAsync(3);
        Assert.Equal(1, await stand.Page.Locator(".pdf-page[data-number='3'] canvas").CountAsync());
        Assert.True(await stand.Page.IsVisibleAsync("[data-pdf-tools]"));
    }

    [Fact]
    public async Task A_file_that_does_not_load_leaves_the_text_without_tools()
    {
        await using var stand = await Stand.StartAsync(Sheets(2, 595, 842), Browser.Phone);
        await stand.Page.RouteAsync("**/file", route => route.AbortAsync());
        await stand.OpenAsync();
        await stand.Page.WaitForSelectorAsync("[data-failed]");
        Assert.False(await stand.Page.IsVisibleAsync("[data-pdf-tools]"));
        Assert.False(await stand.Page.IsVisibleAsync("[data-pages]"));
        Assert.True(await stand.Page.IsVisibleAsync("[data-pdf-state]"));
        Assert.Contains(Bodies[1], await stand.Page.TextContentAsync("main"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Large_pages_are_drawn_within_a_phones_memory_and_again_at_every_scale()
    {
        await using var stand = await Stand.StartAsync(Sheets(10, 595, 842), Browser.Desktop, pixelsPerPoint: 2);
        await stand.OpenAsync();
        await stand.IsDrawnAsync(1);
        await stand.Page.ClickAsync("[data-zoom-in]");
        await SeenIsDrawnAsync(1);
        for (var step = 2; step <= 4; step++)
        {
            await stand.Page.ClickAsync("[data-zoom-in]");
        }

        await SeenIsDrawnAsync(4);
        var pixels = await stand.Page.EvaluateAsync<int[]>("[...document.querySelectorAll('.pdf-page canvas')].map(c => c.width * c.height)");
        Assert.NotEmpty(pixels);
        Assert.All(pixels, count => Assert.InRange(count, 15_000_000, 16_000_000));

        // Distant pages are released on the way.
        await stand.Page.FillAsync("[data-page-number]", "10");
        await stand.Page.PressAsync("[data-page-number]", "Enter");
        await SeenIsDrawnAsync(4);
        await stand.Page.WaitForFunctionAsync("() => document.querySelector('.pdf-page').childElementCount === 0");
        Assert.Empty(stand.Complaints);

        Task SeenIsDrawnAsync(int step) => stand.Page.WaitForFunctionAsync("""
            step => {
              const view = document.querySelector('[data-pages]').getBoundingClientRect();
              const seen = [...document.querySelectorAll('.pdf-page')].filter(place => {
                const box = place.getBoundingClientRect();
                return box.bottom > view.top && box.top < view.bottom;
              });
              return seen.length > 0 && seen.every(place => place.dataset.drawn?.startsWith(`${step} `) && place.querySelector('canvas')?.width > 0);
            }
            """, step);
    }

    [Fact]
    public async Task The_text_layer_of_a_rotated_page_matches_its_page()
    {
        await using var stand = await Stand.StartAsync(await File.ReadAllBytesAsync(Repository.Shared(Rotated)), Browser.Desktop);
        await stand.OpenAsync();
        await stand.IsDrawnAsync(1);
        var places = await stand.Page.EvaluateAsync<double[][]>("""
            () => {
              const page = document.querySelector('.pdf-page').getBoundingClientRect();
              return [...document.querySelectorAll('.pdf-text[data-main-rotation]:not([data-main-rotation="0"]) span')].map(span => span.getBoundingClientRect())
                .map(box => [(box.left - page.left) / page.width, (box.top - page.top) / page.height, (box.right - page.left) / page.width, (box.bottom - page.top) / page.height]);
            }
            """);
        Assert.NotEmpty(places);
        Assert.All(places.SelectMany(place => place), share => Assert.InRange(share, -0.05, 1.05));
        Assert.Empty(stand.Complaints);
    }

    /// <summary>Pages of one size, each with a line at its head and one near its foot. A broken page is a branch without its page: PDF.js counts it, and reads the pages after it.</summary>
    private static byte[] Sheets(int count, int width, int height, int broken = 0)
    {
        const int First = 10;
        var writer = new PdfFileWriter().Object(1, PdfFileWriter.Catalog)
            .Object(2, $"<</Type/Pages/Count {Number(count)}/Kids[{string.Join(' ', Enumerable.Range(0, count).Select(i => $"{Number(First + (2 * i))} 0 R"))}]/MediaBox[0 0 {Number(width)} {Number(height)}]>>")
            .Object(3, "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>");
        for (var i = 0; i < count; i++)
        {
            var (own, number) = (First + (2 * i), Number(i + 1));
            writer.Object(own, i + 1 == broken ? "<</Type/Pages/Parent 2 0 R/Count 1/Kids[42]>>" : $"<</Type/Page/Parent 2 0 R/Resources<</Font<</F 3 0 R>>>>/Contents {Number(own + 1)} 0 R>>")
                .Stream(own + 1, PdfFileWriter.Latin1($"BT /F 24 Tf 60 {Number(height - 60)} Td (Sheet {number} begins here.) Tj 0 {Number(240 - height)} Td ({Bodies[i % Bodies.Length]}) Tj ET"));
        }

        writer.Table();
        return writer.ToArray();

        static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>A site with one PDF that everyone may read, opened in a browser.</summary>
    private sealed class Stand : IAsyncDisposable
    {
        private readonly Browser browser;
        private readonly PyboSite site;
        private readonly long document;

        private Stand(Browser browser, PyboSite site, IPage page, long document, List<string> complaints) =>
            (this.browser, this.site, Page, this.document, Complaints) = (browser, site, page, document, complaints);

        public IPage Page { get; }

        public List<string> Complaints { get; }

        public static async Task<Stand> StartAsync(byte[] pdf, ViewportSize size, float pixelsPerPoint = 1)
        {
            const int LooksMax = 1200;
            var browser = await Browser.StartAsync();
            var site = new PyboSite().Listen();
            await using var db = site.CreateDbContext();
            var document = await db.AddDocumentAsync("문서.pdf", pdf);
            site.Services.GetRequiredService<IndexingSignal>().Raise();
            for (var looks = 0; await db.Documents.AnyAsync(d => d.Id == document.Id && d.IndexedAt == null); looks++)
            {
                Assert.True(looks < LooksMax, "The document was not read.");
                await Task.Delay(100);
            }

            List<string> complaints = [];
            return new(browser, site, await browser.OpenAsync(site.Address, size, ColorScheme.Light, complaints, pixelsPerPoint: pixelsPerPoint), document.Id, complaints);
        }

        public async Task OpenAsync() => await Page.GotoAsync($"/documents/{document}");

        public async Task CiteAsync(string quote)
        {
            await using var db = site.CreateDbContext();
            var passage = await db.Passages.Where(p => p.DocumentId == document && p.Text.Contains(quote)).Select(p => p.Id).FirstAsync();
            await Page.GotoAsync($"/documents/{document}?passage={passage}&quote={Uri.EscapeDataString(quote)}");
        }

        /// <summary>Cites the last line of the document.</summary>
        public async Task CiteLastAsync()
        {
            await using var db = site.CreateDbContext();
            var text = await db.Passages.Where(p => p.DocumentId == document).OrderByDescending(p => p.Start).Select(p => p.Text).FirstAsync();
            await CiteAsync(text.TrimEnd().Split('\n')[^1]);
        }

        public async Task IsOnAsync(int number) => await Page.WaitForFunctionAsync("number => document.querySelector('[data-page-number]').value === `${number}`", number);

        public async Task IsDrawnAsync(int number) => await Page.WaitForFunctionAsync("number => document.querySelector(`.pdf-page[data-number='${number}']`)?.dataset.drawn", number);

        /// <summary>The distance from the upper edge of the view to the start of a page.</summary>
        public Task<double> TopOfAsync(int number) => Page.EvaluateAsync<double>(
            "number => document.querySelector(`.pdf-page[data-number='${number}']`).getBoundingClientRect().top - document.querySelector('[data-pages]').getBoundingClientRect().top - 1", number);

        public async ValueTask DisposeAsync()
        {
            await browser.DisposeAsync();
            await site.DisposeAsync();
        }
    }
}
