namespace Pybo.Rag.Inference;

/// <summary>Locates models on disk.</summary>
public static class ModelFolders
{
    /// <summary>The folder of models, under the site's content root or next to the program.</summary>
    public const string Root = "models";

    /// <summary>The folder of the model that ships with the product.</summary>
    public const string Embedded = "models/embedded";

    /// <summary>The name of that model; other folders name their own.</summary>
    public const string EmbeddedName = "pybo-e5-small-ko";

    /// <summary>Locates a model's folder from the settings: as given, under the site's content root, or next to the program; null if it is in none of
    /// them.</summary>
    public static string? Locate(string folder, string contentRoot) => Candidates(folder, contentRoot).FirstOrDefault(Directory.Exists);

    /// <summary>Locates and reads an embedding model's folder.</summary>
    /// <exception cref="InvalidDataException">The folder exists but is incomplete.</exception>
    public static SentenceTransformerFolder? Find(string folder, string contentRoot) =>
        Locate(folder, contentRoot) is { } found ? SentenceTransformerFolder.Read(found, folder == Embedded ? EmbeddedName : null) : null;

    /// <summary>The message to the operator if <see cref="Find"/> returns null.</summary>
    public static string Missing(string folder, string contentRoot) =>
        $"The embedding model '{folder}' is missing, so search works by words only. Put the folder back, or name another one (Pybo:EmbeddingModel), to search by meaning too. Looked in: {string.Join(", ", Candidates(folder, contentRoot))}";

    /// <summary>The folders of models that ship with the program or were put next to it.</summary>
    public static IEnumerable<string> Roots(string contentRoot) => Candidates(Root, contentRoot);

    private static IEnumerable<string> Candidates(string folder, string contentRoot) =>
        new[] { contentRoot, AppContext.BaseDirectory }.Select(root => Path.GetFullPath(Path.Combine(root, folder))).Distinct();
}
