using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;
using Pybo.Data;
using Pybo.Pages.Resources;
using Pybo.Pages.Security;

namespace Pybo.Pages.Drafts;

/// <summary>
/// Saves a form's text as a draft, or deletes the draft: <c>/drafts</c>. The form posts to it with its own fields, by script while it is written or by a
/// button. If the draft cannot be saved, the page shows the text, to be saved once more.
/// </summary>
[EnableRateLimiting(RequestLimits.Draft)]
public sealed class Save(PyboDb db, IAntiforgery antiforgery) : DraftPage(antiforgery)
{
    public const string Path = "/drafts";

    /// <summary>The field that names what the text becomes.</summary>
    public const string TargetField = "draft";

    [BindProperty(Name = TargetField)]
    public string? TargetName { get; set; }

    [BindProperty]
    public DraftForm Input { get; set; } = new();

    public IActionResult OnGet() => NotFound();

    public Task<IActionResult> OnPostAsync(CancellationToken ct) => ChangeAsync(WritingWords.DraftSaved, (member, target) => db.SaveDraftAsync(
        new() { MemberId = member, Target = target.ToString(), Title = Input.Title ?? "", Body = Input.Body ?? "", Tags = Input.Tags ?? "" }, ct), ct);

    public Task<IActionResult> OnPostDeleteAsync(CancellationToken ct)
    {
        ModelState.Clear();
        return ChangeAsync(WritingWords.DraftDeleted, (member, target) => db.DeleteDraftAsync(member, target, ct), ct);
    }

    private async Task<IActionResult> ChangeAsync(string done, Func<long, DraftTarget, Task> change, CancellationToken ct)
    {
        var isScript = Request.Headers.XRequestedWith == "XMLHttpRequest";
        if (DraftTarget.Parse(TargetName) is not { } target)
        {
            return NotFound();
        }

        var may = await MaySaveAsync() & ModelState.IsValid;
        if (isScript && !may)
        {
            return StatusCode(IsSignedOut ? StatusCodes.Status401Unauthorized : StatusCodes.Status400BadRequest);
        }

        if (!may || !await TrySaveAsync(() => change(User.MemberId!.Value, target)))
        {
            return Page();
        }

        return isScript ? new NoContentResult() : this.Done(done, await FormAddressAsync(target, ct));
    }

    /// <summary>Returns the address of the form that the draft is for.</summary>
    private async Task<string> FormAddressAsync(DraftTarget target, CancellationToken ct) => target switch
    {
        { AnsweredQuestion: { } question } => SourceUrl.Question(question),
        { Commented: { } post } => await db.ThreadOfAsync(post, new(User.MemberId), ct) is null ? "/questions" : Comments.Create.AddressOf(post),
        _ => Questions.Ask.Path,
    };

    /// <summary>The fields that the forms share; a form without one leaves it empty.</summary>
    public sealed class DraftForm
    {
        [StringLength(Question.TitleMax, ErrorMessageResourceType = typeof(BoardWords), ErrorMessageResourceName = nameof(BoardWords.TitleTooLong))]
        public string? Title { get; set => field = FormText.Line(value); }

        [StringLength(Question.BodyMax, ErrorMessageResourceType = typeof(BoardWords), ErrorMessageResourceName = nameof(BoardWords.BodyTooLong))]
        public string? Body { get; set => field = FormText.Lines(value); }

        [StringLength(TagNames.TextMax, ErrorMessageResourceType = typeof(WritingWords), ErrorMessageResourceName = nameof(WritingWords.DraftTagsTooLong))]
        public string? Tags { get; set => field = FormText.Line(value); }
    }
}
