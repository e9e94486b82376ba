using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.AI;
using Pybo.Rag.Inference;

namespace Pybo.Benchmarks;

/// <summary>Embeds each text once: a thousand questions are answered from the same sentences.</summary>
/// <remarks>With a file the vectors also serve the next run. A file truncated by a stopped run is read up to there and continued.</remarks>
internal sealed class CachedEmbeddings : DelegatingEmbeddingGenerator<string, Embedding<float>>
{
    private const int KeyBytes = 16;

    private readonly Dictionary<UInt128, Embedding<float>> known = [];
    private readonly FileStream? file;

    public CachedEmbeddings(IEmbeddingGenerator<string, Embedding<float>> inner)
        : base(inner)
    {
    }

    /// <param name="inner">Embeds texts that are not cached yet.</param>
    /// <param name="path">A file with vectors of this model only.</param>
    /// <param name="dimensions">The model's dimensions.</param>
    public CachedEmbeddings(IEmbeddingGenerator<string, Embedding<float>> inner, string path, int dimensions)
        : base(inner)
    {
        file = new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite);
        var end = 0L;
        while (Read(new byte[KeyBytes]) is { } key && Read(new byte[sizeof(float) * dimensions]) is { } vector)
        {
            known[MemoryMarshal.Read<UInt128>(key)] = new(MemoryMarshal.Cast<byte, float>(vector).ToArray());
            end = file.Position;
        }

        file.SetLength(end);
        file.Position = end;

        byte[]? Read(byte[] bytes) => file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) == bytes.Length ? bytes : null;
    }

    public override async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        var prompt = options?.AdditionalProperties?.GetValueOrDefault(PromptedEmbeddings.PromptName);
        var texts = values.Select(text => (Text: text, Key: Key(prompt, text))).ToList();
        var missing = texts.Where(text => !known.ContainsKey(text.Key)).DistinctBy(text => text.Key).ToList();
        foreach (var ((_, key), embedding) in missing.Zip(await base.GenerateAsync(missing.Select(text => text.Text), options, cancellationToken)))
        {
            known[key] = embedding;
            file?.Write(MemoryMarshal.AsBytes([key]));
            file?.Write(MemoryMarshal.AsBytes(embedding.Vector.Span));
        }

        return new(texts.Select(text => known[text.Key]));
    }

    protected override void Dispose(bool disposing)
    {
        file?.Dispose();
        base.Dispose(disposing);
    }

    private static UInt128 Key(object? prompt, string text) =>
        MemoryMarshal.Read<UInt128>(SHA256.HashData(Encoding.UTF8.GetBytes($"{prompt}\0{text}")));
}
