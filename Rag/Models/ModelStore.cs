using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Options;
using Pybo.Data;
using Pybo.Rag.Inference;

namespace Pybo.Rag.Models;

/// <summary>Registers, checks and removes models.</summary>
public sealed class ModelStore(ModelCatalogue catalogue, InstalledModels installed, IOptions<PyboOptions> options)
{
    /// <summary>A model's folder has a dozen files; a folder with more than this is not a model's.</summary>
    private const int FilesMax = 1_000;

    private const int FolderDepthMax = 4;

    /// <summary>Registers a user's folder under a name. The folder stays in place and is never written to.</summary>
    /// <param name="folder">A folder with a tokenizer.json and ONNX files.</param>
    /// <param name="name">The model's name; null for the folder's own.</param>
    /// <param name="ct">Cancels.</param>
    /// <exception cref="ModelException">The folder is not a model's, or the name is taken.</exception>
    public async Task<InstalledModel> AddAsync(string folder, string? name, CancellationToken ct)
    {
        folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        name ??= Path.GetFileName(folder);
        if (!ModelName.IsValid(name))
        {
            throw new ModelException(Notice.Of(ModelProblem.BadName, name));
        }

        if (installed.Find(name) is { } taken)
        {
            throw new ModelException(Notice.Of(ModelProblem.NameTaken, taken.Name, taken.Folder));
        }

        var kind = KindOf(folder);
        Read(kind, folder, name);
        var files = new List<HubFile>();
        foreach (var full in Directory.EnumerateFiles(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = FolderDepthMax }))
        {
            var path = Path.GetRelativePath(folder, full).Replace(Path.DirectorySeparatorChar, '/');
            if (HubPath.IsSafe(path))
            {
                var target = new FileInfo(full).ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? new FileInfo(full);
                files.Add(files.Count < FilesMax
                    ? new(path, target.Length, await ContentHash.Sha256Async(full, ct))
                    : throw new ModelException(Notice.Of(ModelProblem.TooManyFiles, folder, FilesMax)));
            }
        }

        var home = installed.HomeOf(name);
        using (ModelLock.Take(home, name))
        {
            new ModelManifest(name, kind, folder, null, null, files).Write(home);
        }

        return installed.Find(name)!;
    }

    /// <summary>Deletes a model's downloaded files, or forgets a registered model.</summary>
    /// <exception cref="ModelException">The model does not exist, or is in use.</exception>
    public void Remove(string name)
    {
        var model = Existing(name);
        if (model.IsEmbedded)
        {
            throw new ModelException(Notice.Of(ModelProblem.Embedded, model.Name));
        }

        if (string.Equals(model.Name, options.Value.EmbeddingModel, StringComparison.OrdinalIgnoreCase) || string.Equals(model.Name, options.Value.GenerationModel, StringComparison.OrdinalIgnoreCase))
        {
            throw new ModelException(Notice.Of(model.Kind == ModelKind.Embedding ? ModelProblem.ChosenForEmbedding : ModelProblem.ChosenForGeneration, model.Name));
        }

        using (ModelLock.Take(model.Home, model.Name))
        {
            foreach (var file in Ours(model).Distinct().Where(File.Exists).ToList())
            {
                File.Delete(file);
            }
        }

        ModelFiles.DeleteEmpty(model.Home);
    }

    /// <summary>Reads every byte of a model and compares it with its record.</summary>
    /// <returns>The files that are missing or have changed.</returns>
    /// <exception cref="ModelException">The model does not exist, or has no record.</exception>
    public async Task<IReadOnlyList<string>> VerifyAsync(string name, IProgress<PullProgress>? progress, CancellationToken ct)
    {
        var model = Existing(name);
        var manifest = ModelManifest.Read(model.Home)
            ?? throw new ModelException(model.IsEmbedded ? Notice.Of(ModelProblem.EmbeddedUnverifiable, model.Name) : model.Fault!);
        var meter = new PullMeter(manifest.Files, progress);
        var faults = new List<string>();
        foreach (var file in manifest.Files)
        {
            if (!await ContentHash.MatchesAsync(ModelFiles.Full(model.Folder, file.Path), file, ct))
            {
                faults.Add(file.Path);
            }

            meter.Done(file);
        }

        return faults;
    }

    /// <summary>Reads a folder as a model of its kind.</summary>
    /// <exception cref="ModelException">The folder is not such a model's.</exception>
    internal static void Read(ModelKind kind, string folder, string name)
    {
        try
        {
            _ = kind == ModelKind.Embedding ? (object)SentenceTransformerFolder.Read(folder, name) : LanguageModelFolder.Read(folder, name);
        }
        catch (InvalidDataException wrong)
        {
            throw new ModelException(Notice.Of(kind == ModelKind.Embedding ? ModelProblem.NotAnEmbeddingModel : ModelProblem.NotAGenerationModel, folder, wrong.Message), inner: wrong);
        }
    }

    private InstalledModel Existing(string name) => installed.Find(name) ?? throw new ModelException(
        Notice.Of(ModelProblem.NotFound, name));

    /// <summary>Lists the files that Pybo put there. Other files in the folder are kept.</summary>
    private IEnumerable<string> Ours(InstalledModel model)
    {
        yield return Path.Combine(model.Home, ModelFiles.Manifest);
        if (model.IsRegistered)
        {
            yield break;
        }

        foreach (var part in ModelFiles.Parts(model.Home))
        {
            yield return part;
        }

        // A broken record names no files; the catalogue does.
        var known = catalogue.Find(model.Name);
        foreach (var file in Directory.EnumerateFiles(model.Home, "*", SearchOption.AllDirectories))
        {
            var path = Path.GetRelativePath(model.Home, file).Replace(Path.DirectorySeparatorChar, '/');
            if (known?.Wants(path) == true || path == ModelFiles.Prompts)
            {
                yield return file;
            }
        }

        foreach (var file in ModelManifest.ReadIfWhole(model.Home)?.Files ?? [])
        {
            yield return ModelFiles.Full(model.Home, file.Path);
        }
    }

    /// <summary>Determines a folder's kind from the files of its layout or, if these are inconclusive, from the architecture in config.json.</summary>
    private static ModelKind KindOf(string folder)
    {
        string[] sentence = ["modules.json", "sentence_bert_config.json", ModelFiles.Prompts];
        string[] graphs = ["genai_config.json", "onnx/decoder_model_merged*.onnx", "decoder_model_merged*.onnx"];
        if (!Directory.Exists(folder))
        {
            throw new ModelException(Notice.Of(ModelProblem.NoFolder, folder));
        }

        return sentence.Any(file => File.Exists(Path.Combine(folder, file))) ? ModelKind.Embedding
            : graphs.Any(pattern => Directory.Exists(Path.GetDirectoryName(Path.Combine(folder, pattern))) && Directory.EnumerateFiles(folder, pattern).Any()) ? ModelKind.Generation
            : Architectures(folder).Any(name => name.EndsWith("ForCausalLM", StringComparison.Ordinal) || name.EndsWith("ForConditionalGeneration", StringComparison.Ordinal)) ? ModelKind.Generation
            : ModelKind.Embedding;
    }

    private static IReadOnlyList<string> Architectures(string folder)
    {
        var file = Path.Combine(folder, "config.json");
        try
        {
            return File.Exists(file) ? JsonSerializer.Deserialize(File.ReadAllBytes(file), ArchitectureJson.Default.ArchitectureConfig)?.Architectures ?? [] : [];
        }
        catch (JsonException broken)
        {
            throw new ModelException(Notice.Of(ModelProblem.Unreadable, file, broken.Message), inner: broken);
        }
    }
}

internal sealed record ArchitectureConfig(IReadOnlyList<string>? Architectures);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ArchitectureConfig))]
internal sealed partial class ArchitectureJson : JsonSerializerContext;
