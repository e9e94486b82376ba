using System.Runtime.InteropServices;

namespace Pybo.Data;

/// <summary>Finds the native library that Natives.targets placed next to the program; ONNX Runtime's package finds its own.</summary>
/// <remarks>
/// Three layouts exist: <c>runtimes/&lt;rid&gt;/native</c> under the output folder (<c>dotnet run</c>, a portable publish), the folder itself
/// (a publish for one platform), and the directory to which a single-file app extracts itself (named in NATIVE_DLL_SEARCH_DIRECTORIES).
/// </remarks>
internal static class Natives
{
    public const string SqliteVec = "vec0";

    /// <summary>Loads a library by its bare name.</summary>
    /// <exception cref="DllNotFoundException">No folder contains it; the message lists the folders and the remedy.</exception>
    public static nint Load(string name)
    {
        var folders = Folders().ToList();
        foreach (var folder in folders.Where(Directory.Exists))
        {
            var file = Directory.EnumerateFiles(folder).FirstOrDefault(path => IsLibrary(Path.GetFileName(path), name));
            if (file is not null)
            {
                return NativeLibrary.Load(file);
            }
        }

        throw new DllNotFoundException(
            $"The native library '{name}' is not beside the program. Build Pybo again with Node.js installed (it restores native libraries), or publish for this platform. Looked in: {string.Join(", ", folders)}");
    }

    private static IEnumerable<string> Folders()
    {
        var searched = (AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Append(AppContext.BaseDirectory);
        return searched.SelectMany(folder => new[] { Path.Combine(folder, "runtimes", PortableRid, "native"), folder }).Distinct();
    }

    private static bool IsLibrary(string file, string name) =>
        file == name + ".dll" || file == name + ".so" || file == name + ".dylib"
        || file.StartsWith("lib" + name + ".so", StringComparison.Ordinal)
        || (file.StartsWith("lib" + name + ".", StringComparison.Ordinal) && file.EndsWith(".dylib", StringComparison.Ordinal));

    private static string PortableRid =>
        $"{(OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux")}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";
}
