using System.Text.Json;
using System.Text.Json.Serialization;
using Pybo.Rag.Tokenizers;

namespace Pybo.Rag.Inference;

/// <summary>The settings of a folder with a decoder in ONNX; loads no model yet.</summary>
/// <remarks>
/// Three layouts: one graph (<c>onnx/model*.onnx</c>), two graphs (<c>onnx/embed_tokens*.onnx</c> and <c>onnx/decoder_model_merged*.onnx</c>), both
/// with config.json and generation_config.json as Hugging Face writes them, and onnxruntime-genai's (<c>genai_config.json</c>).
/// <see cref="DecoderLayout"/> reads the graphs' own declarations.
/// </remarks>
public sealed record LanguageModelFolder
{
    private const string GenAiFile = "genai_config.json";
    private const string ConfigFile = "config.json";
    private const string GenerationFile = "generation_config.json";
    private const string TemplateFile = "chat_template.jinja";
    private const string TokenizerConfigFile = "tokenizer_config.json";
    private const string SingleGraph = "model";
    private const string EmbedderGraph = "embed_tokens";
    private const string DecoderGraph = "decoder_model_merged";

    /// <summary>Maximum bytes of a chat template: published ones have up to some tens of thousands.</summary>
    private const long TemplateBytesMax = 1 << 20;

    /// <summary>For a folder that does not state a maximum length.</summary>
    private const int ContextTokensDefault = 4_096;

    /// <summary>Words in the names of models that were tuned to follow instructions, and of those that were not.</summary>
    private static readonly string[] TunedWords = ["it", "instruct", "instruction", "chat", "assistant", "sft", "dpo"];

    private static readonly string[] PretrainedWords = ["pt", "base", "pretrained"];

    /// <summary>Suffixes of a graph's name by weight format, the best for CPUs first: 4 bits with f32 between them, then 8, 32 and 16.</summary>
    private static readonly string[] Variants = ["_q4", "_quantized", "_int8", "_uint8", "", "_q4f16", "_fp16"];

    /// <summary>Types of <c>genai_config.json</c> that our own loop runs, with the token that closes a turn in the families that it knows: others share a
    /// type.</summary>
    private static readonly Dictionary<string, string> OwnGenAiTypes = new(StringComparer.Ordinal)
    {
        ["gemma3_text"] = "<end_of_turn>",
        ["gemma4_text"] = "<turn|>",
        ["llama"] = "<|eot_id|>",
        ["phi3"] = "<|end|>",
        ["qwen2"] = "<|im_end|>",
        ["qwen3"] = "<|im_end|>",
    };

    public required string Path { get; init; }

    /// <summary>The model's name; by default the folder's.</summary>
    public required string Name { get; init; }

    /// <summary>The path of the graph from ids (or their embeddings) and caches to logits.</summary>
    public required string DecoderPath { get; init; }

    /// <summary>The path of the graph from ids to embeddings, if there are two graphs.</summary>
    public required string? EmbedderPath { get; init; }

    public required string TokenizerPath { get; init; }

    /// <summary>
    /// Ids that end an answer, according to the folder; config.json alone is not enough if generation_config.json has more. May be empty, because the
    /// family's own are added (<see cref="ChatTemplate.StopIds"/>).
    /// </summary>
    public required IReadOnlyList<int> StopIds { get; init; }

    /// <summary>The maximum prompt and answer together that the model was made for, in tokens.</summary>
    public required int ContextTokensMax { get; init; }

    /// <summary>Rows of the smallest table that ids are looked up in; null if the folder does not say. An id beyond it must not reach the graph.</summary>
    public required int? VocabularySize { get; init; }

    /// <summary>Elements of a head's key or value, for graphs that leave it open; null if the folder does not say.</summary>
    public required int? HeadSize { get; init; }

    /// <summary>Key or value heads of a layer, for graphs that leave it open; null if the folder does not say.</summary>
    public int? KeyValueHeads { get; init; }

    /// <summary><c>model_type</c> of the decoder; null if the folder does not say.</summary>
    public string? ModelType { get; init; }

    /// <summary>The chat template as published (<c>chat_template.jinja</c>, or in tokenizer_config.json); null if there is none. It identifies the family and
    /// is not run.</summary>
    public string? PublishedTemplate { get; init; }

    /// <summary>
    /// True if the model seems to be pretrained only: it continues a text and was not tuned to follow instructions. The words of its name decide, as makers name
    /// one of the two; otherwise Gemma's models are tuned only if their name says so, and others if the folder has a chat template.
    /// </summary>
    public bool IsPretrained => NameWords() is var words && !words.Overlaps(TunedWords)
        && (words.Overlaps(PretrainedWords) || ModelType?.StartsWith("gemma", StringComparison.Ordinal) == true || PublishedTemplate is null);

    public required SamplingDefaults Sampling { get; init; }

    /// <summary>Names of the caches, with <c>%d</c> for the layer.</summary>
    public required CacheNames CacheNames { get; init; }

    /// <summary>True if the folder has ONNX Runtime GenAI's layout (<c>genai_config.json</c>).</summary>
    public bool IsGenAi { get; init; }

    /// <summary>True if our own loop knows the graph and the template, according to the folder's declarations.</summary>
    public bool IsOwnFamily => !IsGenAi
        || (OwnGenAiTypes.TryGetValue(ModelType ?? "", out var close) && PublishedTemplate?.Contains(close, StringComparison.Ordinal) != false);

    /// <summary>Bytes of the graphs and their external weights.</summary>
    public long WeightBytes => Files(DecoderPath).Concat(EmbedderPath is null ? [] : Files(EmbedderPath)).Sum(file => file.Length);

    /// <summary>Reads a folder.</summary>
    /// <param name="path">The folder with its tokenizer.</param>
    /// <param name="name">The model's name; null for the folder's own.</param>
    /// <param name="variant">The suffix of the graphs' names, such as <c>_q4</c>; null for the best for a CPU.</param>
    /// <exception cref="InvalidDataException">A file is missing or broken; the message names it.</exception>
    public static LanguageModelFolder Read(string path, string? name = null, string? variant = null)
    {
        path = System.IO.Path.GetFullPath(path);
        name ??= System.IO.Path.GetFileName(System.IO.Path.TrimEndingDirectorySeparator(path));
        var tokenizer = ModelVocabulary.FileNames.Select(file => System.IO.Path.Combine(path, file)).FirstOrDefault(File.Exists)
            ?? throw new InvalidDataException($"The model folder '{path}' lacks its tokenizer ({string.Join(", ", ModelVocabulary.FileNames)}): copy the whole folder again.");
        var genAi = ModelFolderJson.ReadFile(System.IO.Path.Combine(path, GenAiFile), GenerationFolderJson.Default.GenAiConfig);
        return genAi is null ? ReadHub(path, name, tokenizer, variant) : ReadGenAi(path, name, tokenizer, genAi);
    }

    /// <summary>Returns the words of the model's name and of its folder's: a copy may have a name of its own.</summary>
    private HashSet<string> NameWords() =>
        $"{Name}-{System.IO.Path.GetFileName(Path)}".Split(['-', '_', '.', ' ', '/'], StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.OrdinalIgnoreCase);

    private static LanguageModelFolder ReadHub(string path, string name, string tokenizer, string? variant)
    {
        var config = ModelFolderJson.ReadFile(System.IO.Path.Combine(path, ConfigFile), GenerationFolderJson.Default.LanguageModelConfig);
        var generation = ModelFolderJson.ReadFile(System.IO.Path.Combine(path, GenerationFile), GenerationFolderJson.Default.GenerationConfig);
        string[] variants = variant is null ? Variants : [variant];
        var embedder = Find(path, EmbedderGraph, variants);
        var decoder = embedder is null ? Find(path, SingleGraph, variants) : Find(path, DecoderGraph, variants);
        if (decoder is null)
        {
            throw new InvalidDataException(
                $"The model folder '{path}' has no graph that generates text: onnx/{SingleGraph}*.onnx, or onnx/{EmbedderGraph}*.onnx with onnx/{DecoderGraph}*.onnx ({string.Join(", ", variants.Select(v => $"'{v}'"))} in place of *).");
        }

        // Multimodal configurations put the decoder's own under text_config.
        var text = config?.TextConfig ?? config;
        return new()
        {
            Path = path,
            Name = name,
            DecoderPath = decoder,
            EmbedderPath = embedder,
            TokenizerPath = tokenizer,
            StopIds = StopIdsOf(path, [generation?.EosTokenId, config?.EosTokenId, text?.EosTokenId]),
            ContextTokensMax = text?.MaxPositionEmbeddings ?? ContextTokensDefault,
            VocabularySize = text?.VocabSizePerLayerInput is { } perLayer ? Math.Min(perLayer, text.VocabSize ?? perLayer) : text?.VocabSize,
            HeadSize = text?.HeadDim ?? (text is { HiddenSize: { } width, NumAttentionHeads: > 0 and var heads } ? width / heads : null),
            KeyValueHeads = text?.NumKeyValueHeads ?? text?.NumAttentionHeads,
            ModelType = text?.ModelType ?? config?.ModelType,
            PublishedTemplate = TemplateOf(path),
            Sampling = generation?.Defaults ?? SamplingDefaults.Greedy,
            CacheNames = CacheNames.Hub,
        };
    }

    private static LanguageModelFolder ReadGenAi(string path, string name, string tokenizer, GenAiConfig config)
    {
        var model = config.Model ?? throw new InvalidDataException($"'{System.IO.Path.Combine(path, GenAiFile)}' has no \"model\".");
        var decoder = model.Decoder ?? throw new InvalidDataException($"'{System.IO.Path.Combine(path, GenAiFile)}' has no \"model.decoder\".");
        return new()
        {
            Path = path,
            Name = name,
            DecoderPath = Inside(path, decoder.Filename),
            EmbedderPath = model.Embedding is null ? null : Inside(path, model.Embedding.Filename),
            TokenizerPath = tokenizer,
            StopIds = StopIdsOf(path, [model.EosTokenId]),
            ContextTokensMax = model.ContextLength ?? ContextTokensDefault,
            VocabularySize = model.VocabSize,
            HeadSize = decoder.HeadSize,
            KeyValueHeads = decoder.NumKeyValueHeads,
            ModelType = model.Type,
            PublishedTemplate = TemplateOf(path),
            Sampling = config.Search ?? SamplingDefaults.Greedy,
            IsGenAi = true,
            CacheNames = new(
                decoder.Inputs?.PastKeyNames ?? CacheNames.Hub.PastKey,
                decoder.Inputs?.PastValueNames ?? CacheNames.Hub.PastValue,
                decoder.Outputs?.PresentKeyNames ?? CacheNames.Hub.PresentKey,
                decoder.Outputs?.PresentValueNames ?? CacheNames.Hub.PresentValue),
        };
    }

    private static string? Find(string path, string graph, string[] variants) => variants
        .SelectMany(variant => new[] { System.IO.Path.Combine(path, "onnx", $"{graph}{variant}.onnx"), System.IO.Path.Combine(path, $"{graph}{variant}.onnx") })
        .FirstOrDefault(File.Exists);

    /// <summary>Returns the path of a file named by the configuration; it must be inside the folder.</summary>
    private static string Inside(string path, string? file)
    {
        var found = System.IO.Path.GetFullPath(System.IO.Path.Combine(path, file ?? throw new InvalidDataException($"{GenAiFile} in '{path}' names no graph.")));
        return !found.StartsWith(path + System.IO.Path.DirectorySeparatorChar, StringComparison.Ordinal)
            ? throw new InvalidDataException($"{GenAiFile} in '{path}' names '{file}', which is outside the folder.")
            : File.Exists(found) ? found : throw new InvalidDataException($"The model folder '{path}' lacks '{file}': copy the whole folder again.");
    }

    /// <summary>Returns the union of the files' stop ids: an answer without its stop id runs to its limit.</summary>
    private static List<int> StopIdsOf(string path, JsonElement?[] said) =>
        [.. said.Where(element => element is not null).SelectMany(element => element!.Value.ValueKind switch
        {
            JsonValueKind.Number => [element.Value.GetInt32()],
            JsonValueKind.Array => element.Value.EnumerateArray().Select(id => id.GetInt32()),
            JsonValueKind.Null => Enumerable.Empty<int>(),
            _ => throw new InvalidDataException($"The model folder '{path}' has an eos_token_id that is neither a number nor a list."),
        }).Distinct()];

    /// <summary>A separate file takes precedence over tokenizer_config.json, whose entry is the template or a list of named ones.</summary>
    private static string? TemplateOf(string path)
    {
        var file = new FileInfo(System.IO.Path.Combine(path, TemplateFile));
        if (file.Exists)
        {
            return file.Length <= TemplateBytesMax ? File.ReadAllText(file.FullName)
                : throw new InvalidDataException($"The chat template '{file.FullName}' has {file.Length:N0} bytes, more than any model's: download it again.");
        }

        var config = ModelFolderJson.ReadFile(System.IO.Path.Combine(path, TokenizerConfigFile), GenerationFolderJson.Default.TokenizerTemplates);
        return config?.ChatTemplate switch
        {
            { ValueKind: JsonValueKind.String } one => one.GetString(),
            { ValueKind: JsonValueKind.Array } list => list.Deserialize(GenerationFolderJson.Default.NamedTemplateArray)!.FirstOrDefault(named => named.Name == "default")?.Template,
            _ => null,
        };
    }

    private static IEnumerable<FileInfo> Files(string graph)
    {
        var file = new FileInfo(graph);
        return file.Directory!.EnumerateFiles(file.Name + "*").Where(found => found.Name == file.Name || found.Name.StartsWith(file.Name + "_data", StringComparison.Ordinal) || found.Name.StartsWith(file.Name + ".data", StringComparison.Ordinal))
            .Select(found => found.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? found);
    }
}

/// <summary>Names of a graph's cache inputs and outputs, with <c>%d</c> for the layer.</summary>
public sealed record CacheNames(string PastKey, string PastValue, string PresentKey, string PresentValue)
{
    public static CacheNames Hub { get; } = new("past_key_values.%d.key", "past_key_values.%d.value", "present.%d.key", "present.%d.value");
}

/// <summary>The sampling that a model's makers recommend in generation_config.json or genai_config.json.</summary>
/// <param name="DoSample">False means greedy.</param>
public sealed record SamplingDefaults(bool DoSample, float? Temperature, int? TopK, float? TopP, float? MinP, float? RepetitionPenalty)
{
    public static SamplingDefaults Greedy { get; } = new(false, null, null, null, null, null);
}

internal sealed record LanguageModelConfig(
    string? ModelType, JsonElement? EosTokenId, int? MaxPositionEmbeddings, int? HeadDim, int? VocabSize, int? VocabSizePerLayerInput,
    int? HiddenSize, int? NumAttentionHeads, int? NumKeyValueHeads, LanguageModelConfig? TextConfig);

internal sealed record TokenizerTemplates(JsonElement? ChatTemplate);

internal sealed record NamedTemplate(string? Name, string? Template);

internal sealed record GenerationConfig(JsonElement? EosTokenId, bool DoSample, float? Temperature, int? TopK, float? TopP, float? MinP, float? RepetitionPenalty)
{
    [JsonIgnore]
    public SamplingDefaults Defaults => new(DoSample, Temperature, TopK, TopP, MinP, RepetitionPenalty);
}

internal sealed record GenAiConfig(GenAiModelConfig? Model, SamplingDefaults? Search);

internal sealed record GenAiModelConfig(string? Type, JsonElement? EosTokenId, int? ContextLength, int? VocabSize, GenAiGraph? Decoder, GenAiGraph? Embedding);

internal sealed record GenAiGraph(string? Filename, int? HeadSize, int? NumKeyValueHeads, GenAiInputs? Inputs, GenAiOutputs? Outputs);

internal sealed record GenAiInputs(string? PastKeyNames, string? PastValueNames);

internal sealed record GenAiOutputs(string? PresentKeyNames, string? PresentValueNames);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(LanguageModelConfig))]
[JsonSerializable(typeof(GenerationConfig))]
[JsonSerializable(typeof(TokenizerTemplates))]
[JsonSerializable(typeof(NamedTemplate[]))]
[JsonSerializable(typeof(GenAiConfig))]
internal sealed partial class GenerationFolderJson : JsonSerializerContext;
