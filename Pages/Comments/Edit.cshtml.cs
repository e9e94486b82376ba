using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;
using Pybo.Data;
using Pybo.Pages.Resources;
using Pybo.Pages.Security;

namespace Pybo.Pages.Comments;

/// <summary>The page for editing one's own comment.</summary>
[EnableRateLimiting(RequestLimits.Post)]
public sealed class Edit(PyboDb db, PostHtml posts, IAntiforgery antiforgery) : DraftPage(antiforgery)
{
    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    [BindProperty]
    public CommentForm Input { get; set; } = new();

    public string QuestionTitle { get; private set; } = "";

    /// <summary>The address of the comment in its thread.</summary>
    public string CommentAddress { get; private set; } = "";

    public async Task<IActionResult> OnGetAsync(CancellationToken ct)
    {
        if (User.MemberId is not { } member)
        {
            return ToLogIn($"/comments/{Id}/edit");
        }

        if (await FindAsync(ct) is not { } comment)
        {
            return NotFound();
        }

        if (comment.AuthorId != member)
        {
            return this.Refuse(BoardWords.MayNotEdit, CommentAddress);
        }

        if (comment.IsLocked && !User.IsAdministrator)
        {
            return this.Refuse(BoardWords.LockedStatus, CommentAddress);
        }

        Input = new() { Body = comment.Body };
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        if (await FindAsync(ct) is not { } comment)
        {
            return NotFound();
        }

        if (comment.IsLocked && !User.IsAdministrator)
        {
            ModelState.AddModelError("", BoardWords.LockedStatus);
        }

        if (!(await MaySaveAsync() & ModelState.IsValid))
        {
            return Page();
        }

        var rows = 0;
        if (!await TrySaveAsync(async () => rows = await db.EditCommentAsync(Id, User.MemberId!.Value, Input.Body!, ct, posts.OfComment(Input.Body!))))
        {
            return Page();
        }

        return rows == 0 ? this.Refuse(BoardWords.MayNotEdit, CommentAddress) : LocalRedirect(CommentAddress);
    }

    private async Task<CommentText?> FindAsync(CancellationToken ct)
    {
        var comment = await db.CommentTextAsync(Id, new(User.MemberId), ct);
        (QuestionTitle, CommentAddress) = (comment?.QuestionTitle ?? "", SourceUrl.Comment(comment?.QuestionId ?? 0, Id));
        return comment;
    }
}
