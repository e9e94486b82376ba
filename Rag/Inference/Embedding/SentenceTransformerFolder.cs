using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Pybo.Rag.Tokenizers;

namespace Pybo.Rag.Inference;

/// <summary>How token vectors are combined into the text's vector.</summary>
public enum Pooling
{
    /// <summary>The mean over the text's tokens, including special ones but not padding.</summary>
    Mean,

    /// <summary>The first token's vector.</summary>
    FirstToken,

    /// <summary>The last token's vector, ignoring padding.</summary>
    LastToken,
}

/// <summary>The settings of a model folder in the sentence-transformers layout; loads no model yet.</summary>
/// <remarks>
/// Read from modules.json, the pooling module's config.json, sentence_bert_config.json, config_sentence_transformers.json and config.json. Without
/// modules.json, pooling is the mean, as in sentence-transformers. Dense, LSTM and other further modules, pooling by maximum or by several ways at
/// once, and pooling that excludes the prompt are refused.
/// </remarks>
public sealed record SentenceTransformerFolder
{
    private const string ModulesFile = "modules.json";
    private const string SentenceConfigFile = "sentence_bert_config.json";
    private const string PromptsFile = "config_sentence_transformers.json";
    private const string ModelConfigFile = "config.json";

    /// <summary>The length for a folder that names none; most encoders were trained for it.</summary>
    private const int DefaultTokensMax = 512;

    /// <summary>RoBERTa's position embeddings start after the padding id, so two of its rows are not positions.</summary>
    private const int ReservedPositions = 2;

    /// <summary>Raise it when our own pooling, truncation or prefixes change, so that stored vectors are recomputed.</summary>
    private const string FingerprintVersion = "pybo-embedding-1";

    /// <summary>Smaller graphs first: they are made for CPUs.</summary>
    private static readonly string[] ModelFiles =
    [
        "onnx/model_quantized.onnx", "onnx/model_int8.onnx", "onnx/model_qint8_avx512_vnni.onnx", "onnx/model.onnx",
        "model_quantized.onnx", "model.onnx",
    ];

    private static readonly Dictionary<string, string[]> PromptAliases = new() { ["passage"] = ["document", "corpus"], ["query"] = [] };

    public required string Path { get; init; }

    /// <summary>The model's name, which distinguishes stored vectors.</summary>
    public required string Name { get; init; }

    public required string ModelPath { get; init; }

    public required string TokenizerPath { get; init; }

    public required Pooling Pooling { get; init; }

    /// <summary>The dimension of a vector; null if the folder does not say (the graph does).</summary>
    public required int? Dimensions { get; init; }

    /// <summary>The maximum input in tokens, special ones included.</summary>
    public required int TokensMax { get; init; }

    public required int PaddingId { get; init; }

    /// <summary>Prefixes by name, such as <c>query</c> → <c>"query: "</c>.</summary>
    public required IReadOnlyDictionary<string, string> Prompts { get; init; }

    /// <summary>The prompt for callers that name none.</summary>
    public required string? DefaultPromptName { get; init; }

    /// <summary>Reads a folder.</summary>
    /// <param name="path">The folder that holds modules.json, or at least a tokenizer and an ONNX file.</param>
    /// <param name="name">The model's name; null for the folder's own.</param>
    /// <exception cref="InvalidDataException">A file is missing or broken, or needs something unsupported; the message names it.</exception>
    public static SentenceTransformerFolder Read(string path, string? name = null)
    {
        path = System.IO.Path.GetFullPath(path);
        var modules = ModelFolderJson.ReadFile(System.IO.Path.Combine(path, ModulesFile), ModelFolderJson.Default.ModuleEntryArray) ?? [];
        if (modules.FirstOrDefault(module => module.Kind is not ("Transformer" or "Pooling" or "Normalize")) is { } unknown)
        {
            throw new InvalidDataException($"The model folder '{path}' needs a module '{unknown.Type}', which Pybo cannot run: use a model of Transformer, Pooling and Normalize.");
        }

        var root = System.IO.Path.Combine(path, modules.FirstOrDefault(module => module.Kind == "Transformer")?.Path ?? "");
        var pooling = modules.FirstOrDefault(module => module.Kind == "Pooling") is { } entry
            ? ModelFolderJson.ReadFile(System.IO.Path.Combine(path, entry.Path, ModelConfigFile), ModelFolderJson.Default.PoolingConfig)
            : null;
        var model = ModelFolderJson.ReadFile(System.IO.Path.Combine(root, ModelConfigFile), ModelFolderJson.Default.ModelConfig);
        var sentence = ModelFolderJson.ReadFile(System.IO.Path.Combine(root, SentenceConfigFile), ModelFolderJson.Default.SentenceConfig);
        var prompts = ModelFolderJson.ReadFile(System.IO.Path.Combine(path, PromptsFile), ModelFolderJson.Default.PromptsConfig);
        return new()
        {
            Path = path,
            Name = name ?? System.IO.Path.GetFileName(System.IO.Path.TrimEndingDirectorySeparator(path)),
            ModelPath = FirstFile(path, root, ModelFiles, "an ONNX file"),
            TokenizerPath = FirstFile(path, root, ModelVocabulary.FileNames, "its tokenizer"),
            Pooling = PoolingOf(path, pooling),
            Dimensions = pooling?.WordEmbeddingDimension ?? model?.HiddenSize,
            TokensMax = sentence?.MaxSeqLength ?? Math.Min(DefaultTokensMax, (model?.MaxPositionEmbeddings - ReservedPositions) ?? DefaultTokensMax),
            PaddingId = model?.PadTokenId ?? 0,
            Prompts = (prompts?.Prompts ?? []).Where(prompt => prompt.Value is not null).ToDictionary(prompt => prompt.Key, prompt => prompt.Value!),
            DefaultPromptName = prompts?.DefaultPromptName,
        };
    }

    /// <summary>Returns the prefix for a prompt's name; empty if the model has none for queries or passages.</summary>
    /// <exception cref="ArgumentException">The model has no prompt of that name.</exception>
    public string Prompt(string? promptName)
    {
        promptName ??= DefaultPromptName;
        if (promptName is null)
        {
            return "";
        }

        var names = PromptAliases.TryGetValue(promptName, out var aliases) ? aliases.Prepend(promptName) : [promptName];
        var found = names.FirstOrDefault(Prompts.ContainsKey);
        return found is not null || aliases is not null
            ? found is null ? "" : Prompts[found]
            : throw new ArgumentException($"The model '{Name}' has no prompt '{promptName}'; it has: {string.Join(", ", Prompts.Keys)}.", nameof(promptName));
    }

    /// <summary>Bytes of the graph and its external weights.</summary>
    internal long ModelBytes => new FileInfo(ModelPath).Length + ExternalWeights().Sum(weights => weights.Length);

    /// <summary>Computes SHA-256 over every file that affects a vector, as 64 hexadecimal digits; external weights count by name and size.</summary>
    /// <remarks>Reads the model once (about 25 ms for 30 MB): keep the result.</remarks>
    public string ComputeFingerprint()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{FingerprintVersion}\n{Pooling}\n{TokensMax}\n{DefaultPromptName}\n"));
        foreach (var (key, prompt) in Prompts.OrderBy(prompt => prompt.Key, StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{key}\0{prompt}\n"));
        }

        foreach (var file in (string[])[.. ModelVocabulary.FilesOf(TokenizerPath), ModelPath])
        {
            using var stream = File.OpenRead(file);
            hash.AppendData(SHA256.HashData(stream));
        }

        foreach (var weights in ExternalWeights())
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{weights.Name}\0{weights.Length}\n"));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private IEnumerable<FileInfo> ExternalWeights()
    {
        var modelFile = new FileInfo(ModelPath);
        return modelFile.Directory!.EnumerateFiles(modelFile.Name + "_data*").OrderBy(file => file.Name, StringComparer.Ordinal);
    }

    private static Pooling PoolingOf(string path, PoolingConfig? config)
    {
        if (config is null)
        {
            return Pooling.Mean;
        }

        string[] modes = config.PoolingMode is { } mode ? [mode] :
        [
            .. config.PoolingModeMeanTokens ? ["mean"] : Array.Empty<string>(),
            .. config.PoolingModeClsToken ? ["cls"] : Array.Empty<string>(),
            .. config.PoolingModeLasttoken ? ["lasttoken"] : Array.Empty<string>(),
            .. config.PoolingModeMaxTokens ? ["max"] : Array.Empty<string>(),
            .. config.PoolingModeMeanSqrtLenTokens ? ["mean_sqrt_len_tokens"] : Array.Empty<string>(),
            .. config.PoolingModeWeightedmeanTokens ? ["weightedmean"] : Array.Empty<string>(),
        ];
        return (modes, config.IncludePrompt) switch
        {
            (["mean"], not false) => Pooling.Mean,
            (["cls"], _) => Pooling.FirstToken,
            (["lasttoken"], _) => Pooling.LastToken,
            (_, false) => throw new InvalidDataException($"The model folder '{path}' pools without its prompt, which Pybo does not do."),
            _ => throw new InvalidDataException($"The model folder '{path}' pools by '{string.Join(" + ", modes)}'; Pybo pools by mean, cls or lasttoken."),
        };
    }

    private static string FirstFile(string path, string root, IReadOnlyList<string> candidates, string what) =>
        candidates.SelectMany(file => new[] { System.IO.Path.Combine(path, file), System.IO.Path.Combine(root, file) }).FirstOrDefault(File.Exists)
        ?? throw new InvalidDataException($"The model folder '{path}' lacks {what} ({string.Join(", ", candidates)}): copy the whole folder again.");
}

internal sealed record ModuleEntry(string Path, string Type)
{
    /// <summary>The class name without its package: <c>sentence_transformers.models.Pooling</c> → <c>Pooling</c>.</summary>
    [JsonIgnore]
    public string Kind => Type[(Type.LastIndexOf('.') + 1)..];
}

internal sealed record PoolingConfig(
    int? WordEmbeddingDimension,
    string? PoolingMode,
    bool PoolingModeClsToken,
    bool PoolingModeMeanTokens,
    bool PoolingModeMaxTokens,
    bool PoolingModeMeanSqrtLenTokens,
    bool PoolingModeWeightedmeanTokens,
    bool PoolingModeLasttoken,
    bool? IncludePrompt);

internal sealed record ModelConfig(int? HiddenSize, int? MaxPositionEmbeddings, int? PadTokenId);

internal sealed record SentenceConfig(int? MaxSeqLength);

internal sealed record PromptsConfig(Dictionary<string, string?>? Prompts, string? DefaultPromptName);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(ModuleEntry[]))]
[JsonSerializable(typeof(PoolingConfig))]
[JsonSerializable(typeof(ModelConfig))]
[JsonSerializable(typeof(SentenceConfig))]
[JsonSerializable(typeof(PromptsConfig))]
internal sealed partial class ModelFolderJson : JsonSerializerContext
{
    /// <summary>Reads one of a model folder's files; returns null if it does not exist.</summary>
    /// <exception cref="InvalidDataException">The file is not JSON of that shape; the message names it.</exception>
    public static T? ReadFile<T>(string file, JsonTypeInfo<T> type) where T : class
    {
        if (!File.Exists(file))
        {
            return null;
        }

        try
        {
            using var stream = File.OpenRead(file);
            return JsonSerializer.Deserialize(stream, type);
        }
        catch (JsonException broken)
        {
            throw new InvalidDataException($"The model's file '{file}' is not readable: {broken.Message}", broken);
        }
    }
}

