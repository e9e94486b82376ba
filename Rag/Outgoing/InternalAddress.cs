using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Pybo.Rag.Outgoing;

/// <summary>Distinguishes addresses of the open internet from all others: this machine, private networks, a cloud's metadata, multicast, and reserved
/// ones.</summary>
/// <remarks>
/// Checks the bytes of the address that is connected to, so its spelling (decimal, octal, hexadecimal, zone, mapped) makes no difference. The blocks
/// are those that IANA's two registries of special-purpose addresses do not call globally reachable; in IPv6 only global unicast is open at all.
/// </remarks>
internal static class InternalAddress
{
    private static readonly IPNetwork[] Version4 =
    [
        .. new[]
        {
            "0.0.0.0/8", // this network; Linux treats 0.0.0.0 as this machine
            "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", // private
            "100.64.0.0/10", // shared with a carrier; Alibaba's metadata
            "127.0.0.0/8", // this machine
            "169.254.0.0/16", // link-local; the metadata of most clouds
            "168.63.129.16/32", // Azure's own services: the address looks public, but only Azure's machines reach it
            "192.0.0.0/24", // protocols; Oracle's metadata
            "192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", // documentation
            "192.88.99.0/24", // 6to4 relays, withdrawn
            "198.18.0.0/15", // benchmarks; the made-up addresses of some proxies
            "224.0.0.0/4", "240.0.0.0/4", // multicast; reserved, broadcast
        }.Select(IPNetwork.Parse),
    ];

    private static readonly IPNetwork GlobalUnicast = IPNetwork.Parse("2000::/3");

    private static readonly IPNetwork[] Version6 =
    [
        .. new[]
        {
            "2001::/23", // protocols, Teredo among them, which carries an IPv4 address
            "2001:db8::/32", "3fff::/20", // documentation
            "2002::/16", // 6to4, withdrawn; carries an IPv4 address
        }.Select(IPNetwork.Parse),
    ];

    /// <summary>A gateway forwards traffic for this prefix to the IPv4 address in the last four bytes.</summary>
    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");

    /// <summary>A shorter prefix on an interface is a tunnel for all traffic, not a network of one's own.</summary>
    private const int OwnPrefixMin4 = 16;

    private const int OwnPrefixMin6 = 48;

    public static bool IsOne(IPAddress address)
    {
        if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            return Version4.Any(network => network.Contains(address));
        }

        return address.IsIPv4MappedToIPv6 ? IsOne(address.MapToIPv4())
            : Nat64.Contains(address) ? IsOne(new IPAddress(address.GetAddressBytes().AsSpan(12)))
            : !GlobalUnicast.Contains(address) || Version6.Any(network => network.Contains(address));
    }

    /// <summary>Whether the address is this machine or in the same network: IPv6 neighbours have public addresses too.</summary>
    public static bool IsNeighbour(IPAddress address) => NetworkInterface.GetAllNetworkInterfaces()
        .SelectMany(link => link.GetIPProperties().UnicastAddresses)
        .Any(own => own.Address.AddressFamily == address.AddressFamily && (own.Address.Equals(address) || IsSameNetwork(own, address)));

    private static bool IsSameNetwork(UnicastIPAddressInformation own, IPAddress address) =>
        own.PrefixLength >= (address.AddressFamily == AddressFamily.InterNetwork ? OwnPrefixMin4 : OwnPrefixMin6)
        && NetworkOf(own.Address, own.PrefixLength) == NetworkOf(address, own.PrefixLength);

    private static IPNetwork NetworkOf(IPAddress address, int prefixLength)
    {
        var bytes = address.GetAddressBytes();
        for (var bit = prefixLength; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        }

        return new(new IPAddress(bytes), prefixLength);
    }
}
