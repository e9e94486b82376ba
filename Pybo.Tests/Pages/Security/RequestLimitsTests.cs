using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Pybo.Pages.Security;

namespace Pybo.Tests.Pages.Security;

public sealed class RequestLimitsTests
{
    [Fact]
    public async Task Too_many_requests_from_one_address_get_a_page_that_says_when_to_retry()
    {
        await using var site = new PyboSite().WithSetting("Pybo:RequestsPerMinute", "3");
        var visitor = site.Visit();
        for (var i = 0; i < 3; i++)
        {
            await visitor.SeeAsync("/account/login");
        }

        using var refused = await visitor.Http.GetAsync(new Uri("/account/login", UriKind.Relative));
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        Assert.Equal("요청이 너무 많습니다", (await Visitor.ReadAsync(refused)).QuerySelector("h1")!.TextContent);
        using var style = await visitor.Http.GetAsync(new Uri("/css/site.css", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, style.StatusCode);
    }

    [Fact]
    public async Task Attempts_to_log_in_are_limited_by_address_and_reading_the_form_is_not()
    {
        await using var site = new PyboSite().WithSetting("Pybo:LogInsPerMinute", "2");
        var visitor = site.Visit();
        for (var i = 0; i < 2; i++)
        {
            using var tried = await visitor.LogInAsync("없는사람");
            Assert.Equal(HttpStatusCode.OK, tried.StatusCode);
        }

        using var refused = await visitor.LogInAsync("없는사람");
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter);
        using var signUp = await site.Visit().SignUpAsync("홍길동");
        Assert.Equal(HttpStatusCode.TooManyRequests, signUp.StatusCode);
        await visitor.SeeAsync("/account/login");
    }

    [Fact]
    public async Task Posts_are_limited_by_member()
    {
        await using var site = new PyboSite().WithSetting("Pybo:PostsPerMinute", "2").WithServices(services => services.AddSingleton<IStartupFilter>(
            new ExtraEndpoints(routes => routes.MapPost("/test/post", () => "posted").RequireRateLimiting(RequestLimits.Post))));
        var first = await site.SignUpAsync("홍길동");
        var second = await site.SignUpAsync("다른이");
        HttpStatusCode[] expected = [HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.TooManyRequests];
        foreach (var status in expected)
        {
            using var answer = await first.PostFormAsync("/test/post", [], page: "/account/password");
            Assert.Equal(status, answer.StatusCode);
        }

        using var other = await second.PostFormAsync("/test/post", [], page: "/account/password");
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
    }

    [Fact]
    public async Task A_body_that_is_too_large_is_refused_with_a_message()
    {
        await using var site = new PyboSite();
        using var answer = await site.Visit().PostForgedAsync("/account/login", [new("Input.UserName", new string('a', RequestLimits.RequestBodyMaxBytes))]);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.Equal("보낸 내용이 너무 큽니다", (await Visitor.ReadAsync(answer)).QuerySelector("h1")!.TextContent);
    }
}
