using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Pybo.Tests.Rag.Documents.Isolation;

/// <summary>Starts programs as an ordinary user, and copies of the program elsewhere, for tests that run as root (as in CI).</summary>
internal static partial class OtherAccount
{
    /// <summary>An arbitrary number: the system needs no entry for it.</summary>
    public const int User = 12_345;

    private const string SwitchUser = "setpriv"; // util-linux

    private static readonly string[] Subfolders = ["ko", "models", "runtimes"];

    private static readonly Lazy<string> Copied = new(CopyForOthers);

    public static bool IsRoot => OperatingSystem.IsLinux() && UserId() == 0;

    /// <summary>The prefix that makes a command run as the ordinary user.</summary>
    public static IReadOnlyList<string> Switch =>
        [SwitchUser, string.Create(CultureInfo.InvariantCulture, $"--reuid={User}"), string.Create(CultureInfo.InvariantCulture, $"--regid={User}"), "--clear-groups"];

    /// <summary>The folder of the program, or a copy of it, that other accounts may read.</summary>
    public static string ProgramFolder => IsOpen(AppContext.BaseDirectory) ? AppContext.BaseDirectory : Copied.Value;

    public static void SkipUnlessItCanBeTaken()
    {
        Assert.SkipUnless(IsRoot, "Only root can start a program as another user.");
        Assert.SkipUnless((Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, SwitchUser))), "setpriv (util-linux) is not installed.");
    }

    /// <summary>Copies the program without the files that only browser tests need.</summary>
    public static string Copy(string folder, UnixFileMode mode)
    {
        foreach (var file in Directory.EnumerateFiles(AppContext.BaseDirectory))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }

        foreach (var file in Subfolders.Select(name => Path.Combine(AppContext.BaseDirectory, name)).Where(Directory.Exists).SelectMany(name => Directory.EnumerateFiles(name, "*", SearchOption.AllDirectories)))
        {
            var copy = Path.Combine(folder, Path.GetRelativePath(AppContext.BaseDirectory, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(folder, mode);
        }

        return folder;
    }

    public static async Task GiveAsync(string path)
    {
        using var change = Process.Start("chown", ["-R", string.Create(CultureInfo.InvariantCulture, $"{User}:{User}"), path]);
        await change.WaitForExitAsync();
        Assert.Equal(0, change.ExitCode);
    }

    private static string CopyForOthers()
    {
        var folder = Directory.CreateTempSubdirectory("pybo-program-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        return Copy(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
    }

    private static bool IsOpen(string folder)
    {
        for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent)
        {
            if (!at.UnixFileMode.HasFlag(UnixFileMode.OtherExecute))
            {
                return false;
            }
        }

        return true;
    }

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint UserId();
}
