using System.Globalization;
using System.Net;
using System.Text;
using MimeKit;
using MimeKit.Utils;
using Pybo.Data;
using Pybo.Pages.Resources;
using NotificationList = Pybo.Pages.Notifications.Index;

namespace Pybo.Pages.Mail;

/// <summary>Writes the site's mails, each as plain text and as HTML without styles or pictures.</summary>
internal sealed class Mails(MailSettings settings, MailTokens tokens)
{
    /// <summary>Notifications listed in one mail; the rest are counted.</summary>
    public const int ListedMax = 20;

    /// <summary>Asks a member whether an address is theirs, in the language of the page.</summary>
    public MimeMessage Confirmation(User member)
    {
        var link = settings.Link(Address.Of(Confirm.Path, ("token", tokens.Confirm(member.Id, member.NormalizedEmail!))));
        var text = AccountWords.ConfirmMailText.With(member.UserName);
        var end = AccountWords.ConfirmMailEnd.With(MailTokens.ConfirmationLifetime.Days);
        return Mail(member.UserName!, member.Email!, AccountWords.ConfirmMailSubject, [text, link, end], $"<p>{Html(text)}</p><p><a href=\"{Html(link)}\">{Html(AccountWords.ConfirmMailLink)}</a></p><p>{Html(end)}</p>");
    }

    /// <summary>Tells a member what happened, in their language.</summary>
    public MimeMessage OfNotifications(DueMail due, IReadOnlyList<NotificationRow> rows)
    {
        var (culture, ui) = (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture);
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = Languages.Of(CultureInfo.GetCultureInfo(due.Language));
            return InLanguage(due, rows);
        }
        finally
        {
            (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (culture, ui);
        }
    }

    private MimeMessage InLanguage(DueMail due, IReadOnlyList<NotificationRow> rows)
    {
        var lines = new List<string>();
        var html = new StringBuilder();
        foreach (var row in rows.Take(ListedMax))
        {
            var (sentence, link) = (NotificationList.Sentence(row), settings.Link(NotificationList.AddressOf(row)));
            lines.Add($"{sentence}\n{row.QuestionTitle}\n{link}");
            html.Append(CultureInfo.InvariantCulture, $"<p>{Html(sentence)}<br><a href=\"{Html(link)}\">{Html(row.QuestionTitle)}</a></p>");
        }

        if (rows.Count > ListedMax)
        {
            var more = AccountWords.MoreNotifications.Count(rows.Count - ListedMax);
            lines.Add($"{more}\n{settings.Link(NotificationList.Path)}");
            html.Append(CultureInfo.InvariantCulture, $"<p><a href=\"{Html(settings.Link(NotificationList.Path))}\">{Html(more)}</a></p>");
        }

        var (choices, end) = (settings.Link(Choices.Path), settings.Link(Address.Of(Unsubscribe.Path, ("token", tokens.End(due.UserId)))));
        lines.Add($"{AccountWords.MailReason}\n{AccountWords.MailChoices}: {choices}\n{AccountWords.MailEnd}: {end}");
        html.Append(CultureInfo.InvariantCulture, $"<hr><p>{Html(AccountWords.MailReason)}<br><a href=\"{Html(choices)}\">{Html(AccountWords.MailChoices)}</a> · <a href=\"{Html(end)}\">{Html(AccountWords.MailEnd)}</a></p>");
        var subject = rows.Count == 1 ? $"{NotificationList.Sentence(rows[0])} {rows[0].QuestionTitle}" : AccountWords.NotificationsSubject.Count(rows.Count);
        var mail = Mail(due.Name, due.Address, subject, lines, html.ToString());
        // RFC 8058: the reader's mail program offers one button, which posts to the address.
        mail.Headers.Add(HeaderId.ListUnsubscribe, $"<{end}>");
        mail.Headers.Add("List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
        return mail;
    }

    private MimeMessage Mail(string name, string address, string subject, IEnumerable<string> lines, string html)
    {
        var mail = new MimeMessage { Subject = $"[Pybo] {subject}", MessageId = MimeUtils.GenerateMessageId(settings.From.Domain) };
        mail.From.Add(settings.From);
        mail.To.Add(new MailboxAddress(name, address));
        mail.Headers.Add(HeaderId.AutoSubmitted, "auto-generated");
        mail.Body = new BodyBuilder { TextBody = string.Join("\n\n", lines) + "\n", HtmlBody = $"<!DOCTYPE html><html lang=\"{CultureInfo.CurrentUICulture.Name}\"><body>{html}</body></html>" }.ToMessageBody();
        return mail;
    }

    private static string Html(string text) => WebUtility.HtmlEncode(text);
}
