using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Pybo.Data;
using Pybo.Pages.Resources;

namespace Pybo.Pages.Tags;

/// <summary>Tags for what was typed of one, as JSON: <c>/tags/suggest?q=</c>.</summary>
public sealed class Suggest(PyboDb db) : PageModel
{
    private const int ShownMax = 8;

    public async Task<IActionResult> OnGetAsync([FromQuery(Name = "q")] string? typed, CancellationToken ct) =>
        new JsonResult((await db.SuggestedTagsAsync(TagNames.Typed(typed), ShownMax, new(User.MemberId), ct)).Select(tag => new { name = tag.Name, text = tag.Text, questions = BoardWords.TagQuestions.Count(tag.QuestionCount) }));
}
