using System.Buffers;
using System.Globalization;
using System.Net;
using MimeKit;
using Pybo.Tests.Attacks;
using SmtpServer;
using SmtpServer.Authentication;
using SmtpServer.ComponentModel;
using SmtpServer.Mail;
using SmtpServer.Protocol;
using SmtpServer.Storage;

namespace Pybo.Tests.Pages.Mail;

/// <summary>A mail server on this machine that keeps what it is given.</summary>
internal sealed class TestMailServer : MessageStore, IMailboxFilter, IUserAuthenticator, IAsyncDisposable
{
    public const string Password = "메일-비밀번호";

    private readonly CancellationTokenSource stop = new();
    private readonly Lock gate = new();
    private readonly List<MimeMessage> mails = [];
    private readonly Task serving;

    public TestMailServer(bool needsPassword = false, int? port = null)
    {
        Port = port ?? int.Parse(AttackedSite.FreePort(), CultureInfo.InvariantCulture);
        var options = new SmtpServerOptionsBuilder().ServerName("localhost")
            .Endpoint(endpoint => endpoint.Endpoint(new IPEndPoint(IPAddress.Loopback, Port)).AuthenticationRequired(needsPassword).AllowUnsecureAuthentication(needsPassword)).Build();
        var services = new ServiceProvider();
        services.Add((IMessageStore)this);
        services.Add((IMailboxFilter)this);
        services.Add((IUserAuthenticator)this);
        serving = new SmtpServer.SmtpServer(options, services).StartAsync(stop.Token);
    }

    public int Port { get; }

    /// <summary>Addresses that it does not know.</summary>
    public HashSet<string> Unknown { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>How many recipients it was asked about.</summary>
    public int Asked { get; private set; }

    public IReadOnlyList<MimeMessage> Mails
    {
        get
        {
            lock (gate)
            {
                return [.. mails];
            }
        }
    }

    public override async Task<SmtpResponse> SaveAsync(ISessionContext context, IMessageTransaction transaction, ReadOnlySequence<byte> buffer, CancellationToken cancellationToken)
    {
        using var stream = new MemoryStream(buffer.ToArray());
        var mail = await MimeMessage.LoadAsync(stream, cancellationToken);
        lock (gate)
        {
            mails.Add(mail);
        }

        return SmtpResponse.Ok;
    }

    public Task<bool> CanAcceptFromAsync(ISessionContext context, IMailbox from, int size, CancellationToken cancellationToken) => Task.FromResult(true);

    public Task<bool> CanDeliverToAsync(ISessionContext context, IMailbox to, IMailbox from, CancellationToken cancellationToken)
    {
        Asked++;
        return Task.FromResult(!Unknown.Contains($"{to.User}@{to.Host}"));
    }

    public Task<bool> AuthenticateAsync(ISessionContext context, string user, string password, CancellationToken cancellationToken) => Task.FromResult(user == "board" && password == Password);

    public async ValueTask DisposeAsync()
    {
        if (!serving.IsCompleted)
        {
            await stop.CancelAsync();
            await serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            stop.Dispose();
        }
    }
}
