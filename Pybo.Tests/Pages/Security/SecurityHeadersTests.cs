using System.Net;
using AngleSharp.Dom;

namespace Pybo.Tests.Pages.Security;

public sealed class SecurityHeadersTests
{
    [Theory]
    [InlineData("/account/signup")]
    [InlineData("/account/login")]
    [InlineData("/account/logout")]
    [InlineData("/account/password")]
    [InlineData("/users/nobody")]
    [InlineData("/")]
    [InlineData("/css/site.css")]
    [InlineData("/no/such/page")]
    public async Task Every_answer_carries_the_headers(string url)
    {
        await using var site = new PyboSite();
        using var answer = await site.Visit().Http.GetAsync(new Uri(url, UriKind.Relative));
        var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith("default-src 'none'; script-src 'self'; style-src 'self';", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("same-origin", Assert.Single(answer.Headers.GetValues("Referrer-Policy")));
        Assert.Equal("same-origin", Assert.Single(answer.Headers.GetValues("Cross-Origin-Opener-Policy")));
        Assert.Contains("camera=()", Assert.Single(answer.Headers.GetValues("Permissions-Policy")), StringComparison.Ordinal);
        Assert.False(answer.Headers.Contains("Server"));
    }

    [Theory]
    [InlineData("/account/signup")]
    [InlineData("/account/login")]
    [InlineData("/account/logout")]
    [InlineData("/account/password")]
    [InlineData("/users/홍길동")]
    [InlineData("/no/such/page")]
    public async Task A_page_has_nothing_inline_and_nothing_from_elsewhere(string url)
    {
        await using var site = new PyboSite();
        var member = await site.SignUpAsync("홍길동");
        var page = await member.SeeAsync(url, url.StartsWith("/no/", StringComparison.Ordinal) ? HttpStatusCode.NotFound : HttpStatusCode.OK);
        Assert.Empty(page.QuerySelectorAll("style, [style], script:not([src])"));
        Assert.DoesNotContain(page.All, element => element.Attributes.Any(a => a.Name.StartsWith("on", StringComparison.OrdinalIgnoreCase)));
        var addresses = page.QuerySelectorAll("script[src], link[href], img[src], form[action]").Select(e => e.GetAttribute("src") ?? e.GetAttribute("href") ?? e.GetAttribute("action")!);
        Assert.All(addresses, address => Assert.True(address.StartsWith('/') && !address.StartsWith("//", StringComparison.Ordinal), address));
        Assert.Equal("ko", page.DocumentElement.GetAttribute("lang"));
        Assert.DoesNotContain("&#x", page.Source.Text, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_versioned_file_is_cached_and_an_unversioned_one_revalidated()
    {
        await using var site = new PyboSite();
        var visitor = site.Visit();
        var page = await visitor.SeeAsync("/account/login");
        foreach (var link in page.QuerySelectorAll("link[rel=stylesheet], script[src]").Select(e => e.GetAttribute("href") ?? e.GetAttribute("src")!))
        {
            using var file = await visitor.Http.GetAsync(new Uri(link, UriKind.Relative));
            Assert.True(file.StatusCode == HttpStatusCode.OK, link);
            Assert.Contains("immutable", file.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        }

        using var plain = await visitor.Http.GetAsync(new Uri("/css/site.css", UriKind.Relative));
        Assert.Equal("no-cache", plain.Headers.CacheControl!.ToString());
    }

    [Fact]
    public async Task A_visitor_who_only_reads_gets_no_cookie()
    {
        await using var site = new PyboSite();
        await site.SignUpAsync("홍길동");
        using var answer = await site.Visit().Http.GetAsync(new Uri("/users/홍길동", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.False(answer.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task Strict_transport_security_is_sent_over_https_outside_development()
    {
        await using var site = new PyboSite().WithEnvironment("Production");
        using var answer = await site.CreateClient(new() { BaseAddress = new Uri("https://pybo.example") }).GetAsync(new Uri("/account/login", UriKind.Relative));
        Assert.True(answer.Headers.Contains("Strict-Transport-Security"));
    }
}
