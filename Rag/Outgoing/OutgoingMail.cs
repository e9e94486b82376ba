using System.Net;
using System.Net.Sockets;

namespace Pybo.Rag.Outgoing;

/// <summary>Opens connections to the mail server, while mail is switched on. The operator has named it, so it may be on this machine or in its network.</summary>
public sealed class OutgoingMail(OutgoingPermissions permissions)
{
    public bool IsAllowed => permissions.Allows(OutgoingKind.Mail);

    /// <summary>Connects to the server, without any protection yet.</summary>
    /// <exception cref="OutgoingRefusedException">Mail is switched off.</exception>
    /// <exception cref="SocketException">The server does not answer.</exception>
    internal Task<Stream> ConnectAsync(HostAndPort server, CancellationToken ct) => IsAllowed
        ? new OutgoingGuard([server], Dns.GetHostAddressesAsync, OutgoingConnection.OpenAsync).ConnectAsync(server, ct)
        : throw new OutgoingRefusedException(OutgoingPermissions.Refusal(OutgoingKind.Mail));
}
