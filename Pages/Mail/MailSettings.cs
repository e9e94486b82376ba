using MailKit.Security;
using MimeKit;
using Pybo.Data;
using Pybo.Pages.Resources;
using Pybo.Rag.Outgoing;

namespace Pybo.Pages.Mail;

/// <summary>The settings of mail, read once they are valid.</summary>
internal sealed record MailSettings(HostAndPort Server, SecureSocketOptions Security, MailboxAddress From, string User, string Password, Uri Site)
{
    /// <summary>The usual port for submitting mail.</summary>
    private const int SubmissionPort = 587;

    /// <summary>Returns null if no server is named.</summary>
    public static MailSettings? Of(PyboOptions options) => options.MailServer.Length == 0 ? null : new(
        ServerOf(options.MailServer)!.Value,
        options.MailSecurity switch { "tls" => SecureSocketOptions.SslOnConnect, "none" => SecureSocketOptions.None, _ => SecureSocketOptions.StartTls },
        MailboxAddress.Parse(options.MailFrom), options.MailUser, options.MailPassword, SiteOf(options.Address)!);

    /// <summary>Reports errors in the settings to the operator.</summary>
    public static IEnumerable<string> Faults(PyboOptions options)
    {
        if (options.MailServer.Length == 0)
        {
            yield break;
        }

        if (ServerOf(options.MailServer) is null)
        {
            yield return TerminalWords.SettingMailServer.With(NameOf(nameof(options.MailServer)));
        }

        if (!MailboxAddress.TryParse(options.MailFrom, out var from) || from.Domain.Length == 0)
        {
            yield return TerminalWords.SettingMailFrom.With(NameOf(nameof(options.MailFrom)));
        }

        if (SiteOf(options.Address) is null)
        {
            yield return TerminalWords.SettingAddress.With(NameOf(nameof(options.Address)));
        }
    }

    /// <summary>Returns the absolute form of one of the site's addresses.</summary>
    public string Link(string path) => Site.AbsoluteUri.TrimEnd('/') + path;

    private static HostAndPort? ServerOf(string text) => HostAndPort.Parse(text) ?? HostAndPort.Parse($"{text}:{SubmissionPort}");

    private static Uri? SiteOf(string text) => Uri.TryCreate(text, UriKind.Absolute, out var site) && site is { Scheme: "http" or "https", Query: "", Fragment: "", UserInfo: "" } ? site : null;

    private static string NameOf(string setting) => $"{PyboOptions.Section}:{setting}";
}
