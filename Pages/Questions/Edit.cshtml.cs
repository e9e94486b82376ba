using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;
using Pybo.Data;
using Pybo.Pages.Resources;
using Pybo.Pages.Security;
using Pybo.Rag.Chat;

namespace Pybo.Pages.Questions;

/// <summary>The page for editing one's own question, or with the privilege another's.</summary>
[EnableRateLimiting(RequestLimits.Post)]
public sealed class Edit(PyboDb db, TurnRunner runner, IOptions<PyboOptions> options, PostHtml posts, MarkdownRenderer markdown, IAntiforgery antiforgery) : DraftPage(antiforgery)
{
    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    [BindProperty]
    public QuestionForm Input { get; set; } = new();

    /// <summary>The asker and administrators choose the category, and with it the readers.</summary>
    public bool MayPlace { get; private set; }

    public async Task<IActionResult> OnGetAsync(CancellationToken ct)
    {
        if (User.MemberId is not { } member)
        {
            return ToLogIn($"{SourceUrl.Question(Id)}/edit");
        }

        if (await db.QuestionTextAsync(Id, new(User.MemberId), ct) is not { } question)
        {
            return NotFound();
        }

        if (await RefusalAsync(question, member, ct) is { } refusal)
        {
            return this.Refuse(refusal, SourceUrl.Question(Id));
        }

        if (question.IsLocked && !User.IsAdministrator)
        {
            return this.Refuse(BoardWords.LockedStatus, SourceUrl.Question(Id));
        }

        Input = new() { Title = question.Title, Body = question.Body, Category = question.CategoryId, Tags = TagNames.Joined((await db.TagsOfAsync([Id], ct))[Id]) };
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        var question = await db.QuestionTextAsync(Id, new(User.MemberId), ct);
        var refusal = question is not null && User.MemberId is { } member ? await RefusalAsync(question, member, ct) : null;
        if (IsPreview)
        {
            await PreviewAsync(markdown, Input.Body);
            return Page();
        }

        if (await db.QuestionTextAsync(Id, new(User.MemberId), ct) is { IsLocked: true } && !User.IsAdministrator)
        {
            ModelState.AddModelError("", BoardWords.LockedStatus);
        }

        if (!(await MaySaveAsync() & await MayPlaceAsync(db, MayPlace ? Input.Category : null, ct) & ModelState.IsValid))
        {
            return Page();
        }

        if (refusal is not null)
        {
            return this.Refuse(refusal, SourceUrl.Question(Id));
        }

        var rows = 0;
        if (!await TrySaveAsync(async () => rows = await db.EditQuestionAsync(
            Id, User.MemberId!.Value, Input.Title!, Input.Body!, ct, posts.OfQuestion(Input.Body!), options.Value.Suggestions, Input.TagList, MayPlace ? Input.Category : null, ofOthers: true)))
        {
            return Page();
        }

        if (rows > 0)
        {
            runner.Wake();
            return LocalRedirect(SourceUrl.Question(Id));
        }

        return NotFound();
    }

    /// <summary>Returns why the member may not edit the question; null if they may.</summary>
    private async Task<string?> RefusalAsync(QuestionText question, long member, CancellationToken ct)
    {
        MayPlace = question.AuthorId == member || User.IsAdministrator;
        return question.AuthorId == member ? null : await PrivilegeWords.RefusalAsync(db, member, Privilege.Edit, options.Value.Privileges, ct);
    }
}
