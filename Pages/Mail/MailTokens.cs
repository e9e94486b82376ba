using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace Pybo.Pages.Mail;

/// <summary>The tokens in links of mails: only the person who was sent the mail has one.</summary>
public sealed class MailTokens(IDataProtectionProvider protection)
{
    public static readonly TimeSpan ConfirmationLifetime = TimeSpan.FromDays(2);

    private readonly ITimeLimitedDataProtector confirmation = protection.CreateProtector("Pybo.Mail.Confirmation").ToTimeLimitedDataProtector();
    private readonly IDataProtector end = protection.CreateProtector("Pybo.Mail.End");

    /// <summary>Makes a token that confirms a member's address, and no later one.</summary>
    public string Confirm(long userId, string normalizedAddress) => confirmation.Protect(string.Create(CultureInfo.InvariantCulture, $"{userId} {normalizedAddress}"), ConfirmationLifetime);

    /// <summary>Returns what <see cref="Confirm"/> was given; null if the token is not ours, or too old.</summary>
    public (long UserId, string NormalizedAddress)? Confirmed(string token) =>
        Read(confirmation, token)?.Split(' ', 2) is [var id, var address] ? (long.Parse(id, CultureInfo.InvariantCulture), address) : null;

    /// <summary>Makes a token that ends a member's mails. It never expires, because old mails are opened too.</summary>
    public string End(long userId) => end.Protect(userId.ToString(CultureInfo.InvariantCulture));

    /// <summary>Returns the member of <see cref="End"/>; null if the token is not ours.</summary>
    public long? Ended(string token) => Read(end, token) is { } id ? long.Parse(id, CultureInfo.InvariantCulture) : null;

    private static string? Read(IDataProtector protector, string token)
    {
        try
        {
            return protector.Unprotect(token);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
