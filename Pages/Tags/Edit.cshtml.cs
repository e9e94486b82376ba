using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Pybo.Data;

namespace Pybo.Pages.Tags;

/// <summary>The description of a tag, for administrators: <c>/tags/{name}/edit</c>.</summary>
[Authorize(Roles = Member.AdministratorRole)]
public sealed class Edit(PyboDb db) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public string Name { get; set; } = "";

    [BindProperty]
    public Form Input { get; set; } = new();

    public async Task<IActionResult> OnGetAsync(CancellationToken ct)
    {
        ModelState.Clear();
        if (await db.TagAsync(Name, new(User.MemberId), ct) is not { } tag)
        {
            return NotFound();
        }

        Input = new() { Description = tag.Description };
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        if (!ModelState.IsValid)
        {
            return Page();
        }

        return await db.DescribeTagAsync(Name, Input.Description ?? "", ct) > 0 ? LocalRedirect(TagAddress.Of(Name)) : NotFound();
    }

    public sealed class Form
    {
        [StringLength(Tag.DescriptionMax)]
        public string? Description { get; set => field = FormText.Lines(value).Trim(); }
    }
}
