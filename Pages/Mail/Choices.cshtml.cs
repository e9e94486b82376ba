using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Net.Sockets;
using MailKit;
using MailKit.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;
using Pybo.Data;
using Pybo.Pages.Account;
using Pybo.Pages.Resources;
using Pybo.Pages.Security;

namespace Pybo.Pages.Mail;

/// <summary>What the member wants mailed, and to which address.</summary>
[Authorize]
[EnableRateLimiting(RequestLimits.LogIn)]
public sealed partial class Choices(PyboDb db, UserManager<User> users, PasswordWork passwords, Mailer mailer, MailTokens tokens, TimeProvider time, ILogger<Choices> log) : PageModel
{
    public const string Path = "/account/mail";

    /// <summary>The kinds in the order of the form.</summary>
    internal static readonly IReadOnlyList<(NotificationKind Kind, Func<string> Label)> Kinds =
    [
        (NotificationKind.Answered, () => AccountWords.MailAnswered), (NotificationKind.Commented, () => AccountWords.MailCommented),
        (NotificationKind.Mentioned, () => AccountWords.MailMentioned), (NotificationKind.Accepted, () => AccountWords.MailAccepted),
        (NotificationKind.Asked, () => AccountWords.MailAsked), (NotificationKind.MemberAsked, () => AccountWords.MailMemberAsked),
        (NotificationKind.Edited, () => AccountWords.MailEdited), (NotificationKind.Closed, () => AccountWords.MailClosed),
        (NotificationKind.Merged, () => AccountWords.MailMerged),
    ];

    /// <summary>False if the site sends no mails.</summary>
    public bool IsOn => mailer.Settings is not null;

    public User Member { get; private set; } = null!;

    /// <summary>What the member has chosen; until then everything is ticked, and nothing is mailed.</summary>
    public MailChoice? Choice { get; private set; }

    /// <summary>True if the mail server refused the address until mails were ended.</summary>
    public bool IsRefused => Choice?.Refusals >= MailChoice.RefusalsMax;

    public NewAddress Input { get; private set; } = new();

    public async Task<IActionResult> OnGetAsync(CancellationToken ct) => await ReadAsync(ct) ? Page() : Challenge();

    public async Task<IActionResult> OnPostAsync([FromForm] MailFrequency frequency, [FromForm] List<NotificationKind> kinds, CancellationToken ct)
    {
        if (!IsOn || !ModelState.IsValid || !Enum.IsDefined(frequency) || !kinds.TrueForAll(Enum.IsDefined))
        {
            return BadRequest();
        }

        if (!await ReadAsync(ct))
        {
            return Challenge();
        }

        await db.ChooseMailAsync(Member.Id, frequency, MailChoice.KindsOf(kinds), CultureInfo.CurrentUICulture.Name, ct);
        return frequency == MailFrequency.Never || Member.EmailConfirmed ? this.Done(AccountWords.MailSaved, Path) : await ConfirmAsync(ct);
    }

    /// <summary>Sends the confirmation again.</summary>
    public async Task<IActionResult> OnPostConfirmAsync(CancellationToken ct)
    {
        if (!IsOn)
        {
            return BadRequest();
        }

        return !await ReadAsync(ct) ? Challenge() : Member.EmailConfirmed ? LocalRedirect(Path) : await ConfirmAsync(ct);
    }

    /// <summary>Changes the address. The password is asked for, because an address may give access to the account.</summary>
    public async Task<IActionResult> OnPostAddressAsync([FromForm(Name = nameof(Input))] NewAddress input, CancellationToken ct)
    {
        if (!IsOn)
        {
            return BadRequest();
        }

        if (!await ReadAsync(ct))
        {
            return Challenge();
        }

        Input = input;
        if (!ModelState.IsValid)
        {
            return Page();
        }

        using (var turn = await passwords.TakeTurnAsync(ct))
        {
            if (turn is null)
            {
                return this.QueueIsFull();
            }

            if (await turn.CheckAsync(Member, input.Password) is not PasswordCheck.Right)
            {
                ModelState.AddModelError("Input.Password", users.ErrorDescriber.PasswordMismatch().Description);
                return Page();
            }
        }

        await db.ChangeAddressAsync(Member.Id, input.Email.Trim(), users.NormalizeEmail(input.Email.Trim()), ct);
        Changed(log, Member.Id);
        return await ReadAsync(ct) ? await ConfirmAsync(ct) : Challenge();
    }

    private async Task<bool> ReadAsync(CancellationToken ct)
    {
        if (await db.MailMemberAsync(User.MemberId!.Value, ct) is not { } member)
        {
            return false;
        }

        (Member, Choice) = (member, await db.MailChoiceAsync(member.Id, ct));
        return true;
    }

    private async Task<IActionResult> ConfirmAsync(CancellationToken ct)
    {
        if (await db.MailChoiceAsync(Member.Id, ct) is null)
        {
            await db.ChooseMailAsync(Member.Id, MailFrequency.Never, MailChoice.KindsOf(Kinds.Select(kind => kind.Kind)), CultureInfo.CurrentUICulture.Name, ct);
        }

        if (!await db.TakeConfirmationAsync(Member.Id, time.GetUtcNow().UtcDateTime, ct))
        {
            return this.Refuse(AccountWords.ConfirmMailTooSoon.With(Member.Email, MailQueries.ConfirmationEvery.Minutes), Path);
        }

        try
        {
            await mailer.SendAsync(new Mails(mailer.Settings!, tokens).Confirmation(Member), ct);
            return this.Done(AccountWords.ConfirmMailSent.With(Member.Email), Path);
        }
        catch (Exception error) when (error is IOException or SocketException or TimeoutException or ProtocolException or CommandException or AuthenticationException or SslHandshakeException or NotSupportedException)
        {
            NotSent(log, Member.Id, error);
            return this.Refuse(AccountWords.ConfirmMailFailed.With(Member.Email), Path);
        }
    }

    public sealed record NewAddress
    {
        [Required(ErrorMessageResourceType = typeof(AccountWords), ErrorMessageResourceName = nameof(AccountWords.EmailRequired)), StringLength(Data.User.EmailMax), EmailAddress(ErrorMessageResourceType = typeof(AccountWords), ErrorMessageResourceName = nameof(AccountWords.InvalidEmail))]
        public string Email { get; init; } = "";

        [Required(ErrorMessageResourceType = typeof(AccountWords), ErrorMessageResourceName = nameof(AccountWords.CurrentPasswordRequired)), StringLength(PasswordRules.LengthMax), DataType(DataType.Password)]
        public string Password { get; init; } = "";
    }

    [LoggerMessage(LogLevel.Information, "Member {Id} changed the address for mails.")]
    private static partial void Changed(ILogger logger, long id);

    [LoggerMessage(LogLevel.Warning, "The confirmation for member {Id} could not be mailed.")]
    private static partial void NotSent(ILogger logger, long id, Exception error);
}
