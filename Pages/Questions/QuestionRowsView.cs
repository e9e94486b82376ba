using Pybo.Data;

namespace Pybo.Pages.Questions;

/// <summary>Rows of a list of questions with their tags: the model of <c>_QuestionRows</c>.</summary>
public sealed record QuestionRowsView(QuestionPage List, ILookup<long, string> Tags)
{
    public static async Task<QuestionRowsView> OfAsync(PyboDb db, QuestionPage list, CancellationToken ct) =>
        new(list, await db.TagsOfAsync([.. list.Rows.Select(row => row.Id)], ct));
}
