using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;
using Pybo.Pages.Resources;
using Pybo.Pages.Security;
using Pybo.Rag.Models;
using Pybo.Rag.Outgoing;

namespace Pybo.Pages.Admin;

/// <summary>The available and installed models; downloads continue in the background when the page is closed.</summary>
[Authorize(Roles = Member.AdministratorRole)]
[EnableRateLimiting(RequestLimits.Post)]
public sealed class Models(ModelCatalogue catalogue, InstalledModels installed, ModelJobs jobs, OutgoingPermissions outgoing) : PageModel
{
    private const int NameMax = 100;

    public IReadOnlyList<ModelView> Rows { get; private set; } = [];

    public string Folder => installed.Root;

    /// <summary>True if downloads are enabled.</summary>
    public bool IsDownloading => outgoing.Allows(OutgoingKind.Models);

    public bool IsWorking => Rows.Any(row => row.Job is { IsOpen: true });

    public IEnumerable<ModelView> Of(ModelKind kind) => Rows.Where(view => view.Row.Kind == kind);

    public void OnGet()
    {
        var now = jobs.All;
        Rows =
        [
            .. ModelRow.All(catalogue, installed).Select(row => new ModelView(
                row, now.FirstOrDefault(job => job.Model == row.Name), row.Here is { } here && installed.IsChosen(here), IsDownloading)),
        ];
    }

    /// <summary>Returns the open jobs, for the page's script.</summary>
    public IActionResult OnGetProgress() => new JsonResult(jobs.All.Where(job => job.IsOpen).Select(job => new
    {
        job.Model,
        State = job.State.ToString(),
        Text = ModelWords.TextOf(job),
        Done = job.Progress?.DoneBytes,
        Total = job.Progress?.TotalBytes,
    }));

    public IActionResult OnPostPull([Required, StringLength(NameMax)] string name) => Start(name, ModelJobKind.Pull);

    public IActionResult OnPostVerify([Required, StringLength(NameMax)] string name) =>
        ModelState.IsValid && installed.Find(name) is null ? NotFound() : Start(name, ModelJobKind.Verify);

    public IActionResult OnPostStop([Required, StringLength(NameMax)] string name)
    {
        if (!ModelState.IsValid)
        {
            return BadRequest();
        }

        this.Notify(jobs.Stop(name) ? AdminWords.Stopping.With(name) : AdminWords.AlreadyEnded.With(name));
        return Back(name);
    }

    public IActionResult OnPostRemove([Required, StringLength(NameMax)] string name)
    {
        if (!ModelState.IsValid)
        {
            return BadRequest();
        }

        try
        {
            jobs.Remove(name);
            this.Notify(AdminWords.Removed.With(name));
        }
        catch (Exception refused) when (refused is ModelException or IOException or UnauthorizedAccessException)
        {
            this.Warn(refused is ModelException model ? NoticeWords.Of(model.Notice) : refused.Message);
        }

        return Back(name);
    }

    private IActionResult Start(string name, ModelJobKind kind)
    {
        if (!ModelState.IsValid)
        {
            return BadRequest();
        }

        if (jobs.Start(name, kind) is { } refusal)
        {
            this.Warn(NoticeWords.Of(refusal));
        }

        return Back(name);
    }

    private LocalRedirectResult Back(string name) => LocalRedirect($"/admin/models#model-{Uri.EscapeDataString(name)}");
}
