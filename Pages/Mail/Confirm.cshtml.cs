using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;
using Pybo.Data;
using Pybo.Pages.Resources;
using Pybo.Pages.Security;

namespace Pybo.Pages.Mail;

/// <summary>The link of a confirmation mail. Opening it changes nothing, because mail filters open links too; its button confirms.</summary>
[EnableRateLimiting(RequestLimits.LogIn)]
public sealed class Confirm(PyboDb db, MailTokens tokens) : PageModel
{
    public const string Path = "/account/mail/confirm";

    [BindProperty(SupportsGet = true)]
    public string Token { get; set; } = "";

    /// <summary>The address as it is compared; null if the token is not valid.</summary>
    public string? NormalizedAddress => tokens.Confirmed(Token)?.NormalizedAddress;

    public async Task<IActionResult> OnPostAsync(CancellationToken ct) =>
        tokens.Confirmed(Token) is var (user, address) && await db.ConfirmAddressAsync(user, address, ct) ? this.Done(AccountWords.AddressConfirmed, User.MemberId is null ? "/questions" : Choices.Path)
            : this.Refuse(AccountWords.ConfirmLinkInvalid, User.MemberId is null ? "/questions" : Choices.Path);
}
