using System.Collections.Concurrent;
using System.Net;

namespace Pybo.Rag.Outgoing;

/// <summary>Sends requests of one kind and checks each redirect again: directly through the guard, or by the operator's proxy after the guard has checked the
/// target.</summary>
internal sealed class OutgoingHandler : HttpMessageHandler
{
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);

    private readonly OutgoingKind kind;
    private readonly OutgoingPermissions permissions;
    private readonly OutgoingGuard guard;
    private readonly IWebProxy proxy;
    private readonly ConcurrentDictionary<HostAndPort, bool> proxies = [];
    private readonly HttpMessageInvoker direct;
    private readonly HttpMessageInvoker proxied;

    public OutgoingHandler(OutgoingKind kind, OutgoingPermissions permissions, OutgoingGuard guard, IWebProxy proxy, TimeSpan connectTimeout)
    {
        (this.kind, this.permissions, this.guard, this.proxy) = (kind, permissions, guard, proxy);
        direct = new(Handler(connectTimeout, null, guard.ConnectAsync));
        // A system's proxy may allow a direct connection, which is guarded like any other.
        proxied = new(Handler(connectTimeout, proxy, (place, ct) => proxies.ContainsKey(place) ? guard.ConnectToProxyAsync(place, ct) : guard.ConnectAsync(place, ct)));
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (!permissions.Allows(kind))
        {
            throw new OutgoingRefusedException(OutgoingPermissions.Refusal(kind));
        }

        // HTTP/3 connections do not use the connect callback.
        request.VersionPolicy = HttpVersionPolicy.RequestVersionOrLower;
        request.Version = request.Version > HttpVersion.Version20 ? HttpVersion.Version20 : request.Version;
        try
        {
            return await (await IsProxiedAsync(request.RequestUri!, cancellationToken) ? proxied : direct).SendAsync(request, cancellationToken);
        }
        catch (HttpRequestException error) when (error.InnerException is OutgoingRefusedException refused)
        {
            throw refused;
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            direct.Dispose();
            proxied.Dispose();
        }

        base.Dispose(disposing);
    }

    private async Task<bool> IsProxiedAsync(Uri uri, CancellationToken ct)
    {
        if (proxy.IsBypassed(uri) || proxy.GetProxy(uri) is not { } by || by == uri)
        {
            return false;
        }

        await guard.CheckAsync(HostAndPort.Of(uri), ct);
        proxies.TryAdd(HostAndPort.Of(by), true);
        return true;
    }

    private static SocketsHttpHandler Handler(TimeSpan connectTimeout, IWebProxy? proxy, Func<HostAndPort, CancellationToken, Task<Stream>> connect) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        PooledConnectionLifetime = ConnectionLifetime,
        ConnectTimeout = connectTimeout,
        UseProxy = proxy is not null,
        Proxy = proxy,
        ConnectCallback = async (context, ct) => await connect(new(context.DnsEndPoint.Host.ToLowerInvariant(), context.DnsEndPoint.Port), ct),
    };
}
