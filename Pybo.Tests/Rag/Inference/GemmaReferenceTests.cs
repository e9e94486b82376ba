using System.Text.Json;
using Pybo.Rag.Inference;
using Pybo.Rag.Onnx;

namespace Pybo.Tests.Rag.Inference;

/// <summary>Real weights: Gemma 3 270M in 4 bits, against another runtime's logits and texts.</summary>
public sealed class GemmaReferenceTests
{
    private const string Folder = "models/gemma-3-270m";

    /// <summary>Activations are rounded to eight bits, each processor's kernels in their way, so logits differ by some tenths from machine to machine.</summary>
    private const float LogitTolerance = 0.5f;

    /// <summary>The first of the references' best is compared; the others may change places with their neighbours.</summary>
    private const int TopCount = 5;

    public static TheoryData<string> Graphs => ["_q4", "_q4_headlast"];

    [Theory]
    [MemberData(nameof(Graphs))]
    public void First_logits_are_the_references(string variant)
    {
        using var decoder = Load(variant);
        using var options = new RunOptions();
        foreach (var json in Lines("logits.jsonl"))
        {
            using var state = decoder.CreateState();
            var logits = decoder.Run(state, json.GetProperty("ids").Deserialize<int[]>()!, 1, options);
            var ids = json.GetProperty("ort_1_32_model_q4_top_ids").Deserialize<int[]>()!;
            var expected = json.GetProperty("ort_1_32_model_q4_top_logits").Deserialize<float[]>()!;
            for (var i = 0; i < TopCount; i++)
            {
                Assert.True(MathF.Abs(expected[i] - logits[ids[i]]) <= LogitTolerance, $"{json.GetProperty("name")}: {expected[i]} and {logits[ids[i]]}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Graphs))]
    public void Greedy_texts_are_the_references(string variant)
    {
        using var decoder = Load(variant);
        using var generator = new TokenGenerator(decoder);
        using var options = new RunOptions();
        foreach (var json in Lines("greedy.jsonl"))
        {
            var expected = json.GetProperty("ids").Deserialize<int[]>()!;
            var decisive = json.GetProperty("first_step_with_gap_below_0_05") is { ValueKind: JsonValueKind.Number } step ? step.GetInt32() : expected.Length;
            var generation = generator.Begin(DecoderReferenceTests.Greedy(decoder, json.GetProperty("prompt_ids").Deserialize<int[]>()!, decisive), options);
            var ids = new List<int>();
            while (generation.MoveNext())
            {
                ids.Add(generation.Current);
            }

            Assert.Equal(expected[..decisive], ids);
        }
    }

    private static Decoder Load(string variant) => new(LanguageModelFolder.Read(Repository.Shared(Folder), variant: variant), contextTokens: 2_048);

    private static IEnumerable<JsonElement> Lines(string file) => File.ReadLines(Repository.Shared($"{Folder}/reference/{file}")).Select(line => JsonElement.Parse(line));
}
