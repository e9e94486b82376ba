using Microsoft.Extensions.AI;

namespace Pybo.Rag.Inference;

/// <summary>Asks any embedding generator for the vector of a question or of a passage.</summary>
/// <remarks>Passes the kind as the additional property <see cref="PromptName"/>; generators without prompts ignore it.</remarks>
public static class PromptedEmbeddings
{
    /// <summary>The additional property of <see cref="EmbeddingGenerationOptions"/> that names the model's prompt, as sentence-transformers calls it.</summary>
    public const string PromptName = "prompt_name";

    public const string QueryPrompt = "query";
    public const string PassagePrompt = "passage";

    /// <summary>Passages per call: enough to sort by length, few enough to report progress often.</summary>
    public const int PassagesPerCallMax = 256;

    extension(IEmbeddingGenerator<string, Embedding<float>> generator)
    {
        /// <summary>Returns the vector of a question, or of either side of a similarity.</summary>
        public async Task<ReadOnlyMemory<float>> EmbedQueryAsync(string text, CancellationToken ct = default)
        {
            var embeddings = await generator.GenerateAsync([text], Options(QueryPrompt), ct);
            return embeddings[0].Vector;
        }

        /// <summary>Returns the vectors of passages, in order.</summary>
        /// <param name="texts">Any number of texts.</param>
        /// <param name="progress">Receives the number of texts done.</param>
        /// <param name="ct">Can stop a running batch.</param>
        public async Task<IReadOnlyList<ReadOnlyMemory<float>>> EmbedPassagesAsync(IReadOnlyList<string> texts, IProgress<int>? progress = null, CancellationToken ct = default)
        {
            var vectors = new List<ReadOnlyMemory<float>>(texts.Count);
            foreach (var window in texts.Chunk(PassagesPerCallMax))
            {
                var embeddings = await generator.GenerateAsync(window, Options(PassagePrompt), ct);
                vectors.AddRange(embeddings.Select(embedding => embedding.Vector));
                progress?.Report(vectors.Count);
            }

            return vectors;
        }
    }

    private static EmbeddingGenerationOptions Options(string promptName) => new() { AdditionalProperties = new() { [PromptName] = promptName } };
}
