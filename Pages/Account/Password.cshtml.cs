using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;
using Pybo.Data;
using Pybo.Pages.Resources;
using Pybo.Pages.Security;

namespace Pybo.Pages.Account;

[Authorize]
[EnableRateLimiting(RequestLimits.LogIn)]
public sealed partial class Password(PyboDb db, UserManager<User> users, SignInManager<User> signIn, PasswordWork passwords, ILogger<Password> log) : PageModel
{
    [BindProperty] public required Change Input { get; set; }

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        if (!ModelState.IsValid)
        {
            return Page();
        }

        if (await users.GetUserAsync(User) is not { } user)
        {
            return Challenge();
        }

        using (var turn = await passwords.TakeTurnAsync(ct))
        {
            if (turn is null)
            {
                return this.QueueIsFull();
            }

            if (!await MaySetAsync(turn, user))
            {
                return Page();
            }

            user.PasswordHash = await turn.HashAsync(user, Input.New);
        }

        // Correct passwords are not counted, and the member's row is written as it was read.
        (user.AccessFailedCount, user.LockoutEnd) = (0, null);
        if (!Show(await users.UpdateSecurityStampAsync(user), "Input.New"))
        {
            return Page();
        }

        // The new stamp ended every session; this one continues as a new one.
        await db.EndSessionsOfAsync(user.Id, exceptKeyHash: null, ct);
        await signIn.SignInAsync(user, isPersistent: true);
        Changed(log, user.Id);
        return this.Done(AccountWords.PasswordChanged, $"/users/{Uri.EscapeDataString(user.UserName!)}");
    }

    /// <summary>A wrong current password counts like a failed log-in, and a locked account gets the same refusal for any input: an open session must not help
    /// guess the password.</summary>
    private async Task<bool> MaySetAsync(PasswordWork.Turn turn, User user)
    {
        var check = await turn.CheckAsync(user, Input.Current);
        if (check is PasswordCheck.WrongAndLocked)
        {
            Locked(log, user.Id);
        }

        if (check is not PasswordCheck.Right)
        {
            return Show(IdentityResult.Failed(users.ErrorDescriber.PasswordMismatch()), "Input.Current");
        }

        var isAllowed = true;
        foreach (var rule in users.PasswordValidators)
        {
            isAllowed &= Show(await rule.ValidateAsync(users, user, Input.New), "Input.New");
        }

        return isAllowed;
    }

    private bool Show(IdentityResult result, string field)
    {
        foreach (var error in result.Errors)
        {
            ModelState.AddModelError(field, error.Description);
        }

        return result.Succeeded;
    }

    public sealed record Change
    {
        [Required(ErrorMessageResourceType = typeof(AccountWords), ErrorMessageResourceName = nameof(AccountWords.CurrentPasswordRequired)), StringLength(PasswordRules.LengthMax), DataType(DataType.Password)]
        public required string Current { get; init; }

        [Required(ErrorMessageResourceType = typeof(AccountWords), ErrorMessageResourceName = nameof(AccountWords.NewPasswordRequired)), DataType(DataType.Password)]
        public required string New { get; init; }

        [Required(ErrorMessageResourceType = typeof(AccountWords), ErrorMessageResourceName = nameof(AccountWords.NewPasswordAgainRequired)), DataType(DataType.Password), Compare(nameof(New), ErrorMessageResourceType = typeof(AccountWords), ErrorMessageResourceName = nameof(AccountWords.PasswordsDiffer))]
        public required string NewAgain { get; init; }
    }

    [LoggerMessage(LogLevel.Information, "Member {Id} changed the password.")]
    private static partial void Changed(ILogger logger, long id);

    [LoggerMessage(LogLevel.Warning, "Member {Id} is locked after too many wrong passwords.")]
    private static partial void Locked(ILogger logger, long id);
}
