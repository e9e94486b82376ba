using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Pybo.Tests.Pages.Shared;

/// <summary>The icons and fonts that pages use.</summary>
public sealed partial class WebAssetsTests
{
    /// <summary>What the fonts may add to the single file.</summary>
    private const long FontsMaxBytes = 4 * 1024 * 1024;

    private static readonly string Fonts = Assert.Single(Directory.GetDirectories(Path.Combine(Repository.Root, "wwwroot/lib"), "pretendard-*"));

    [Fact]
    public void Exactly_the_icons_that_pages_name_are_restored()
    {
        var pages = Directory.EnumerateFiles(Path.Combine(Repository.Root, "Pages"), "*.cs*", SearchOption.AllDirectories).Select(File.ReadAllText).ToList();
        var listed = XDocument.Load(Path.Combine(Repository.Root, "Natives.targets")).Descendants("IconName").Single().Attribute("Include")!.Value.Split(';');
        Assert.All(pages.SelectMany(page => Named().Matches(page)).Select(match => match.Groups[1].Value), name => Assert.Contains(name, listed));
        Assert.All(listed, name =>
        {
            Assert.True(File.Exists(Path.Combine(Repository.Root, $"wwwroot/lib/icons/{name}.svg")), name);
            Assert.Contains(pages, page => page.Contains($"\"{name}\"", StringComparison.Ordinal));
        });
    }

    [Fact]
    public async Task An_icon_is_drawn_in_the_page_and_says_nothing_by_itself()
    {
        await using var site = new PyboSite();
        var icon = (await site.Visit().SeeAsync("/questions")).QuerySelector(".theme-menu summary svg")!;
        Assert.Equal(("true", "currentColor"), (icon.GetAttribute("aria-hidden"), icon.GetAttribute("fill")));
        Assert.Equal("화면 색", icon.ParentElement!.TextContent.Trim());
    }

    [Fact]
    public async Task The_fonts_are_kept_for_a_year_in_a_folder_named_by_their_version()
    {
        var version = Path.GetFileName(Fonts)["pretendard-".Length..];
        Assert.Contains($"\"pretendard\": \"{version}\"", await File.ReadAllTextAsync(Path.Combine(Repository.Root, "package.json"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        await using var site = new PyboSite();
        var visitor = site.Visit();
        var sheet = (await visitor.SeeAsync("/questions")).QuerySelector("link[href*='pretendard']")!.GetAttribute("href")!;
        var css = await visitor.Http.GetStringAsync(new Uri(sheet, UriKind.Relative), TestContext.Current.CancellationToken);
        var fonts = Font().Matches(css).Select(match => match.Groups[1].Value).ToList();
        Assert.NotEmpty(fonts);
        Assert.Equal(fonts.Count, css.Split("font-display: swap").Length - 1);
        Assert.All(fonts, font => Assert.True(File.Exists(Path.Combine(Fonts, font)), font));
        using var answer = await visitor.Http.GetAsync(new Uri($"/lib/{Path.GetFileName(Fonts)}/{fonts[0]}", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(("font/woff2", "public, max-age=31536000, immutable"), (answer.Content.Headers.ContentType!.MediaType, answer.Headers.GetValues("Cache-Control").Single()));
    }

    [Fact]
    public void The_fonts_are_small() => Assert.InRange(Directory.GetFiles(Fonts, "*.woff2", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length), 1, FontsMaxBytes);

    [GeneratedRegex("<pybo-icon name=\"([^@\"]+)\"")]
    private static partial Regex Named();

    [GeneratedRegex(@"url\(\./([^)]+\.woff2)\)")]
    private static partial Regex Font();
}
