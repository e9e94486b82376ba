using Pybo.Data;

namespace Pybo.Rag.Models;

/// <summary>One at a time changes a model's folder: this process or another. The system lets go of it when a process dies.</summary>
internal static class ModelLock
{
    /// <returns>What holds the folder until it is disposed.</returns>
    /// <exception cref="ModelException">Another holds it.</exception>
    public static IDisposable Take(string folder, string name)
    {
        Directory.CreateDirectory(folder);
        try
        {
            return new FileStream(Path.Combine(folder, ModelFiles.Lock), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose);
        }
        catch (IOException busy) when (busy is not (FileNotFoundException or DirectoryNotFoundException or PathTooLongException))
        {
            throw new ModelException(Notice.Of(ModelProblem.Locked, name), inner: busy);
        }
    }
}
