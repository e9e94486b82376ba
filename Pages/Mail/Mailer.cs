using MailKit.Net.Smtp;
using Microsoft.Extensions.Options;
using MimeKit;
using Pybo.Data;
using Pybo.Rag.Outgoing;

namespace Pybo.Pages.Mail;

/// <summary>Sends mails through the operator's server.</summary>
public sealed class Mailer(IOptions<PyboOptions> options, OutgoingMail outgoing)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    /// <summary>Null unless a server is named and mail is switched on.</summary>
    internal MailSettings? Settings { get; } = outgoing.IsAllowed ? MailSettings.Of(options.Value) : null;

    /// <summary>Sends one mail.</summary>
    public async Task SendAsync(MimeMessage mail, CancellationToken ct)
    {
        await using var session = await ConnectAsync(ct);
        await session.SendAsync(mail, ct);
    }

    /// <summary>Connects for several mails.</summary>
    public async Task<Session> ConnectAsync(CancellationToken ct)
    {
        var settings = Settings ?? throw new OutgoingRefusedException(OutgoingPermissions.Refusal(OutgoingKind.Mail));
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Timeout);
        // Asking for revocations would contact machines that the operator has not named.
        var client = new SmtpClient { Timeout = (int)Timeout.TotalMilliseconds, CheckCertificateRevocation = false };
        try
        {
            var stream = await outgoing.ConnectAsync(settings.Server, limit.Token);
            await client.ConnectAsync(stream, settings.Server.Host, settings.Server.Port, settings.Security, limit.Token);
            if (settings.User.Length > 0)
            {
                await client.AuthenticateAsync(settings.User, settings.Password, limit.Token);
            }

            return new(client);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            client.Dispose();
            throw new TimeoutException($"{settings.Server} did not answer within {Timeout.TotalSeconds} seconds.");
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    /// <summary>An open connection to the mail server.</summary>
    public sealed class Session(SmtpClient client) : IAsyncDisposable
    {
        /// <exception cref="SmtpCommandException">The server refused the mail.</exception>
        public Task SendAsync(MimeMessage mail, CancellationToken ct) => client.SendAsync(mail, ct);

        public async ValueTask DisposeAsync()
        {
            using var limit = new CancellationTokenSource(Timeout);
            try
            {
                await client.DisconnectAsync(quit: true, limit.Token);
            }
            catch (Exception error) when (error is IOException or OperationCanceledException or MailKit.ProtocolException)
            {
                // The mails were accepted; a server that hangs up first takes nothing back.
            }

            client.Dispose();
        }
    }
}
