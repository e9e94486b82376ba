using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Pybo.Tests.Pages;

public sealed class StatusPageTests
{
    [Theory]
    [InlineData("/no/such/page")]
    [InlineData("/users/nobody")]
    [InlineData("/status/500")]
    public async Task A_missing_page_shows_our_error_page(string url)
    {
        await using var site = new PyboSite();
        var page = await site.Visit().SeeAsync(url, HttpStatusCode.NotFound);
        Assert.Equal("페이지를 찾을 수 없습니다", page.QuerySelector("h1")!.TextContent);
        Assert.NotNull(page.QuerySelector("nav a[href='/questions']"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_exception_shows_our_error_page_with_a_number_and_no_details(bool isForm)
    {
        await using var site = new PyboSite().WithServices(services => services.AddSingleton<IStartupFilter>(
            new ExtraEndpoints(routes => routes.MapMethods("/test/broken", ["GET", "POST"], string () => throw new InvalidOperationException("secret detail")))));
        var visitor = site.Visit();
        using var answer = isForm
            ? await visitor.PostFormAsync("/test/broken", [], page: "/account/login")
            : await visitor.Http.GetAsync(new Uri("/test/broken", UriKind.Relative));
        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.True(answer.Headers.Contains("Content-Security-Policy"));
        var page = await Visitor.ReadAsync(answer);
        Assert.Equal("문제가 생겼습니다", page.QuerySelector("h1")!.TextContent);
        Assert.Matches("^[0-9a-f]{32}$", page.QuerySelector("main code")!.TextContent);
        Assert.DoesNotContain("secret detail", page.DocumentElement.OuterHtml, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_root_address_leads_to_the_questions()
    {
        await using var site = new PyboSite();
        using var answer = await site.Visit().Http.GetAsync(new Uri("/", UriKind.Relative));
        Assert.Equal("/questions", answer.Headers.Location!.OriginalString);
    }
}
