using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Pybo.Data;
using Pybo.Pages.Resources;

namespace Pybo.Pages.Bookmarks;

/// <summary>The questions that the member keeps, the latest bookmark first: <c>/bookmarks?page=</c>.</summary>
[Authorize]
public sealed class Index(PyboDb db) : PageModel
{
    private const string Here = "/bookmarks";

    public BookmarkPage List { get; private set; } = null!;

    public Pager Pager => new(List.Page, List.LastPage, BoardWords.BookmarkPages, page => Address.Of(Here, ("page", page > 1 ? page.ToString(CultureInfo.InvariantCulture) : null)));

    public async Task OnGetAsync([FromQuery(Name = "page")] int page, CancellationToken ct) => List = await db.BookmarkPageAsync(User.MemberId!.Value, page, ct);

    public async Task<IActionResult> OnPostRemoveAsync([FromForm] long question, CancellationToken ct)
    {
        await db.RemoveBookmarkAsync(question, User.MemberId!.Value, ct);
        return this.Done(BoardWords.BookmarkRemoved, Here);
    }
}
