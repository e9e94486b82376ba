using Microsoft.Extensions.AI;
using Pybo.Rag.Inference;

namespace Pybo.Benchmarks;

/// <summary>Embeds a text once: a thousand questions are answered from the same sentences.</summary>
internal sealed class CachedEmbeddings(IEmbeddingGenerator<string, Embedding<float>> inner) : DelegatingEmbeddingGenerator<string, Embedding<float>>(inner)
{
    private readonly Dictionary<(object? Prompt, string Text), Embedding<float>> known = [];

    public override async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        var prompt = options?.AdditionalProperties?.GetValueOrDefault(PromptedEmbeddings.PromptName);
        var texts = values.ToList();
        var missing = texts.Where(text => !known.ContainsKey((prompt, text))).Distinct(StringComparer.Ordinal).ToList();
        foreach (var (text, embedding) in missing.Zip(await base.GenerateAsync(missing, options, cancellationToken)))
        {
            known[(prompt, text)] = embedding;
        }

        return new(texts.Select(text => known[(prompt, text)]));
    }
}
