using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;
using Pybo.Data;
using Pybo.Pages.Security;
using Pybo.Rag.Chat;

namespace Pybo.Pages.Answers;

/// <summary>A new answer. Its form is on the question's page; this page shows it again with errors or with the preview.</summary>
[EnableRateLimiting(RequestLimits.Post)]
public sealed partial class Create(PyboDb db, PostHtml posts, MarkdownRenderer markdown, IAntiforgery antiforgery, ILogger<Create> log) : DraftPage(antiforgery)
{
    [BindProperty(SupportsGet = true)]
    public long QuestionId { get; set; }

    [BindProperty]
    public AnswerForm Input { get; set; } = new();

    public string QuestionTitle { get; private set; } = "";

    public IActionResult OnGet() => LocalRedirect(SourceUrl.Question(QuestionId));

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        if (await db.QuestionTextAsync(QuestionId, ct) is not { } question)
        {
            return NotFound();
        }

        QuestionTitle = question.Title;
        if (IsPreview)
        {
            await PreviewAsync(markdown, Input.Body);
            return Page();
        }

        if (!(await MaySaveAsync() & ModelState.IsValid))
        {
            return Page();
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

        Answered(log, QuestionId, id);
        return LocalRedirect(SourceUrl.Answer(QuestionId, id));
    }

    [LoggerMessage(LogLevel.Information, "Question {QuestionId} answered: {Id}.")]
    private static partial void Answered(ILogger logger, long questionId, long id);
}
