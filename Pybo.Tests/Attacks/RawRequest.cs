using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Pybo.Tests.Attacks;

/// <summary>A request byte by byte, as no framework's client would send it, and its answer.</summary>
internal sealed record RawRequest(int Status, string Text)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <param name="request">With <c>Connection: close</c>, or of HTTP/1.0: the answer ends with the connection.</param>
    public static async Task<RawRequest> SendAsync(Uri address, string request)
    {
        using var limit = new CancellationTokenSource(Patience);
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port, limit.Token);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes(request), limit.Token);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var text = await reader.ReadToEndAsync(limit.Token);
        return new(text.Split(' ') is [_, var status, ..] ? int.Parse(status, CultureInfo.InvariantCulture) : 0, text);
    }

    /// <summary>A header of the answer; null if it is missing.</summary>
    public string? Header(string name) => Text.Split("\r\n\r\n")[0].Split("\r\n")
        .Where(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase)).Select(line => line[(name.Length + 1)..].Trim()).FirstOrDefault();
}
