using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;
using Pybo.Data;
using Pybo.Pages.Resources;
using Pybo.Pages.Security;

namespace Pybo.Pages.Questions;

/// <summary>Receives 되돌리기, the button next to the notice that a post was deleted.</summary>
[EnableRateLimiting(RequestLimits.Post)]
public sealed class Undo(PyboDb db) : PageModel
{
    public const string Path = "/questions/undo";

    public IActionResult OnGet() => NotFound();

    public async Task<IActionResult> OnPostAsync([FromForm] PassageKind kind, [FromForm] long id, CancellationToken ct)
    {
        if (User.MemberId is not { } member)
        {
            return LocalRedirect(Address.LogIn("/questions"));
        }

        var actor = new Actor(member, User.IsAdministrator);
        if (!ModelState.IsValid || await db.DeletedPostAsync(kind, id, actor, ct) is not { } post)
        {
            return NotFound();
        }

        return await db.RestorePostAsync(kind, id, actor, ct) ? this.Done(BoardWords.PostRestored, AddressOf(post.Kind, post.QuestionId, post.PostId)) : this.Refuse(BoardWords.PostParentGone, "/questions");
    }

    /// <summary>Returns the address of a post in its thread.</summary>
    public static string AddressOf(PassageKind kind, long questionId, long id) => kind switch
    {
        PassageKind.Answer => SourceUrl.Answer(questionId, id),
        PassageKind.Comment => SourceUrl.Comment(questionId, id),
        _ => SourceUrl.Question(id),
    };
}
