using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using Pybo.Rag.Documents.Recognition;

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

    /// <summary>Becomes another program without the rights that it does not need; bounds that the system lacks are left out. Linux only.</summary>
    /// <exception cref="Win32Exception">The program does not start.</exception>
    public static void Become(string program, IReadOnlyList<string> words, int processorSecondsMax)
    {
        Linux.TryGiveUpNewPrivileges();
        Linux.CloseOnNextProgram();
        using (var rules = Landlock.TryCreate())
        {
            if (rules is not null)
            {
                OwnFiles().AllowProgram(rules, program);
                rules.TryRestrict();
            }
        }

        Linux.LowerPriority();
        Linux.LimitFiles();
        Linux.LimitProgram(processorSecondsMax, RecognitionLimits.MemoryBytesMax);
        TryLeaveRoot();
        Linux.ClearInheritedCapabilities();
        Linux.DropCapabilities();
        SystemCallFilter.TryApply(startsProgram: true);
        Linux.Execute(program, words, ProgramVariables());
        throw new Win32Exception(Marshal.GetLastPInvokeError(), $"{program} did not start.");
    }

    /// <summary>One thread, because another process may be reading a document; the language of numbers; and the folder of Tesseract's languages, if a variable names it.</summary>
    private static IEnumerable<string> ProgramVariables() =>
        Environment.GetEnvironmentVariable(ProgramFiles.LanguagesVariable) is { } folder
            ? ["OMP_THREAD_LIMIT=1", "LC_ALL=C", $"{ProgramFiles.LanguagesVariable}={folder}"]
            : ["OMP_THREAD_LIMIT=1", "LC_ALL=C"];

    private static ProgramFiles OwnFiles() => new((Environment.GetEnvironmentVariable(HiddenFilesVariable) ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries));

    /// <summary>Returns only if the kernel has no Landlock.</summary>
    private static void StartAgain()
    {
        using var rules = Landlock.TryCreate();
        if (rules is null || !Linux.TryGiveUpNewPrivileges())
        {
            return;
        }

        var program = Environment.ProcessPath ?? throw new InvalidOperationException("The program's own file is not known.");
        string[] words = Strings("/proc/self/cmdline");
        string[] variables = [.. Strings("/proc/self/environ"), SecondStartVariable + "=1"];
        Linux.CloseOnNextProgram();
        OwnFiles().Allow(rules);
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
