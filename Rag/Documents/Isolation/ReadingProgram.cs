using System.Diagnostics;
using System.Globalization;
using System.Reflection;

namespace Pybo.Rag.Documents.Isolation;

/// <summary>Starts this program again to read documents.</summary>
internal static class ReadingProgram
{
    /// <summary>
    /// The only environment variables that a reading process receives: the runtime's location (<c>DOTNET_ROOT</c>, <c>LD_LIBRARY_PATH</c>, Windows' <c>SystemRoot</c>), and the folder into which
    /// a published single file has unpacked itself, and the folder of Tesseract's languages. Settings, connection strings and keys are left out.
    /// </summary>
    private static readonly string[] EnvironmentKept =
    [
        "PATH", "HOME", "USERPROFILE", "TMPDIR", "TEMP", "TMP", "SystemRoot", "LD_LIBRARY_PATH", "DOTNET_ROOT", "DOTNET_ROOT_X64", "DOTNET_ROOT_ARM64",
        "DOTNET_BUNDLE_EXTRACT_BASE_DIR", "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT", ProgramFiles.LanguagesVariable,
    ];

    /// <summary>The executable itself if it is one (an application's host, a published single file); <c>dotnet Pybo.dll</c> if another program, such as a test's, has loaded it.</summary>
    public static IReadOnlyList<string> CommandLine(string command = IsolatedReading.Command)
    {
        var assembly = typeof(ReadingProgram).Assembly;
        var dotnet = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        var process = Environment.ProcessPath ?? dotnet;
        var isDotnet = Path.GetFileName(process).Equals(dotnet, StringComparison.OrdinalIgnoreCase);
        return Assembly.GetEntryAssembly() == assembly && !isDotnet
            ? [process, command]
            : [isDotnet ? process : dotnet, Path.Combine(AppContext.BaseDirectory, assembly.GetName().Name + ".dll"), command];
    }

    /// <exception cref="InvalidOperationException">The program cannot be started.</exception>
    /// <exception cref="System.ComponentModel.Win32Exception">The system does not start it.</exception>
    public static Process Start(IReadOnlyList<string> commandLine, ReadingLimits limits)
    {
        var start = new ProcessStartInfo(commandLine[0], commandLine.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            CreateNoWindow = true,
            WorkingDirectory = AppContext.BaseDirectory,
        };
        start.Environment.Clear();
        foreach (var name in EnvironmentKept)
        {
            if (Environment.GetEnvironmentVariable(name) is { } value)
            {
                start.Environment[name] = value;
            }
        }

        start.Environment[Confinement.HiddenFilesVariable] = string.Join('\n', limits.HiddenFiles);
        start.Environment["DOTNET_GCHeapHardLimit"] = limits.HeapBytes.ToString("X", CultureInfo.InvariantCulture);
        start.Environment["DOTNET_gcServer"] = "0";
        start.Environment["DOTNET_gcConcurrent"] = "0";
        start.Environment["DOTNET_EnableDiagnostics"] = "0"; // no debugger's pipes
        start.Environment["DOTNET_TieredPGO"] = "0"; // few processes live long enough to benefit
        return Process.Start(start) ?? throw new InvalidOperationException("The reading process did not start.");
    }
}
