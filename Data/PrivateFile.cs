namespace Pybo.Data;

/// <summary>Creates files that only the program's account may read: the database with its passwords, keys and private documents, and the files next to it.</summary>
public static class PrivateFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Creates an empty file if there is none. SQLite gives its log and its shared memory the mode of the file they belong to.</summary>
    public static void Make(string file)
    {
        try
        {
            new FileStream(file, Options(FileMode.CreateNew)).Dispose();
        }
        catch (IOException) when (File.Exists(file))
        {
            // It already exists; Tighten sets its mode.
        }
    }

    /// <summary>Returns the options for creating a file with the right mode.</summary>
    public static FileStreamOptions Options(FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        return options;
    }

    /// <summary>Creates an empty file in the system's folder for temporary ones. It is gone once it is closed, even if the program is killed.</summary>
    /// <exception cref="IOException">The disk has no room for it.</exception>
    public static FileStream Temporary()
    {
        var options = Options(FileMode.CreateNew);
        options.Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous;
        var file = new FileStream(Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()), options);
        if (!OperatingSystem.IsWindows())
        {
            File.Delete(file.Name); // its bytes stay until it is closed
        }

        return file;
    }

    /// <summary>Removes other accounts' access to a file of an older version. A file owned by another account is unchanged.</summary>
    /// <returns>The change, for the log; null if there was nothing to do.</returns>
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
