using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;
using Pybo.Data;
using Pybo.Pages.Security;

namespace Pybo.Pages.Account;

[Authorize]
[EnableRateLimiting(RequestLimits.LogIn)]
public sealed partial class Password(UserManager<User> users, SignInManager<User> signIn, ILogger<Password> log) : PageModel
{
    [BindProperty] public required Change Input { get; set; }

    public async Task<IActionResult> OnPostAsync()
    {
        if (!ModelState.IsValid)
        {
            return Page();
        }

        if (await users.GetUserAsync(User) is not { } user)
        {
            return Challenge();
        }

        var result = await users.ChangePasswordAsync(user, Input.Current, Input.New);
        if (!result.Succeeded)
        {
            foreach (var error in result.Errors)
            {
                ModelState.AddModelError(error.Code is nameof(IdentityErrorDescriber.PasswordMismatch) ? "Input.Current" : "Input.New", error.Description);
            }

            return Page();
        }

        // The stamp has changed: every other session ends, this one goes on with a new cookie.
        await signIn.RefreshSignInAsync(user);
        Changed(log, user.Id);
        TempData["Notice"] = "비밀번호를 바꾸었습니다. 다른 기기에서는 로그아웃되었습니다.";
        return LocalRedirect($"/users/{Uri.EscapeDataString(user.UserName!)}");
    }

    public sealed record Change
    {
        [Required(ErrorMessage = "지금 비밀번호는 필수입력 항목입니다."), DataType(DataType.Password)]
        public required string Current { get; init; }

        [Required(ErrorMessage = "새 비밀번호는 필수입력 항목입니다."), DataType(DataType.Password)]
        public required string New { get; init; }

        [Required(ErrorMessage = "새 비밀번호 확인은 필수입력 항목입니다."), DataType(DataType.Password), Compare(nameof(New), ErrorMessage = "비밀번호가 일치하지 않습니다")]
        public required string NewAgain { get; init; }
    }

    [LoggerMessage(LogLevel.Information, "Member {Id} changed the password.")]
    private static partial void Changed(ILogger logger, long id);
}
