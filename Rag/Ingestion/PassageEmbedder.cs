using Pybo.Data;
using Pybo.Rag.Documents;
using Pybo.Rag.Inference;
using Pybo.Rag.Models;

namespace Pybo.Rag.Ingestion;

/// <summary>A passage that has no vectors yet.</summary>
internal sealed record DraftedPassage(NewPassageText Words, IReadOnlyList<ChunkDraft> Chunks)
{
    /// <param name="draft">From the chunker.</param>
    /// <param name="page">On which it begins.</param>
    public static DraftedPassage Of(PassageDraft draft, int? page = null) => new(new(draft.Title, draft.Heading, draft.Text, draft.Start, page), draft.Chunks);
}

/// <summary>Cuts and embeds for one model, or without one only cuts.</summary>
internal sealed class PassageEmbedder(Encoder? encoder)
{
    public long? ModelId => encoder?.ModelId;

    public Chunker Chunker { get; } = encoder is null ? new Chunker(Chunker.ApproximateTokens) : new Chunker(encoder.Generator.CountTokens, encoder.Generator.TokensMax);

    /// <summary>The passages with the vectors of their chunks; without a model, without chunks.</summary>
    public async Task<List<NewPassage>> EmbedAsync(IEnumerable<DraftedPassage> passages, CancellationToken ct)
    {
        var drafted = passages.ToList();
        if (encoder is null)
        {
            return drafted.ConvertAll(p => new NewPassage(p.Words, []));
        }

        var texts = drafted.SelectMany(p => p.Chunks.Select(c => Chunker.Titled(p.Words.Title, p.Words.Heading, p.Words.Text.AsSpan(c.Start, c.Length)))).ToList();
        var vectors = new Queue<ReadOnlyMemory<float>>(await encoder.Generator.EmbedPassagesAsync(texts, null, ct));
        return drafted.ConvertAll(p => new NewPassage(p.Words, [.. p.Chunks.Select(c => new NewChunk(c.Start, c.Length, vectors.Dequeue()))]));
    }
}
