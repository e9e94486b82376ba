using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;
using Pybo.Data;
using Pybo.Pages.Resources;
using Pybo.Pages.Security;

namespace Pybo.Pages.Account;

[EnableRateLimiting(RequestLimits.LogIn)]
public sealed partial class LogIn(PyboDb db, PendingActs pending, IOptions<PyboOptions> options, UserManager<User> users, SignInManager<User> signIn, PasswordWork passwords, ILogger<LogIn> log) : PageModel
{
    [BindProperty] public required Credentials Input { get; set; }

    [BindProperty(SupportsGet = true, Name = Accounts.NextParameter)] public string? Next { get; set; }

    /// <summary>What logging in finishes; null for nothing.</summary>
    public PendingAct? Pending => pending.Of(HttpContext);

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        if (!ModelState.IsValid)
        {
            return Page();
        }

        var (isTaken, member) = await FindMemberAsync(ct);
        if (!isTaken)
        {
            return this.QueueIsFull();
        }

        if (member is not null)
        {
            await signIn.SignInAsync(member, isPersistent: true);
            return await pending.ResumeAsync(this, db, member.Id, options.Value.Privileges, ct) ?? LocalRedirect(Url.IsLocalUrl(Next) ? Next : "/questions");
        }

        ModelState.AddModelError(string.Empty, AccountWords.LogInRefused);
        return Page();
    }

    /// <summary>
    /// An unknown name, a wrong password and a locked account get the same answer after the same work (one hash), so that existing names are not
    /// revealed. The page always says when accounts are locked, for members whose own account is.
    /// </summary>
    private async Task<(bool IsTaken, User? Member)> FindMemberAsync(CancellationToken ct)
    {
        using var turn = await passwords.TakeTurnAsync(ct);
        if (turn is null)
        {
            return (false, null);
        }

        var user = await users.FindByNameAsync(UserNameRules.Clean(Input.UserName));
        var check = await turn.CheckAsync(user, Input.Password);
        if (check is PasswordCheck.WrongAndLocked)
        {
            Locked(log, user!.Id);
        }

        return (true, check is PasswordCheck.Right ? user : null);
    }

    public sealed record Credentials
    {
        /// <summary>Longer than any name: decomposed Hangul takes three characters per syllable.</summary>
        private const int UserNameTypedMax = 4 * Data.User.UserNameMax;

        [Required(ErrorMessageResourceType = typeof(AccountWords), ErrorMessageResourceName = nameof(AccountWords.UserNameRequired)), StringLength(UserNameTypedMax)]
        public required string UserName { get; init; }

        [Required(ErrorMessageResourceType = typeof(AccountWords), ErrorMessageResourceName = nameof(AccountWords.PasswordRequired)), StringLength(PasswordRules.LengthMax), DataType(DataType.Password)]
        public required string Password { get; init; }
    }

    [LoggerMessage(LogLevel.Warning, "Member {Id} is locked after too many wrong passwords.")]
    private static partial void Locked(ILogger logger, long id);
}
