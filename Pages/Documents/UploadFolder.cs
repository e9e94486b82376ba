using Microsoft.Extensions.Options;
using Pybo.Data;

namespace Pybo.Pages.Documents;

/// <summary>
/// The folder of uploads in transit: next to the database, on the same disk, one per process. A killed process leaves
/// its files; the next start removes them. A folder in use is recognised by its lock file, which the system releases with the process.
/// </summary>
public sealed partial class UploadFolder(IOptions<PyboOptions> options, ILogger<UploadFolder> log) : IHostedService, IDisposable
{
    private const string LockName = "in-use";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly Lock gate = new();
    private FileStream? held;
    private string? own;

    /// <summary>The parent of all processes' folders for this database.</summary>
    private string Root => Path.GetFullPath(options.Value.Database) + "-uploads";

    /// <summary>Creates an empty file that is deleted when it is closed.</summary>
    /// <exception cref="IOException">The disk has no room for it.</exception>
    public FileStream Create()
    {
        var settings = PrivateFile.Options(FileMode.CreateNew);
        settings.Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous;
        return new(Path.Combine(Own(), Path.GetRandomFileName()), settings);
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (Directory.Exists(Root))
        {
            foreach (var left in Directory.EnumerateDirectories(Root))
            {
                Sweep(left);
            }
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        if (held is null || own is null)
        {
            return;
        }

        held.Dispose();
        Sweep(own);
    }

    /// <summary>Created with the first upload: a site without uploads has no folder.</summary>
    private string Own()
    {
        lock (gate)
        {
            if (own is null)
            {
                var folder = Path.Combine(Root, Path.GetRandomFileName());
                if (OperatingSystem.IsWindows())
                {
                    Directory.CreateDirectory(folder);
                }
                else
                {
                    Directory.CreateDirectory(Root, OwnerOnly);
                    Directory.CreateDirectory(folder, OwnerOnly);
                }

                held = new(Path.Combine(folder, LockName), PrivateFile.Options(FileMode.CreateNew));
                own = folder;
            }

            return own;
        }
    }

    private void Sweep(string folder)
    {
        try
        {
            // Fails while its process is alive.
            using (new FileStream(Path.Combine(folder, LockName), PrivateFile.Options(FileMode.OpenOrCreate)))
            {
                Swept(log, Directory.EnumerateFiles(folder).Count() - 1, folder);
            }

            Directory.Delete(folder, recursive: true);
            if (!Directory.EnumerateFileSystemEntries(Root).Any())
            {
                Directory.Delete(Root);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            NotSwept(log, folder, error.Message);
        }
    }

    [LoggerMessage(LogLevel.Information, "{Files} files of unfinished uploads were removed from {Folder}.")]
    private static partial void Swept(ILogger logger, int files, string folder);

    [LoggerMessage(LogLevel.Information, "The uploads in {Folder} stay: another process uses them, or they cannot be removed ({Reason}).")]
    private static partial void NotSwept(ILogger logger, string folder, string reason);
}
