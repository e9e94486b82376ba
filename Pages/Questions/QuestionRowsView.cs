using Pybo.Data;

namespace Pybo.Pages.Questions;

/// <summary>Rows of a list of questions with their tags: the model of <c>_QuestionRows</c>.</summary>
/// <param name="ShowsCategories">The reader has more than one category.</param>
public sealed record QuestionRowsView(QuestionPage List, ILookup<long, string> Tags, bool ShowsCategories)
{
    /// <summary>The questions above the list.</summary>
    public IReadOnlyList<QuestionRow> Pinned { get; init; } = [];

    public static async Task<QuestionRowsView> OfAsync(PyboDb db, QuestionPage list, Viewer viewer, CancellationToken ct) =>
        new(list, await db.TagsOfAsync([.. list.Rows.Select(row => row.Id)], ct), (await db.CategoriesAsync(viewer, ct)).Count > 1);

    /// <summary>Returns the rows with the pinned questions above those of the newest ones' first page.</summary>
    public async Task<QuestionRowsView> WithPinnedAsync(PyboDb db, QuestionSort sort, Viewer viewer, CancellationToken ct, long? categoryId = null) =>
        sort == QuestionSort.Newest && List.Page == 1 ? this with { Pinned = await db.PinnedQuestionsAsync(viewer, ct, categoryId) } : this;
}
