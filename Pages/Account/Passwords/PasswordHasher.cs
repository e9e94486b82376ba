using System.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Pybo.Data;

namespace Pybo.Pages.Account;

/// <summary>Identity's PBKDF2 over the NFKC form: a Korean password typed on a Mac (which may send Jamo) equals the same one typed on Windows.</summary>
internal sealed class PasswordHasher(IOptions<PasswordHasherOptions> options) : PasswordHasher<User>(options)
{
    public override string HashPassword(User user, string password) => base.HashPassword(user, password.Normalized(NormalizationForm.FormKC));

    public override PasswordVerificationResult VerifyHashedPassword(User user, string hashedPassword, string providedPassword) =>
        base.VerifyHashedPassword(user, hashedPassword, providedPassword.Normalized(NormalizationForm.FormKC));
}
