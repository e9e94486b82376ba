using System.Numerics.Tensors;
using Microsoft.ML.OnnxRuntime;
using Pybo.Rag.Inference;

namespace Pybo.Tests.Rag.Inference;

/// <summary>Compares the embedded model's vectors with those its makers recorded, each text run alone.</summary>
public sealed class EmbeddingReferenceTests(EmbeddedModel model) : IClassFixture<EmbeddedModel>
{
    private const float CosineAloneMin = 0.9999f;
    private const float CosineInBatchMin = 0.99f;

    [Fact]
    public async Task A_text_alone_has_its_reference_vector()
    {
        foreach (var line in EmbeddedModel.Reference)
        {
            var embeddings = await model.Generator.GenerateAsync([line.Text], EmbeddedModel.Prompt(EmbeddedModel.PromptOf(line)));
            Assert.InRange(EmbeddedModel.Cosine(embeddings[0].Vector, line.Embedding), CosineAloneMin, 1.0001f);
        }
    }

    [Fact]
    public async Task Texts_in_batches_have_their_reference_vectors_in_the_order_asked()
    {
        foreach (var lines in EmbeddedModel.Reference.GroupBy(EmbeddedModel.PromptOf))
        {
            var embeddings = await model.Generator.GenerateAsync(lines.Select(line => line.Text), EmbeddedModel.Prompt(lines.Key));
            Assert.Equal(lines.Count(), embeddings.Count);
            foreach (var (embedding, line) in embeddings.Zip(lines))
            {
                Assert.InRange(EmbeddedModel.Cosine(embedding.Vector, line.Embedding), CosineInBatchMin, 1.0001f);
            }
        }
    }

    [Fact]
    public void Ids_are_the_reference_ids_cut_to_the_longest_input_with_the_closing_token_kept()
    {
        var max = model.Generator.TokensMax;
        foreach (var line in EmbeddedModel.Reference)
        {
            int[] expected = line.Ids.Length <= max ? line.Ids : [.. line.Ids[..(max - 1)], line.Ids[^1]];
            Assert.Equal(expected, model.Generator.TokenIds(line.Prefix + line.Text));
        }

        Assert.Contains(EmbeddedModel.Reference, line => line.Ids.Length > max);
    }

    [Fact]
    public async Task Queries_and_passages_get_their_prefixes_and_vectors_of_length_one()
    {
        var query = EmbeddedModel.Reference.First(line => line.Prefix == "query: " && line.Text.Length > 0);
        var passage = EmbeddedModel.Reference.First(line => line.Prefix == "passage: " && line.Text.Length > 0);

        var queryVector = await model.Generator.EmbedQueryAsync(query.Text);
        var passageVector = (await model.Generator.EmbedPassagesAsync([passage.Text]))[0];

        Assert.InRange(EmbeddedModel.Cosine(queryVector, query.Embedding), CosineAloneMin, 1.0001f);
        Assert.InRange(EmbeddedModel.Cosine(passageVector, passage.Embedding), CosineAloneMin, 1.0001f);
        Assert.Equal(1, TensorPrimitives.Norm(queryVector.Span), 0.0001f);
    }

    [Fact]
    public void The_mean_of_last_hidden_state_equals_the_graphs_own_sentence_embedding()
    {
        var ids = EmbeddedModel.Reference.Where(line => line.Ids.Length is > 4 and < 60).Take(6).Select(line => line.Ids).ToArray();
        using var encoder = new SentenceEncoder(EmbeddedModel.Folder, CpuSession.Threads);
        using var pooling = new SentenceEncoder(EmbeddedModel.Folder, CpuSession.Threads, preferHiddenState: true);
        using var run = new RunOptions();

        foreach (var (direct, pooled) in encoder.Encode(ids, run).Zip(pooling.Encode(ids, run)))
        {
            Assert.InRange(EmbeddedModel.Cosine(direct, pooled), 0.99999f, 1.0001f);
        }
    }
}
