using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Pybo.Rag.Inference;
using Pybo.Rag.Inference.OnnxGraph;

namespace Pybo.Tests.Rag.Inference;

/// <summary>The slices go as far up the decoder's last layer as they should, and leave the rows unchanged.</summary>
public sealed class PositionwiseRegionTests : IDisposable
{
    private const int Batch = 2;
    private const int Positions = 5;
    private const int Width = 4;
    private const int Vocabulary = 6;
    private const string Microsoft = "com.microsoft";

    private readonly SessionOptions options = new() { IntraOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
    private readonly RunOptions run = new();

    public void Dispose()
    {
        run.Dispose();
        options.Dispose();
    }

    /// <summary>Last layers, and the values that are sliced: from <c>stream</c> and <c>mixed</c>, the output of a layer's attention over all positions.</summary>
    private static readonly Dictionary<string, (Func<TinyGraph, TinyGraph> Layer, string[] Cut)> Layers = new()
    {
        ["norms as operators"] = (graph => Attended(graph)
            .Node("SimplifiedLayerNormalization", "normed", "sum", "scale").With("axis", -1)
            .Node("MatMul", "up", "normed", "square").Node(Microsoft, "FastGelu", "active", ["up"]).Node("MatMul", "down", "active", "square")
            .Node("Add", "out", "sum", "down").Node("LayerNormalization", "final", "out", "scale").Node("MatMul", "logits", "final", "w"), ["stream", "mixed"]),
        ["norms that add"] = (graph => graph.Node("MatMul", "attended", "mixed", "square")
            .Node(Microsoft, "SkipSimplifiedLayerNormalization", ["normed", "", "", "sum"], ["attended", "stream", "scale"])
            .Node("MatMul", "up", "normed", "square").Node("Sigmoid", "gate", "up").Node("Mul", "down", "gate", "up")
            .Node(Microsoft, "SkipSimplifiedLayerNormalization", "final", ["down", "sum", "scale"]).Node("MatMul", "logits", "final", "w"), ["stream", "mixed"]),
        ["norms in pieces"] = (graph => Attended(graph).Weight("two", [2]).Weight("epsilon", [1e-6f]).Weight("one", [1])
            .Node("Pow", "squares", "sum", "two").Node("ReduceMean", "mean", "squares").With("axes", [-1L]).With("keepdims", 1)
            .Node("Add", "safe", "mean", "epsilon").Node("Sqrt", "root", "safe").Node("Div", "unit", "sum", "root")
            .Node("Add", "factor", "scale", "one").Node("Mul", "final", "unit", "factor").Node("MatMul", "logits", "final", "w"), ["stream", "mixed"]),
        ["parts of the last axis"] = (graph => Attended(graph).Integers("halves", [2, 2], 2)
            .Node("", "Split", ["left", "right"], ["sum", "halves"]).With("axis", -1)
            .Node("Max", "final", "left", "right").Weight("narrow", Ramp(2 * Vocabulary), 2, Vocabulary).Node("MatMul", "logits", "final", "narrow"), ["stream", "mixed"]),
        ["a stream that something else reads"] = (graph => Attended(graph).Node("Tanh", "final", "sum").Node("MatMul", "logits", "final", "w")
            .Node("Neg", "other", "sum").Output("other", TensorElementType.Float, "batch", "sequence", Width), ["sum"]),
        ["a stream that a branch reads"] = (graph => Attended(graph).Node("Tanh", "final", "sum").Node("MatMul", "logits", "final", "w").Weight("flag", [1])
            .Node("Cast", "yes", "flag").With("to", (long)TensorElementType.Bool)
            .Node("If", "other", "yes").With("then_branch", Negated("then")).With("else_branch", Negated("else"))
            .Output("other", TensorElementType.Float, "batch", "sequence", Width), ["sum"]),
        ["a stream that is an output"] = (graph => Attended(graph).Output("sum", TensorElementType.Float, "batch", "sequence", Width)
            .Node("Tanh", "final", "sum").Node("MatMul", "logits", "final", "w"), ["sum"]),
        ["a weight for each position"] = (graph => Attended(graph).Weight("places", Ramp(Positions * Width), Positions, Width)
            .Node("Add", "placed", "sum", "places").Node("MatMul", "logits", "placed", "w"), ["placed"]),
        ["a mean over positions"] = (graph => Attended(graph).Node("ReduceMean", "mean", "sum").With("axes", [-2L]).With("keepdims", 1)
            .Node("Sub", "centred", "sum", "mean").Node("MatMul", "logits", "centred", "w"), ["sum", "mean"]),
        ["a mean without its axis"] = (graph => Attended(graph).Node("ReduceMean", "mean", "sum").With("axes", [-1L]).With("keepdims", 0).Node("Unsqueeze", "wide", "mean", "lastAxis")
            .Node("Add", "shifted", "sum", "wide").Node("MatMul", "logits", "shifted", "w").Integers("lastAxis", [-1], 1), ["shifted"]),
        ["a norm over two axes"] = (graph => Attended(graph).Weight("wide", Ramp(Positions * Width), Positions, Width)
            .Node("LayerNormalization", "normed", "sum", "wide").With("axis", 1).Node("MatMul", "logits", "normed", "w"), ["normed"]),
        ["a number that is computed"] = (graph => Attended(graph).Node("ReduceMax", "largest", "x").With("keepdims", 0)
            .Node("Mul", "scaled", "sum", "largest").Node("MatMul", "logits", "scaled", "w"), ["scaled"]),
        ["8-bit activations"] = (graph => Attended(graph).Node("", "DynamicQuantizeLinear", ["bytes", "step", "zero"], ["sum"]).Node("DequantizeLinear", "rounded", "bytes", "step", "zero")
            .Node("MatMul", "logits", "rounded", "w"), ["rounded"]),
    };

    public static TheoryData<string> LastLayers => [.. Layers.Keys];

    [Theory]
    [MemberData(nameof(LastLayers))]
    public void The_slices_are_placed_where_positions_become_independent_and_the_rows_stay_unchanged(string layer)
    {
        var model = Decoder(Layers[layer].Layer);
        var all = Logits(model, keep: null);

        Assert.Null(LastPositionHead.Edit(model, "logits"));

        Assert.Equal(Layers[layer].Cut.Order(), model.Graph.Node.Where(node => node.OpType == "Slice").Select(node => node.Input[0]).Order());
        AssertSame(all.Values, Logits(model, keep: 0).Values);
        AssertSame(all.Values, Logits(model, keep: Positions + 1).Values);
        for (var keep = 1; keep <= Positions; keep++)
        {
            var kept = Logits(model, keep);
            Assert.Equal([Batch, keep, Vocabulary], kept.Shape);
            AssertSame([.. all.Values.Chunk(Positions * Vocabulary).SelectMany(rows => rows[^(keep * Vocabulary)..])], kept.Values);
        }
    }

    private static TinyGraph Attended(TinyGraph graph) =>
        graph.Node("MatMul", "attended", "mixed", "square").Node("Add", "sum", "stream", "attended");

    private static TinyGraph Negated(string name) =>
        new TinyGraph().Node("Neg", name, "sum").Output(name, TensorElementType.Float, "batch", "sequence", Width);

    /// <summary>A running sum over the positions replaces the attention: each row of <c>mixed</c> depends on all earlier ones.</summary>
    private static ModelProto Decoder(Func<TinyGraph, TinyGraph> layer) => layer(new TinyGraph()
        .Input("x", TensorElementType.Float, "batch", "sequence", Width)
        .Weight("half", [0.5f]).Weight("scale", [1, 2, 0.5f, 1], Width).Weight("square", Ramp(Width * Width), Width, Width).Weight("w", Ramp(Width * Vocabulary), Width, Vocabulary)
        .Integers("positions", [1]).Integers("flat", [Batch, -1, Width], 3)
        .Node("Mul", "stream", "x", "half")
        .Node("CumSum", "sums", "stream", "positions").Node("Reshape", "mixed", "sums", "flat")
        .Output("logits", TensorElementType.Float, "batch", "sequence", Vocabulary)).Model();

    private static float[] Ramp(int count) => [.. Enumerable.Range(0, count).Select(i => ((i % 7) - 3f) / 4)];

    private static void AssertSame(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
    }

    private (float[] Values, long[] Shape) Logits(ModelProto model, long? keep)
    {
        using var session = TinyGraph.Load(model, options);
        using var x = OrtValue.CreateTensorValueFromMemory(Ramp(Batch * Positions * Width), [Batch, Positions, Width]);
        using var kept = OrtValue.CreateTensorValueFromMemory([keep ?? 0], []);
        string[] names = keep is null ? ["x"] : ["x", LastPositionHead.InputName];
        using var outputs = session.Run(run, names, new[] { x, kept }[..names.Length], ["logits"]);
        return (outputs[0].GetTensorDataAsSpan<float>().ToArray(), outputs[0].GetTensorTypeAndShape().Shape);
    }
}
