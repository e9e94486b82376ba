using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Pybo.Data;
using Pybo.Pages.Resources;
using Pybo.Pages.Security;

namespace Pybo.Pages.Account;

[EnableRateLimiting(RequestLimits.LogIn)]
public sealed partial class SignUp(PyboDb db, PendingActs pending, IOptions<PyboOptions> options, UserManager<User> users, SignInManager<User> signIn, PasswordWork passwords, IdentityErrors errors, ILogger<SignUp> log) : PageModel
{
    [BindProperty] public required Draft Input { get; set; }

    /// <inheritdoc cref="LogIn.Pending"/>
    public PendingAct? Pending => pending.Of(HttpContext);

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        if (!ModelState.IsValid)
        {
            return Page();
        }

        var user = Data.User.Named(UserNameRules.Clean(Input.UserName), Input.Email.Trim());
        if (!await IsAcceptableAsync(user))
        {
            return Page();
        }

        // Hashing takes a large part of a second, so it runs before the single writer's turn.
        using (var turn = await passwords.TakeTurnAsync(ct))
        {
            if (turn is null)
            {
                return this.QueueIsFull();
            }

            user.PasswordHash = await turn.HashAsync(user, Input.Password);
        }

        if (!await AddAsync(user, ct))
        {
            return Page();
        }

        await signIn.SignInAsync(user, isPersistent: true);
        SignedUp(log, user.Id, user.IsAdministrator);
        this.Notify(user.IsAdministrator ? AccountWords.WelcomeFirst : AccountWords.Welcome);
        return await pending.ResumeAsync(this, db, user.Id, options.Value.Privileges, ct) ?? LocalRedirect("/questions");
    }

    private async Task<bool> IsAcceptableAsync(User user)
    {
        foreach (var rule in users.UserValidators)
        {
            Show(await rule.ValidateAsync(users, user));
        }

        if (ModelState.IsValid && ReservedNames.Contains(user.UserName!))
        {
            Show(IdentityResult.Failed(errors.ReservedUserName()));
        }

        foreach (var rule in users.PasswordValidators)
        {
            Show(await rule.ValidateAsync(users, user, Input.Password));
        }

        return ModelState.IsValid;
    }

    /// <summary>The transaction holds the write lock from its start, so that only one account is the first, and the second of two similar names sees the
    /// first.</summary>
    private async Task<bool> AddAsync(User user, CancellationToken ct)
    {
        await using var turn = await db.Database.BeginTransactionAsync(ct);
        user.IsAdministrator = !await db.Users.AnyAsync(ct);
        Show(await users.CreateAsync(user));
        if (ModelState.IsValid)
        {
            await turn.CommitAsync(ct);
        }

        return ModelState.IsValid;
    }

    private void Show(IdentityResult result)
    {
        foreach (var error in result.Errors)
        {
            var field = error.Code switch
            {
                _ when error.Code.Contains("UserName", StringComparison.Ordinal) => "Input.UserName",
                _ when error.Code.Contains("Email", StringComparison.Ordinal) => "Input.Email",
                _ when error.Code.Contains("Password", StringComparison.Ordinal) => "Input.Password",
                _ => string.Empty,
            };
            ModelState.AddModelError(field, error.Description);
        }
    }

    public sealed record Draft
    {
        [Required(ErrorMessageResourceType = typeof(AccountWords), ErrorMessageResourceName = nameof(AccountWords.UserNameRequired))]
        public required string UserName { get; init; }

        [Required(ErrorMessageResourceType = typeof(AccountWords), ErrorMessageResourceName = nameof(AccountWords.EmailRequired)), StringLength(Data.User.EmailMax), EmailAddress(ErrorMessageResourceType = typeof(AccountWords), ErrorMessageResourceName = nameof(AccountWords.InvalidEmail))]
        public required string Email { get; init; }

        [Required(ErrorMessageResourceType = typeof(AccountWords), ErrorMessageResourceName = nameof(AccountWords.PasswordRequired)), DataType(DataType.Password)]
        public required string Password { get; init; }

        [Required(ErrorMessageResourceType = typeof(AccountWords), ErrorMessageResourceName = nameof(AccountWords.PasswordAgainRequired)), DataType(DataType.Password), Compare(nameof(Password), ErrorMessageResourceType = typeof(AccountWords), ErrorMessageResourceName = nameof(AccountWords.PasswordsDiffer))]
        public required string PasswordAgain { get; init; }
    }

    [LoggerMessage(LogLevel.Information, "Member {Id} signed up (administrator: {IsAdministrator}).")]
    private static partial void SignedUp(ILogger logger, long id, bool isAdministrator);
}
