using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Pybo.Data;
using Pybo.Pages.Questions;
using Pybo.Pages.Resources;

namespace Pybo.Pages.Categories;

/// <summary>A category's questions: <c>/categories/{slug}?page=&amp;sort=</c>.</summary>
public sealed class Details(PyboDb db, QuestionMarks marks) : PageModel
{
    public CategoryRow Category { get; private set; } = null!;
    public QuestionRowsView Questions { get; private set; } = null!;
    public QuestionSort Sort { get; private set; }

    public Pager Pager => new(Questions.List.Page, Questions.List.LastPage, BoardWords.QuestionPages, page => AddressOf(Sort, page));

    public async Task<IActionResult> OnGetAsync(string slug, [FromQuery(Name = "page")] int page, [FromQuery] string? sort, CancellationToken ct)
    {
        var viewer = new Viewer(User.MemberId);
        if (await db.CategoryAsync(CategoryNames.SlugOf(slug), viewer, ct) is not { } category)
        {
            return NotFound();
        }

        if (category.Slug != slug)
        {
            return LocalRedirect(CategoryReaders.AddressOf(category.Slug));
        }

        (Category, Sort) = (category, Pybo.Pages.Questions.Index.SortOf(sort));
        var questions = await QuestionRowsView.OfAsync(db, await db.QuestionPageAsync(Sort, page, marks, viewer, ct, category.Id), viewer, ct);
        Questions = await questions.WithPinnedAsync(db, Sort, viewer, ct, category.Id);
        return Page();
    }

    public string AddressOf(QuestionSort sort, int page) => Address.Of(CategoryReaders.AddressOf(Category.Slug),
        ("sort", Pybo.Pages.Questions.Index.NameOf(sort)), ("page", page > 1 ? page.ToString(CultureInfo.InvariantCulture) : null));
}
