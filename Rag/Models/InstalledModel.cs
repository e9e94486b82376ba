using Pybo.Data;

namespace Pybo.Rag.Models;

/// <summary>A model on this machine.</summary>
/// <param name="Name">By which it is chosen.</param>
/// <param name="Folder">Where its files are.</param>
/// <param name="Home">The folder under the models' own that stands for it; for a registered model only its record is there.</param>
/// <param name="Bytes">What is there, pieces of an unfinished download included.</param>
/// <param name="Commit">Of the repository it was downloaded from; null for others.</param>
/// <param name="Fault">Why it cannot be used, for the reader; null when it can.</param>
public sealed record InstalledModel(string Name, ModelKind Kind, string Folder, string Home, long Bytes, string? Commit, Notice? Fault)
{
    /// <summary>False while a download is unfinished, or when files have gone.</summary>
    public bool IsComplete => Fault is null;

    /// <summary>The reader's own folder, which is never written to.</summary>
    public bool IsRegistered => Folder != Home;

    /// <summary>Came with the program; cannot be removed.</summary>
    public bool IsEmbedded => Name == Inference.ModelFolders.EmbeddedName;
}
