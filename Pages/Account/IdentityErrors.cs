using Microsoft.AspNetCore.Identity;
using Pybo.Data;
using Pybo.Pages.Resources;

namespace Pybo.Pages.Account;

/// <summary>Identity's messages on our pages, in the reader's language; the codes determine their field.</summary>
public sealed class IdentityErrors : IdentityErrorDescriber
{
    public override IdentityError DefaultError() => Error(nameof(DefaultError), AccountWords.Failed);

    public override IdentityError ConcurrencyFailure() => Error(nameof(ConcurrencyFailure), AccountWords.ConcurrencyFailure);

    public override IdentityError DuplicateUserName(string userName) => Error(nameof(DuplicateUserName), AccountWords.DuplicateUserName);

    public override IdentityError InvalidUserName(string? userName) =>
        Error(nameof(InvalidUserName), AccountWords.InvalidUserName);

    public IdentityError UserNameLength() =>
        Error(nameof(InvalidUserName), AccountWords.UserNameLength.With(User.UserNameMin, User.UserNameMax));

    public IdentityError MixedScripts() => Error(nameof(InvalidUserName), AccountWords.MixedScripts);

    public IdentityError LooksLikeAnother() => Error(nameof(InvalidUserName), AccountWords.LooksLikeAnother);

    public IdentityError ReservedUserName() => Error(nameof(InvalidUserName), AccountWords.ReservedUserName);

    public override IdentityError InvalidEmail(string? email) => Error(nameof(InvalidEmail), AccountWords.InvalidEmail);

    public override IdentityError PasswordMismatch() => Error(nameof(PasswordMismatch), AccountWords.PasswordMismatch);

    public override IdentityError PasswordTooShort(int length) => Error(nameof(PasswordTooShort), AccountWords.PasswordTooShort.With(length));

    public IdentityError PasswordTooLong() => Error(nameof(PasswordTooLong), AccountWords.PasswordTooLong.With(PasswordRules.LengthMax));

    public IdentityError PasswordTooCommon() => Error(nameof(PasswordTooCommon), AccountWords.PasswordTooCommon);

    private static IdentityError Error(string code, string description) => new() { Code = code, Description = description };
}
