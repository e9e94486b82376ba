namespace Pybo.Data;

/// <summary>Files that only the account which runs the program may read: the database with its passwords, keys and private documents, and what lies beside it.</summary>
public static class PrivateFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Makes an empty file where there is none. SQLite gives its log and its shared memory the mode of the file they belong to.</summary>
    public static void Make(string file)
    {
        try
        {
            new FileStream(file, Options(FileMode.CreateNew)).Dispose();
        }
        catch (IOException) when (File.Exists(file))
        {
            // It is there; its mode is Tighten's.
        }
    }

    /// <summary>How to open a file that is made with the right mode.</summary>
    public static FileStreamOptions Options(FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        return options;
    }

    /// <summary>Takes a file of an older version away from everybody else. A file of another account stays as it is.</summary>
    /// <returns>What happened, for the log; null where there was nothing to do.</returns>
    public static string? Tighten(string file)
    {
        if (OperatingSystem.IsWindows() || !File.Exists(file) || (File.GetUnixFileMode(file) & ~OwnerOnly) == 0)
        {
            return null;
        }

        try
        {
            File.SetUnixFileMode(file, OwnerOnly);
            return $"{file} could be read by other accounts of this machine; now only its owner may.";
        }
        catch (UnauthorizedAccessException)
        {
            return $"{file} can be read by other accounts of this machine, and belongs to another account: chmod 600 it there.";
        }
    }
}
