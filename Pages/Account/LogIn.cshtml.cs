using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;
using Pybo.Data;
using Pybo.Pages.Security;

namespace Pybo.Pages.Account;

[EnableRateLimiting(RequestLimits.LogIn)]
public sealed partial class LogIn(UserManager<User> users, SignInManager<User> signIn, NobodysPassword nobody, ILogger<LogIn> log) : PageModel
{
    public const string Refused = "아이디 또는 비밀번호가 올바르지 않습니다.";

    [BindProperty] public required Credentials Input { get; set; }

    [BindProperty(SupportsGet = true, Name = Accounts.NextParameter)] public string? Next { get; set; }

    public async Task<IActionResult> OnPostAsync()
    {
        if (!ModelState.IsValid)
        {
            return Page();
        }

        if (await IsMemberAsync(UserNameRules.Clean(Input.UserName), Input.Password))
        {
            return LocalRedirect(Url.IsLocalUrl(Next) ? Next : "/questions");
        }

        ModelState.AddModelError(string.Empty, Refused);
        return Page();
    }

    /// <summary>
    /// An unknown name, a wrong password and a locked account get the same answer after the same work (one hash), so that nobody learns which names exist.
    /// The page always says when accounts are locked, for those whose own account is.
    /// </summary>
    private async Task<bool> IsMemberAsync(string name, string password)
    {
        var user = await users.FindByNameAsync(name);
        if (user is null || await users.IsLockedOutAsync(user))
        {
            nobody.Verify(users.PasswordHasher, password);
            return false;
        }

        var result = await signIn.PasswordSignInAsync(user, password, isPersistent: true, lockoutOnFailure: true);
        if (result.IsLockedOut)
        {
            Locked(log, user.Id);
        }

        return result.Succeeded;
    }

    public sealed record Credentials
    {
        /// <summary>Longer than any name: decomposed Hangul takes three characters a syllable.</summary>
        private const int UserNameTypedMax = 4 * Data.User.UserNameMax;

        [Required(ErrorMessage = "사용자이름은 필수입력 항목입니다."), StringLength(UserNameTypedMax)]
        public required string UserName { get; init; }

        [Required(ErrorMessage = "비밀번호는 필수입력 항목입니다."), StringLength(PasswordRules.LengthMax), DataType(DataType.Password)]
        public required string Password { get; init; }
    }

    [LoggerMessage(LogLevel.Warning, "Member {Id} is locked after too many wrong passwords.")]
    private static partial void Locked(ILogger logger, long id);
}
