namespace Pybo.Rag.Ingestion;

/// <summary>Waits for changes in a folder and below it.</summary>
public sealed class FolderWatch : IDisposable
{
    /// <summary>A change is taken in once nothing has changed for this long: files are written in several steps.</summary>
    public static readonly TimeSpan QuietTime = TimeSpan.FromSeconds(1);

    /// <summary>A folder that never rests is taken in after this time.</summary>
    public static readonly TimeSpan QuietTimeMax = TimeSpan.FromSeconds(30);

    /// <summary>Network drives report no changes, and a full queue of the system loses some: the folder is looked through again after this time.</summary>
    public static readonly TimeSpan LookEvery = TimeSpan.FromMinutes(10);

    private readonly FileSystemWatcher watcher;
    private readonly SemaphoreSlim changed = new(0);

    public FolderWatch(string folder)
    {
        watcher = new(folder)
        {
            IncludeSubdirectories = true,
            NotifyFilter = NotifyFilters.FileName | NotifyFilters.DirectoryName | NotifyFilters.LastWrite | NotifyFilters.Size,
        };
        watcher.Changed += (_, _) => changed.Release();
        watcher.Created += (_, _) => changed.Release();
        watcher.Deleted += (_, _) => changed.Release();
        watcher.Renamed += (_, _) => changed.Release();
        watcher.Error += (_, _) => changed.Release();
        watcher.EnableRaisingEvents = true;
    }

    /// <summary>Waits until the folder has changed and is quiet again.</summary>
    /// <returns>False once cancelled.</returns>
    public async Task<bool> ChangedAsync(CancellationToken ct)
    {
        try
        {
            await changed.WaitAsync(LookEvery, ct);
            var end = DateTime.UtcNow + QuietTimeMax;
            while (DateTime.UtcNow < end && await changed.WaitAsync(QuietTime, ct))
            {
                // More changes: wait on.
            }

            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    public void Dispose()
    {
        watcher.Dispose();
        changed.Dispose();
    }
}
