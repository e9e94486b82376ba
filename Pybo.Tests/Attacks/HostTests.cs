using Pybo.Tests.Pages;

namespace Pybo.Tests.Attacks;

/// <summary>The attack: a request names another host, so that its answer points there when a cache keeps it or a browser follows it.</summary>
public sealed class HostTests(RunningSite running) : IClassFixture<RunningSite>
{
    private const string Foreign = "evil.example";

    private static readonly string[] Addresses =
    [
        "/", "/questions", "/questions/ask", "/account/login", "/account/password", "/chat", "/chat/1", "/documents", "/documents/upload", "/documents/collections", "/admin/models", "/admin/queue",
        "/no/such/page", "/css/site.css", "//evil.example/chat", "/chat?next=http://evil.example/",
    ];

    public static TheoryData<string> Requests => new(
        $"GET $ HTTP/1.1\r\nHost: {Foreign}\r\nConnection: close\r\n\r\n",
        $"POST $ HTTP/1.1\r\nHost: {Foreign}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
        $"GET $ HTTP/1.1\r\nHost: {Foreign}:81\r\nConnection: close\r\n\r\n",
        $"GET $ HTTP/1.1\r\nHost: user@{Foreign}\r\nConnection: close\r\n\r\n",
        $"GET $ HTTP/1.1\r\nHost: localhost\r\nHost: {Foreign}\r\nConnection: close\r\n\r\n",
        $"GET http://{Foreign}$ HTTP/1.1\r\nHost: {Foreign}\r\nConnection: close\r\n\r\n",
        $"GET http://{Foreign}$ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        $"GET $ HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-Host: {Foreign}\r\nX-Forwarded-Proto: https\r\nForwarded: host={Foreign}\r\nX-Original-Host: {Foreign}\r\nX-Host: {Foreign}\r\nConnection: close\r\n\r\n",
        $"GET $ HTTP/1.0\r\nHost: {Foreign}\r\n\r\n",
        "GET $ HTTP/1.0\r\n\r\n",
        "GET $ HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n");

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task No_answer_leads_to_the_host_that_a_request_names(string request)
    {
        var site = running.Site;
        foreach (var address in Addresses)
        {
            var own = address.Contains(Foreign, StringComparison.Ordinal);
            var answer = await RawRequest.SendAsync(site.Address, request.Replace("$", address, StringComparison.Ordinal));
            Assert.InRange(answer.Status, 200, 499);
            var location = answer.Header("Location");
            Assert.True(location is null || (location.StartsWith('/') && !location.StartsWith("//", StringComparison.Ordinal)), $"{address}: {location}");
            // Text of the address itself returns in the page's own links, and there only as a value.
            Assert.True(own || !answer.Text.Contains(Foreign, StringComparison.OrdinalIgnoreCase), $"{address}: {answer.Text}");
        }
    }

    [Fact]
    public async Task A_site_with_configured_names_refuses_all_others()
    {
        await using var site = new PyboSite().WithSetting("AllowedHosts", "board.example;127.0.0.1").Listen();
        foreach (var (host, status) in new[] { ("board.example", 200), ("BOARD.example:8443", 200), ("127.0.0.1", 200), (Foreign, 400), ("board.example.evil.example", 400), ("", 400) })
        {
            var answer = await RawRequest.SendAsync(site.Address, $"GET /questions HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
            Assert.True(answer.Status == status, $"{host}: {answer.Text}");
            Assert.True(status == 200 || !answer.Text.Contains(Foreign, StringComparison.Ordinal), answer.Text);
        }
    }

    [Fact]
    public async Task A_member_sent_to_log_in_returns_to_the_requested_page()
    {
        var site = running.Site;
        var visitor = site.Visit();
        using var sent = await visitor.Http.GetAsync(new Uri("/documents/upload?collection=3", UriKind.Relative));
        Assert.Equal("/account/login?next=%2Fdocuments%2Fupload%3Fcollection%3D3", sent.Headers.Location!.OriginalString);
        using var back = await visitor.LogInAsync("홍길동", next: "/documents/upload?collection=3");
        Assert.Equal("/documents/upload?collection=3", back.Headers.Location!.OriginalString);
        foreach (var foreign in new[] { "http://evil.example/", "//evil.example/", "/\\evil.example/", "https:evil.example" })
        {
            using var led = await site.Visit().LogInAsync("홍길동", next: foreign);
            Assert.Equal("/questions", led.Headers.Location!.OriginalString);
        }
    }
}
