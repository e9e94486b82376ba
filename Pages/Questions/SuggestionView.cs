using System.Security.Claims;
using Pybo.Data;
using Pybo.Pages.Chat;

namespace Pybo.Pages.Questions;

/// <summary>A suggested answer as shown on its question's page.</summary>
/// <param name="IsOpened">Shown at once; below an accepted answer it opens on request.</param>
/// <param name="MayJudge">The reader is the asker.</param>
/// <param name="MayDismiss">The reader is the asker or an administrator.</param>
/// <param name="MayUse">The reader may write an answer from it.</param>
public sealed record SuggestionView(long QuestionId, Suggestion Suggestion, TurnView Turn, bool IsOpened, bool MayJudge, bool MayDismiss, bool MayUse)
{
    /// <summary>The fragment that replaces this one when the suggestion is written.</summary>
    public string Path => $"{SourceUrl.Question(QuestionId)}/suggestion";

    public bool IsHelpful => Suggestion.Verdict == SuggestionVerdict.Helpful;

    public static SuggestionView Of(QuestionDetail question, Suggestion suggestion, AnswerHtml answers, ClaimsPrincipal reader)
    {
        var isAsker = reader.MemberId == question.AuthorId;
        return new(question.Id, suggestion, TurnView.Of(suggestion.Turn, answers, before: null, versions: []), question.AcceptedAnswerId is null, isAsker, isAsker || reader.IsAdministrator, reader.MemberId is not null);
    }
}
