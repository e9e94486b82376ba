using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Pybo.Data;
using Pybo.Pages.Resources;

namespace Pybo.Pages.Following;

/// <summary>The tags and members whose new questions the member is told of: <c>/following</c>.</summary>
[Authorize]
public sealed class Index(PyboDb db, ILookupNormalizer normalizer) : PageModel
{
    private const string Here = "/following";

    public Followed Followed { get; private set; } = null!;

    public async Task OnGetAsync(CancellationToken ct) => Followed = await db.FollowedAsync(User.MemberId!.Value, ct);

    public async Task<IActionResult> OnPostUnfollowTagAsync([FromForm] string? tag, CancellationToken ct)
    {
        await db.UnfollowTagAsync(tag ?? "", User.MemberId!.Value, ct);
        return this.Done(BoardWords.Unfollowed, Here);
    }

    public async Task<IActionResult> OnPostUnfollowMemberAsync([FromForm] string? member, CancellationToken ct)
    {
        if (await db.ProfileAsync(normalizer.NormalizeName(member ?? ""), ct) is not { } followed)
        {
            return NotFound();
        }

        await db.UnfollowMemberAsync(followed.Id, User.MemberId!.Value, ct);
        return this.Done(BoardWords.Unfollowed, Here);
    }
}
