using Pybo.Data;

namespace Pybo.Pages.Questions;

/// <summary>Rows of a list of questions with their tags: the model of <c>_QuestionRows</c>.</summary>
/// <param name="ShowsCategories">The reader has more than one category.</param>
public sealed record QuestionRowsView(QuestionPage List, ILookup<long, string> Tags, bool ShowsCategories)
{
    public static async Task<QuestionRowsView> OfAsync(PyboDb db, QuestionPage list, Viewer viewer, CancellationToken ct) =>
        new(list, await db.TagsOfAsync([.. list.Rows.Select(row => row.Id)], ct), (await db.CategoriesAsync(viewer, ct)).Count > 1);
}
