using System.Net;
using System.Net.Sockets;
using Pybo.Data;

namespace Pybo.Rag.Outgoing;

/// <summary>Resolves a host itself and connects only to addresses that it has checked, so a name cannot change to another machine in between.</summary>
/// <param name="named">Endpoints that may be internal, because the operator has named them.</param>
/// <param name="resolve">Name → addresses.</param>
/// <param name="connect">Address → stream.</param>
internal sealed class OutgoingGuard(
    HashSet<HostAndPort> named, Func<string, CancellationToken, Task<IPAddress[]>> resolve, Func<IPEndPoint, CancellationToken, Task<Stream>> connect)
{
    /// <summary>Names in these domains, and names without a dot, are never on the open internet.</summary>
    private static readonly string[] InternalDomains = [".localhost", ".local", ".internal", ".home.arpa"];

    /// <summary>Connects to an endpoint on the open internet, or one that was named.</summary>
    /// <exception cref="OutgoingRefusedException">The endpoint is internal.</exception>
    public async Task<Stream> ConnectAsync(HostAndPort place, CancellationToken ct)
    {
        var found = await FindAsync(place, ct);
        return await ConnectAsync(named.Contains(place) ? found : Open(found, place), place.Port, ct);
    }

    /// <summary>Connects to the operator's proxy, at any address.</summary>
    public async Task<Stream> ConnectToProxyAsync(HostAndPort place, CancellationToken ct) => await ConnectAsync(await FindAsync(place, ct), place.Port, ct);

    /// <summary>
    /// Checks an endpoint that a proxy will connect to. If this machine cannot resolve the name, the proxy decides, because it may know more; the
    /// machines it reaches are then its responsibility.
    /// </summary>
    /// <exception cref="OutgoingRefusedException">The endpoint is internal.</exception>
    public async Task CheckAsync(HostAndPort place, CancellationToken ct)
    {
        if (named.Contains(place))
        {
            return;
        }

        var name = place.Host.TrimEnd('.');
        if (!IPAddress.TryParse(name, out _) && (!name.Contains('.', StringComparison.Ordinal) || InternalDomains.Any(domain => name.EndsWith(domain, StringComparison.OrdinalIgnoreCase))))
        {
            throw Refused(place);
        }

        try
        {
            // The proxy chooses among them, so none may be internal.
            if ((await FindAsync(place, ct)).Any(IsInternal))
            {
                throw Refused(place);
            }
        }
        catch (SocketException)
        {
            // Behind such a proxy this machine often cannot resolve names of the open internet.
        }
    }

    /// <summary>Avoids the resolver's own errors for some addresses (0.0.0.0).</summary>
    private async Task<IPAddress[]> FindAsync(HostAndPort place, CancellationToken ct) =>
        IPAddress.TryParse(place.Host, out var address) ? [address] : await resolve(place.Host, ct);

    private static IPAddress[] Open(IPAddress[] found, HostAndPort place)
    {
        IPAddress[] open = [.. found.Where(address => !IsInternal(address))];
        return open.Length > 0 ? open : throw Refused(place);
    }

    private static bool IsInternal(IPAddress address) => InternalAddress.IsOne(address) || InternalAddress.IsNeighbour(address);

    private async Task<Stream> ConnectAsync(IPAddress[] addresses, int port, CancellationToken ct)
    {
        for (var at = 0; ; at++)
        {
            try
            {
                return await connect(new(addresses[at], port), ct);
            }
            catch (SocketException) when (at < addresses.Length - 1)
            {
                // The next one may be reachable: IPv6 often is not.
            }
        }
    }

    // The message omits the address found: otherwise a user could look up names of an internal network.
    private static OutgoingRefusedException Refused(HostAndPort place) =>
        new(Notice.Of(OutgoingProblem.Internal, place, PyboOptions.Section));
}
