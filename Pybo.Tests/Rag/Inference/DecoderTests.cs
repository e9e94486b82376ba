using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Pybo.Rag.Inference;
using Pybo.Rag.Inference.Kernels;

namespace Pybo.Tests.Rag.Inference;

/// <summary>Graphs made on the spot: each way of keeping caches, and each part that a graph can lack.</summary>
public sealed class DecoderTests
{
    private static readonly int[] Prompt = [2, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50];

    public static TheoryData<ToyLayout> Layouts => [.. Enum.GetValues<ToyLayout>()];

    [Theory]
    [MemberData(nameof(Layouts))]
    public void The_result_does_not_depend_on_how_a_text_was_read(ToyLayout layout)
    {
        using var toy = new ToyLanguageModel(layout);
        using var decoder = Load(toy);
        using var options = new RunOptions();
        using DecoderState whole = decoder.CreateState(), parts = decoder.CreateState(), copied = decoder.CreateState();
        var expected = decoder.Run(whole, Prompt, 1, options).ToArray();
        foreach (var id in Prompt.Append(99))
        {
            decoder.Run(parts, [id], 1, options);
        }

        parts.Truncate(5);
        AssertSame(expected, decoder.Run(parts, Prompt.AsSpan(5), 1, options));
        copied.CopyFrom(whole, 7);
        AssertSame(expected, decoder.Run(copied, Prompt.AsSpan(7), 1, options));
        Assert.Equal(Prompt.Length, whole.CommonPrefix([.. Prompt, 7]));
        Assert.Equal(3, whole.CommonPrefix([.. Prompt[..3], 7, 7]));
    }

    [Theory]
    [MemberData(nameof(Layouts))]
    public void The_last_positions_give_the_logits_of_single_steps(ToyLayout layout)
    {
        using var toy = new ToyLanguageModel(layout);
        using var decoder = Load(toy);
        using var options = new RunOptions();
        using DecoderState together = decoder.CreateState(), single = decoder.CreateState();
        var rows = decoder.Run(together, Prompt, 3, options).ToArray();
        decoder.Run(single, Prompt.AsSpan(0, Prompt.Length - 3), 1, options);
        foreach (var (id, row) in Prompt[^3..].Zip(rows.Chunk(decoder.Layout.LogitColumns)))
        {
            AssertSame(row, decoder.Run(single, [id], 1, options));
        }
    }

    /// <summary>A session of its own reads long parts, into the same caches.</summary>
    [Fact]
    public void A_long_text_is_read_like_its_short_parts()
    {
        Assert.SkipUnless(MatMulNBits.IsSupported, "This processor has no AVX-512.");
        using var toy = new ToyLanguageModel(ToyLayout.Shared);
        toy.WriteGraph("model", ToyLanguageModel.Packed());
        using var session = new DecoderGraph(LanguageModelFolder.Read(toy.Path).DecoderPath).LoadForPrompts();
        Assert.NotNull(session);
        using var decoder = Load(toy);
        using var options = new RunOptions();
        using DecoderState whole = decoder.CreateState(), parts = decoder.CreateState();
        int[] text = [.. Enumerable.Range(0, 3 * Decoder.PromptTokensMin).Select(i => 10 + (i * 7 % 200))];
        foreach (var part in text.Chunk(Decoder.PromptTokensMin - 1))
        {
            decoder.Run(parts, part, 1, options);
        }

        decoder.Run(whole, text.AsSpan(0, 10), 1, options);
        decoder.Run(whole, text.AsSpan(10), 3, options); // the session for prompts, after the tokens that the other one has read
        AssertSame(decoder.Run(parts, [99], 1, options).ToArray(), decoder.Run(whole, [99], 1, options)); // and the other one again
        whole.Truncate(20);
        parts.Truncate(text.Length - 1);
        AssertSame(decoder.Run(parts, text.AsSpan(text.Length - 1), 1, options).ToArray(), decoder.Run(whole, text.AsSpan(20), 1, options));
    }

    [Theory]
    [MemberData(nameof(Layouts))]
    public void A_session_for_prompts_is_omitted_if_it_would_gain_nothing(ToyLayout layout)
    {
        using var toy = new ToyLanguageModel(layout);

        Assert.Null(new DecoderGraph(LanguageModelFolder.Read(toy.Path).DecoderPath).LoadForPrompts());
    }

    [Theory]
    [MemberData(nameof(Layouts))]
    public void Drafts_do_not_change_the_result(ToyLayout layout)
    {
        using var toy = new ToyLanguageModel(layout);
        using var decoder = Load(toy);
        using var generator = new TokenGenerator(decoder);
        using var options = new RunOptions();
        foreach (var sampling in new SamplingOptions[] { new() { Temperature = 0 }, new() { Temperature = 1, TopK = 8, Seed = 7 }, new() { Temperature = 0, RepetitionPenalty = 1.3f } })
        {
            int[] Continue(int[] prompt, Func<int[], PromptLookup?> lookup)
            {
                using var sampler = new Sampler(sampling, decoder.Layout.VocabularySize, prompt);
                var generation = generator.Begin(new(prompt, 60, new HashSet<int>(), sampler, lookup(prompt)), options);
                var ids = new List<int>();
                while (generation.MoveNext())
                {
                    ids.Add(generation.Current);
                }

                return [.. ids];
            }

            var plain = Continue(Prompt, _ => null);
            // The prompt contains the answer as well, so there is much to look up.
            int[] prompt = [.. plain, .. Prompt];
            Assert.Equal(Continue(prompt, _ => null), Continue(prompt, ids => new(ids)));
        }
    }

    [Fact]
    public void A_token_allocates_nothing_after_an_equally_long_text()
    {
        using var toy = new ToyLanguageModel(ToyLayout.Shared);
        using var decoder = Load(toy);
        using var generator = new TokenGenerator(decoder);
        using var options = new RunOptions();
        // The first rounds pay for new lengths and for the compiler.
        var least = long.MaxValue;
        for (var round = 0; round < 20; round++)
        {
            var generation = generator.Begin(DecoderReferenceTests.Greedy(decoder, Prompt, 50), options);
            Assert.True(generation.MoveNext() && generation.MoveNext());
            var before = GC.GetAllocatedBytesForCurrentThread();
            while (generation.MoveNext())
            {
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
    }

    [Fact]
    public void An_id_without_a_row_never_reaches_the_graph()
    {
        using var toy = new ToyLanguageModel(ToyLayout.Concat);
        using var decoder = Load(toy);
        using var options = new RunOptions();
        using var state = decoder.CreateState();
        Assert.Throws<ArgumentOutOfRangeException>(() => { decoder.Run(state, [2, ToyLanguageModel.VocabularySize], 1, options); });
        Assert.Throws<ArgumentOutOfRangeException>(() => { decoder.Run(state, [-1], 1, options); });
        Assert.Equal(0, state.Length);
    }

    [Fact]
    public void A_text_longer_than_the_context_is_refused()
    {
        using var toy = new ToyLanguageModel(ToyLayout.Shared);
        using var decoder = new Decoder(LanguageModelFolder.Read(toy.Path), contextTokens: 16);
        using var generator = new TokenGenerator(decoder);
        using var options = new RunOptions();
        using var state = decoder.CreateState();
        Assert.Throws<ArgumentOutOfRangeException>(() => { decoder.Run(state, [.. Prompt, .. Prompt], 1, options); });
        Assert.Throws<ArgumentOutOfRangeException>(() => generator.Begin(DecoderReferenceTests.Greedy(decoder, Prompt, 5), options));
    }

    [Theory]
    [MemberData(nameof(Layouts))]
    public void A_stopped_run_keeps_the_tokens_already_read(ToyLayout layout)
    {
        using var toy = new ToyLanguageModel(layout);
        using var decoder = Load(toy);
        using var options = new RunOptions();
        using DecoderState stopped = decoder.CreateState(), whole = decoder.CreateState();
        var expected = decoder.Run(whole, Prompt, 1, options).ToArray();
        decoder.Run(stopped, Prompt.AsSpan(0, 6), 1, options);
        options.Terminate = true;
        Assert.Throws<OnnxModelException>(() => { decoder.Run(stopped, Prompt.AsSpan(6), 1, options); });
        options.Terminate = false;
        Assert.Equal(6, stopped.Length);
        AssertSame(expected, decoder.Run(stopped, Prompt.AsSpan(6), 1, options));
    }

    [Fact]
    public void Caches_are_shared_only_if_the_operator_extends_them()
    {
        using ToyLanguageModel shared = new(ToyLayout.Shared), concat = new(ToyLayout.Concat), two = new(ToyLayout.TwoGraphs);
        Assert.Equal(["past_key_values.0.key", "past_key_values.0.value"], new DecoderGraph(LanguageModelFolder.Read(shared.Path).DecoderPath).ShareableCaches.Order());
        Assert.Empty(new DecoderGraph(LanguageModelFolder.Read(concat.Path).DecoderPath).ShareableCaches);
        Assert.Empty(new DecoderGraph(LanguageModelFolder.Read(two.Path).DecoderPath).ShareableCaches);

        // A second reader would see rows beyond the length.
        shared.WriteGraph("model", ToyLanguageModel.Attention().Node("Shape", "rows", "present.0.key"));
        Assert.Equal(["past_key_values.0.value"], new DecoderGraph(LanguageModelFolder.Read(shared.Path).DecoderPath).ShareableCaches);
    }

    [Fact]
    public void A_missing_part_of_a_graph_is_named()
    {
        using var toy = new ToyLanguageModel(ToyLayout.Concat);
        toy.WriteGraph("model", ToyLanguageModel.Concat().Input("audio_features", TensorElementType.Float, "batch"));
        Assert.Contains("audio_features", Refused(toy), StringComparison.Ordinal);
        toy.WriteGraph("model", ToyLanguageModel.Concat().Input("past_key_values.1.key", TensorElementType.Float, "batch", 1, "past", 16));
        Assert.Contains("layer 1", Refused(toy), StringComparison.Ordinal);
        toy.WriteGraph("model", TinyGraph.Product());
        Assert.Contains("'x'", Refused(toy), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("key-without-value.onnx", "layer 0")]
    [InlineData("unexpected-input.onnx", "tokens_in")]
    [InlineData("unexpected-output.onnx", "logits")]
    public void Broken_fixtures_are_refused_after_loading(string file, string named)
    {
        using var toy = new ToyLanguageModel(ToyLayout.Concat);
        File.Copy(Repository.Shared($"models/tiny/broken/{file}"), Path.Combine(toy.Path, "onnx", "model.onnx"), overwrite: true);
        Assert.Contains(named, Refused(toy), StringComparison.Ordinal);
    }

    private static string Refused(ToyLanguageModel toy) => Assert.Throws<InvalidDataException>(() => Load(toy).Dispose()).Message;

    private static Decoder Load(ToyLanguageModel toy) => new(LanguageModelFolder.Read(toy.Path), contextTokens: int.MaxValue);

    private static void AssertSame(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.True(MathF.Abs(expected[i] - actual[i]) < 1e-4f, $"{expected[i]} and {actual[i]} at {i}");
        }
    }
}
