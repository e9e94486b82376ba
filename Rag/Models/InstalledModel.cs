using Pybo.Data;

namespace Pybo.Rag.Models;

/// <summary>A model on this machine.</summary>
/// <param name="Name">The name used to choose it.</param>
/// <param name="Folder">The folder of its files.</param>
/// <param name="Home">Its folder under the models' own; for a registered model this contains only its record.</param>
/// <param name="Bytes">Bytes on disk, including parts of an unfinished download.</param>
/// <param name="Commit">The commit of the repository that it was downloaded from; null for others.</param>
/// <param name="Fault">Why it cannot be used, for the reader; null if it can.</param>
public sealed record InstalledModel(string Name, ModelKind Kind, string Folder, string Home, long Bytes, string? Commit, Notice? Fault)
{
    /// <summary>False if a download is unfinished or files are missing.</summary>
    public bool IsComplete => Fault is null;

    /// <summary>True for a user's own folder, which is never written to.</summary>
    public bool IsRegistered => Folder != Home;

    /// <summary>Ships with the program and cannot be removed.</summary>
    public bool IsEmbedded => Name == Inference.ModelFolders.EmbeddedName;

    /// <inheritdoc cref="Inference.LanguageModelFolder.IsPretrained"/>
    /// <remarks>False for a folder that cannot be read: the use of it reports that.</remarks>
    public bool IsPretrained
    {
        get
        {
            if (Kind != ModelKind.Generation || !IsComplete)
            {
                return false;
            }

            try
            {
                return Inference.LanguageModelFolder.Read(Folder, Name).IsPretrained;
            }
            catch (Exception error) when (error is InvalidDataException or IOException or UnauthorizedAccessException)
            {
                return false;
            }
        }
    }
}
