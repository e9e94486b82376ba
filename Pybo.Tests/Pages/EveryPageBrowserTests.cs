using System.Globalization;
using Microsoft.Playwright;
using Pybo.Tests.Pages.Chat;
using Pybo.Tests.Rag.Chat;

namespace Pybo.Tests.Pages;

/// <summary>Every page of the route table as a person sees it: at both widths, in both themes and both languages.</summary>
public sealed class EveryPageBrowserTests
{
    /// <summary>Where <see cref="Make_the_screenshots"/> writes.</summary>
    private const string Folder = "docs/screens";

    private const string Shared = "/chat/shared/";

    /// <summary>Answers that are no page of their own: fragments for scripts, and the page of errors, which errors show.</summary>
    private static readonly string[] Fragments = ["/questions/similar", "/questions/preview", "/tags/suggest", "/search/suggest", "/status/404", "/chat/turns/", "/questions/1/suggestion"];

    [Theory]
    [InlineData("ko", ColorScheme.Light, ColorScheme.Dark)]
    [InlineData("en", ColorScheme.Dark, ColorScheme.Light)]
    public async Task Every_page_is_accessible_and_no_wider_than_the_screen(string language, ColorScheme onPhone, ColorScheme onDesktop)
    {
        await using var browser = await Browser.StartAsync();
        await using var site = Start();
        List<string> complaints = [];
        var (page, addresses) = await OpenAsync(browser, site, language, complaints);
        Assert.True(addresses.Count > 25);
        foreach (var address in addresses)
        {
            await page.GotoAsync(address);
            foreach (var (size, scheme) in new[] { (Browser.Phone, onPhone), (Browser.Desktop, onDesktop) })
            {
                await ShowAsync(page, size, scheme);
                complaints.Add((await Record.ExceptionAsync(() => Browser.AssertAccessibleAsync(page)))?.Message ?? "");
            }
        }

        complaints.RemoveAll(c => c.Length == 0);
        Assert.True(complaints.Count == 0, string.Join(Environment.NewLine, complaints));
    }

    /// <summary>Runs only on request: <c>dotnet test Pybo.Tests --no-build -- xUnit.Explicit=only --filter "FullyQualifiedName~Make_the_screenshots"</c>.</summary>
    [Fact(Explicit = true)]
    public async Task Make_the_screenshots()
    {
        await using var browser = await Browser.StartAsync();
        await using var site = Start();
        var (page, addresses) = await OpenAsync(browser, site, "ko", []);
        var folder = Path.Combine(Repository.Root, Folder);
        Directory.CreateDirectory(folder);
        foreach (var address in addresses)
        {
            await page.GotoAsync(address);
            // The key of a shared conversation differs each time.
            var name = address.StartsWith(Shared, StringComparison.Ordinal) ? "chat-shared" : string.Join('-', Uri.UnescapeDataString(address.Split('?')[0]).Split('/', StringSplitOptions.RemoveEmptyEntries));
            foreach (var (size, scheme) in from size in new[] { Browser.Phone, Browser.Desktop } from scheme in new[] { ColorScheme.Light, ColorScheme.Dark } select (size, scheme))
            {
                await ShowAsync(page, size, scheme);
                await page.ScreenshotAsync(new()
                {
                    Path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{name}-{size.Width}-{scheme}.jpg").ToLowerInvariant()),
                    Type = ScreenshotType.Jpeg,
                    Quality = 60,
                    FullPage = true,
                });
            }
        }
    }

    private static PyboSite Start() => ChatSite.With(new ScriptedChatClient("약 940만 명이 삽니다. [1]")).WithSetting("Pybo:Outgoing", "mail").WithSetting("Pybo:MailServer", "127.0.0.1:1").WithSetting("Pybo:MailFrom", "board@example.com").WithSetting("Pybo:Address", "https://board.example").Listen();

    /// <summary>Opens the site as its administrator, who may see every page.</summary>
    private static async Task<(IPage Page, List<string> Addresses)> OpenAsync(Browser browser, PyboSite site, string language, List<string> complaints)
    {
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = site.Address };
        var member = new Visitor(http);
        using var signedUp = await member.SignUpAsync(FilledSite.Korean.Member);
        var addresses = FilledSite.Addresses(site, await FilledSite.FillAsync(site, member, FilledSite.Korean));
        var page = await browser.OpenAsync(site.Address, Browser.Desktop, ColorScheme.Light, complaints);
        await page.GotoAsync("/account/login");
        await page.FillAsync("#Input_UserName", FilledSite.Korean.Member);
        await page.FillAsync("#Input_Password", PyboSite.Password);
        await page.ClickAsync("main button[type=submit]");
        await page.WaitForSelectorAsync(".account-menu");
        await page.ClickAsync($".site-languages button[lang={language}]");
        await page.WaitForSelectorAsync($"html[lang={language}]");
        return (page, [.. addresses.Where(address => !Fragments.Any(fragment => address.StartsWith(fragment, StringComparison.Ordinal))), "/comments/new?question=1", "/no/such/page"]);
    }

    private static async Task ShowAsync(IPage page, ViewportSize size, ColorScheme scheme)
    {
        await page.SetViewportSizeAsync(size.Width, size.Height);
        // Without motion a button has its new colour at once.
        await page.EmulateMediaAsync(new() { ColorScheme = scheme, ReducedMotion = ReducedMotion.Reduce });
    }
}
