using Pybo.Data;
using Pybo.Rag.Documents;
using Pybo.Rag.Inference;
using Pybo.Rag.Models;
using Pybo.Rag.Passages;

namespace Pybo.Rag.Ingestion;

/// <summary>Splits and embeds for one model; without a model, only splits.</summary>
internal sealed class PassageEmbedder(Encoder? encoder)
{
    public long? ModelId => encoder?.ModelId;

    public Chunker Chunker { get; } = encoder is null ? new Chunker(Chunker.ApproximateTokens) : new Chunker(encoder.Generator.CountTokens, encoder.Generator.TokensMax);

    /// <summary>Returns the passages with the vectors of their chunks; without a model, without chunks.</summary>
    public async Task<List<NewPassage>> EmbedAsync(IEnumerable<NewPassage> passages, CancellationToken ct)
    {
        var cut = passages.ToList();
        if (encoder is null)
        {
            return cut.ConvertAll(p => p with { Chunks = [] });
        }

        var texts = cut.SelectMany(p => p.Chunks.Select(c => Chunker.Titled(p.Title, p.Heading, p.Text.AsSpan(c.Start, c.Length)))).ToList();
        var vectors = new Queue<ReadOnlyMemory<float>>(await encoder.Generator.EmbedPassagesAsync(texts, null, ct));
        return cut.ConvertAll(p => p with { Chunks = [.. p.Chunks.Select(c => c with { Embedding = vectors.Dequeue() })] });
    }

    /// <summary>Embeds the passages of several sources as one batch: a batch of the encoder costs about the same full or not.</summary>
    /// <returns>The passages of each source, in the order of the sources.</returns>
    public async Task<List<List<NewPassage>>> EmbedTogetherAsync(IReadOnlyList<IReadOnlyList<NewPassage>> sources, CancellationToken ct)
    {
        var embedded = await EmbedAsync(sources.SelectMany(passages => passages), ct);
        var from = 0;
        return [.. sources.Select(passages => embedded.GetRange((from += passages.Count) - passages.Count, passages.Count))];
    }
}
