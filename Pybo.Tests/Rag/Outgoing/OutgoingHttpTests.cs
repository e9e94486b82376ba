using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;
using Pybo.Data;
using Pybo.Rag.Outgoing;
using Pybo.Tests.Rag.Models;

namespace Pybo.Tests.Rag.Outgoing;

/// <summary>Guarded clients, with a server on this machine that they must not reach, or must because it was named.</summary>
public sealed class OutgoingHttpTests
{
    private const string Open = "1.1.1.1";

    private static readonly IWebProxy NoProxy = new Proxies(_ => null);

    [Theory]
    // as browsers and C read IPv4: whole, octal, hexadecimal, short
    [InlineData("127.0.0.1")]
    [InlineData("2130706433")]
    [InlineData("0x7f000001")]
    [InlineData("0x7f.0.0.1")]
    [InlineData("0177.0.0.1")]
    [InlineData("017700000001")]
    [InlineData("127.1")]
    [InlineData("127.0.1")]
    [InlineData("0")]
    [InlineData("0.0.0.0")]
    // with a final dot, escaped, in full-width digits
    [InlineData("127.0.0.1.")]
    [InlineData("localhost.")]
    [InlineData("%6c%6f%63alhost")]
    [InlineData("１２７.0.0.1")]
    [InlineData("127。0。0。1")]
    // IPv6 and IPv4 within it
    [InlineData("[::1]")]
    [InlineData("[0:0:0:0:0:0:0:1]")]
    [InlineData("[::1%25lo]")]
    [InlineData("[::]")]
    [InlineData("[::ffff:127.0.0.1]")]
    [InlineData("[::ffff:7f00:1]")]
    [InlineData("[::127.0.0.1]")]
    [InlineData("[64:ff9b::7f00:1]")]
    [InlineData("[2002:7f00:1::]")]
    // names
    [InlineData("localhost")]
    [InlineData("LOCALHOST")]
    [InlineData("user:secret@localhost")]
    public async Task No_spelling_of_this_machine_is_reached(string host)
    {
        await using var hub = await TestHub.StartAsync();
        using var client = Client(new());
        var address = $"http://{host}:{hub.Address.Port}/";
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri))
        {
            return; // not even an address to .NET
        }

        // A name that the system cannot resolve is not reached either.
        var error = await Assert.ThrowsAnyAsync<Exception>(() => client.GetAsync(uri));

        Assert.True(error is OutgoingRefusedException or HttpRequestException { InnerException: SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData } }, error.ToString());
        Assert.Empty(hub.Requests);
    }

    [Fact]
    public async Task A_named_place_is_reached_on_its_port_only()
    {
        await using var hub = await TestHub.StartAsync();
        await using var other = await TestHub.StartAsync();
        using var client = Client(new() { InternalHosts = $"mirror.example:443, 127.0.0.1:{hub.Address.Port}" });

        using var answer = await client.GetAsync(hub.Address);
        var refused = await Assert.ThrowsAsync<OutgoingRefusedException>(() => client.GetAsync(other.Address));
        await Assert.ThrowsAsync<OutgoingRefusedException>(() => client.GetAsync(new Uri($"http://localhost:{hub.Address.Port}/")));

        Assert.Single(hub.Requests);
        Assert.Empty(other.Requests);
        Assert.Contains($"Pybo:InternalHosts에 127.0.0.1:{other.Address.Port}", refused.Said(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_disabled_request_is_not_sent_even_to_a_named_place()
    {
        await using var hub = await TestHub.StartAsync();
        var options = Options.Create(new PyboOptions { InternalHosts = $"127.0.0.1:{hub.Address.Port}" });
        var permissions = new OutgoingPermissions(options);
        using var client = new OutgoingHttp(permissions, options) { Proxy = NoProxy }.CreateClient(OutgoingKind.Models, [hub.Address], TimeSpan.FromMinutes(1));

        var refused = await Assert.ThrowsAsync<OutgoingRefusedException>(() => client.GetAsync(hub.Address));
        Assert.Contains("Pybo:Outgoing에 models", refused.Said(), StringComparison.Ordinal);
        Assert.Empty(hub.Requests);

        permissions.Permit(OutgoingKind.Models);
        (await client.GetAsync(hub.Address)).Dispose();
        Assert.Single(hub.Requests);
    }

    [Fact]
    public async Task A_rebinding_name_is_connected_to_the_checked_address()
    {
        var (asked, connected) = (0, new ConcurrentQueue<IPEndPoint>());
        using var client = Client(new(), _ => [IPAddress.Parse(Interlocked.Increment(ref asked) == 1 ? Open : "127.0.0.1")], connected);
        Uri address = new("http://rebound.example:8080/");

        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(address));
        Assert.Equal((1, new IPEndPoint(IPAddress.Parse(Open), 8080)), (asked, Assert.Single(connected)));

        await Assert.ThrowsAsync<OutgoingRefusedException>(() => client.GetAsync(address));
        Assert.Single(connected);
    }

    [Fact]
    public async Task Only_the_public_addresses_of_a_name_are_tried_and_all_of_them()
    {
        var connected = new ConcurrentQueue<IPEndPoint>();
        using var client = Client(new(), _ => [IPAddress.Parse("10.0.0.7"), IPAddress.Parse(Open), IPAddress.IPv6Loopback, IPAddress.Parse("2606:4700::1111")], connected);

        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(new Uri("http://mixed.example/")));

        Assert.Equal([Open, "2606:4700::1111"], connected.Select(to => to.Address.ToString()));
    }

    [Fact]
    public async Task A_redirect_is_not_followed_unseen()
    {
        await using var hub = await TestHub.StartAsync();
        hub.Instead = context =>
        {
            context.Response.Redirect("http://localhost:9/");
            return Task.FromResult(true);
        };
        using var client = Client(new() { InternalHosts = $"127.0.0.1:{hub.Address.Port}" });

        using var answer = await client.GetAsync(hub.Address);

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
    }

    [Theory]
    [InlineData("http://hub.example/file", true)] // unknown here: the proxy resolves it
    [InlineData("https://hub.example/file", true)]
    [InlineData("http://127.0.0.1:{0}/", false)]
    [InlineData("http://2130706433:{0}/", false)]
    [InlineData("http://[::ffff:127.0.0.1]:{0}/", false)]
    [InlineData("https://127.0.0.1:{0}/", false)]
    [InlineData("http://localhost:{0}/", false)]
    [InlineData("http://169.254.169.254/latest/meta-data/", false)]
    [InlineData("http://database/", false)]
    [InlineData("http://database./", false)]
    [InlineData("http://printer.local/", false)]
    [InlineData("http://metadata.google.internal/", false)]
    [InlineData("http://rebound.example/", false)] // one of its addresses is internal
    [InlineData("http://named.internal/", true)]
    public async Task A_proxy_is_used_except_for_internal_places(string target, bool isSent)
    {
        await using var proxy = await TestHub.StartAsync();
        proxy.Instead = context =>
        {
            context.Response.StatusCode = StatusCode(context.Request.Method);
            return Task.FromResult(true);
        };
        Uri uri = new(string.Format(null, target, proxy.Address.Port));
        using var client = Client(
            new() { InternalHosts = "named.internal:80" },
            host => host switch
            {
                "rebound.example" => [IPAddress.Parse(Open), IPAddress.Parse("10.0.0.7")],
                _ when IPAddress.TryParse(host, out var address) => [address],
                "localhost" => [IPAddress.Loopback],
                _ => throw new SocketException((int)SocketError.HostNotFound),
            },
            proxy: new Proxies(_ => proxy.Address));

        if (!isSent)
        {
            await Assert.ThrowsAsync<OutgoingRefusedException>(() => client.GetAsync(uri));
            Assert.Empty(proxy.Requests);
        }
        else if (uri.Scheme == "http")
        {
            (await client.GetAsync(uri)).Dispose();
            Assert.Equal(uri.AbsolutePath, Assert.Single(proxy.Requests).Path);
        }
        else
        {
            // The proxy was asked for a tunnel, and opens none.
            await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(uri));
            Assert.Single(proxy.Requests);
        }

        static int StatusCode(string method) => method == "CONNECT" ? 502 : 204;
    }

    [Fact]
    public async Task Requests_that_bypass_the_proxy_are_guarded_and_so_is_the_proxy_itself()
    {
        await using var proxy = await TestHub.StartAsync();
        await using var hub = await TestHub.StartAsync();
        using var client = Client(new(), proxy: new Proxies(uri => uri.Host == "127.0.0.1" ? null : proxy.Address));

        (await client.GetAsync(new Uri("http://hub.example/"))).Dispose();
        await Assert.ThrowsAsync<OutgoingRefusedException>(() => client.GetAsync(hub.Address));
        await Assert.ThrowsAsync<OutgoingRefusedException>(() => client.GetAsync(proxy.Address));

        Assert.Single(proxy.Requests);
        Assert.Empty(hub.Requests);
    }

    [Theory]
    [InlineData("models", "", null)]
    [InlineData(" MODELS ,models", "10.0.0.7:8080, mirror:443 [fd00::7]:1", null)]
    [InlineData("telegrams", "", "모르는 말이 있습니다: telegrams")]
    [InlineData("0", "", "모르는 말이 있습니다: 0")]
    [InlineData("models,everything", "", "everything")]
    [InlineData("", "mirror", "host:port가 아닌 것이 있습니다: mirror")]
    [InlineData("", "mirror:0", "mirror:0")]
    [InlineData("", "mirror:70000", "mirror:70000")]
    [InlineData("", "http://mirror:80", "http://mirror:80")]
    [InlineData("", "mirror:80/path", "mirror:80/path")]
    [InlineData("", "*:80", "*:80")]
    public void An_unknown_word_is_a_fault(string outgoing, string hosts, string? said)
    {
        var faults = OutgoingSettings.Faults(new() { Outgoing = outgoing, InternalHosts = hosts }).Select(fault => fault.Said()).ToList();
        if (said is null)
        {
            Assert.Empty(faults);
        }
        else
        {
            Assert.Contains(said, Assert.Single(faults), StringComparison.Ordinal);
        }
    }

    private static HttpClient Client(PyboOptions with, Func<string, IPAddress[]>? resolve = null, ConcurrentQueue<IPEndPoint>? connected = null, IWebProxy? proxy = null)
    {
        var options = Options.Create(new PyboOptions { Outgoing = "models", InternalHosts = with.InternalHosts });
        var outgoing = new OutgoingHttp(new(options), options)
        {
            Resolve = resolve is null ? Dns.GetHostAddressesAsync : (host, _) => Task.FromResult(resolve(host)),
            Connect = connected is null ? OutgoingConnection.OpenAsync : (to, _) =>
            {
                connected.Enqueue(to);
                throw new SocketException((int)SocketError.ConnectionRefused);
            },
            Proxy = proxy ?? NoProxy,
        };
        return outgoing.CreateClient(OutgoingKind.Models, [], TimeSpan.FromMinutes(1));
    }

    /// <summary>A proxy for some addresses; null for a direct connection.</summary>
    private sealed class Proxies(Func<Uri, Uri?> choose) : IWebProxy
    {
        public ICredentials? Credentials { get; set; }

        public Uri? GetProxy(Uri destination) => choose(destination);

        public bool IsBypassed(Uri host) => choose(host) is null;
    }
}
