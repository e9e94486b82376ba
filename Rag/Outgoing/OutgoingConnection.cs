using System.Net;
using System.Net.Sockets;

namespace Pybo.Rag.Outgoing;

/// <summary>A TCP connection to an address, not to a name.</summary>
internal static class OutgoingConnection
{
    public static async Task<Stream> OpenAsync(IPEndPoint to, CancellationToken ct)
    {
        var socket = new Socket(to.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(to, ct);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
