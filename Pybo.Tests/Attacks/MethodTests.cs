using System.Net;
using Pybo.Tests.Pages;

namespace Pybo.Tests.Attacks;

/// <summary>The attack: methods that the site does not support, to read headers back (TRACE) or to bypass the checks of the usual ones.</summary>
public sealed class MethodTests(RunningSite running) : IClassFixture<RunningSite>
{
    private const string Secret = "a-header-that-nobody-may-read-back";

    private static readonly string[] Addresses =
    [
        "/", "/questions", "/questions/1", "/account/login", "/documents", "/documents/1/file", "/chat", "/chat/turns/1/events", "/admin/models", "/search?q=x", "/css/site.css", "/no/such/page", "/status/404",
    ];

    [Theory]
    [InlineData("TRACE")]
    [InlineData("trace")]
    [InlineData("TRACK")]
    [InlineData("DEBUG")]
    [InlineData("OPTIONS")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("PATCH")]
    [InlineData("PROPFIND")]
    [InlineData("MKCOL")]
    [InlineData("post")]
    [InlineData("get")]
    [InlineData("FOO")]
    public async Task Every_other_method_answers_405_everywhere_and_reads_nothing_back(string method)
    {
        var site = running.Site;
        foreach (var visitor in new[] { site.Visit(), running.Member })
        {
            foreach (var address in Addresses)
            {
                var raw = await RawRequest.SendAsync(site.Address, $"{method} {address} HTTP/1.1\r\nHost: localhost\r\nX-Secret: {Secret}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
                Assert.True(raw.Status == 405 && raw.Header("Allow") is { Length: > 0 }, $"{method} {address}: {raw.Text}");
                Assert.DoesNotContain(Secret, raw.Text, StringComparison.Ordinal);
                Assert.Equal("nosniff", raw.Header("X-Content-Type-Options"));

                // The framework's client writes some of these names in capitals.
                using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(address, UriKind.Relative));
                using var answer = await visitor.Http.SendAsync(request);
                Assert.True(answer.StatusCode == HttpStatusCode.MethodNotAllowed || method is "get" or "post" or "trace", $"{method} {address}: {(int)answer.StatusCode}");
            }
        }
    }

    [Fact]
    public async Task A_tunnel_is_refused()
    {
        var site = running.Site;
        var answer = await RawRequest.SendAsync(site.Address, $"CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\nX-Secret: {Secret}\r\nConnection: close\r\n\r\n");
        Assert.InRange(answer.Status, 400, 499);
        Assert.DoesNotContain(Secret, answer.Text, StringComparison.Ordinal);
        answer = await RawRequest.SendAsync(site.Address, $"OPTIONS * HTTP/1.1\r\nHost: example.com\r\nConnection: close\r\n\r\n");
        Assert.Equal(405, answer.Status);
    }

    [Fact]
    public async Task HEAD_is_answered_like_GET_without_a_body_and_a_form_for_a_page_without_one_is_refused()
    {
        var member = running.Member;
        foreach (var address in new[] { "/questions", "/account/login", "/documents", "/search?q=x" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Head, new Uri(address, UriKind.Relative));
            using var answer = await member.Http.SendAsync(request);
            Assert.True(answer.StatusCode == HttpStatusCode.OK, address);
            Assert.Empty(await answer.Content.ReadAsByteArrayAsync());
        }

        foreach (var address in new[] { "/search", "/questions", "/documents", "/users/%ED%99%8D%EA%B8%B8%EB%8F%99" })
        {
            using var answer = await member.PostFormAsync(address, [], page: "/account/password");
            Assert.True(answer.StatusCode == HttpStatusCode.MethodNotAllowed, $"{address}: {(int)answer.StatusCode}");
            Assert.Equal("할 수 없는 요청입니다", (await Visitor.ReadAsync(answer)).QuerySelector("h1")!.TextContent);
        }
    }
}
