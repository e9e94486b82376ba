using Microsoft.ML.OnnxRuntime.Tensors;

namespace Pybo.Rag.Inference;

/// <summary>One cached tensor of a decoder: its input (the past) and its output (the present).</summary>
/// <param name="Past">The input, [1, <paramref name="Heads"/>, past, <paramref name="HeadSize"/>].</param>
/// <param name="Present">The output, with one more row for each token fed.</param>
/// <param name="Heads">The number of key or value heads.</param>
/// <param name="HeadSize">The number of elements in a row.</param>
/// <param name="Type">f32 or f16.</param>
/// <param name="IsShared">True if one buffer can be both past and present; the graph then writes only the new rows.</param>
internal sealed record CachedTensor(string Past, string Present, int Heads, int HeadSize, TensorElementType Type, bool IsShared)
{
    /// <summary>Bytes of one token's row in one head.</summary>
    public int RowBytes => HeadSize * TensorBuffer.SizeInBytes(Type);

    /// <summary>Bytes of one token.</summary>
    public int TokenBytes => Heads * RowBytes;
}

/// <summary>The inputs and outputs of a decoder's graph (or two graphs), read from the declarations because exports of one model differ.</summary>
internal sealed record DecoderLayout
{
    public const string InputIds = "input_ids";
    public const string InputsEmbeds = "inputs_embeds";
    public const string PerLayerInputs = "per_layer_inputs";
    public const string PositionIds = "position_ids";
    public const string LogitsToKeep = "num_logits_to_keep";
    public const string Logits = "logits";

    /// <summary>Logit columns, some of which may belong to no token.</summary>
    public required int LogitColumns { get; init; }

    /// <summary>Ids from here on have no row in a table or no logit: they are never fed or chosen.</summary>
    public required int VocabularySize { get; init; }

    public required TensorElementType LogitsType { get; init; }

    public required bool HasAttentionMask { get; init; }

    public required bool HasPositionIds { get; init; }

    /// <summary>Rank of <c>num_logits_to_keep</c> (0 or 1); null if the graph always returns the logits of every position.</summary>
    public required int? LogitsToKeepRank { get; init; }

    public required IReadOnlyList<CachedTensor> Caches { get; init; }

    /// <summary>The embedding graph's outputs that the decoder reads, with the shape of one token and the type; empty if there is only one graph.</summary>
    public required IReadOnlyList<(string Name, long[] TokenShape, TensorElementType Type)> Embeddings { get; init; }

    /// <summary>Bytes of all caches for one token.</summary>
    public int TokenBytes => Caches.Sum(cache => cache.TokenBytes);

    /// <summary>Reads the declarations.</summary>
    /// <param name="folder">Supplies the values that a graph may leave open.</param>
    /// <param name="shareable">Names of the past inputs whose buffers the graph extends in place (<see cref="DecoderGraph.ShareableCaches"/>).</param>
    /// <exception cref="InvalidDataException">This program cannot feed it as a decoder; the message names the file and the error.</exception>
    public static DecoderLayout Read(LanguageModelFolder folder, OnnxModel decoder, OnnxModel? embedder, IReadOnlySet<string> shareable)
    {
        var inputs = decoder.Inputs;
        // Without a mask only the past's length says how much of it counts, so a longer buffer cannot replace it.
        var caches = ReadCaches(folder, decoder, inputs.ContainsKey(AttentionMask.Name) ? shareable : new HashSet<string>());
        var embeddings = embedder is null ? [] : ReadEmbeddings(folder, decoder, embedder);
        var known = caches.Select(cache => cache.Past).Concat(embeddings.Select(e => e.Name)).Concat([InputIds, AttentionMask.Name, PositionIds, LogitsToKeep]).ToHashSet();
        if (inputs.Keys.FirstOrDefault(name => !known.Contains(name)) is { } unknown)
        {
            throw Unfit(folder.DecoderPath, $"it takes '{unknown}' {inputs[unknown]}, which nobody here can feed");
        }

        Require(inputs.ContainsKey(InputIds) == embedder is null || embeddings.Any(e => e.Name == InputsEmbeds), folder.DecoderPath, $"it takes neither {InputIds} nor embeddings that the folder's other graph gives");
        foreach (var name in new[] { InputIds, AttentionMask.Name, PositionIds, LogitsToKeep }.Where(inputs.ContainsKey))
        {
            Require(inputs[name].ElementDataType == TensorElementType.Int64, folder.DecoderPath, $"it takes {name} as {inputs[name]}, not as Int64");
        }

        Require(decoder.Outputs.TryGetValue(Logits, out var logits), folder.DecoderPath, $"it gives no '{Logits}' but {string.Join(", ", decoder.Outputs.Keys)}");
        Require(logits!.Dimensions is [_, _, > 0] && IsFloat(logits.ElementDataType), folder.DecoderPath, $"it gives {Logits} as {logits}, not as f32 or f16 [batch, sequence, vocabulary]");
        Require(caches.Count > 0, folder.DecoderPath, "it takes no caches, so every token would need the whole text again");
        return new()
        {
            LogitColumns = logits.Dimensions[^1],
            VocabularySize = Math.Min(logits.Dimensions[^1], folder.VocabularySize ?? int.MaxValue),
            LogitsType = logits.ElementDataType,
            HasAttentionMask = inputs.ContainsKey(AttentionMask.Name),
            HasPositionIds = inputs.ContainsKey(PositionIds),
            LogitsToKeepRank = inputs.TryGetValue(LogitsToKeep, out var keep) ? keep.Dimensions.Count : null,
            Caches = caches,
            Embeddings = embeddings,
        };
    }

    private static List<CachedTensor> ReadCaches(LanguageModelFolder folder, OnnxModel decoder, IReadOnlySet<string> shareable)
    {
        var (inputs, outputs, names) = (decoder.Inputs, decoder.Outputs, folder.CacheNames);
        var caches = new List<CachedTensor>();
        // Some layers have no cache of their own (they read another's), so the numbers can have gaps; no graph has more layers than inputs.
        for (var layer = 0; layer < inputs.Count; layer++)
        {
            var pair = new[] { (names.PastKey, names.PresentKey), (names.PastValue, names.PresentValue) }
                .Select(n => (Past: Named(n.Item1, layer), Present: Named(n.Item2, layer)))
                .Where(n => inputs.ContainsKey(n.Past) || outputs.ContainsKey(n.Present))
                .ToList();
            Require(pair.Count is 0 or 2 && pair.TrueForAll(n => inputs.ContainsKey(n.Past) && outputs.ContainsKey(n.Present)),
                folder.DecoderPath, $"the cache of layer {layer} is not whole: of a key and a value, each as past and as present, it has {string.Join(", ", pair.Select(n => inputs.ContainsKey(n.Past) ? n.Past : n.Present))}");
            caches.AddRange(pair.Select(n => Cache(folder, inputs[n.Past], n.Past, n.Present, shareable.Contains(n.Past))));
        }

        return caches;
    }

    private static CachedTensor Cache(LanguageModelFolder folder, TensorDeclaration node, string past, string present, bool isShared)
    {
        Require(node.Dimensions.Count == 4 && IsFloat(node.ElementDataType), folder.DecoderPath, $"it takes {past} as {node}, not as f32 or f16 [batch, heads, past, size]");
        var size = node.Dimensions[3] > 0 ? node.Dimensions[3] : folder.HeadSize ?? throw Unfit(folder.DecoderPath, $"neither it nor its folder says how long a row of {past} is");
        var heads = node.Dimensions[1] > 0 ? node.Dimensions[1] : folder.KeyValueHeads ?? throw Unfit(folder.DecoderPath, $"neither it nor its folder says how many heads {past} has");
        return new(past, present, heads, size, node.ElementDataType, isShared);
    }

    private static List<(string Name, long[] TokenShape, TensorElementType Type)> ReadEmbeddings(LanguageModelFolder folder, OnnxModel decoder, OnnxModel embedder)
    {
        var found = new List<(string Name, long[] TokenShape, TensorElementType Type)>();
        Require(embedder.Inputs.Count == 1 && embedder.Inputs.TryGetValue(InputIds, out var ids) && ids.ElementDataType == TensorElementType.Int64,
            folder.EmbedderPath!, $"it takes {string.Join(", ", embedder.Inputs.Keys)}, not {InputIds} alone as Int64");
        foreach (var (name, node) in decoder.Inputs.Where(input => input.Key is InputsEmbeds or PerLayerInputs))
        {
            Require(embedder.Outputs.TryGetValue(name, out var given) && given.ElementDataType == node.ElementDataType, folder.EmbedderPath!, $"it does not give the {name} {node} that '{folder.DecoderPath}' takes");
            var shape = given!.Dimensions.Skip(2).Zip(node.Dimensions.Skip(2), Math.Max).Select(size => (long)size).ToArray();
            Require(shape.Length > 0 && Array.TrueForAll(shape, size => size > 0) && IsFloat(given.ElementDataType), folder.EmbedderPath!, $"it gives {name} as {given}, whose size for a token is open");
            found.Add((name, shape, given.ElementDataType));
        }

        return found;
    }

    private static string Named(string pattern, int layer) => pattern.Replace("%d", $"{layer}", StringComparison.Ordinal);

    private static bool IsFloat(TensorElementType type) => type is TensorElementType.Float or TensorElementType.Float16;

    private static void Require(bool holds, string model, string what)
    {
        if (!holds)
        {
            throw Unfit(model, what);
        }
    }

    private static InvalidDataException Unfit(string model, string what) =>
        new($"The model file '{model}' does not fit: {what}. Choose a model of the catalogue, or an export for onnxruntime or transformers.js with caches.");
}
