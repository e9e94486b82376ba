using System.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Pybo.Data;
using Pybo.Pages.Resources;

namespace Pybo.Pages.Search;

/// <summary>Questions and tags for what was typed of a search, as JSON: <c>/search/suggest?q=</c>.</summary>
public sealed class Suggest(PyboDb db) : PageModel
{
    private const int QuestionsMax = 6;
    private const int TagsMax = 3;

    public async Task<IActionResult> OnGetAsync([FromQuery(Name = "q")] string? typed, CancellationToken ct)
    {
        var text = FormText.Line((typed ?? "").Cut(TitleSuggestions.TypedMax)).Normalized(NormalizationForm.FormC);
        var viewer = new Viewer(User.MemberId);
        var questions = await db.SuggestedQuestionsAsync(text, viewer, QuestionsMax, ct);
        var tags = await db.SuggestedTagsAsync(TagNames.Typed(text), TagsMax, viewer, ct);
        return new JsonResult(questions.Select(Of).Concat(tags.Select(Of)));
    }

    private static Suggested Of(TitleSuggestion question) => new(question.Title,
        question.IsAccepted ? BoardWords.AcceptedMark : question.AnswerCount > 0 ? BoardWords.Answers.Count(question.AnswerCount) : ChatWords.Question, SourceUrl.Question(question.Id, question.Title));

    private static Suggested Of(TagRow tag) => new(tag.Text, BoardWords.TagOf.With(BoardWords.TagQuestions.Count(tag.QuestionCount)), TagAddress.Of(tag.Name));

    /// <summary>One line of the list, and where it leads.</summary>
    private sealed record Suggested(string Text, string Detail, string Address);
}
