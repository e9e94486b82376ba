using System.Globalization;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;
using Pybo.Data;
using Pybo.Pages.Drafts;
using Pybo.Pages.Resources;
using Pybo.Pages.Security;

namespace Pybo.Pages.Comments;

/// <summary>
/// A new comment: <c>/comments/new?question=</c> or <c>?answer=</c>. Members have the form below the post; this page shows it again with errors, and to
/// those who come from log-in.
/// </summary>
[EnableRateLimiting(RequestLimits.Post)]
public sealed partial class Create(PyboDb db, PostHtml posts, IAntiforgery antiforgery, ILogger<Create> log) : DraftPage(antiforgery)
{
    private const string Path = "/comments/new";

    [BindProperty(SupportsGet = true), FromQuery(Name = "question")]
    public long? OfQuestion { get; set; }

    [BindProperty(SupportsGet = true), FromQuery(Name = "answer")]
    public long? OfAnswer { get; set; }

    [BindProperty]
    public CommentForm Input { get; set; } = new();

    public string QuestionTitle { get; private set; } = "";

    /// <summary>The part of the form that saves its text as a draft.</summary>
    public DraftField Draft { get; private set; } = null!;

    /// <summary>The address of the post that the comment is on.</summary>
    public string PostAddress { get; private set; } = "";

    /// <summary>Returns the address of the form for a comment on a post.</summary>
    public static string AddressOf(CommentedPost post) => Address.Of(Path,
        ("question", post.QuestionId?.ToString(CultureInfo.InvariantCulture)), ("answer", post.AnswerId?.ToString(CultureInfo.InvariantCulture)));

    public async Task<IActionResult> OnGetAsync(CancellationToken ct)
    {
        ModelState.Clear();
        if (await FindAsync(ct) is not { } found)
        {
            return NotFound();
        }

        if (User.MemberId is not { } member)
        {
            return ToLogIn(AddressOf(found.Post));
        }

        if (await db.DraftAsync(member, Draft.Target, ct) is { } draft)
        {
            (Draft, Input) = (Draft with { IsRestored = true }, new() { Body = draft.Body });
        }

        return Page();
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        if (await FindAsync(ct) is not { } found)
        {
            return NotFound();
        }

        if (await db.QuestionTextAsync(found.QuestionId, new(User.MemberId), ct) is { IsLocked: true } && !User.IsAdministrator)
        {
            ModelState.AddModelError("", BoardWords.LockedStatus);
        }

        if (!(await MaySaveAsync() & ModelState.IsValid))
        {
            return Page();
        }

        NewComment saved = default;
        if (!await TrySaveAsync(async () => saved = await db.CommentAsync(found.Post, User.MemberId!.Value, Input.Body!, ct, posts.OfComment(Input.Body!))))
        {
            return Page();
        }

        if (saved.Id is not { } id)
        {
            return saved.IsFull ? this.Refuse(BoardWords.CommentsFull.With(Comment.PerPostMax), PostAddress) : NotFound();
        }

        await db.DeleteDraftAsync(User.MemberId!.Value, Draft.Target, ct);
        Commented(log, found.QuestionId, id);
        return LocalRedirect(SourceUrl.Comment(found.QuestionId, id));
    }

    /// <summary>Returns the post with its question; null if the address names none, or two.</summary>
    private async Task<(CommentedPost Post, long QuestionId)?> FindAsync(CancellationToken ct)
    {
        CommentedPost? named = (OfQuestion, OfAnswer) switch
        {
            ({ } question, null) => CommentedPost.Question(question),
            (null, { } answer) => CommentedPost.Answer(answer),
            _ => null,
        };
        if (named is not { } post || await db.ThreadOfAsync(post, new(User.MemberId), ct) is not { } thread)
        {
            return null;
        }

        Draft = new(DraftTarget.CommentOn(post), IsRestored: false);
        QuestionTitle = thread.Title;
        PostAddress = post.AnswerId is { } of ? SourceUrl.Answer(thread.Id, of) : SourceUrl.Question(thread.Id);
        return (post, thread.Id);
    }

    [LoggerMessage(LogLevel.Information, "Question {QuestionId} commented on: {Id}.")]
    private static partial void Commented(ILogger logger, long questionId, long id);
}
