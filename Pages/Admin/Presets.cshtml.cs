using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;
using Pybo.Data;
using Pybo.Pages.Resources;
using Pybo.Pages.Security;

namespace Pybo.Pages.Admin;

/// <summary>The questions offered above the chat's box.</summary>
[Authorize(Roles = Member.AdministratorRole)]
[EnableRateLimiting(RequestLimits.Post)]
public sealed class Presets(PyboDb db) : PageModel
{
    private const string Path = "/admin/presets";

    public IReadOnlyList<PromptPreset> All { get; private set; } = [];

    public async Task OnGetAsync(CancellationToken ct) => All = await db.PromptPresetsAsync(ct);

    public async Task<IActionResult> OnPostAddAsync(
        [Required, StringLength(PromptPreset.TitleMax)] string? title, [Required, StringLength(Turn.QuestionMax)] string? text, CancellationToken ct)
    {
        if (!ModelState.IsValid)
        {
            return this.Refuse(AdminWords.PresetLength.With(PromptPreset.TitleMax, Turn.QuestionMax), Path);
        }

        return await db.AddPromptPresetAsync(title!.Trim(), text!.Trim(), ct) ? LocalRedirect(Path) : this.Refuse(AdminWords.PresetsFull.With(PromptPreset.CountMax), Path);
    }

    public async Task<IActionResult> OnPostDeleteAsync(long id, CancellationToken ct) =>
        await db.DeletePromptPresetAsync(id, ct) == 0 ? NotFound() : LocalRedirect(Path);
}
