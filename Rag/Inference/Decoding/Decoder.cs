using System.Numerics.Tensors;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Pybo.Rag.Inference;

/// <summary>A loaded decoder: takes token ids, returns the next token's logits, and keeps what it has read in a <see cref="KvCache"/>.</summary>
/// <remarks>Not thread-safe: its buffers serve one run at a time. Runs after the first of a given size allocate almost nothing.</remarks>
internal sealed class Decoder : IDisposable
{
    /// <summary>Positions whose logits one run can return: the last token and the drafts after it.</summary>
    public const int LogitRowsMax = 8;

    /// <summary>Prompt tokens per run: enough to use the processor well, few enough that a cancelled run ends soon.</summary>
    public const int ChunkTokensMax = 512;

    /// <summary>The same limit for graphs that return the logits of every position, which must be held in memory at once.</summary>
    public const int ChunkTokensWithLogitsMax = 64;

    /// <summary>
    /// From this many tokens on, the prompt session reads them. It is faster from the second token on, though not noticeably; below this limit the
    /// results stay exactly those of the library's own kernel.
    /// </summary>
    public const int PromptTokensMin = 64;

    private readonly Owned owned = new();
    private readonly OnnxModel decoder;
    private readonly OnnxModel? prompts;
    private readonly OnnxModel? embedder;
    private readonly ModelBinding? embedding;
    private readonly TensorBuffer ids, positions;
    private readonly AttentionMask? mask;
    private readonly TensorBuffer? keep;
    private readonly TensorBuffer logits;
    private readonly (string Name, TensorBuffer Buffer)[] embeddings;
    private readonly float[] converted;

    /// <summary>Loads the graphs of a folder.</summary>
    /// <param name="folder">The model's folder.</param>
    /// <param name="contextTokens">The maximum number of tokens in a cache.</param>
    /// <exception cref="InvalidDataException">The graphs do not fit together or do not form a decoder.</exception>
    /// <exception cref="OnnxModelException">A file is missing or broken.</exception>
    public Decoder(LanguageModelFolder folder, int contextTokens)
    {
        try
        {
            ContextTokensMax = Math.Min(contextTokens, folder.ContextTokensMax);
            var graph = new DecoderGraph(folder.DecoderPath);
            using var options = CpuSession.Options();
            decoder = owned.Add(graph.Load(options));
            prompts = graph.LoadForPrompts() is { } forPrompts ? owned.Add(forPrompts) : null;
            embedder = folder.EmbedderPath is { } path ? owned.Add(OnnxModel.Load(path, options)) : null;
            Layout = DecoderLayout.Read(folder, decoder, embedder, graph.ShareableCaches);
            ChunkMax = Math.Min(ContextTokensMax, Layout.LogitsToKeepRank is null ? ChunkTokensWithLogitsMax : ChunkTokensMax);
            ids = owned.Add(new TensorBuffer(TensorElementType.Int64, [1], ChunkMax, []));
            positions = owned.Add(new TensorBuffer(TensorElementType.Int64, [1], ChunkMax, []));
            mask = Layout.HasAttentionMask ? owned.Add(new AttentionMask(ContextTokensMax)) : null;
            keep = Layout.LogitsToKeepRank is { } rank ? owned.Add(new TensorBuffer(TensorElementType.Int64, [], 1, []) { IsScalar = rank == 0 }) : null;
            logits = owned.Add(new TensorBuffer(Layout.LogitsType, [1], Layout.LogitsToKeepRank is null ? ChunkMax : LogitRowsMax, [Layout.LogitColumns]));
            embeddings = [.. Layout.Embeddings.Select(e => (e.Name, owned.Add(new TensorBuffer(e.Type, [1], ChunkMax, e.TokenShape))))];
            embedding = embedder is null ? null : owned.Add(embedder.CreateBinding()); // last, so that it is disposed before the memory that it binds
            converted = Layout.LogitsType == TensorElementType.Float ? [] : new float[LogitRowsMax * Layout.LogitColumns];
        }
        catch
        {
            owned.Dispose();
            throw;
        }
    }

    public DecoderLayout Layout { get; }

    /// <summary>The maximum number of tokens in a prompt and its answer together.</summary>
    public int ContextTokensMax { get; }

    /// <summary>The maximum number of tokens in one <see cref="Run"/>.</summary>
    public int ChunkMax { get; }

    /// <summary>Creates an empty cache for one text.</summary>
    public DecoderState CreateState()
    {
        var made = new Owned();
        try
        {
            var cache = made.Add(new KvCache(Layout, ContextTokensMax));
            var binding = made.Add(decoder.CreateBinding());
            return new(made, cache, binding, prompts is null ? null : made.Add(prompts.CreateBinding()), ContextTokensMax);
        }
        catch
        {
            made.Dispose();
            throw;
        }
    }

    /// <summary>Reads tokens that follow those in the state.</summary>
    /// <param name="state">What was read before; these tokens are added to it.</param>
    /// <param name="tokens">1 or more ids, fed in runs of at most <see cref="ChunkMax"/>.</param>
    /// <param name="rows">How many of the last positions' logits to return: 1 to <see cref="LogitRowsMax"/>, and no more than there are tokens.</param>
    /// <param name="options">Another thread can stop the run with <see cref="RunOptions.Terminate"/>; the state then holds what earlier runs have read.</param>
    /// <returns>f32 [<paramref name="rows"/>, <see cref="DecoderLayout.LogitColumns"/>], overwritten by the next run. The caller may write into it.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There are no tokens, more than the context holds, or an id without a row in the model.</exception>
    /// <exception cref="OnnxModelException">The run failed or was terminated.</exception>
    public Span<float> Run(DecoderState state, ReadOnlySpan<int> tokens, int rows, RunOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rows, Math.Min(LogitRowsMax, tokens.Length));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(state.Length + tokens.Length, ContextTokensMax, nameof(tokens));
        while (tokens.Length > ChunkMax)
        {
            // All requested positions belong to the last run.
            var chunk = Math.Min(ChunkMax, tokens.Length - rows);
            RunOnce(state, tokens[..chunk], 1, options);
            tokens = tokens[chunk..];
        }

        return RunOnce(state, tokens, rows, options);
    }

    public void Dispose() => owned.Dispose();

    private Span<float> RunOnce(DecoderState state, ReadOnlySpan<int> tokens, int rows, RunOptions options)
    {
        Fill(tokens, state.Cache.Length);
        if (embedder is not null)
        {
            Embed(tokens.Length, options);
        }

        var (model, binding) = tokens.Length >= PromptTokensMin && prompts is not null ? (prompts, state.PromptBinding!) : (decoder, state.Binding);
        var given = BindRun(binding, state.Cache, tokens.Length, rows);
        model.Run(options, binding);
        state.Advance(tokens);
        var start = (long)(given - rows) * Layout.LogitColumns;
        var length = rows * Layout.LogitColumns;
        if (Layout.LogitsType == TensorElementType.Float)
        {
            return logits.Elements<float>(start, length);
        }

        TensorPrimitives.ConvertToSingle(logits.Elements<Half>(start, length), converted);
        return converted.AsSpan(0, length);
    }

    private void Fill(ReadOnlySpan<int> tokens, int position)
    {
        // ONNX Runtime silently reads a negative id from the table's end, and some releases return a zero vector for an id beyond it.
        for (var i = 0; i < tokens.Length; i++)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(tokens[i], nameof(tokens));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(tokens[i], Layout.VocabularySize, nameof(tokens));
        }

        TensorPrimitives.ConvertChecked(tokens, ids.Elements<long>(0, tokens.Length));
        var places = positions.Elements<long>(0, tokens.Length);
        for (var i = 0; i < places.Length; i++)
        {
            places[i] = position + i;
        }
    }

    private void Embed(int tokens, RunOptions options)
    {
        embedding!.Input(DecoderLayout.InputIds, ids[tokens]);
        foreach (var (name, buffer) in embeddings)
        {
            embedding.Output(name, buffer[tokens]);
        }

        embedder!.Run(options, embedding);
    }

    /// <summary>Binds everything for a run; returns the number of positions whose logits the run will return.</summary>
    private int BindRun(ModelBinding binding, KvCache cache, int tokens, int rows)
    {
        if (embedder is null)
        {
            binding.Input(DecoderLayout.InputIds, ids[tokens]);
        }

        foreach (var (name, buffer) in embeddings)
        {
            binding.Input(name, buffer[tokens]);
        }

        mask?.Bind(binding, cache.Length + tokens);
        if (Layout.HasPositionIds)
        {
            binding.Input(DecoderLayout.PositionIds, positions[tokens]);
        }

        var given = tokens;
        if (keep is not null)
        {
            given = rows;
            keep.Elements<long>(0, 1)[0] = rows;
            binding.Input(DecoderLayout.LogitsToKeep, keep[1]);
        }

        binding.Output(DecoderLayout.Logits, logits[given]);
        cache.Bind(binding, tokens);
        return given;
    }
}
