using Pybo.Pages.Resources;
using Pybo.Rag.Models;

namespace Pybo.Pages.Admin;

/// <summary>A model on the page.</summary>
/// <param name="Job">What was last done to it since the site was started.</param>
/// <param name="IsChosen">The settings mean it.</param>
/// <param name="IsDownloading">Downloads are switched on.</param>
public sealed record ModelView(ModelRow Row, ModelJob? Job, bool IsChosen, bool IsDownloading)
{
    /// <summary>It can be downloaded, or mended by downloading.</summary>
    public bool CanPull => IsDownloading && Row.Known is not null && Row.Here is not { IsRegistered: true } && Job is not { IsOpen: true };

    public bool CanVerify => Row.Here is { IsComplete: true, IsEmbedded: false } && Job is not { IsOpen: true };

    public bool CanRemove => Row.Here is { IsEmbedded: false } && Job is not { IsOpen: true };

    /// <summary>Nothing where the job says more.</summary>
    public string? State => Job is not null && Row.Here is not { IsComplete: true } ? null : ModelWords.StateOf(Row);

    public string PullLabel => Row.Here switch
    {
        null => AdminWords.Pull,
        { IsComplete: true } => AdminWords.PullAgain,
        _ => AdminWords.PullOn,
    };
}
