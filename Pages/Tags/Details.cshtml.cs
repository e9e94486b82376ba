using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Pybo.Data;
using Pybo.Pages.Questions;
using Pybo.Pages.Resources;

namespace Pybo.Pages.Tags;

/// <summary>A tag's questions, newest first, with what an administrator wrote about it: <c>/tags/{name}?page=</c>.</summary>
public sealed class Details(PyboDb db) : PageModel
{
    public TagRow Tag { get; private set; } = null!;

    public QuestionRowsView Questions { get; private set; } = null!;

    public Pager Pager => new(Questions.List.Page, Questions.List.LastPage, BoardWords.QuestionPages,
        page => Address.Of(TagAddress.Of(Tag.Name), ("page", page > 1 ? page.ToString(CultureInfo.InvariantCulture) : null)));

    public async Task<IActionResult> OnGetAsync(string name, [FromQuery(Name = "page")] int page, CancellationToken ct)
    {
        if (TagNames.Of(name) is not { } normal || await db.TagAsync(normal, ct) is not { } tag)
        {
            return NotFound();
        }

        if (normal != name)
        {
            return LocalRedirect(TagAddress.Of(normal));
        }

        Tag = tag;
        Questions = await QuestionRowsView.OfAsync(db, await db.QuestionPageAsync(QuestionSearchTerms.OfTag(tag.Name), QuestionSort.Newest, page, ct), ct);
        return Page();
    }
}
