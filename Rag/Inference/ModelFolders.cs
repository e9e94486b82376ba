namespace Pybo.Rag.Inference;

/// <summary>Where models lie on disk.</summary>
public static class ModelFolders
{
    /// <summary>The folder of models, under the site's content root or beside the program.</summary>
    public const string Root = "models";

    /// <summary>The folder of the model that ships with the product.</summary>
    public const string Embedded = "models/embedded";

    /// <summary>The name of that model; other folders name theirs.</summary>
    public const string EmbeddedName = "pybo-e5-small-ko";

    /// <summary>A model's folder as the settings name it: as it is, under the site's content root, or beside the program; null where none of them is.</summary>
    public static string? Locate(string folder, string contentRoot) => Candidates(folder, contentRoot).FirstOrDefault(Directory.Exists);

    /// <summary>An embedding model's folder, located and read.</summary>
    /// <exception cref="InvalidDataException">It is there but incomplete.</exception>
    public static SentenceTransformerFolder? Find(string folder, string contentRoot) =>
        Locate(folder, contentRoot) is { } found ? SentenceTransformerFolder.Read(found, folder == Embedded ? EmbeddedName : null) : null;

    /// <summary>What to tell the operator where <see cref="Find"/> gives null.</summary>
    public static string Missing(string folder, string contentRoot) =>
        $"The embedding model '{folder}' is missing, so search works by words only. Put the folder back, or name another one (Pybo:EmbeddingModel), to search by meaning too. Looked in: {string.Join(", ", Candidates(folder, contentRoot))}";

    /// <summary>Where the models that come with the program, or were put beside it, lie.</summary>
    public static IEnumerable<string> Roots(string contentRoot) => Candidates(Root, contentRoot);

    private static IEnumerable<string> Candidates(string folder, string contentRoot) =>
        new[] { contentRoot, AppContext.BaseDirectory }.Select(root => Path.GetFullPath(Path.Combine(root, folder))).Distinct();
}
