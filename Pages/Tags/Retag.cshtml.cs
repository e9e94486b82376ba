using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;
using Pybo.Data;
using Pybo.Pages.Questions;
using Pybo.Pages.Resources;
using Pybo.Pages.Security;

namespace Pybo.Pages.Tags;

/// <summary>The tags of a question alone, for members who may not edit the rest: <c>/questions/{id}/tags</c>.</summary>
[Authorize]
[EnableRateLimiting(RequestLimits.Post)]
public sealed class Retag(PyboDb db, IOptions<PyboOptions> options) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    [BindProperty]
    public Form Input { get; set; } = new();

    public string QuestionTitle { get; private set; } = "";

    public Task<IActionResult> OnGetAsync(CancellationToken ct) => ForEditorAsync(async _ =>
    {
        ModelState.Clear();
        Input = new() { Tags = TagNames.Joined((await db.TagsOfAsync([Id], ct))[Id]) };
        return Page();
    }, ct);

    public Task<IActionResult> OnPostAsync(CancellationToken ct) => ForEditorAsync(async member =>
    {
        if (!ModelState.IsValid)
        {
            return Page();
        }

        return await db.RetagQuestionAsync(Id, member, TagNames.Read(Input.Tags).Names, ofOthers: true, ct) > 0 ? LocalRedirect(SourceUrl.Question(Id)) : NotFound();
    }, ct);

    private async Task<IActionResult> ForEditorAsync(Func<long, Task<IActionResult>> act, CancellationToken ct)
    {
        var member = User.MemberId!.Value;
        if (await db.QuestionTextAsync(Id, new(member), ct) is not { } question)
        {
            return NotFound();
        }

        QuestionTitle = question.Title;
        if (question.IsLocked && !User.IsAdministrator)
        {
            return this.Refuse(BoardWords.LockedStatus, SourceUrl.Question(Id));
        }

        return question.AuthorId != member && await PrivilegeWords.RefusalAsync(db, member, Privilege.Retag, options.Value.Privileges, ct) is { } refusal
            ? this.Refuse(refusal, SourceUrl.Question(Id)) : await act(member);
    }

    public sealed class Form
    {
        [TagList]
        public string? Tags { get; set => field = FormText.Line(value); }
    }
}
