using System.Net;
using Microsoft.Extensions.Options;
using Pybo.Data;

namespace Pybo.Rag.Outgoing;

/// <summary>The only place that creates HTTP clients: each sends only while its kind is switched on, and only to the open internet or to machines that the
/// operator has named.</summary>
/// <remarks>A test ensures that no other code of the product opens a connection.</remarks>
public sealed class OutgoingHttp(OutgoingPermissions permissions, IOptions<PyboOptions> options)
{
    /// <summary>The name resolver: the system's, unless a test replaces it.</summary>
    internal Func<string, CancellationToken, Task<IPAddress[]>> Resolve { get; init; } = Dns.GetHostAddressesAsync;

    internal Func<IPEndPoint, CancellationToken, Task<Stream>> Connect { get; init; } = OutgoingConnection.OpenAsync;

    /// <summary>From HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY; on Windows and macOS otherwise from the system.</summary>
    internal IWebProxy Proxy { get; init; } = HttpClient.DefaultProxy;

    /// <param name="kind">The purpose of the requests.</param>
    /// <param name="named">Addresses that the operator, not a user, has named: each may be internal, on exactly its host and port.</param>
    /// <param name="connectTimeout">The limit for resolving and connecting.</param>
    /// <returns>A client that follows no redirects itself and keeps no cookies. Refusals are <see cref="OutgoingRefusedException"/>.</returns>
    public HttpClient CreateClient(OutgoingKind kind, IEnumerable<Uri> named, TimeSpan connectTimeout)
    {
        var guard = new OutgoingGuard([.. named.Select(HostAndPort.Of), .. OutgoingSettings.HostsOf(options.Value)], Resolve, Connect);
        return new(new OutgoingHandler(kind, permissions, guard, Proxy, connectTimeout));
    }
}
