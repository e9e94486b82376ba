using System.Numerics.Tensors;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Pybo.Rag.Inference;

namespace Pybo.Tests.Rag.Inference;

/// <summary>The model that ships with the product, loaded once, and the contents of its reference file.</summary>
public sealed class EmbeddedModel : IDisposable
{
    public static SentenceTransformerFolder Folder { get; } =
        ModelFolders.Find(ModelFolders.Embedded, AppContext.BaseDirectory) ?? throw new InvalidOperationException(ModelFolders.Missing(ModelFolders.Embedded, AppContext.BaseDirectory));

    public static IReadOnlyList<ReferenceLine> Reference { get; } =
        [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Samples", "embedded", "reference.jsonl")).Select(line => JsonSerializer.Deserialize<ReferenceLine>(line, JsonSerializerOptions.Web)!)];

    public OnnxEmbeddingGenerator Generator { get; } = OnnxEmbeddingGenerator.Load(Folder);

    public static EmbeddingGenerationOptions Prompt(string? name) => new() { AdditionalProperties = new() { [PromptedEmbeddings.PromptName] = name } };

    /// <summary>The name of the prompt that a reference line has as its prefix; null if it has no prompt.</summary>
    public static string? PromptOf(ReferenceLine line) => Folder.Prompts.FirstOrDefault(prompt => prompt.Value == line.Prefix).Key;

    public static float Cosine(ReadOnlyMemory<float> left, ReadOnlyMemory<float> right) => TensorPrimitives.CosineSimilarity(left.Span, right.Span);

    public void Dispose() => Generator.Dispose();

    public sealed record ReferenceLine(string Prefix, string Text, int[] Ids, float[] Embedding);
}
