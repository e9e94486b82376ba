using Microsoft.Extensions.AI;
using Pybo.Rag.Inference;

namespace Pybo.Tests.Rag.Inference;

public sealed class OnnxEmbeddingGeneratorTests(EmbeddedModel model) : IClassFixture<EmbeddedModel>
{
    /// <summary>Enough texts of full length that running them all takes many seconds.</summary>
    private static readonly string[] ManyLongTexts = [.. Enumerable.Repeat(string.Concat(Enumerable.Repeat("긴 글이 길게 이어진다. ", 200)), 200)];

    [Fact]
    public void The_generator_reports_its_metadata()
    {
        var metadata = Assert.IsType<EmbeddingGeneratorMetadata>(model.Generator.GetService(typeof(EmbeddingGeneratorMetadata)));

        Assert.Equal(ModelFolders.EmbeddedName, metadata.DefaultModelId);
        Assert.Equal(384, metadata.DefaultModelDimensions);
        Assert.Equal(384, model.Generator.Dimensions);
        Assert.Equal(512, model.Generator.TokensMax);
        Assert.Same(model.Generator, model.Generator.GetService(typeof(IEmbeddingGenerator<string, Embedding<float>>)));
        Assert.Null(model.Generator.GetService(typeof(string)));
    }

    [Fact]
    public void Tokens_are_counted_without_prompt_and_special_tokens()
    {
        Assert.Equal(0, model.Generator.CountTokens(""));
        Assert.Equal(3, model.Generator.CountTokens("query: "));
    }

    [Fact]
    public async Task The_input_tokens_are_reported()
    {
        var embeddings = await model.Generator.GenerateAsync(["", ""], EmbeddedModel.Prompt("query"));

        Assert.Equal(10, embeddings.Usage?.InputTokenCount); // <s> ▁qu ery : </s>, twice
    }

    [Fact]
    public async Task No_texts_give_no_vectors()
    {
        Assert.Empty(await model.Generator.GenerateAsync([]));
        Assert.Empty(await model.Generator.EmbedPassagesAsync([]));
    }

    [Fact]
    public async Task An_impossible_request_is_refused_with_a_message()
    {
        var prompt = await Assert.ThrowsAsync<ArgumentException>(() => model.Generator.GenerateAsync(["글"], EmbeddedModel.Prompt("haiku")));
        var dimensions = await Assert.ThrowsAsync<ArgumentException>(() => model.Generator.GenerateAsync(["글"], new() { Dimensions = 100 }));
        var many = await Assert.ThrowsAsync<ArgumentException>(() => model.Generator.GenerateAsync(Enumerable.Repeat("글", OnnxEmbeddingGenerator.TextsPerCallMax + 1)));

        Assert.Contains("haiku", prompt.Message, StringComparison.Ordinal);
        Assert.Contains("384", dimensions.Message, StringComparison.Ordinal);
        Assert.Contains($"{OnnxEmbeddingGenerator.TextsPerCallMax}", many.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_text_of_a_million_characters_is_cut()
    {
        var vector = await model.Generator.EmbedQueryAsync(string.Concat(Enumerable.Repeat("😀 한글 ", 200_000)));

        Assert.Equal(384, vector.Length);
    }

    [Fact]
    public async Task Cancelling_stops_in_the_middle()
    {
        using var source = new CancellationTokenSource();
        var passages = model.Generator.EmbedPassagesAsync(ManyLongTexts, ct: source.Token);
        await model.Generator.EmbedQueryAsync("먼저"); // so that batches are under way
        Assert.False(passages.IsCompleted);

        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => passages);
        Assert.Equal(384, (await model.Generator.EmbedQueryAsync("그 뒤에도 답한다")).Length);
    }

    [Fact]
    public async Task A_cancelled_token_runs_nothing()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => model.Generator.EmbedQueryAsync("글", new CancellationToken(canceled: true)));
    }

    [Fact]
    public async Task A_query_does_not_wait_for_all_passages_of_another_caller()
    {
        // Batches of eight, on all cores: many batches of work, and tokenization takes no longer than a few queries.
        var texts = Enumerable.Repeat(string.Concat(Enumerable.Repeat("긴 글이 길게 이어진다. ", 30)), 32 * CpuSession.Threads * LengthBatches.TokensMax / model.Generator.TokensMax).ToArray();
        var passages = model.Generator.GenerateAsync(texts);

        var answered = 0;
        while (!passages.IsCompleted)
        {
            await model.Generator.EmbedQueryAsync("훈민정음은 누가 만들었나?");
            answered++;
        }

        Assert.Equal(texts.Length, (await passages).Count);
        Assert.InRange(answered, 16, int.MaxValue);
    }

    [Fact]
    public async Task Concurrent_callers_get_their_own_vectors()
    {
        var lines = EmbeddedModel.Reference.Where(line => line.Prefix == "query: ").Take(40).ToArray();

        var vectors = await Task.WhenAll(lines.Select(line => model.Generator.EmbedQueryAsync(line.Text)));

        Assert.All(vectors.Zip(lines), pair => Assert.InRange(EmbeddedModel.Cosine(pair.First, pair.Second.Embedding), 0.9999f, 1.0001f));
    }

    [Fact]
    public async Task Progress_reports_the_finished_passages()
    {
        var told = new List<int>();
        var texts = Enumerable.Range(0, PromptedEmbeddings.PassagesPerCallMax + 4).Select(i => $"글 {i}").ToArray();

        var vectors = await model.Generator.EmbedPassagesAsync(texts, new Recorder(told));

        Assert.Equal(texts.Length, vectors.Count);
        Assert.Equal([PromptedEmbeddings.PassagesPerCallMax, texts.Length], told);
    }

    private sealed class Recorder(List<int> told) : IProgress<int>
    {
        public void Report(int value) => told.Add(value);
    }
}
