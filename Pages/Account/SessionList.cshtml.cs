using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Pybo.Data;
using Pybo.Pages.Resources;

namespace Pybo.Pages.Account;

/// <summary>Lists a member's sessions; each can be ended.</summary>
[Authorize]
public sealed class SessionList(PyboDb db, SignInManager<User> signIn, TimeProvider time) : PageModel
{
    public const string Path = "/account/sessions";

    public IReadOnlyList<ListedSession> Sessions { get; private set; } = [];

    public async Task OnGetAsync(CancellationToken ct) =>
        Sessions = await db.SessionsOfAsync(User.MemberId!.Value, User.SessionKeyHash!, time.GetUtcNow().UtcDateTime, ct);

    public async Task<IActionResult> OnPostEndAsync(long id, CancellationToken ct)
    {
        if (await db.EndSessionAsync(id, User.MemberId!.Value, ct) == 0)
        {
            return NotFound();
        }

        if (!await db.IsSessionLiveAsync(User.SessionKeyHash!, time.GetUtcNow().UtcDateTime, ct))
        {
            // The member ended the current session.
            await signIn.SignOutAsync();
            return LocalRedirect("/questions");
        }

        return this.Done(AccountWords.SessionEnded, Path);
    }

    public async Task<IActionResult> OnPostEndOthersAsync(CancellationToken ct)
    {
        await db.EndSessionsOfAsync(User.MemberId!.Value, User.SessionKeyHash, ct);
        return this.Done(AccountWords.OtherSessionsEnded, Path);
    }
}
