using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;
using Pybo.Data;
using Pybo.Pages.Resources;
using Pybo.Pages.Security;

namespace Pybo.Pages.Moderation;

/// <summary>What an administrator does to a thread, and what its asker may: close and open it, lock, pin, make it a notice; with what was done before.</summary>
[Authorize]
[EnableRateLimiting(RequestLimits.Post)]
public sealed partial class Thread(PyboDb db) : PageModel
{
    /// <summary>A number or an address of this site.</summary>
    private const int OriginalMax = 300;

    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    public string QuestionTitle { get; private set; } = "";
    public ThreadStatus Status { get; private set; } = null!;

    /// <summary>What was done to the thread, newest first; empty for its asker.</summary>
    public IReadOnlyList<ModerationRow> Acts { get; private set; } = [];

    /// <summary>The reason chosen in the form.</summary>
    public CloseReason Reason { get; private set; } = CloseReason.Duplicate;

    public string Original { get; private set; } = "";
    public string Note { get; private set; } = "";

    /// <summary>The question to merge into, as typed.</summary>
    public string Into { get; private set; } = "";

    public bool KeepsText { get; private set; }

    /// <summary>The question to merge into, once it is found and before the merge is confirmed.</summary>
    public QuestionTitle? MergedInto { get; private set; }

    private string QuestionAddress => SourceUrl.Question(Id);

    public static string AddressOf(long id) => $"{SourceUrl.Question(id)}/moderate";

    public async Task<IActionResult> OnGetAsync(CancellationToken ct) => await ReadAsync(ct) ?? Page();

    public async Task<IActionResult> OnPostCloseAsync([FromForm] CloseReason reason, [FromForm] string? original, [FromForm] string? note, CancellationToken ct)
    {
        if (await ReadAsync(ct) is { } refusal)
        {
            return refusal;
        }

        (Reason, Original, Note) = (reason, (original ?? "").Trim(), (note ?? "").Trim());
        if (!Enum.IsDefined(reason) || Original.Length > OriginalMax)
        {
            return BadRequest();
        }

        if (Note.Length > ModerationQueries.NoteMax)
        {
            ModelState.AddModelError("note", BoardWords.CloseNoteTooLong.With(ModerationQueries.NoteMax));
        }
        else if (reason == CloseReason.Other && Note.Length == 0)
        {
            ModelState.AddModelError("note", BoardWords.CloseNoteRequired);
        }

        if (!ModelState.IsValid)
        {
            return Page();
        }

        switch (await db.CloseAsync(Id, Actor, reason, Note, NumberIn(Original), ct))
        {
            case ModerationResult.Done:
                return this.Done(BoardWords.QuestionClosed, QuestionAddress);
            case ModerationResult.NoOriginal:
                ModelState.AddModelError("original", BoardWords.NoOriginal);
                return Page();
            default:
                return NotAllowed();
        }
    }

    /// <summary>Merges the question into another one; the first time it shows both, and asks.</summary>
    public async Task<IActionResult> OnPostMergeAsync([FromForm] string? into, [FromForm] bool keepsText, [FromForm] bool isConfirmed, CancellationToken ct)
    {
        if (await ReadAsync(ct) is { } refusal)
        {
            return refusal;
        }

        (Into, KeepsText) = ((into ?? "").Trim(), keepsText);
        if (!User.IsAdministrator)
        {
            return NotAllowed();
        }

        var to = Into.Length <= OriginalMax ? NumberIn(Into) : null;
        if (!isConfirmed)
        {
            MergedInto = to is { } other && other != Id && await db.QuestionTextAsync(other, Actor.Viewer, ct) is { } text ? new(text.Id, text.Title) : null;
            if (MergedInto is null)
            {
                ModelState.AddModelError("into", BoardWords.NoOriginal);
            }

            return Page();
        }

        switch (await db.MergeQuestionsAsync(Id, to, keepsText, Actor, ct))
        {
            case ModerationResult.Done:
                return this.Done(BoardWords.QuestionsMerged, SourceUrl.Question(to!.Value));
            case ModerationResult.NotAllowed:
                return NotAllowed();
            case var wrong:
                ModelState.AddModelError("into", wrong switch
                {
                    ModerationResult.OtherReaders => BoardWords.MergeOtherReaders,
                    ModerationResult.TooManyPosts => BoardWords.MergeTooMany.With(Comment.PerPostMax, MergeQueries.PostsMax),
                    _ => BoardWords.NoOriginal,
                });
                return Page();
        }
    }

    public Task<IActionResult> OnPostReopenAsync(CancellationToken ct) => ActAsync(() => db.ReopenAsync(Id, Actor, ct), BoardWords.QuestionReopened, ct);

    public Task<IActionResult> OnPostLockAsync(CancellationToken ct) => ActAsync(() => db.LockAsync(Id, Actor, locks: true, ct), BoardWords.ThreadIsLocked, ct);

    public Task<IActionResult> OnPostUnlockAsync(CancellationToken ct) => ActAsync(() => db.LockAsync(Id, Actor, locks: false, ct), BoardWords.ThreadUnlocked, ct);

    public Task<IActionResult> OnPostPinAsync(CancellationToken ct) => ActAsync(() => db.PinAsync(Id, Actor, pins: true, ct), BoardWords.QuestionPinned, ct);

    public Task<IActionResult> OnPostUnpinAsync(CancellationToken ct) => ActAsync(() => db.PinAsync(Id, Actor, pins: false, ct), BoardWords.QuestionUnpinned, ct);

    public Task<IActionResult> OnPostNoticeAsync(CancellationToken ct) => ActAsync(() => db.MakeNoticeAsync(Id, Actor, isNotice: true, ct), BoardWords.QuestionIsNotice, ct);

    public Task<IActionResult> OnPostNoNoticeAsync(CancellationToken ct) => ActAsync(() => db.MakeNoticeAsync(Id, Actor, isNotice: false, ct), BoardWords.QuestionIsNoNotice, ct);

    public static string NameOf(CloseReason reason) => reason switch
    {
        CloseReason.Duplicate => BoardWords.CloseDuplicate,
        CloseReason.OffTopic => BoardWords.CloseOffTopic,
        CloseReason.Unclear => BoardWords.CloseUnclear,
        CloseReason.Settled => BoardWords.CloseSettled,
        _ => BoardWords.CloseOther,
    };

    public static string NameOf(ModerationKind kind) => kind switch
    {
        ModerationKind.Closed => BoardWords.ActClosed,
        ModerationKind.Reopened => BoardWords.ActReopened,
        ModerationKind.Locked => BoardWords.ActLocked,
        ModerationKind.Unlocked => BoardWords.ActUnlocked,
        ModerationKind.Pinned => BoardWords.ActPinned,
        ModerationKind.Unpinned => BoardWords.ActUnpinned,
        ModerationKind.MadeNotice => BoardWords.ActNotice,
        ModerationKind.NoNotice => BoardWords.ActNoNotice,
        _ => BoardWords.ActMerged,
    };

    private Actor Actor => new(User.MemberId!.Value, User.IsAdministrator);

    /// <summary>Returns the refusal; null if the reader may be here.</summary>
    private async Task<IActionResult?> ReadAsync(CancellationToken ct)
    {
        if (await db.QuestionTextAsync(Id, Actor.Viewer, ct) is not { } question || await db.ThreadStatusAsync(Id, Actor.Viewer, ct) is not { } status)
        {
            return NotFound();
        }

        if (!User.IsAdministrator && (question.AuthorId != User.MemberId || question.IsLocked))
        {
            return NotAllowed();
        }

        (QuestionTitle, Status) = (question.Title, status);
        Acts = User.IsAdministrator ? await db.ModerationOfAsync(Id, ct) : [];
        return null;
    }

    private async Task<IActionResult> ActAsync(Func<Task<ModerationResult>> act, string done, CancellationToken ct) => await db.QuestionTextAsync(Id, Actor.Viewer, ct) is null ? NotFound() : await act() switch
    {
        ModerationResult.Done => this.Done(done, QuestionAddress),
        ModerationResult.TooManyPinned => this.Refuse(BoardWords.TooManyPinned.With(ModerationQueries.PinnedPerCategoryMax), QuestionAddress),
        _ => NotAllowed(),
    };

    private LocalRedirectResult NotAllowed() => this.Refuse(BoardWords.MayNotModerate, QuestionAddress);

    /// <summary>Returns a question's number, typed alone or as its address.</summary>
    private static long? NumberIn(string text) => NumberRegex().Match(text) is { Success: true } match && long.TryParse(match.Groups["id"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;

    [GeneratedRegex(@"^#?(?<id>[0-9]{1,18})$|/questions/(?<id>[0-9]{1,18})(?![0-9])", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex NumberRegex();
}
