using System.Numerics.Tensors;
using System.Text.Json;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Pybo.Rag.Inference;

namespace Pybo.Tests.Rag.Inference;

/// <summary>Compares every layout with the logits and texts of other programs.</summary>
public sealed class DecoderReferenceTests
{
    /// <summary>A step whose two best logits are closer than this may choose either on another processor.</summary>
    internal const float DecisiveGap = 0.005f;

    private const int Chunk = 7;

    /// <summary>The folder, the suffix of the graph's name, its file in the references, and the tolerance for logits.</summary>
    public static TheoryData<string, string?, string, float> Models => new()
    {
        { "gemma3-concat", null, "onnx/model.onnx", 2e-3f },
        { "gemma3-gqa", "", "onnx/model.onnx", 2e-3f },
        { "gemma3-gqa", "_q4", "onnx/model_q4.onnx", 2e-3f },
        { "gemma3-gqa", "_fp16", "onnx/model_fp16.onnx", 0.25f },
        { "gemma3-gqa", "_q4_accuracy4", "onnx/model_q4_accuracy4.onnx", 2f },
        { "gemma3n-two-graph", null, "onnx/decoder_model_merged.onnx", 2e-3f },
        { "gemma4-two-graph", null, "onnx/decoder_model_merged.onnx", 2e-3f },
        { "gemma3-genai", null, "model.onnx", 2e-3f },
        { "gemma3-genai-windowed", null, "model.onnx", 2e-3f },
    };

    [Theory]
    [MemberData(nameof(Models))]
    public void First_logits_equal_the_references(string model, string? variant, string file, float tolerance)
    {
        using var decoder = Load(model, variant);
        using var options = new RunOptions();
        var prompts = Prompts(model, file).Where(p => p.FirstLogits is not null).ToList();
        Assert.True(prompts.Count >= 3);
        foreach (var prompt in prompts)
        {
            using var state = decoder.CreateState();
            AssertNear(prompt.FirstLogits!, decoder.Run(state, prompt.Ids, 1, options), tolerance, prompt.Name);
        }
    }

    /// <summary>Activations rounded to eight bits make ids differ between machines; these models have none.</summary>
    public static TheoryData<string, string?, string> PortableModels =>
        [.. Models.Select(row => row.Data).Where(model => model.Item2 != "_q4_accuracy4").Select(model => (model.Item1, model.Item2, model.Item3))];

    [Theory]
    [MemberData(nameof(PortableModels))]
    public void Greedy_texts_equal_the_references(string model, string? variant, string file)
    {
        using var decoder = Load(model, variant);
        using var generator = new TokenGenerator(decoder);
        foreach (var prompt in Prompts(model, file))
        {
            var generation = generator.Begin(Greedy(decoder, prompt.Ids, prompt.Greedy.Length), RunOptions);
            for (var i = 0; i < prompt.Greedy.Length && prompt.Gaps[i] >= DecisiveGap; i++)
            {
                Assert.True(generation.MoveNext());
                Assert.True(prompt.Greedy[i] == generation.Current, $"{prompt.Name}, token {i}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void A_chunked_rewound_or_copied_prompt_gives_the_same_logits(string model, string? variant, string file, float tolerance)
    {
        using var decoder = Load(model, variant);
        using var options = new RunOptions();
        using DecoderState whole = decoder.CreateState(), chunked = decoder.CreateState(), copied = decoder.CreateState();
        var prompts = Prompts(model, file).Where(p => p.Ids.Length > 2 * Chunk).ToList();
        Assert.True(prompts.Count >= 3);
        foreach (var prompt in prompts)
        {
            whole.Truncate(0);
            var expected = decoder.Run(whole, prompt.Ids, 1, options).ToArray();

            // The earlier state is forgotten, even if its rows are still in the buffers.
            chunked.Truncate(0);
            foreach (var part in prompt.Ids.Chunk(Chunk).SkipLast(1))
            {
                decoder.Run(chunked, part, 1, options);
            }

            AssertNear(expected, decoder.Run(chunked, prompt.Ids.AsSpan(chunked.Length), 1, options), tolerance, $"{prompt.Name} in chunks");

            var half = prompt.Ids.Length / 2;
            decoder.Run(chunked, prompt.Ids.AsSpan(0, Chunk), 1, options);
            chunked.Truncate(half);
            AssertNear(expected, decoder.Run(chunked, prompt.Ids.AsSpan(half), 1, options), tolerance, $"{prompt.Name} after a rewind");

            copied.CopyFrom(whole, half);
            AssertNear(expected, decoder.Run(copied, prompt.Ids.AsSpan(half), 1, options), tolerance, $"{prompt.Name} copied");
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Several_positions_at_once_give_the_logits_of_single_steps(string model, string? variant, string file, float tolerance)
    {
        using var decoder = Load(model, variant);
        using var options = new RunOptions();
        var prompt = Prompts(model, file).First(p => p.Ids.Length > 2 * Decoder.LogitRowsMax);
        using DecoderState together = decoder.CreateState(), single = decoder.CreateState();
        var rows = decoder.Run(together, prompt.Ids, Decoder.LogitRowsMax, options).ToArray();
        decoder.Run(single, prompt.Ids.AsSpan(0, prompt.Ids.Length - Decoder.LogitRowsMax), 1, options);
        foreach (var (id, row) in prompt.Ids[^Decoder.LogitRowsMax..].Zip(rows.Chunk(decoder.Layout.LogitColumns)))
        {
            AssertNear(row, decoder.Run(single, [id], 1, options), tolerance, prompt.Name);
        }
    }

    private static RunOptions RunOptions { get; } = new();

    private static Decoder Load(string model, string? variant) =>
        new(LanguageModelFolder.Read(Repository.Shared($"models/tiny/{model}"), variant: variant), contextTokens: int.MaxValue);

    /// <summary>Never stopped, without drafts.</summary>
    internal static GenerationRequest Greedy(Decoder decoder, int[] prompt, int outputMax) =>
        new(prompt, outputMax, new HashSet<int>(), new(new() { Temperature = 0 }, decoder.Layout.VocabularySize, prompt), null);

    private static void AssertNear(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, float tolerance, string what)
    {
        var difference = new float[expected.Length];
        TensorPrimitives.Subtract(expected, actual[..expected.Length], difference);
        Assert.True(TensorPrimitives.MaxMagnitude(difference) is var most && MathF.Abs(most) <= tolerance, $"{what}: off by {most}");
    }

    internal static IEnumerable<Prompt> Prompts(string model, string file) =>
        from line in File.ReadLines(Repository.Shared($"models/tiny/{model}/reference.jsonl"))
        let json = JsonElement.Parse(line)
        where json.GetProperty("kind").GetString() == "prompt" && (!json.TryGetProperty("file", out var of) || of.GetString() == file)
        select new Prompt(
            json.GetProperty("name").GetString()!,
            json.GetProperty("ids").Deserialize<int[]>()!,
            json.TryGetProperty("first_logits", out var logits) ? logits.Deserialize<float[]>() : null,
            json.GetProperty("greedy_ids").Deserialize<int[]>()!,
            json.GetProperty("greedy_top2_gap").Deserialize<float[]>()!);

    internal sealed record Prompt(string Name, int[] Ids, float[]? FirstLogits, int[] Greedy, float[] Gaps);
}
