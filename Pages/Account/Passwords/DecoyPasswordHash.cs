using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Pybo.Data;

namespace Pybo.Pages.Account;

/// <summary>A hash that matches no password, made with the site's own iteration count: checking it takes as long as checking a member's.</summary>
public sealed class DecoyPasswordHash(IOptions<PasswordHasherOptions> options)
{
    private readonly User decoy = new();
    private readonly string hash = new PasswordHasher(options).HashPassword(new User(), Guid.NewGuid().ToString());

    public PasswordVerificationResult Verify(IPasswordHasher<User> hasher, string password) => hasher.VerifyHashedPassword(decoy, hash, password);
}
