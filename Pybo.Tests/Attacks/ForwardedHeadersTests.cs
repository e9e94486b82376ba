using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Pybo.Pages.Security;
using Pybo.Tests.Pages;
using Pybo.Tests.Pages.Terminal;

namespace Pybo.Tests.Attacks;

/// <summary>The attack: a visitor writes a made-up address into <c>X-Forwarded-For</c>, a different one with each request, to evade every per-address limit.</summary>
public sealed class ForwardedHeadersTests
{
    private const int Forged = 330;
    private const int PerMinute = 20;
    private const string Proxy = "127.0.0.2";

    [Theory]
    [InlineData("")]
    [InlineData("10.1.2.3")]
    public async Task A_direct_visitor_who_forges_330_addresses_is_limited_as_one(string proxies)
    {
        await using var site = Limited(proxies);
        using var client = Client(site.Address, "127.0.0.7");
        Assert.Equal(PerMinute, await ForgeAsync(client));
    }

    [Fact]
    public async Task The_frameworks_switch_makes_no_one_else_believed()
    {
        await using var site = await AttackedSite.StartAsync(
            new Dictionary<string, string> { ["ASPNETCORE_FORWARDEDHEADERS_ENABLED"] = "true" },
            [$"--Pybo:RequestsPerMinute={PerMinute}", "--Pybo:LogInsPerMinute=3", $"--Pybo:KnownProxies={Proxy}"]);
        Assert.Contains("Pybo:KnownProxies", site.Output, StringComparison.Ordinal);
        using var visitor = Client(site.Address, "127.0.0.7");
        Assert.Equal(PerMinute, await ForgeAsync(visitor));
        using var guesser = Client(site.Address, "127.0.0.8");
        Assert.Equal(3, await RefusedLogInsAsync(guesser));
        await AssertHttpsIsTheProxysAsync(site.Address);
    }

    [Fact]
    public async Task Log_ins_with_forged_addresses_are_limited_as_one_too()
    {
        await using var site = new PyboSite().WithSetting("Pybo:LogInsPerMinute", "3").Listen();
        using var client = Client(site.Address, "127.0.0.7");
        Assert.Equal(3, await RefusedLogInsAsync(client));
    }

    [Fact]
    public async Task Behind_a_named_proxy_each_address_has_its_own_limit_and_the_visitors_header_is_ignored()
    {
        await using var site = Limited($"{Proxy}, 10.9.0.0/16");
        using var proxy = Client(site.Address, Proxy);
        Assert.Equal(PerMinute, await PassedAsync(proxy, _ => "203.0.113.1"));
        Assert.Equal(PerMinute, await PassedAsync(proxy, _ => "203.0.113.2"));

        // The visitor's own header is first; the proxy adds the address that it saw.
        Assert.Equal(PerMinute, await PassedAsync(proxy, i => $"198.51.100.{i + 1}, 203.0.113.3"));
        Assert.Equal(PerMinute, await PassedAsync(proxy, i => $"10.9.0.1, 198.51.100.{i + 1}, 203.0.113.4"));
        // Two proxies in a row, the inner one in the named network.
        Assert.Equal(PerMinute, await PassedAsync(proxy, i => $"198.51.100.{i + 1}, 203.0.113.5, 10.9.7.7"));
        // IPv6: a whole /64 counts as one; an IPv4 address written as IPv6 counts as that address.
        Assert.Equal(PerMinute, await PassedAsync(proxy, i => $"2001:db8::{i + 1:x}"));
        Assert.Equal(0, await PassedAsync(proxy, _ => "::ffff:203.0.113.1"));
        Assert.Equal(0, await PassedAsync(proxy, i => $"[2001:db8::9]:{1000 + i}"));

        // Another address of the same machine is not a proxy.
        using var direct = Client(site.Address, "127.0.0.3");
        Assert.Equal(PerMinute, await PassedAsync(direct, i => $"198.51.100.{i + 1}"));
    }

    [Fact]
    public async Task Malformed_headers_count_as_the_proxy_and_break_nothing()
    {
        await using var site = Limited(Proxy);
        using var proxy = Client(site.Address, Proxy);
        string[] malformed = ["unknown", "_hidden", ",,,", "127.0.0.1.1", "for=203.0.113.9", new string('9', 4_000), string.Join(',', Enumerable.Repeat("a", 2_000)), "203.0.113.9 203.0.113.8", "<script>", "%00", "203.0.113.7, not-an-address"];
        var passed = 0;
        for (var i = 0; i < PerMinute * 3; i++)
        {
            var status = await StatusAsync(proxy, malformed[i % malformed.Length]);
            Assert.True(status is HttpStatusCode.OK or HttpStatusCode.TooManyRequests, $"{malformed[i % malformed.Length]}: {status}");
            passed += status == HttpStatusCode.OK ? 1 : 0;
        }

        Assert.Equal(PerMinute, passed);
    }

    [Fact]
    public async Task Https_is_trusted_from_a_named_proxy_only_and_a_foreign_host_from_no_proxy()
    {
        await using var site = new PyboSite().WithSetting("Pybo:KnownProxies", Proxy).Listen();
        await AssertHttpsIsTheProxysAsync(site.Address);
    }

    [Theory]
    [InlineData("loopback")]
    [InlineData("LOOPBACK,unix")]
    [InlineData("::ffff:127.0.0.2")]
    [InlineData("127.0.0.0/30")]
    public async Task Proxies_are_named_by_keyword_by_network_or_as_IPv6(string proxies)
    {
        await using var site = Limited(proxies);
        using var proxy = Client(site.Address, Proxy);
        Assert.Equal(PerMinute * 2, await PassedAsync(proxy, i => $"203.0.{i}.1"));
    }

    [Fact]
    public async Task A_list_in_the_settings_file_counts_as_well()
    {
        await using var site = new PyboSite().WithSetting("Pybo:RequestsPerMinute", $"{PerMinute}").WithSetting("Pybo:KnownProxies:0", "10.1.2.3").WithSetting("Pybo:KnownProxies:1", Proxy).Listen();
        using var proxy = Client(site.Address, Proxy);
        Assert.Equal(PerMinute * 2, await PassedAsync(proxy, i => $"203.0.{i}.1"));
    }

    [Theory]
    [InlineData("nginx")]
    [InlineData("10.0.0.256")]
    [InlineData("10.0.0.1/8")]
    [InlineData("010.0.0.1")]
    [InlineData("1")]
    [InlineData("0.0.0.0/0")]
    [InlineData("::/0")]
    [InlineData("::ffff:0.0.0.0/96")]
    [InlineData("127.0.0.1,*")]
    public void A_wrong_setting_is_refused_and_its_word_named(string proxies)
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection([new("Pybo:KnownProxies", proxies)]).Build();
        var refused = Assert.Throws<OptionsValidationException>(() => KnownProxies.Read(settings.GetSection("Pybo:KnownProxies")));
        Assert.Contains($"“{proxies.Split(',')[^1]}”은(는) 프록시의 주소가 아닙니다", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_site_with_a_wrong_setting_does_not_start()
    {
        await using var terminal = new TestTerminal();
        var refused = await terminal.RunAsync("serve", "--urls", "http://127.0.0.1:0", "--Pybo:KnownProxies=nginx");
        Assert.Equal(1, refused.Code);
        Assert.Contains("“nginx”은(는) 프록시의 주소가 아닙니다", refused.Error, StringComparison.Ordinal);
        var english = await terminal.RunAsync("serve", "--urls", "http://127.0.0.1:0", "--Pybo:KnownProxies=nginx", "--Pybo:Language=en");
        Assert.Contains("“nginx” in Pybo:KnownProxies is not a proxy’s address", english.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("unix", true)]
    [InlineData("loopback", false)]
    public async Task A_connection_over_a_socket_file_is_trusted_if_it_is_named(string proxies, bool isBelieved)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Sockets as files are for Unix here");
        await using var site = Unstarted(proxies);
        var socket = Path.Combine(Path.GetDirectoryName(site.DatabaseFile)!, "s");
        site.UseKestrel(kestrel => kestrel.ListenUnixSocket(socket));
        site.StartServer();
        using var proxy = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (_, ct) =>
            {
                var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), ct);
                return new NetworkStream(connection, ownsSocket: true);
            },
        })
        { BaseAddress = new("http://localhost") };
        Assert.Equal(isBelieved ? PerMinute * 2 : PerMinute, await PassedAsync(proxy, i => $"203.0.{i}.1"));
    }

    private static PyboSite Limited(string proxies) => Unstarted(proxies).Listen();

    private static PyboSite Unstarted(string proxies) => new PyboSite().WithSetting("Pybo:RequestsPerMinute", $"{PerMinute}").WithSetting("Pybo:KnownProxies", proxies);

    /// <summary>Returns how many requests of one visitor pass who forges an address for each.</summary>
    private static async Task<int> ForgeAsync(HttpClient client)
    {
        var passed = 0;
        for (var i = 0; i < Forged; i++)
        {
            passed += await StatusAsync(client, $"198.51.{i / 250}.{(i % 250) + 1}") == HttpStatusCode.OK ? 1 : 0;
        }

        return passed;
    }

    /// <summary>Returns how many of six log-ins are refused.</summary>
    private static async Task<int> RefusedLogInsAsync(HttpClient client)
    {
        var refused = 0;
        for (var i = 1; i <= 6; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/account/login", UriKind.Relative)) { Headers = { { "X-Forwarded-For", $"198.51.100.{i}" } } };
            using var answer = await client.SendAsync(request);
            refused += answer.StatusCode == HttpStatusCode.TooManyRequests ? 1 : 0;
        }

        return refused;
    }

    private static async Task AssertHttpsIsTheProxysAsync(Uri site)
    {
        foreach (var (address, isSecure) in new[] { (Proxy, true), ("127.0.0.3", false) })
        {
            using var client = Client(site, address);
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/account/login", UriKind.Relative))
            {
                Headers = { { "X-Forwarded-For", "203.0.113.1" }, { "X-Forwarded-Proto", "https" }, { "X-Forwarded-Host", "evil.example" } },
            };
            using var answer = await client.SendAsync(request);
            Assert.Equal(isSecure, answer.Headers.GetValues("Set-Cookie").All(cookie => cookie.Contains("secure", StringComparison.OrdinalIgnoreCase)));
            Assert.DoesNotContain("evil.example", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    private static async Task<int> PassedAsync(HttpClient client, Func<int, string> forwardedFor)
    {
        var passed = 0;
        for (var i = 0; i < PerMinute * 2; i++)
        {
            passed += await StatusAsync(client, forwardedFor(i)) == HttpStatusCode.OK ? 1 : 0;
        }

        return passed;
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, string forwardedFor)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/account/login", UriKind.Relative));
        request.Headers.TryAddWithoutValidation("X-Forwarded-For", forwardedFor);
        using var answer = await client.SendAsync(request);
        return answer.StatusCode;
    }

    /// <summary>Connects from an address of this machine; Linux gives it a whole network.</summary>
    private static HttpClient Client(Uri site, string from) => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        ConnectCallback = async (target, ct) =>
        {
            var connection = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            connection.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
            await connection.ConnectAsync(IPAddress.Loopback, target.DnsEndPoint.Port, ct);
            return new NetworkStream(connection, ownsSocket: true);
        },
    })
    { BaseAddress = site };
}
