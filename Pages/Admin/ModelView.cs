using Pybo.Pages.Resources;
using Pybo.Rag.Models;

namespace Pybo.Pages.Admin;

/// <summary>A model on the page.</summary>
/// <param name="Job">The last job for it since the site was started.</param>
/// <param name="IsChosen">True if the settings select it.</param>
/// <param name="IsDownloading">True if downloads are enabled.</param>
public sealed record ModelView(ModelRow Row, ModelJob? Job, bool IsChosen, bool IsDownloading)
{
    /// <summary>True if it can be downloaded, or repaired by downloading.</summary>
    public bool CanPull => IsDownloading && Row.Known is not null && Row.Here is not { IsRegistered: true } && Job is not { IsOpen: true };

    public bool CanVerify => Row.Here is { IsComplete: true, IsEmbedded: false } && Job is not { IsOpen: true };

    public bool CanRemove => Row.Here is { IsEmbedded: false } && Job is not { IsOpen: true };

    /// <summary>Null if the job says more.</summary>
    public string? State => Job is not null && Row.Here is not { IsComplete: true } ? null : ModelWords.StateOf(Row);

    public string PullLabel => Row.Here switch
    {
        null => AdminWords.Pull,
        { IsComplete: true } => AdminWords.PullAgain,
        _ => AdminWords.PullOn,
    };
}
