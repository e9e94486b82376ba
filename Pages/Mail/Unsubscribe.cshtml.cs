using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;
using Pybo.Data;
using Pybo.Pages.Security;

namespace Pybo.Pages.Mail;

/// <summary>Ends a member's mails by the link in each of them, without a log-in.</summary>
/// <remarks>The token in the address takes the place of antiforgery: a mail program posts without a cookie (RFC 8058), and only a mail contains the token.</remarks>
[IgnoreAntiforgeryToken]
[EnableRateLimiting(RequestLimits.LogIn)]
public sealed class Unsubscribe(PyboDb db, MailTokens tokens) : PageModel
{
    public const string Path = "/account/mail/end";

    [FromQuery(Name = "token")]
    public string Token { get; set; } = "";

    /// <summary>False if the token is not ours.</summary>
    public bool IsValid => tokens.Ended(Token) is not null;

    public bool IsEnded { get; private set; }

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        if (tokens.Ended(Token) is { } member)
        {
            await db.EndMailAsync(member, ct);
            IsEnded = true;
        }

        return Page();
    }
}
