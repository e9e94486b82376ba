using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Pybo.Data;
using Pybo.Pages.Questions;
using Pybo.Pages.Resources;

namespace Pybo.Pages.Admin;

/// <summary>The deleted posts, which an administrator restores or erases.</summary>
[Authorize(Roles = Member.AdministratorRole)]
public sealed class Deleted(PyboDb db) : PageModel
{
    private const int PageSize = 20;
    private const string Here = "/admin/deleted";

    public IReadOnlyList<DeletedPostRow> Posts { get; private set; } = [];
    public Pager Pager { get; private set; } = null!;

    public async Task OnGetAsync([FromQuery(Name = "page")] int page, CancellationToken ct)
    {
        var last = Math.Max(1, (await db.CountDeletedPostsAsync(ct) + PageSize - 1) / PageSize);
        Pager = new(Math.Clamp(page, 1, last), last, AdminWords.DeletedPages, number => Address.Of(Here, ("page", number > 1 ? number.ToString(CultureInfo.InvariantCulture) : null)));
        Posts = await db.DeletedPostsAsync((Pager.Page - 1) * PageSize, PageSize, ct);
    }

    public async Task<IActionResult> OnPostRestoreAsync([FromForm] PassageKind kind, [FromForm] long id, CancellationToken ct)
    {
        var actor = new Actor(User.MemberId!.Value, IsAdministrator: true);
        if (!ModelState.IsValid || await db.DeletedPostAsync(kind, id, actor, ct) is not { } post)
        {
            return NotFound();
        }

        return await db.RestorePostAsync(kind, id, actor, ct) ? this.Done(BoardWords.PostRestored, Undo.AddressOf(kind, post.QuestionId, id)) : this.Refuse(BoardWords.PostParentGone, Here);
    }

    public async Task<IActionResult> OnPostEraseAsync([FromForm] PassageKind kind, [FromForm] long id, CancellationToken ct) =>
        ModelState.IsValid && await db.ErasePostAsync(kind, id, ct) > 0 ? this.Done(AdminWords.PostErased, Here) : NotFound();
}
