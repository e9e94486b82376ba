using System.Net;
using Microsoft.Extensions.Options;

namespace Pybo.Rag.Outgoing;

/// <summary>The one place that makes HTTP clients: each asks only while its kind is switched on, and only machines of the open internet or those that the operator has named.</summary>
/// <remarks>A test holds that no other code of the product opens a connection.</remarks>
public sealed class OutgoingHttp(OutgoingPermissions permissions, IOptions<PyboOptions> options)
{
    /// <summary>Of names: the system's, unless a test has one of its own.</summary>
    internal Func<string, CancellationToken, Task<IPAddress[]>> Resolve { get; init; } = Dns.GetHostAddressesAsync;

    internal Func<IPEndPoint, CancellationToken, Task<Stream>> Connect { get; init; } = OutgoingConnection.OpenAsync;

    /// <summary>From HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY, on Windows and macOS else from the system.</summary>
    internal IWebProxy Proxy { get; init; } = HttpClient.DefaultProxy;

    /// <param name="kind">What it is for.</param>
    /// <param name="named">Addresses that the operator, not a user, has named: each may be internal, on exactly its host and port.</param>
    /// <param name="connectTimeout">For finding and reaching a machine.</param>
    /// <returns>A client that follows no redirect by itself and keeps no cookies. Refusals are <see cref="OutgoingRefusedException"/>.</returns>
    public HttpClient CreateClient(OutgoingKind kind, IEnumerable<Uri> named, TimeSpan connectTimeout)
    {
        var guard = new OutgoingGuard([.. named.Select(HostAndPort.Of), .. OutgoingSettings.HostsOf(options.Value)], Resolve, Connect);
        return new(new OutgoingHandler(kind, permissions, guard, Proxy, connectTimeout));
    }
}
