using System.Text;
using Pybo.Rag.Documents.Isolation;

namespace Pybo.Rag.Documents.Recognition;

/// <summary>The installed programs that recognise text: Tesseract with its Korean model, and poppler's pdftoppm, which draws the pages of a PDF.</summary>
/// <param name="Tesseract">The full path.</param>
/// <param name="Languages">Its models, the Korean one first.</param>
/// <param name="Pdftoppm">The full path.</param>
internal sealed record RecognitionPrograms(string Tesseract, IReadOnlyList<string> Languages, string Pdftoppm)
{
    public const string Korean = "kor";

    /// <summary>Korean pages contain English words, for which the Korean model writes digits. Given both models at once, Tesseract writes English for Korean words: <see cref="RecognisedText"/> chooses better.</summary>
    private const string English = "eng";

    private const int ListBytesMax = 100_000;

    private static readonly TimeSpan ListTime = TimeSpan.FromSeconds(30);

    /// <summary>The folders where systems install programs, before those of PATH.</summary>
    private static readonly string[] ProgramFolders = OperatingSystem.IsWindows()
        ? [Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ProgramFiles), "Tesseract-OCR")]
        : ["/usr/bin", "/usr/local/bin", "/opt/homebrew/bin"];

    /// <summary>Finds the programs; null if a program or the Korean model is missing.</summary>
    /// <param name="tesseract">Its full path; empty to look where systems install programs.</param>
    /// <param name="pdftoppm">The same for poppler's program.</param>
    public static async Task<RecognitionPrograms?> FindAsync(string tesseract, string pdftoppm, CancellationToken ct)
    {
        if (PathOf("tesseract", tesseract) is not { } found || PathOf("pdftoppm", pdftoppm) is not { } drawing)
        {
            return null;
        }

        var list = await ConfinedProgram.RunAsync(found, ["--list-langs"], Stream.Null, ListBytesMax, ListTime, [], ct);
        var languages = Encoding.UTF8.GetString(list ?? []).Split('\n', StringSplitOptions.TrimEntries);
        return !languages.Contains(Korean) ? null : new(found, languages.Contains(English) ? [Korean, English] : [Korean], drawing);
    }

    /// <summary>Looks only in full paths, never in the working folder.</summary>
    private static string? PathOf(string name, string given)
    {
        if (given.Length > 0)
        {
            return Path.IsPathFullyQualified(given) && File.Exists(given) ? given : null;
        }

        var file = OperatingSystem.IsWindows() ? name + ".exe" : name;
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return ProgramFolders.Concat(folders).Where(Path.IsPathFullyQualified).Select(folder => Path.Combine(folder, file)).FirstOrDefault(File.Exists);
    }
}
