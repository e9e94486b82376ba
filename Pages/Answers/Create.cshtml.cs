using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;
using Pybo.Data;
using Pybo.Pages.Account;
using Pybo.Pages.Chat;
using Pybo.Pages.Resources;
using Pybo.Pages.Security;
using Pybo.Rag.Chat;

namespace Pybo.Pages.Answers;

/// <summary>A new answer. Its form is on the question's page; this page shows it again with errors or with the preview, or filled with the suggested answer.</summary>
[EnableRateLimiting(RequestLimits.Post)]
public sealed partial class Create(PyboDb db, PostHtml posts, MarkdownRenderer markdown, PendingActs pending, IAntiforgery antiforgery, ILogger<Create> log) : DraftPage(antiforgery)
{
    private const string FromSuggestion = "suggestion";

    [BindProperty(SupportsGet = true)]
    public long QuestionId { get; set; }

    [BindProperty]
    public AnswerForm Input { get; set; } = new();

    public string QuestionTitle { get; private set; } = "";

    /// <param name="from"><c>suggestion</c> fills the form with the suggested answer, for its reader to make it their own.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<IActionResult> OnGetAsync([FromQuery] string? from, CancellationToken ct)
    {
        ModelState.Clear();
        if (User.MemberId is null || await db.QuestionTextAsync(QuestionId, new(User.MemberId), ct) is not { } question || await BodyAsync(from, ct) is not { } body)
        {
            return LocalRedirect(SourceUrl.Question(QuestionId));
        }

        (QuestionTitle, Input) = (question.Title, new() { Body = body });
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        if (await db.QuestionTextAsync(QuestionId, new(User.MemberId), ct) is not { } question)
        {
            return NotFound();
        }

        QuestionTitle = question.Title;
        if ((question.IsLocked && !User.IsAdministrator) || await db.ThreadStatusAsync(QuestionId, new(User.MemberId), ct) is { IsClosed: true })
        {
            ModelState.AddModelError("", question.IsLocked ? BoardWords.LockedStatus : BoardWords.NoMoreAnswers);
            return Page();
        }

        if (IsPreview)
        {
            await PreviewAsync(markdown, Input.Body);
            return Page();
        }

        if (!(await MaySaveAsync() & ModelState.IsValid))
        {
            return IsVisit && pending.TryKeep(HttpContext, new PendingAnswer(QuestionId, Input.Body ?? "")) ? ToLogIn(SourceUrl.Question(QuestionId)) : Page();
        }

        long? saved = null;
        if (!await TrySaveAsync(async () => saved = await db.AnswerAsync(QuestionId, User.MemberId!.Value, Input.Body!, ct, posts.OfAnswer(Input.Body!))))
        {
            return Page();
        }

        if (saved is not { } id)
        {
            return NotFound();
        }

        await db.DeleteDraftAsync(User.MemberId!.Value, DraftTarget.AnswerTo(QuestionId), ct);
        Answered(log, QuestionId, id);
        return LocalRedirect(SourceUrl.Answer(QuestionId, id));
    }

    private async Task<string?> BodyAsync(string? from, CancellationToken ct) => from switch
    {
        FromSuggestion when await db.SuggestionAsync(QuestionId, new(User.MemberId), ct) is { IsShown: true } suggestion => TurnView.WithSources(suggestion.Turn).Cut(Answer.BodyMax, "…"),
        _ => null,
    };

    [LoggerMessage(LogLevel.Information, "Question {QuestionId} answered: {Id}.")]
    private static partial void Answered(ILogger logger, long questionId, long id);
}
