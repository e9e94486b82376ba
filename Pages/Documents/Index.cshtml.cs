using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Pybo.Data;

namespace Pybo.Pages.Documents;

/// <summary>The documents that the reader may see, newest first: <c>/documents?page=</c>.</summary>
public sealed class Index(PyboDb db) : PageModel
{
    public IReadOnlyList<DocumentRow> Documents { get; private set; } = [];
    public Pager Pager { get; private set; } = null!;

    public async Task OnGetAsync([FromQuery(Name = "page")] int page, CancellationToken ct)
    {
        page = Math.Clamp(page, 1, DocumentQueries.PagesMax);
        var rows = await db.DocumentPageAsync(new DocumentFilter(), page, new Reader(User.MemberId), ct);
        var isMore = rows.Count > DocumentQueries.PageSize && page < DocumentQueries.PagesMax;
        Documents = [.. rows.Take(DocumentQueries.PageSize)];
        Pager = new(page, isMore ? page + 1 : page, "문서 목록 쪽",
            number => Address.Of("/documents", ("page", number > 1 ? number.ToString(CultureInfo.InvariantCulture) : null)));
    }
}
