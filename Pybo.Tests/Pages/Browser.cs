using System.Text.RegularExpressions;
using Deque.AxeCore.Commons;
using Microsoft.Playwright;

namespace Pybo.Tests.Pages;

/// <summary>The machine's own Chromium, driven by Playwright: one process for all tests, with pages and cookies of each test's own.</summary>
public sealed class Browser : IAsyncDisposable
{
    public static readonly ViewportSize Phone = new() { Width = 390, Height = 844 };
    public static readonly ViewportSize Desktop = new() { Width = 1280, Height = 800 };

    /// <summary>Far longer than any step here takes, also on a machine that is busy with the other tests.</summary>
    private const float PatienceMilliseconds = 120_000;

    private static readonly string[] Places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    // It ends with the tests' process, whose end closes the pipe that it listens to. No test needs the graphics card that it would emulate.
    private static readonly Lazy<Task<IBrowser>> Chromium = new(async () =>
        await (await Playwright.CreateAsync()).Chromium.LaunchAsync(new() { ExecutablePath = Executable, Args = ["--no-sandbox", "--disable-gpu"] }));

    private static readonly string AxeScript = new BundledAxeScriptProvider().GetScript();

    private readonly IBrowser chromium;
    private readonly List<IBrowserContext> contexts = [];

    private Browser(IBrowser chromium) => this.chromium = chromium;

    /// <summary>The path of Chromium; null if browser tests must be skipped.</summary>
    public static string? Executable => Places.FirstOrDefault(File.Exists);

    /// <summary>Opens it, or skips the test by name if Chromium is missing.</summary>
    public static async Task<Browser> StartAsync()
    {
        Assert.SkipUnless(Executable is not null, "Chromium is not installed (apt install chromium).");
        return new Browser(await Chromium.Value);
    }

    /// <summary>A page with cookies of its own. <paramref name="complaints"/> collects refusals by the browser (also content policy violations), errors, and requests to another origin.</summary>
    public async Task<IPage> OpenAsync(Uri site, ViewportSize size, ColorScheme scheme, ICollection<string> complaints, bool withScript = true, float pixelsPerPoint = 1, string zone = "Asia/Seoul")
    {
        var context = await chromium.NewContextAsync(new() { BaseURL = site.ToString(), ViewportSize = size, ColorScheme = scheme, Locale = "ko-KR", TimezoneId = zone, JavaScriptEnabled = withScript, DeviceScaleFactor = pixelsPerPoint });
        contexts.Add(context);
        context.SetDefaultTimeout(PatienceMilliseconds);
        context.SetDefaultNavigationTimeout(PatienceMilliseconds);
        var page = await context.NewPageAsync();
        page.PageError += (_, error) => complaints.Add(error);
        page.Console += (_, message) =>
        {
            // A page that a test expects to be missing is not a complaint; that test checks the status.
            if (message.Type == "error" && !message.Text.Contains("status of 404", StringComparison.Ordinal))
            {
                complaints.Add(message.Text);
            }
        };
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(site.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal) && !request.Url.StartsWith("data:", StringComparison.Ordinal))
            {
                complaints.Add("off-origin: " + request.Url);
            }
        };
        return page;
    }

    /// <summary>Signs up through the form and stays logged in.</summary>
    public static async Task SignUpAsync(IPage page, string name = "홍길동", string mailbox = "hong")
    {
        await page.GotoAsync("/account/signup");
        await page.FillAsync("#Input_UserName", name);
        await page.FillAsync("#Input_Email", $"{mailbox}@example.com");
        await page.FillAsync("#Input_Password", PyboSite.Password);
        await page.FillAsync("#Input_PasswordAgain", PyboSite.Password);
        await page.ClickAsync("main button[type=submit]");
        await page.WaitForSelectorAsync(".account-menu");
    }

    /// <summary>Waits until a page is there to its end. Playwright's own wait sometimes misses a load event on a busy machine.</summary>
    /// <param name="address">Two asterisks match anything, one anything within a segment.</param>
    public static async Task WaitForAddressAsync(IPage page, string address)
    {
        const int LookMilliseconds = 20;
        var wanted = new Regex($"^{Regex.Escape(address).Replace(@"\*\*", ".*", StringComparison.Ordinal).Replace(@"\*", "[^/]*", StringComparison.Ordinal)}$", RegexOptions.CultureInvariant);
        for (var waited = 0; !wanted.IsMatch(page.Url); waited += LookMilliseconds)
        {
            Assert.True(waited < PatienceMilliseconds, $"{page.Url} is not {address}.");
            await Task.Delay(LookMilliseconds);
        }

        await page.WaitForSelectorAsync("footer", new() { State = WaitForSelectorState.Attached });
    }

    /// <summary>Asserts that axe finds no violation and that nothing is wider than the screen.</summary>
    public static async Task AssertAccessibleAsync(IPage page)
    {
        // The package's own run opens a second page for each result, which takes five times as long.
        await page.EvaluateAsync(AxeScript);
        var violations = await page.EvaluateAsync<string[]>("""
            async () => (await axe.run(document, { resultTypes: ['violations'] })).violations.map(violation => `${violation.id}: ${violation.help} `
                + violation.nodes.map(node => `${node.html} ${node.any.map(check => check.message).join(' ')}`).join(' | '))
            """);
        Assert.True(violations.Length == 0, string.Join(Environment.NewLine, [page.Url, .. violations]));
        Assert.False(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth > innerWidth"), page.Url + " is wider than the screen.");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var context in contexts)
        {
            await context.DisposeAsync();
        }
    }
}
