using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Pybo.Data;
using Pybo.Pages.Resources;

namespace Pybo.Pages.Tags;

/// <summary>All tags with the number of their questions, or those whose name contains a text: <c>/tags?q=&amp;page=</c>.</summary>
public sealed class Index(PyboDb db) : PageModel
{
    /// <summary>What was typed of a name, in its normal form.</summary>
    public string Query { get; private set; } = "";

    public TagPage Tags { get; private set; } = null!;

    public Pager Pager => new(Tags.Page, Tags.LastPage, BoardWords.TagPages, page => Address.Of("/tags", ("q", Query), ("page", page > 1 ? page.ToString(CultureInfo.InvariantCulture) : null)));

    public async Task OnGetAsync([FromQuery(Name = "q")] string? query, [FromQuery(Name = "page")] int page, CancellationToken ct)
    {
        Query = TagNames.Typed(query);
        Tags = await db.TagPageAsync(Query, page, new(User.MemberId), ct);
    }
}
