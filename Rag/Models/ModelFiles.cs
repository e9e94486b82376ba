namespace Pybo.Rag.Models;

/// <summary>The files that Pybo itself adds to a model's folder.</summary>
internal static class ModelFiles
{
    /// <summary>Written last; a folder without it is incomplete.</summary>
    public const string Manifest = "pybo-model.json";

    /// <summary>The prompts of a model whose repository names none, in sentence-transformers' own place.</summary>
    public const string Prompts = "config_sentence_transformers.json";

    /// <summary>Held open during changes to the folder.</summary>
    public const string Lock = "pybo-model.lock";

    public const string PartEnding = ".part";

    private const int HashDigits = 12;

    /// <summary>Returns the path of a file's partial download; the hash separates parts of different versions.</summary>
    public static string Part(string folder, HubFile file) => $"{Full(folder, file.Path)}.{file.Hash[..HashDigits]}{PartEnding}";

    public static string Full(string folder, string path) => Path.Combine(folder, path.Replace('/', Path.DirectorySeparatorChar));

    public static IEnumerable<string> Parts(string folder) =>
        Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*" + PartEnding, SearchOption.AllDirectories) : [];

    public static bool IsOwn(string path) => path is Manifest or Lock || path.EndsWith(PartEnding, StringComparison.OrdinalIgnoreCase);

    /// <summary>Deletes empty folders, including this one.</summary>
    public static void DeleteEmpty(string folder)
    {
        foreach (var inner in Directory.EnumerateDirectories(folder))
        {
            DeleteEmpty(inner);
        }

        if (!Directory.EnumerateFileSystemEntries(folder).Any())
        {
            Directory.Delete(folder);
        }
    }
}
