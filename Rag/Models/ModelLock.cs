using Pybo.Data;

namespace Pybo.Rag.Models;

/// <summary>An exclusive lock on a model's folder, across processes. The system releases it when a process dies.</summary>
internal static class ModelLock
{
    /// <returns>The lock, held until it is disposed.</returns>
    /// <exception cref="ModelException">The folder is already locked.</exception>
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
