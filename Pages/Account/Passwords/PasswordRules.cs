using Microsoft.AspNetCore.Identity;
using Pybo.Data;

namespace Pybo.Pages.Account;

/// <summary>Checks the length and refuses passwords that are guessed early; no composition rules.</summary>
internal sealed class PasswordRules(IdentityErrors errors) : IPasswordValidator<User>
{
    public const int LengthMin = 8;

    /// <summary>Longer passwords are refused with a message, never truncated.</summary>
    public const int LengthMax = 128;

    private const string Site = "pybo";

    public Task<IdentityResult> ValidateAsync(UserManager<User> manager, User user, string? password) => Task.FromResult(password switch
    {
        { Length: > LengthMax } => IdentityResult.Failed(errors.PasswordTooLong()),
        { Length: >= LengthMin } when EasyPasswords.Contains(password, Own(user)) => IdentityResult.Failed(errors.PasswordTooCommon()),
        _ => IdentityResult.Success,
    });

    /// <summary>The name, its parts, the address, the part before its @, and the site.</summary>
    private static IEnumerable<string?> Own(User user) =>
        [user.UserName, .. user.UserName?.Split('_', '-', '.') ?? [], user.Email, user.Email?.Split('@')[0], Site];
}
