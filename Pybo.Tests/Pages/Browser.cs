using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Pybo.Tests.Pages;

/// <summary>The machine's own Chromium, driven by Playwright; one per test.</summary>
public sealed class Browser : IAsyncDisposable
{
    public static readonly ViewportSize Phone = new() { Width = 390, Height = 844 };
    public static readonly ViewportSize Desktop = new() { Width = 1280, Height = 800 };

    private static readonly string[] Places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    private readonly IPlaywright playwright;
    /// <summary>Far longer than any step here takes, also on a machine that is busy with the other tests.</summary>
    private const float PatienceMilliseconds = 120_000;

    private readonly IBrowser chromium;

    private Browser(IPlaywright playwright, IBrowser chromium) => (this.playwright, this.chromium) = (playwright, chromium);

    /// <summary>The path of Chromium; null if browser tests must be skipped.</summary>
    public static string? Executable => Places.FirstOrDefault(File.Exists);

    /// <summary>Starts it, or skips the test by name if Chromium is missing.</summary>
    public static async Task<Browser> StartAsync()
    {
        Assert.SkipUnless(Executable is not null, "Chromium is not installed (apt install chromium).");
        var playwright = await Playwright.CreateAsync();
        return new Browser(playwright, await playwright.Chromium.LaunchAsync(new() { ExecutablePath = Executable, Args = ["--no-sandbox"] }));
    }

    /// <summary>A page with cookies of its own. <paramref name="complaints"/> collects refusals by the browser (also content policy violations), errors, and requests to another origin.</summary>
    public async Task<IPage> OpenAsync(Uri site, ViewportSize size, ColorScheme scheme, ICollection<string> complaints, bool withScript = true, float pixelsPerPoint = 1, string zone = "Asia/Seoul")
    {
        var context = await chromium.NewContextAsync(new() { BaseURL = site.ToString(), ViewportSize = size, ColorScheme = scheme, Locale = "ko-KR", TimezoneId = zone, JavaScriptEnabled = withScript, DeviceScaleFactor = pixelsPerPoint });
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

    /// <summary>Waits until a page begins. What follows waits for its elements; the load event is sometimes missed on a busy machine.</summary>
    public static Task WaitForAddressAsync(IPage page, string address) => page.WaitForURLAsync(address, new() { WaitUntil = WaitUntilState.Commit });

    /// <summary>Asserts that axe finds no violation and that nothing is wider than the screen.</summary>
    public static async Task AssertAccessibleAsync(IPage page)
    {
        var result = await page.RunAxe();
        Assert.True(result.Violations.Length == 0, page.Url + Environment.NewLine + string.Join(Environment.NewLine, result.Violations.Select(v =>
            $"{v.Id}: {v.Help} {string.Join(" | ", v.Nodes.Select(n => $"{n.Html} {string.Join(' ', n.Any.Select(c => c.Message))}"))}")));
        Assert.False(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth > innerWidth"), page.Url + " is wider than the screen.");
    }

    public async ValueTask DisposeAsync()
    {
        await chromium.DisposeAsync();
        playwright.Dispose();
    }
}
