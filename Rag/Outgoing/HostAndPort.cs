using System.Globalization;

namespace Pybo.Rag.Outgoing;

/// <summary>A network endpoint: the host as a <see cref="Uri"/> writes it, and the port.</summary>
internal readonly record struct HostAndPort(string Host, int Port)
{
    public static HostAndPort Of(Uri uri) => new(uri.IdnHost.ToLowerInvariant(), uri.Port);

    /// <summary>Parses <c>host:port</c>, <c>10.0.0.7:8080</c> or <c>[fd00::7]:8080</c>; returns null for anything else.</summary>
    public static HostAndPort? Parse(string text)
    {
        var colon = text.LastIndexOf(':');
        return colon > 0 && ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0
            && Uri.TryCreate($"http://{text}", UriKind.Absolute, out var uri) && uri is { AbsolutePath: "/", Query: "", Fragment: "", UserInfo: "" } && uri.Port == port
            ? Of(uri)
            : null;
    }

    public override string ToString() => Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}
