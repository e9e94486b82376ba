using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;
using Pybo.Data;
using Pybo.Pages.Drafts;
using Pybo.Pages.Security;
using Pybo.Rag.Chat;

namespace Pybo.Pages.Questions;

/// <summary>A new question: <c>/questions/ask</c>, empty or prefilled.</summary>
[EnableRateLimiting(RequestLimits.Post)]
public sealed partial class Ask(
    PyboDb db, SimilarQuestions similar, TurnRunner runner, IOptions<PyboOptions> options, PostHtml posts, MarkdownRenderer markdown, IAntiforgery antiforgery, ILogger<Ask> log)
    : DraftPage(antiforgery)
{
    public const string Path = "/questions/ask";

    /// <summary>Text prefilled from an address is short; the chat posts its answers as a form.</summary>
    private const int PrefillMax = 1_000;

    [BindProperty]
    public QuestionForm Input { get; set; } = new();

    /// <summary>The part of the form that saves its text as a draft.</summary>
    public DraftField Draft { get; private set; } = new(DraftTarget.NewQuestion, IsRestored: false);

    public IReadOnlyList<SimilarQuestion> Similar { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync([FromQuery] string? title, [FromQuery] string? body, [FromQuery] string? tags, [FromQuery] string? category, CancellationToken ct)
    {
        ModelState.Clear();
        if (User.MemberId is not { } member)
        {
            return ToLogIn(Address.Of(Path, ("title", title?.Cut(PrefillMax)), ("body", body?.Cut(PrefillMax)), ("tags", tags?.Cut(TagNames.TextMax)), ("category", category?.Cut(Category.SlugMax))));
        }

        Input.Tags = tags?.Cut(TagNames.TextMax);
        Input.Category = category is null ? null : (await db.CategoryAsync(CategoryNames.SlugOf(category), new(member), ct))?.Id;
        if (title is null && body is null && tags is null && await db.DraftAsync(member, DraftTarget.NewQuestion, ct) is { } draft)
        {
            Draft = Draft with { IsRestored = true };
            (title, body, Input.Tags) = (draft.Title, draft.Body, draft.Tags);
        }

        return await ShowAsync(title, body, ct);
    }

    /// <summary>Shows the form prefilled from elsewhere (the chat's 게시판에 올리기) and saves nothing.</summary>
    public async Task<IActionResult> OnPostDraftAsync([FromForm] string? title, [FromForm] string? body, CancellationToken ct)
    {
        ModelState.Clear();
        return await ShowAsync(title, body, ct);
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        if (IsPreview)
        {
            await PreviewAsync(markdown, Input.Body);
        }
        else if (await MaySaveAsync() & await MayPlaceAsync(db, Input.Category, ct) & ModelState.IsValid)
        {
            var id = 0L;
            if (await TrySaveAsync(async () => id = await db.AskAsync(User.MemberId!.Value, Input.Title!, Input.Body!, ct, posts.OfQuestion(Input.Body!), options.Value.Suggestions, Input.TagList, Input.Category)) && id > 0)
            {
                await db.DeleteDraftAsync(User.MemberId!.Value, DraftTarget.NewQuestion, ct);
                runner.Wake();
                Asked(log, id);
                return LocalRedirect(SourceUrl.Question(id));
            }
        }

        Similar = IsOurs ? await similar.FindAsync(Input.Title ?? "", new(User.MemberId), ct) : [];
        return Page();
    }

    private async Task<IActionResult> ShowAsync(string? title, string? body, CancellationToken ct)
    {
        Input = new() { Title = title?.Cut(Question.TitleMax), Body = body, Tags = Input.Tags, Category = Input.Category };
        Similar = User.MemberId is not null ? await similar.FindAsync(Input.Title ?? "", new(User.MemberId), ct) : [];
        return Page();
    }

    [LoggerMessage(LogLevel.Information, "Question {Id} asked.")]
    private static partial void Asked(ILogger logger, long id);
}
