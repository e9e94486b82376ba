using MailKit.Net.Smtp;
using Microsoft.EntityFrameworkCore;
using Pybo.Data;

namespace Pybo.Pages.Mail;

/// <summary>Mails members their unread notifications. What was mailed is noted after the server took it: a crash may repeat a mail, but loses none.</summary>
internal sealed partial class MailWorker(IDbContextFactory<PyboDb> dbs, Mailer mailer, MailTokens tokens, TimeProvider time, ILogger<MailWorker> log) : BackgroundService
{
    /// <summary>Members looked at with one connection to the mail server.</summary>
    private const int AtOnceMax = 100;

    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan RestMax = TimeSpan.FromHours(1);

    /// <summary>Mails what is due now.</summary>
    /// <returns>The number of mails that the server took.</returns>
    internal async Task<int> SendAsync(CancellationToken ct)
    {
        if (mailer.Settings is not { } settings)
        {
            return 0;
        }

        await using var db = await dbs.CreateDbContextAsync(ct);
        var (mails, sent) = (new Mails(settings, tokens), 0);
        Mailer.Session? session = null;
        try
        {
            foreach (var due in await db.DueMailsAsync(time.GetUtcNow().UtcDateTime, AtOnceMax, ct))
            {
                var rows = (await db.NotificationsOfMailAsync(due, ct)).FindAll(row => MailChoice.Wants(due.Kinds, row.Kind));
                if (rows.Count == 0)
                {
                    await db.MailedAsync(due, at: null, ct);
                    continue;
                }

                session ??= await mailer.ConnectAsync(ct);
                sent += await SendAsync(db, session, mails, due, rows, ct) ? 1 : 0;
            }
        }
        finally
        {
            if (session is not null)
            {
                await session.DisposeAsync();
            }
        }

        return sent;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var rest = LookEvery;
        while (mailer.Settings is not null && !stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(rest, time, stoppingToken);
                if (await SendAsync(stoppingToken) is > 0 and var sent)
                {
                    Sent(log, sent);
                }

                rest = LookEvery;
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                // The server is away, or the disk is full: the notifications wait in their rows.
                rest = rest * 2 < RestMax ? rest * 2 : RestMax;
                NotSent(log, rest, error);
            }
        }
    }

    private async Task<bool> SendAsync(PyboDb db, Mailer.Session session, Mails mails, DueMail due, IReadOnlyList<NotificationRow> rows, CancellationToken ct)
    {
        var now = time.GetUtcNow().UtcDateTime;
        try
        {
            await session.SendAsync(mails.OfNotifications(due, rows), ct);
        }
        catch (SmtpCommandException refused) when (refused.ErrorCode == SmtpErrorCode.RecipientNotAccepted && (int)refused.StatusCode >= (int)SmtpStatusCode.SyntaxError)
        {
            Refused(log, due.UserId, (int)refused.StatusCode);
            await db.MailRefusedAsync(due, now, ct);
            return false;
        }

        await db.MailedAsync(due, now, ct);
        return true;
    }

    [LoggerMessage(LogLevel.Information, "{Count} mails sent.")]
    private static partial void Sent(ILogger logger, int count);

    [LoggerMessage(LogLevel.Warning, "The mail server refused the address of member {Id} ({Code}).")]
    private static partial void Refused(ILogger logger, long id, int code);

    [LoggerMessage(LogLevel.Warning, "Mails could not be sent; it is tried again in {Rest}.")]
    private static partial void NotSent(ILogger logger, TimeSpan rest, Exception error);
}
