namespace Pybo.Rag.Models;

/// <summary>What Pybo itself puts into a model's folder.</summary>
internal static class ModelFiles
{
    /// <summary>Written last; a folder without it is not complete.</summary>
    public const string Manifest = "pybo-model.json";

    /// <summary>The prompts of a model whose repository names none, where sentence-transformers looks for them.</summary>
    public const string Prompts = "config_sentence_transformers.json";

    /// <summary>Held open by whoever changes the folder.</summary>
    public const string Lock = "pybo-model.lock";

    public const string PartEnding = ".part";

    private const int HashDigits = 12;

    /// <summary>Where a file is gathered; the hash keeps pieces of different versions apart.</summary>
    public static string Part(string folder, HubFile file) => $"{Full(folder, file.Path)}.{file.Hash[..HashDigits]}{PartEnding}";

    public static string Full(string folder, string path) => Path.Combine(folder, path.Replace('/', Path.DirectorySeparatorChar));

    public static IEnumerable<string> Parts(string folder) =>
        Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*" + PartEnding, SearchOption.AllDirectories) : [];

    public static bool IsOwn(string path) => path is Manifest or Lock || path.EndsWith(PartEnding, StringComparison.OrdinalIgnoreCase);

    /// <summary>Takes away folders that have become empty, this one too.</summary>
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
