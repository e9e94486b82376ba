using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace Pybo.Rag.Documents.Isolation;

/// <summary>
/// Drops the rights that reading does not need, before the process takes a document. Linux only; see docs/decisions/0011-reading-in-a-child-process.md for
/// which bounds each system has.
/// </summary>
/// <remarks>
/// Landlock binds a thread and what it starts, and the runtime has threads before the program's first line runs. So the program binds its first thread and
/// executes itself again in the same process: all threads of the second start are bound. User changes and the system-call filter apply to all threads at once.
/// </remarks>
internal static class Confinement
{
    /// <summary>Names the files that stay hidden, one per line.</summary>
    public const string HiddenFilesVariable = "PYBO_HIDDEN_FILES";

    private const string SecondStartVariable = "PYBO_SECOND_START";

    /// <summary>The runtime's libraries for decompression, hashes and ciphers; those for files and cultures are loaded from the start.</summary>
    private static readonly string[] RuntimeLibraries = ["libSystem.IO.Compression.Native.so", "libSystem.Security.Cryptography.Native.OpenSsl.so", "libSystem.Globalization.Native.so"];

    /// <summary>The unprivileged account of all distributions.</summary>
    private const uint Nobody = 65_534;

    /// <returns>The bounds in force from now on.</returns>
    /// <exception cref="Win32Exception">The second start fails.</exception>
    public static ReadingBounds Enter()
    {
        if (!OperatingSystem.IsLinux())
        {
            return ReadingBounds.None;
        }

        var isSecond = Environment.GetEnvironmentVariable(SecondStartVariable) is not null;
        if (!isSecond)
        {
            StartAgain();
        }

        // Landlock refuses to list a folder that no rule names.
        var bounds = isSecond && !CanOpen("/") ? ReadingBounds.Files : ReadingBounds.None;
        Linux.LowerPriority();
        Linux.LimitFiles();
        if (TryLeaveRoot())
        {
            bounds |= ReadingBounds.Root;
        }

        Linux.DropCapabilities();
        Linux.HideMemory();
        return SystemCallFilter.TryApply() ? bounds | ReadingBounds.Calls : bounds;
    }

    /// <summary>Returns only if the kernel has no Landlock.</summary>
    private static void StartAgain()
    {
        using var rules = Landlock.TryCreate();
        if (rules is null || !Linux.TryGiveUpNewPrivileges())
        {
            return;
        }

        var hidden = Environment.GetEnvironmentVariable(HiddenFilesVariable) ?? "";
        var program = Environment.ProcessPath ?? throw new InvalidOperationException("The program's own file is not known.");
        string[] words = Strings("/proc/self/cmdline");
        string[] variables = [.. Strings("/proc/self/environ"), SecondStartVariable + "=1"];
        Linux.CloseOnNextProgram();
        new ProgramFiles(hidden.Split('\n', StringSplitOptions.RemoveEmptyEntries)).Allow(rules);
        if (!rules.TryRestrict())
        {
            return;
        }

        Linux.ClearInheritedCapabilities();
        Linux.Execute(program, words, variables);
        throw new Win32Exception(Marshal.GetLastPInvokeError(), "The second start failed.");
    }

    /// <summary>Returns false if the process is root and stays root.</summary>
    private static bool TryLeaveRoot()
    {
        if (!Linux.IsRoot)
        {
            return true;
        }

        // One file per folder is enough, since a program is installed as a whole. A single file contains its assemblies.
        if (!ProgramFiles.Assemblies.DistinctBy(Path.GetDirectoryName).Append(Environment.ProcessPath).OfType<string>().All(IsReadableByOthers))
        {
            LoadAll();
        }

        return Linux.TryBecome(Nobody);
    }

    /// <summary>Loads everything up front: if only root can reach the program (below <c>/root</c>, say), nothing can be loaded later.</summary>
    private static void LoadAll()
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var waiting = new Queue<System.Reflection.Assembly>(AppDomain.CurrentDomain.GetAssemblies());
        while (waiting.TryDequeue(out var assembly))
        {
            foreach (var name in assembly.GetReferencedAssemblies().Where(name => seen.Add(name.FullName)))
            {
                if (TryLoad(name) is { } loaded)
                {
                    waiting.Enqueue(loaded);
                }
            }
        }

        // A published single file contains these libraries, so nothing needs loading.
        var folders = ((AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string) ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        foreach (var library in RuntimeLibraries.SelectMany(name => folders.Select(folder => Path.Combine(folder, name))).Where(File.Exists))
        {
            NativeLibrary.Load(library);
        }
    }

    private static System.Reflection.Assembly? TryLoad(System.Reflection.AssemblyName name)
    {
        try
        {
            return AssemblyLoadContext.Default.LoadFromAssemblyName(name);
        }
        catch (Exception error) when (error is IOException or BadImageFormatException)
        {
            // A library may refer to an assembly it was shipped without; the ones that read documents are present.
            return null;
        }
    }

    private static bool IsReadableByOthers(string file)
    {
        if (OperatingSystem.IsWindows() || !File.GetUnixFileMode(file).HasFlag(UnixFileMode.OtherRead))
        {
            return false;
        }

        for (var folder = new FileInfo(file).Directory; folder is not null; folder = folder.Parent)
        {
            if (!folder.UnixFileMode.HasFlag(UnixFileMode.OtherExecute))
            {
                return false;
            }
        }

        return true;
    }

    private static bool CanOpen(string path)
    {
        var opened = Linux.Open(path, Linux.CloseOnExecute);
        if (opened >= 0)
        {
            Linux.Close(opened);
        }

        return opened >= 0;
    }

    private static string[] Strings(string file) => File.ReadAllText(file).TrimEnd('\0').Split('\0');
}
