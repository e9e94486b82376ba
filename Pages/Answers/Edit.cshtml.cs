using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;
using Pybo.Data;
using Pybo.Pages.Resources;
using Pybo.Pages.Security;
using Pybo.Rag.Chat;

namespace Pybo.Pages.Answers;

/// <summary>The page for editing one's own answer, or with the privilege another's.</summary>
[EnableRateLimiting(RequestLimits.Post)]
public sealed class Edit(PyboDb db, PostHtml posts, MarkdownRenderer markdown, IOptions<PyboOptions> options, IAntiforgery antiforgery) : DraftPage(antiforgery)
{
    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    [BindProperty]
    public AnswerForm Input { get; set; } = new();

    public long QuestionId { get; private set; }
    public string QuestionTitle { get; private set; } = "";

    public async Task<IActionResult> OnGetAsync(CancellationToken ct)
    {
        if (User.MemberId is not { } member)
        {
            return ToLogIn($"/answers/{Id}/edit");
        }

        if (await FindAsync(ct) is not { } answer)
        {
            return NotFound();
        }

        if (await RefusalAsync(answer, member, ct) is { } refusal)
        {
            return this.Refuse(refusal, SourceUrl.Answer(QuestionId, Id));
        }

        if (answer.IsLocked && !User.IsAdministrator)
        {
            return this.Refuse(BoardWords.LockedStatus, SourceUrl.Answer(QuestionId, Id));
        }

        Input = new() { Body = answer.Body };
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        if (await FindAsync(ct) is not { } answer)
        {
            return NotFound();
        }

        if (answer.IsLocked && !User.IsAdministrator)
        {
            ModelState.AddModelError("", BoardWords.LockedStatus);
        }

        if (IsPreview)
        {
            await PreviewAsync(markdown, Input.Body);
            return Page();
        }

        if (!(await MaySaveAsync() & ModelState.IsValid))
        {
            return Page();
        }

        var member = User.MemberId!.Value;
        if (await RefusalAsync(answer, member, ct) is { } refusal)
        {
            return this.Refuse(refusal, SourceUrl.Answer(QuestionId, Id));
        }

        var rows = 0;
        if (!await TrySaveAsync(async () => rows = await db.EditAnswerAsync(Id, member, Input.Body!, ct, posts.OfAnswer(Input.Body!), ofOthers: true)))
        {
            return Page();
        }

        return rows > 0 ? LocalRedirect(SourceUrl.Answer(QuestionId, Id)) : NotFound();
    }

    /// <summary>Returns why the member may not edit the answer; null if they may.</summary>
    private async Task<string?> RefusalAsync(AnswerText answer, long member, CancellationToken ct) =>
        answer.AuthorId == member ? null : await PrivilegeWords.RefusalAsync(db, member, Privilege.Edit, options.Value.Privileges, ct);

    private async Task<AnswerText?> FindAsync(CancellationToken ct)
    {
        var answer = await db.AnswerTextAsync(Id, new(User.MemberId), ct);
        (QuestionId, QuestionTitle) = (answer?.QuestionId ?? 0, answer?.QuestionTitle ?? "");
        return answer;
    }
}
