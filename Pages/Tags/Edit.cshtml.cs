using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Pybo.Data;
using Pybo.Pages.Resources;

namespace Pybo.Pages.Tags;

/// <summary>The description of a tag and its synonyms, for administrators: <c>/tags/{name}/edit</c>.</summary>
[Authorize(Roles = Member.AdministratorRole)]
public sealed class Edit(PyboDb db) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public string Name { get; set; } = "";

    [BindProperty]
    public Form Input { get; set; } = new();

    /// <summary>The synonym that is typed.</summary>
    public SynonymForm Added { get; set; } = new();

    public IReadOnlyList<string> Synonyms { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync(CancellationToken ct)
    {
        ModelState.Clear();
        return await ShowAsync(ct);
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        if (!ModelState.IsValid)
        {
            Synonyms = await db.SynonymsOfAsync(Name, ct);
            return Page();
        }

        return await db.DescribeTagAsync(Name, Input.Description ?? "", ct) > 0 ? LocalRedirect(TagAddress.Of(Name)) : NotFound();
    }

    public async Task<IActionResult> OnPostAddSynonymAsync([FromForm] SynonymForm added, CancellationToken ct)
    {
        Added = added;
        var name = TagNames.Of(added.Synonym);
        var refusal = name is null ? BoardWords.TagWrong.With(added.Synonym) : await db.AddTagSynonymAsync(Name, name, ct) switch
        {
            SynonymRefusal.None => null,
            SynonymRefusal.Same => BoardWords.SynonymSame,
            SynonymRefusal.Taken => BoardWords.SynonymTaken.With(name, await db.MainTagAsync(name, ct)),
            SynonymRefusal.HasSynonyms => BoardWords.SynonymHasSynonyms.With(name),
            SynonymRefusal.TooMany => BoardWords.SynonymsFull.With(TagSynonym.PerTagMax),
            _ => "",
        };
        if (refusal is null)
        {
            return this.Done(BoardWords.SynonymAdded.With(name, Name), TagAddress.Edit(Name));
        }

        ModelState.AddModelError($"{nameof(Added)}.{nameof(SynonymForm.Synonym)}", refusal);
        return await ShowAsync(ct);
    }

    public async Task<IActionResult> OnPostRemoveSynonymAsync([FromForm] string? synonym, CancellationToken ct)
    {
        await db.RemoveTagSynonymAsync(Name, synonym ?? "", ct);
        return this.Done(BoardWords.SynonymRemoved.With(synonym), TagAddress.Edit(Name));
    }

    private async Task<IActionResult> ShowAsync(CancellationToken ct)
    {
        if (await db.TagAsync(Name, new(User.MemberId), ct) is not { } tag)
        {
            return NotFound();
        }

        Input = new() { Description = tag.Description };
        Synonyms = await db.SynonymsOfAsync(Name, ct);
        return Page();
    }

    public sealed class SynonymForm
    {
        public string? Synonym { get; set => field = FormText.Line(value); }
    }

    public sealed class Form
    {
        [StringLength(Tag.DescriptionMax)]
        public string? Description { get; set => field = FormText.Lines(value).Trim(); }
    }
}
