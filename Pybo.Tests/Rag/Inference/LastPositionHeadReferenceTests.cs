using System.Diagnostics;
using System.Text.Json;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Pybo.Rag.Inference;
using Pybo.Rag.Inference.OnnxGraph;

namespace Pybo.Tests.Rag.Inference;

/// <summary>Compares whole decoders, changed and unchanged, with the logits of the models' own libraries.</summary>
public sealed class LastPositionHeadReferenceTests : IDisposable
{
    /// <summary>The tolerance of ../shared/models/tiny/README.md: five digits alone cost 5e-4 on logits of about ±10.</summary>
    private const float ReferenceTolerance = 2e-3f;

    /// <summary>One row and many rows use different kernels, which add in a different order.</summary>
    private const float RowsTolerance = 1e-4f;

    private readonly SessionOptions options = new() { IntraOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };

    public void Dispose() => options.Dispose();

    [Theory]
    [InlineData("gemma3-gqa", "onnx/model.onnx", null, ReferenceTolerance, RowsTolerance)]
    [InlineData("gemma3-gqa", "onnx/model_q4.onnx", null, ReferenceTolerance, RowsTolerance)]
    [InlineData("gemma3-gqa", "onnx/model_fp16.onnx", null, 0.25f, 0.02f)] // float16 outputs of about ±10 are 0.008 apart
    [InlineData("gemma3-concat", "onnx/model.onnx", null, ReferenceTolerance, RowsTolerance)]
    [InlineData("gemma3n-two-graph", "onnx/decoder_model_merged.onnx", "onnx/embed_tokens.onnx", ReferenceTolerance, RowsTolerance)]
    [InlineData("gemma3-genai", "model.onnx", null, ReferenceTolerance, RowsTolerance)]
    public void The_last_logits_equal_those_of_the_unchanged_graph_and_of_the_reference(string folder, string graph, string? embedder, float referenceTolerance, float rowsTolerance)
    {
        const int genaiHeadSize = 16;
        var root = Repository.Shared($"models/tiny/{folder}");
        var path = Path.Combine(root, graph);
        using var embedding = embedder is null ? null : OnnxModel.Load(Path.Combine(root, embedder), options);
        using var unchanged = OnnxModel.Load(path, options);
        var decoder = new DecoderGraph(path);
        using var changed = decoder.Load(options);
        using var before = new DecoderProbe(unchanged, embedding, genaiHeadSize);
        using var after = new DecoderProbe(changed, embedding, genaiHeadSize);
        Assert.Null(decoder.UnchangedBecause);
        var prompts = 0;
        foreach (var prompt in Lines(Path.Combine(root, "reference.jsonl")).Where(line => line.GetProperty("kind").GetString() == "prompt" && line.GetProperty("file").GetString() == graph && line.TryGetProperty("first_logits", out _)))
        {
            var ids = Numbers(prompt, "ids");
            var all = before.Logits(ids).Logits;
            var vocabulary = all.Length / ids.Length;
            var last = after.Logits(ids, keep: 1);

            Assert.Equal([1, 1, vocabulary], last.Shape);
            AssertClose(Logits(prompt, "first_logits"), last.Logits, referenceTolerance);
            AssertClose(all[^vocabulary..], last.Logits, rowsTolerance);
            AssertClose(all, after.Logits(ids, keep: 0).Logits, rowsTolerance);
            AssertClose(all[^(Math.Min(3, ids.Length) * vocabulary)..], after.Logits(ids, keep: 3).Logits, rowsTolerance);
            prompts++;
        }

        Assert.InRange(prompts, 3, int.MaxValue);
    }

    [Theory]
    [InlineData("gemma-3-270m/onnx/model_q4.onnx", "/model/layers/17/attn/GroupQueryAttention/output_0", 2)]
    [InlineData("tiny/gemma3-gqa/onnx/model.onnx", "layers.5.attn", 2)]
    [InlineData("tiny/gemma3-gqa/onnx/model_fp16.onnx", "layers.5.attn", 2)]
    [InlineData("tiny/gemma3-concat/onnx/model.onnx", "/Reshape_540", 2)]
    [InlineData("tiny/gemma3n-two-graph/onnx/decoder_model_merged.onnx", "/Reshape_811", 7)] // four streams, the layer's own embedding, the normed input of its low-rank branch
    [InlineData("tiny/gemma3-genai/model.onnx", "/model/layers.5/attn/GroupQueryAttention/output_0", 2)]
    public void In_the_last_layer_only_the_attention_sees_every_position(string file, string attention, int cuts)
    {
        var model = ModelProto.Parser.ParseFrom(File.ReadAllBytes(Repository.Shared($"models/{file}")));

        Assert.Null(LastPositionHead.Edit(model, "logits"));

        var cut = model.Graph.Node.Where(node => node.OpType == "Slice" && node.Output[0].StartsWith("/pybo/", StringComparison.Ordinal)).Select(node => node.Input[0]).ToList();
        Assert.Contains(attention, cut);
        Assert.Equal(cuts, cut.Count);
    }

    [Fact]
    public void A_graph_that_declares_the_input_itself_stays_as_it_is()
    {
        var decoder = new DecoderGraph(Repository.Shared("models/tiny/gemma4-two-graph/onnx/decoder_model_merged.onnx"));
        using var session = decoder.Load(options);

        Assert.Contains("already", decoder.UnchangedBecause, StringComparison.Ordinal);
        Assert.Contains(LastPositionHead.InputName, session.Inputs.Keys);
    }

    /// <remarks>
    /// Prompts of up to 40 tokens: the unchanged graph returns a mebibyte of logits for each position. At accuracy level 4 activations are rounded
    /// to int8, so that on a processor other than the reference's the logits of long prompts differ by up to 0.7, changed or not.
    /// </remarks>
    [Fact]
    public void Gemma_3_270M_gives_the_same_last_logits_changed_unchanged_as_its_own_last_position_export_and_as_the_reference()
    {
        const float tolerance = 0.05f;
        const int lengthMax = 40;
        var root = Repository.Shared("models/gemma-3-270m");
        var path = Path.Combine(root, "onnx", "model_q4.onnx");
        using var unchanged = OnnxModel.Load(path, options);
        var clock = Stopwatch.StartNew();
        var decoder = new DecoderGraph(path);
        using var changed = decoder.Load(options);
        var loading = clock.Elapsed;
        using var lastOnly = OnnxModel.Load(Path.Combine(root, "onnx", "model_q4_headlast.onnx"), options);
        using var before = new DecoderProbe(unchanged);
        using var after = new DecoderProbe(changed);
        using var export = new DecoderProbe(lastOnly);
        Assert.Null(decoder.UnchangedBecause);
        float toUnchanged = 0, toExport = 0, toReference = 0;
        var prompts = 0;
        foreach (var prompt in Lines(Path.Combine(root, "reference", "logits.jsonl")).Where(line => line.GetProperty("length").GetInt32() <= lengthMax))
        {
            var ids = Numbers(prompt, "ids");
            var last = after.Logits(ids, keep: 1).Logits;
            float[] top = [.. Numbers(prompt, "ort_1_32_model_q4_top_ids").Select(id => last[id])];
            toReference = Math.Max(toReference, Distance(Logits(prompt, "ort_1_32_model_q4_top_logits"), top));
            toExport = Math.Max(toExport, Distance(export.Logits(ids, keep: 1).Logits, last));
            toUnchanged = Math.Max(toUnchanged, Distance(before.Logits(ids).Logits[^last.Length..], last));
            prompts++;
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{prompts} prompts; changed and loaded in {loading.TotalMilliseconds:N0} ms; largest difference to the unchanged graph {toUnchanged}, to the export {toExport}, to the reference {toReference}");
        Assert.InRange(prompts, 5, int.MaxValue);
        Assert.InRange(toUnchanged, 0, tolerance);
        Assert.InRange(toExport, 0, tolerance);
        Assert.InRange(toReference, 0, tolerance);
    }

    private static IEnumerable<JsonElement> Lines(string path) =>
        File.ReadLines(path).Select(line => JsonDocument.Parse(line).RootElement);

    private static int[] Numbers(JsonElement line, string name) => [.. line.GetProperty(name).EnumerateArray().Select(id => id.GetInt32())];

    private static float[] Logits(JsonElement line, string name) => [.. line.GetProperty(name).EnumerateArray().Select(logit => logit.GetSingle())];

    private static void AssertClose(float[] expected, float[] actual, float tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.InRange(Distance(expected, actual), 0, tolerance);
    }

    private static float Distance(float[] first, float[] second) => first.Zip(second, (a, b) => Math.Abs(a - b)).Max();
}
