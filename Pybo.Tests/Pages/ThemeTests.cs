using System.Net;

namespace Pybo.Tests.Pages;

public sealed class ThemeTests
{
    [Theory]
    [InlineData("light", "light", "light")]
    [InlineData("dark", "dark", "dark")]
    [InlineData("system", "", "light dark")]
    public async Task The_first_byte_of_a_page_knows_the_choice(string chosen, string bootstrap, string scheme)
    {
        await using var site = new PyboSite();
        var visitor = site.Visit();
        using var answer = await ChooseAsync(visitor, chosen, "/tags?q=1");
        Assert.Equal((HttpStatusCode.Redirect, "/tags?q=1"), (answer.StatusCode, answer.Headers.Location!.OriginalString));
        var cookie = Assert.Single(answer.Headers.GetValues("Set-Cookie"), cookie => cookie.StartsWith("pybo.theme=", StringComparison.Ordinal));
        Assert.All(["httponly", "samesite=lax", "max-age=31536000", "path=/"], part => Assert.Contains(part, cookie, StringComparison.OrdinalIgnoreCase));

        var page = await visitor.SeeAsync("/questions");
        Assert.Equal((chosen, bootstrap), (page.DocumentElement.GetAttribute("data-theme"), page.DocumentElement.GetAttribute("data-bs-theme")));
        Assert.Equal(scheme, page.QuerySelector("meta[name=color-scheme]")!.GetAttribute("content"));
        Assert.Equal(chosen, page.QuerySelector("[data-theme-form] [aria-pressed=true]")!.GetAttribute("value"));
    }

    [Fact]
    public async Task Without_a_choice_or_with_an_unknown_one_the_system_decides()
    {
        await using var site = new PyboSite();
        var visitor = site.Visit();
        visitor.Http.DefaultRequestHeaders.Add("Cookie", "pybo.theme=%22%3Epink");
        foreach (var reader in new[] { site.Visit(), visitor })
        {
            Assert.Equal("system", (await reader.SeeAsync("/questions")).DocumentElement.GetAttribute("data-theme"));
        }
    }

    [Fact]
    public async Task The_switch_refuses_forged_forms_and_other_themes_and_leads_to_no_other_site()
    {
        await using var site = new PyboSite();
        var visitor = site.Visit();
        using var forged = await ChooseAsync(visitor, "dark", "/", "https://example.com");
        using var other = await ChooseAsync(visitor, "pink", "/");
        Assert.All([forged, other], refused => Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode));
        using var elsewhere = await ChooseAsync(visitor, "dark", "//example.com");
        Assert.Equal("/questions", elsewhere.Headers.Location!.OriginalString);
    }

    /// <summary>Posts the header's form as a browser does.</summary>
    private static async Task<HttpResponseMessage> ChooseAsync(Visitor visitor, string theme, string next, string? origin = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/theme") { Content = new FormUrlEncodedContent([new("theme", theme), new("next", next)]) };
        request.Headers.Add("Origin", origin ?? visitor.Http.BaseAddress!.GetLeftPart(UriPartial.Authority));
        return await visitor.Http.SendAsync(request);
    }
}
