using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Pybo.Data;

namespace Pybo.Pages.Categories;

/// <summary>The categories that the reader may read: <c>/categories</c>. With only one, the list of questions is all there is.</summary>
public sealed class Index(PyboDb db) : PageModel
{
    public IReadOnlyList<CategoryRow> Categories { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync(CancellationToken ct)
    {
        Categories = await db.CategoriesAsync(new(User.MemberId), ct);
        return Categories.Count > 1 || User.IsAdministrator ? Page() : LocalRedirect("/questions");
    }
}
