namespace Pybo.Rag.Documents.Isolation;

/// <summary>
/// The files that the runtime and the readers open on Linux. In the program's own folder they are named one by one, because the database, the settings and an
/// administrator's files are in the same folder.
/// </summary>
/// <param name="hidden">Files that are never included, nor any path that begins with theirs (<c>pybo.db-wal</c>).</param>
internal sealed class ProgramFiles(IEnumerable<string> hidden)
{
    /// <summary>Names the folder of Tesseract's languages if it is not a usual one.</summary>
    public const string LanguagesVariable = "TESSDATA_PREFIX";

    private const string Maps = "/proc/self/maps";

    /// <summary>The folders where distributions keep shared libraries, OpenSSL's modules, ICU's data and time zones.</summary>
    private static readonly string[] SystemFolders =
    [
        "/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/nix/store", "/gnu/store", "/usr/share/icu", "/usr/share/zoneinfo", "/etc/crypto-policies", "/etc/dotnet",
        "/sys/devices/system/cpu", "/sys/devices/system/node", "/sys/fs/cgroup",
    ];

    /// <summary>The folders of Tesseract's languages, of poppler's character maps, and of fonts, which a page may use without containing them.</summary>
    private static readonly string[] RecognitionFolders =
    [
        "/usr/share/tesseract-ocr", "/usr/share/tessdata", "/usr/share/tesseract", "/usr/local/share/tessdata", "/usr/share/poppler", "/usr/local/share/poppler",
        "/usr/share/fonts", "/usr/local/share/fonts", "/usr/share/fontconfig", "/etc/fonts", "/var/cache/fontconfig",
    ];

    private static readonly string[] SystemFiles =
    [
        "/etc/ld.so.cache", "/etc/localtime", "/etc/ssl/openssl.cnf", "/etc/pki/tls/openssl.cnf", "/dev/null", "/dev/zero", "/dev/random", "/dev/urandom",
        "/proc/sys/vm/overcommit_memory",
    ];

    /// <summary>The files where the runtime reads about this process and the machine's memory. The rest of <c>/proc</c> is about other processes.</summary>
    private static readonly string[] ProcessFiles = [Maps, "/proc/self/mountinfo", "/proc/self/cgroup", "/proc/self/statm", "/proc/meminfo", "/proc/sys/vm/overcommit_memory"];

    private static readonly string[] ProgramFolders = ["runtimes"];

    private static readonly string[] ProgramPatterns = ["*.dll", "*.so", "*.so.*", "*.deps.json", "*.runtimeconfig.json"];

    private readonly string[] hidden = [.. hidden.SelectMany(Names).Distinct()];

    /// <summary>The assemblies that the runtime may load, the program's and the runtime's own.</summary>
    public static IReadOnlyList<string> Assemblies { get; } =
        [.. ((AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") as string) ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Where(File.Exists)];

    /// <summary>Allows all of them; everything else stays forbidden.</summary>
    public void Allow(Landlock rules)
    {
        if (Environment.ProcessPath is { } program)
        {
            Allow(rules, program, isProgram: true);
        }

        AllowLibraries(rules);
        AllowAssemblies(rules);
        foreach (var path in OfProgram().Concat(SystemFolders).Concat(SystemFiles).Concat(LibraryPath()))
        {
            Allow(rules, path);
        }

        foreach (var path in ProcessFiles)
        {
            rules.AllowRead(path, isPinned: true);
        }
    }

    /// <summary>
    /// Allows another program, the loader that the kernel runs for it, libraries, and what it needs to draw and recognise pages; also this program's assemblies, which are
    /// loaded until it becomes the other one. Everything else stays forbidden.
    /// </summary>
    public void AllowProgram(Landlock rules, string program)
    {
        Allow(rules, program, isProgram: true);
        AllowLibraries(rules);
        AllowAssemblies(rules);
        string?[] others = [Environment.ProcessPath, Environment.GetEnvironmentVariable(LanguagesVariable)];
        foreach (var path in SystemFolders.Concat(SystemFiles).Concat(RecognitionFolders).Concat(others.OfType<string>()))
        {
            Allow(rules, path);
        }
    }

    /// <summary>Allows the libraries mapped now, since the next start loads them again: the runtime, the C library, and the loader, which the kernel runs.</summary>
    private void AllowLibraries(Landlock rules)
    {
        var mapped = File.ReadLines(Maps).Select(line => line.IndexOf('/') is >= 0 and var start ? line[start..] : "").Distinct();
        foreach (var path in mapped.Where(path => path.Contains(".so", StringComparison.Ordinal)))
        {
            Allow(rules, path, isProgram: Path.GetFileName(path).StartsWith("ld-", StringComparison.Ordinal));
        }
    }

    /// <summary>Allows assemblies, which are loaded when needed: an installed runtime's by folder, because the host searches it, and all others one by one.</summary>
    private void AllowAssemblies(Landlock rules)
    {
        var core = Path.GetDirectoryName(Assemblies.FirstOrDefault(path => path.EndsWith("/System.Private.CoreLib.dll", StringComparison.Ordinal)));
        var shared = Path.GetDirectoryName(Path.GetDirectoryName(core));
        var isInstalled = Path.GetFileName(shared) == "shared";
        if (isInstalled)
        {
            Allow(rules, shared!);
            Allow(rules, Path.Combine(Path.GetDirectoryName(shared)!, "host"));
        }

        foreach (var path in Assemblies)
        {
            if (!isInstalled || !IsBelow(path, shared!))
            {
                Allow(rules, path);
            }
        }
    }

    private static IEnumerable<string> OfProgram()
    {
        var folder = AppContext.BaseDirectory;
        return ProgramFolders.Select(name => Path.Combine(folder, name))
            .Concat(ProgramPatterns.SelectMany(pattern => Directory.EnumerateFiles(folder, pattern)))
            .Concat(Directory.EnumerateDirectories(folder).SelectMany(language => Directory.EnumerateFiles(language, "*.resources.dll")));
    }

    private static IEnumerable<string> LibraryPath() =>
        (Environment.GetEnvironmentVariable("LD_LIBRARY_PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Where(Directory.Exists).SelectMany(folder => Directory.EnumerateFiles(folder, "*.so*"));

    private void Allow(Landlock rules, string path, bool isProgram = false)
    {
        if (Linux.RealPath(path) is not { } real || Array.Exists(hidden, file => real.StartsWith(file, StringComparison.Ordinal)))
        {
            return;
        }

        if (!Array.Exists(hidden, file => IsBelow(file, real)))
        {
            rules.AllowRead(real, isProgram);
            return;
        }

        // A rule covers everything below a folder, so the folder's entries are allowed one by one. Links lead to files that are named themselves, or elsewhere.
        foreach (var entry in new DirectoryInfo(real).EnumerateFileSystemInfos().Where(entry => entry.LinkTarget is null))
        {
            Allow(rules, entry.FullName);
        }
    }

    /// <summary>Returns the file's own path and the one that a link leads to; the file need not exist yet.</summary>
    private static IEnumerable<string> Names(string path)
    {
        var folder = Linux.RealPath(Path.GetDirectoryName(path) ?? "/");
        var names = new[] { folder is null ? path : Path.Combine(folder, Path.GetFileName(path)), Linux.RealPath(path) };
        return names.OfType<string>();
    }

    private static bool IsBelow(string path, string folder) => path.StartsWith(folder.TrimEnd('/') + '/', StringComparison.Ordinal);
}
