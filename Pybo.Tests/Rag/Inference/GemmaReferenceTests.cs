using System.Text.Json;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Pybo.Rag.Inference;
using Pybo.Rag.Inference.Kernels;

namespace Pybo.Tests.Rag.Inference;

/// <summary>Real weights: Gemma 3 270M in 4 bits, compared with another runtime's logits and texts.</summary>
public sealed class GemmaReferenceTests
{
    private const string Folder = "models/gemma-3-270m";

    /// <summary>Each processor's kernels round activations to eight bits in their own way, so logits differ by some tenths between machines.</summary>
    private const float LogitTolerance = 0.5f;

    /// <summary>Our own kernel reads long texts and rounds differently again; here float32 arithmetic itself is up to 0.53 from the references.</summary>
    private const float LongTextLogitTolerance = 0.8f;

    /// <summary>Only this many of the references' best logits are compared; the others may swap places with their neighbours.</summary>
    private const int TopCount = 5;

    /// <summary>The graphs, and the step between compared references: the second graph has the same weights.</summary>
    public static TheoryData<string, int> Graphs => new() { { "_q4", 2 }, { "_q4_headlast", 5 } };

    [Theory]
    [MemberData(nameof(Graphs))]
    public void First_logits_equal_the_references(string variant, int every)
    {
        using var decoder = Load(variant);
        using var options = new RunOptions();
        foreach (var json in Lines("logits.jsonl", every))
        {
            using var state = decoder.CreateState();
            var prompt = json.GetProperty("ids").Deserialize<int[]>()!;
            var tolerance = prompt.Length < Decoder.PromptTokensMin ? LogitTolerance : LongTextLogitTolerance;
            var logits = decoder.Run(state, prompt, 1, options);
            var ids = json.GetProperty("ort_1_32_model_q4_top_ids").Deserialize<int[]>()!;
            var expected = json.GetProperty("ort_1_32_model_q4_top_logits").Deserialize<float[]>()!;
            for (var i = 0; i < TopCount; i++)
            {
                Assert.True(MathF.Abs(expected[i] - logits[ids[i]]) <= tolerance, $"{json.GetProperty("name")}: {expected[i]} and {logits[ids[i]]}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Graphs))]
    public void Greedy_texts_equal_the_references(string variant, int every)
    {
        using var decoder = Load(variant);
        using var generator = new TokenGenerator(decoder);
        using var options = new RunOptions();
        foreach (var json in Lines("greedy.jsonl", every))
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

    /// <summary>
    /// Rounding activations to eight bits moves logits, ours as far as the library's: measured over all logits against float32 arithmetic, as the
    /// mean of many passages (76 of them: 0.182 and 0.181). A mistake in a product would show here.
    /// </summary>
    [Fact]
    public void Prompts_are_rounded_no_more_coarsely_than_by_the_library()
    {
        Assert.SkipUnless(MatMulNBits.IsSupported, "This processor has no AVX-512.");
        const int length = 64, step = 97;
        const float slack = 1.25f; // single passages differ by up to 1.8 times, either way
        var path = LanguageModelFolder.Read(Repository.Shared(Folder), variant: "_q4").DecoderPath;
        using var options = CpuSession.Options();
        using var library = new DecoderGraph(path).Load(options);
        using var own = new DecoderGraph(path).LoadForPrompts();
        using var exact = LoadExact(path, options);
        using DecoderProbe libraryProbe = new(library), ownProbe = new(own!), exactProbe = new(exact);
        double toLibrary = 0, toOwn = 0;
        var passages = 0;
        foreach (var ids in Lines("logits.jsonl").Select(json => json.GetProperty("ids").Deserialize<int[]>()!))
        {
            for (var at = 0; at + length <= ids.Length && at < 3 * step; at += step)
            {
                var passage = ids[at..(at + length)];
                var expected = exactProbe.Logits(passage, keep: 1).Logits;
                toLibrary += Distance(expected, libraryProbe.Logits(passage, keep: 1).Logits);
                toOwn += Distance(expected, ownProbe.Logits(passage, keep: 1).Logits);
                passages++;
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{passages} passages: from float32 arithmetic, the library {toLibrary / passages:0.000}, our own {toOwn / passages:0.000}");
        Assert.InRange(passages, 20, int.MaxValue);
        Assert.InRange(toOwn, 0, toLibrary * slack);
    }

    /// <summary>The graph without rounded activations.</summary>
    private static OnnxModel LoadExact(string path, SessionOptions options)
    {
        var model = DecoderGraph.Parse(File.ReadAllBytes(path))!;
        LastPositionHead.Edit(model, "logits");
        foreach (var attribute in model.Graph.Node.SelectMany(node => node.Attribute).Where(attribute => attribute.Name == "accuracy_level"))
        {
            attribute.I = 0;
        }

        return OnnxModel.Load(model.ToByteArray(), path, Path.GetDirectoryName(path)!, options);
    }

    private static double Distance(float[] expected, float[] actual) => Math.Sqrt(expected.Zip(actual).Average(pair => Math.Pow(pair.First - pair.Second, 2)));

    private static Decoder Load(string variant) => new(LanguageModelFolder.Read(Repository.Shared(Folder), variant: variant), contextTokens: 2_048);

    private static IEnumerable<JsonElement> Lines(string file, int every = 1) =>
        File.ReadLines(Repository.Shared($"{Folder}/reference/{file}")).Where((_, at) => at % every == 0).Select(line => JsonElement.Parse(line));
}
