using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;
using Pybo.Data;
using Pybo.Pages.Resources;
using IPNetwork = System.Net.IPNetwork;

namespace Pybo.Pages.Security;

/// <summary>Trusts <c>X-Forwarded-For</c> and <c>X-Forwarded-Proto</c> only from the proxies that <c>Pybo:KnownProxies</c> names.</summary>
/// <remarks>
/// The framework's own switch, <c>ASPNETCORE_FORWARDEDHEADERS_ENABLED</c>, trusts everyone, so that any visitor could choose the address that limits
/// use: it has no effect here. <c>X-Forwarded-Host</c> is not read at all; a proxy forwards the <c>Host</c> it received.
/// </remarks>
internal static partial class KnownProxies
{
    private const string Loopback = "loopback";
    private const string Unix = "unix";
    private const string FrameworkSwitch = "ForwardedHeaders_Enabled";
    private const int MappedPrefixBits = 96;
    private static readonly char[] Separators = [',', ';', ' '];
    private static readonly IPNetwork[] LoopbackNetworks = [new(IPAddress.Parse("127.0.0.0"), 8), new(IPAddress.IPv6Loopback, 128)];

    /// <summary>No visitor has this address. The middleware treats an empty list as everyone.</summary>
    private static readonly IPNetwork Nobody = new(IPAddress.Broadcast, 32);

    public static IServiceCollection AddKnownProxies(this IServiceCollection services) =>
        services.PostConfigure<ForwardedHeadersOptions>(frameworks => frameworks.ForwardedHeaders = ForwardedHeaders.None);

    /// <summary>Must precede any middleware that reads the visitor's address or checks for https.</summary>
    /// <exception cref="OptionsValidationException">The setting contains something that is not an address.</exception>
    public static void UseKnownProxies(this WebApplication app)
    {
        var known = Read(app.Configuration.GetSection($"{PyboOptions.Section}:{nameof(PyboOptions.KnownProxies)}"));
        if (string.Equals(app.Configuration[FrameworkSwitch], "true", StringComparison.OrdinalIgnoreCase))
        {
            SwitchIgnored(app.Logger, $"{PyboOptions.Section}:{nameof(PyboOptions.KnownProxies)}");
        }

        if (known is { Networks.Count: 0, IncludesUnix: false })
        {
            return;
        }

        var options = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto,
            // Reads from the right while the previous hop is a known proxy. A visitor's own entries are left of the first proxy's.
            ForwardLimit = null,
        };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var network in known.Networks.DefaultIfEmpty(Nobody))
        {
            options.KnownIPNetworks.Add(network);
        }

        // A connection over a Unix socket has no address, and the middleware trusts connections without one.
        app.UseWhen(context => known.IncludesUnix || context.Connection.RemoteIpAddress is not null, branch => branch.UseForwardedHeaders(options));
    }

    /// <summary>Reads the setting from a single text or from a list in a settings file.</summary>
    /// <exception cref="OptionsValidationException">It contains something that is not an address.</exception>
    internal static (IReadOnlyList<IPNetwork> Networks, bool IncludesUnix) Read(IConfigurationSection setting)
    {
        List<IPNetwork> networks = [];
        var includesUnix = false;
        foreach (var word in setting.GetChildren().Select(child => child.Value).Prepend(setting.Value).SelectMany(text => (text ?? "").Split(Separators, StringSplitOptions.RemoveEmptyEntries)))
        {
            if (word.Equals(Unix, StringComparison.OrdinalIgnoreCase))
            {
                includesUnix = true;
                continue;
            }

            networks.AddRange(word.Equals(Loopback, StringComparison.OrdinalIgnoreCase) ? LoopbackNetworks : [Network(word) ?? throw Refused(setting.Path, word)]);
        }

        return (networks, includesUnix);
    }

    /// <summary>Parses an address or a network; returns null for anything else, and for a network of all addresses.</summary>
    private static IPNetwork? Network(string word)
    {
        var parts = word.Split('/');
        if (!IPAddress.TryParse(parts[0], out var address) || !IsPlain(address, parts[0]))
        {
            return null;
        }

        return parts.Length == 1 ? Plain(address, address.GetAddressBytes().Length * 8)
            : IPNetwork.TryParse(word, out var network) && network.BaseAddress.Equals(address) && network.PrefixLength > 0 ? Plain(address, network.PrefixLength)
            : null;
    }

    /// <summary><c>1</c>, <c>0x7f.1</c> and <c>010.0.0.1</c> (which is 8.0.0.1) are addresses to the parser but typing errors to a person.</summary>
    private static bool IsPlain(IPAddress address, string word) => address.AddressFamily != AddressFamily.InterNetwork || address.ToString() == word;

    /// <summary>Converts an IPv4 address written as IPv6 to IPv4, as the middleware sees connecting addresses.</summary>
    private static IPNetwork? Plain(IPAddress address, int prefixBits) => address.IsIPv4MappedToIPv6
        ? prefixBits > MappedPrefixBits ? new(address.MapToIPv4(), prefixBits - MappedPrefixBits) : null
        : new(address, prefixBits);

    private static OptionsValidationException Refused(string setting, string word) => new(setting, typeof(PyboOptions),
        [TerminalWords.WrongProxy.With(setting, word)]);

    [LoggerMessage(LogLevel.Warning, "ASPNETCORE_FORWARDEDHEADERS_ENABLED does nothing: X-Forwarded-For and X-Forwarded-Proto are believed from the proxies named in {Setting} only.")]
    private static partial void SwitchIgnored(ILogger logger, string setting);
}
