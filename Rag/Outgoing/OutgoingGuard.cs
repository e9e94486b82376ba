using System.Net;
using System.Net.Sockets;
using Pybo.Data;

namespace Pybo.Rag.Outgoing;

/// <summary>Finds the addresses of a host itself and connects to those only that it has looked at, so a name cannot mean another machine a moment later.</summary>
/// <param name="named">Places that may be internal, because the operator has named them.</param>
/// <param name="resolve">Name → addresses.</param>
/// <param name="connect">Address → stream.</param>
internal sealed class OutgoingGuard(
    HashSet<HostAndPort> named, Func<string, CancellationToken, Task<IPAddress[]>> resolve, Func<IPEndPoint, CancellationToken, Task<Stream>> connect)
{
    /// <summary>Names under these, and names without a dot, are never on the open internet.</summary>
    private static readonly string[] InternalDomains = [".localhost", ".local", ".internal", ".home.arpa"];

    /// <summary>Connects to a place on the open internet, or one that was named.</summary>
    /// <exception cref="OutgoingRefusedException">It is internal.</exception>
    public async Task<Stream> ConnectAsync(HostAndPort place, CancellationToken ct)
    {
        var found = await FindAsync(place, ct);
        return await ConnectAsync(named.Contains(place) ? found : Open(found, place), place.Port, ct);
    }

    /// <summary>Connects to a proxy of the operator's, wherever it is.</summary>
    public async Task<Stream> ConnectToProxyAsync(HostAndPort place, CancellationToken ct) => await ConnectAsync(await FindAsync(place, ct), place.Port, ct);

    /// <summary>
    /// Looks at a place that a proxy will connect to. A name that this machine does not know is left to the proxy, which is there to know more: which machines
    /// it reaches is then up to it.
    /// </summary>
    /// <exception cref="OutgoingRefusedException">It is internal.</exception>
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
            // The proxy takes which of them it likes, so none may be internal.
            if ((await FindAsync(place, ct)).Any(IsInternal))
            {
                throw Refused(place);
            }
        }
        catch (SocketException)
        {
            // Behind such a proxy this machine often knows no name of the open internet.
        }
    }

    /// <summary>The resolver would refuse some addresses (0.0.0.0) in words of its own.</summary>
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
                // The next one may be reachable: often IPv6 is not.
            }
        }
    }

    // The address that was found is left out: a user could ask after the names of an internal network.
    private static OutgoingRefusedException Refused(HostAndPort place) =>
        new(Notice.Of(OutgoingProblem.Internal, place, PyboOptions.Section));
}
