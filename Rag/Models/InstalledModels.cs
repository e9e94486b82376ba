using System.IO.Enumeration;
using Microsoft.Extensions.Options;
using Pybo.Data;
using Pybo.Rag.Inference;

namespace Pybo.Rag.Models;

/// <summary>The models on this machine: downloaded, registered, and the embedded one. Reads a few small files on each call.</summary>
public sealed class InstalledModels(ModelCatalogue catalogue, IOptions<PyboOptions> options, IHostEnvironment environment)
{
    /// <summary>The download folder: <c>Pybo:Models</c>, next to the database unless it is an absolute path. A new version of the program must not lose
    /// it.</summary>
    public string Root { get; } = Path.GetFullPath(options.Value.Models, Path.GetDirectoryName(Path.GetFullPath(options.Value.Database))!);

    /// <summary>All models, complete or not: the catalogue's in its order, then others by name.</summary>
    public IReadOnlyList<InstalledModel> All =>
    [
        .. new[] { Root }.Concat(ModelFolders.Roots(environment.ContentRootPath)).Distinct()
            .Where(Directory.Exists)
            .SelectMany(root => Directory.EnumerateDirectories(root))
            .Select(ReadIfThere)
            .OfType<InstalledModel>()
            .DistinctBy(model => model.Name, StringComparer.OrdinalIgnoreCase)
            .OrderBy(model => Place(model.Name)).ThenBy(model => model.Name, StringComparer.Ordinal),
    ];

    /// <summary>Finds a model by name, complete or not.</summary>
    public InstalledModel? Find(string name) => All.FirstOrDefault(model => string.Equals(model.Name, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Returns the generator that <c>Pybo:GenerationModel</c> or <c>--model</c> names, by name or by folder; for an empty setting the first complete
    /// one. Null if it is not installed.</summary>
    public InstalledModel? Generator(string setting)
    {
        if (setting.Length == 0)
        {
            return All.FirstOrDefault(model => model is { Kind: ModelKind.Generation, IsComplete: true });
        }

        return Find(setting) is { IsComplete: true, Kind: ModelKind.Generation } named ? named
            : ModelFolders.Locate(setting, environment.ContentRootPath) is { } folder ? new(Path.GetFileName(Path.TrimEndingDirectorySeparator(folder)), ModelKind.Generation, folder, folder, 0, null, null)
            : null;
    }

    /// <summary>Reads the embedding model that <c>Pybo:EmbeddingModel</c> names, by name or by folder; null if it is not installed.</summary>
    /// <exception cref="InvalidDataException">Its folder is broken.</exception>
    public SentenceTransformerFolder? Embedder(string setting) => Find(setting) is { IsComplete: true, Kind: ModelKind.Embedding } named
        ? SentenceTransformerFolder.Read(named.Folder, named.Name)
        : ModelFolders.Find(setting, environment.ContentRootPath);

    /// <summary>The message to the operator if <see cref="Embedder"/> returns null.</summary>
    public string MissingEmbedder(string setting) =>
        ModelFolders.Missing(setting, environment.ContentRootPath) + (catalogue.Find(setting) is { } known ? $" The command 'models pull {known.Name}' downloads it." : "");

    /// <summary>Whether the settings choose this model.</summary>
    public bool IsChosen(InstalledModel model) => model.Kind == ModelKind.Embedding
        ? string.Equals(model.Name, options.Value.EmbeddingModel, StringComparison.OrdinalIgnoreCase) || model.Folder == ModelFolders.Locate(options.Value.EmbeddingModel, environment.ContentRootPath)
        : model.Folder == Generator(options.Value.GenerationModel)?.Folder;

    /// <summary>Returns a model's folder under <see cref="Root"/>, existing or not.</summary>
    public string HomeOf(string name) => Path.Combine(Root, name);

    private int Place(string name) => catalogue.All.TakeWhile(model => !string.Equals(model.Name, name, StringComparison.OrdinalIgnoreCase)).Count();

    private InstalledModel? ReadIfThere(string home)
    {
        try
        {
            return Read(home);
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
        {
            // A job is replacing or removing it at this moment.
            return null;
        }
    }

    private InstalledModel? Read(string home)
    {
        var name = Path.GetFileName(home);
        var known = catalogue.Find(name);
        if (name == Path.GetFileName(ModelFolders.Embedded))
        {
            return new(ModelFolders.EmbeddedName, ModelKind.Embedding, home, home, BytesIn(home), null, null);
        }

        try
        {
            if (ModelManifest.Read(home) is not { } manifest)
            {
                return known is not null && Directory.EnumerateFiles(home, "*", SearchOption.AllDirectories).Any()
                    ? new(known.Name, known.Kind, home, home, BytesIn(home), null, Notice.Of(ModelProblem.Interrupted))
                    : null;
            }

            var folder = manifest.Folder ?? home;
            var gone = manifest.Files.FirstOrDefault(file => new FileInfo(ModelFiles.Full(folder, file.Path)) is not { Exists: true } info || SizeOf(info) != file.SizeBytes);
            return new(name, manifest.Kind, folder, home, manifest.Files.Sum(file => file.SizeBytes), manifest.Commit, gone is null ? null : Notice.Of(ModelProblem.FilesChanged, gone.Path));
        }
        catch (ModelException broken)
        {
            return new(name, known?.Kind ?? ModelKind.Generation, home, home, BytesIn(home), null, broken.Notice);
        }
    }

    // A registered folder may consist of links, as another tool's cache does.
    private static long SizeOf(FileInfo file) => file.ResolveLinkTarget(returnFinalTarget: true) is FileInfo target ? target.Length : file.Length;

    // A download renames its parts during the listing: a file that is gone has no bytes here, where FileInfo would throw.
    private static long BytesIn(string folder) => new FileSystemEnumerable<long>(
        folder, (ref entry) => entry.Length, new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
    {
        ShouldIncludePredicate = (ref entry) => !entry.IsDirectory,
    }.Sum();
}
