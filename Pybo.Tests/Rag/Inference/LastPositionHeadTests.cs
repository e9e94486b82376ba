using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Pybo.Rag.Inference;
using Pybo.Rag.Inference.OnnxGraph;

namespace Pybo.Tests.Rag.Inference;

public sealed class LastPositionHeadTests : IDisposable
{
    private const int Hidden = 4;
    private const int Vocabulary = 6;
    private const int Positions = 5;

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("pybo-head-");
    private readonly SessionOptions options = new() { IntraOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
    private readonly RunOptions run = new();

    public void Dispose()
    {
        run.Dispose();
        options.Dispose();
        folder.Delete(recursive: true);
    }

    /// <summary>Heads as exports write them: the nodes after the matrix product, from hidden states x and weights w.</summary>
    private static readonly Dictionary<string, Func<TinyGraph, TinyGraph>> Known = new()
    {
        ["plain"] = graph => graph.Node("MatMul", "logits", "x", "w"),
        ["soft cap"] = graph => graph.Weight("cap", [30], []).Node("MatMul", "raw", "x", "w").Node("Div", "small", "raw", "cap")
            .Node("Tanh", "tanh", "small").Node("Mul", "capped", "tanh", "cap").Node("Identity", "logits", "capped"),
        ["bias"] = graph => graph.Weight("bias", [.. Enumerable.Range(0, Vocabulary).Select(i => (float)i)], Vocabulary)
            .Node("MatMul", "raw", "x", "w").Node("Add", "logits", "bias", "raw"),
        ["weights of another layout"] = graph => graph.Weight("table", Ramp(Vocabulary * Hidden), Vocabulary, Hidden)
            .Node("Transpose", "turned", "table").Node("MatMul", "logits", "x", "turned"),
        ["cast and back"] = graph => graph.Node("MatMul", "raw", "x", "w").Node("Cast", "doubled", "raw").With("to", (long)TensorElementType.Double)
            .Node("Cast", "logits", "doubled").With("to", (long)TensorElementType.Float),
        ["hint"] = graph => graph.Node("MatMul", "raw", "x", "w").Hint("raw", TensorElementType.Float, "batch", "sequence", Vocabulary).Node("Tanh", "logits", "raw"),
        ["read twice before the output"] = graph => graph.Node("MatMul", "raw", "x", "w").Node("Tanh", "tanh", "raw").Node("Mul", "logits", "tanh", "raw"),
    };

    public static TheoryData<string> KnownHeads => [.. Known.Keys];

    [Theory]
    [MemberData(nameof(KnownHeads))]
    public void The_last_rows_equal_those_of_the_unchanged_graph(string head)
    {
        var model = Decoder(Known[head]);
        var all = Logits(model, keep: null);

        Assert.Null(LastPositionHead.Edit(model, "logits"));

        Assert.Empty(model.Graph.ValueInfo); // a hint of the old shape would mislead a memory planner
        AssertSame(all.Values, Logits(model, keep: 0).Values);
        AssertSame(all.Values, Logits(model, keep: Positions + 1).Values);
        for (var keep = 1; keep <= Positions; keep++)
        {
            var kept = Logits(model, keep);
            Assert.Equal([2, keep, Vocabulary], kept.Shape);
            foreach (var batch in Enumerable.Range(0, 2))
            {
                AssertSame(
                    all.Values[((((batch + 1) * Positions) - keep) * Vocabulary)..((batch + 1) * Positions * Vocabulary)],
                    kept.Values[(batch * keep * Vocabulary)..((batch + 1) * keep * Vocabulary)]);
            }
        }
    }

    [Fact]
    public void The_new_input_and_the_output_are_declared_as_newer_exports_do()
    {
        var model = Decoder(Known["soft cap"]);

        LastPositionHead.Edit(model, "logits");

        using var session = TinyGraph.Load(model, options);
        Assert.Equal(["x", LastPositionHead.InputName], session.Inputs.Keys);
        Assert.Equal("Int64[]", $"{session.Inputs[LastPositionHead.InputName]}");
        Assert.Equal("Float[batch, num_logits, 6]", $"{session.Outputs["logits"]}");
    }

    /// <summary>Graphs that stay unchanged, and words of the reason.</summary>
    private static readonly Dictionary<string, (Func<TinyGraph, TinyGraph> Head, string Reason)> Unknown = new()
    {
        ["has the input"] = (graph => graph.Input(LastPositionHead.InputName, TensorElementType.Int64).Node("MatMul", "logits", "x", "w"), "has the input"),
        ["reshaped"] = (graph => graph.Weight("w3", Ramp(Hidden * Vocabulary), 1, Hidden, Vocabulary).Node("MatMul", "raw", "x", "w3").Node("Shape", "shape", "raw").Node("Reshape", "logits", "raw", "shape"), "logits (Reshape)"),
        ["read twice"] = (graph => graph.Node("MatMul", "raw", "x", "w").Node("Tanh", "logits", "raw").Node("Neg", "other", "raw").Output("other", TensorElementType.Float, "batch", "sequence", Vocabulary), "raw (MatMul)"),
        ["an output itself"] = (graph => graph.Node("MatMul", "raw", "x", "w").Node("Tanh", "logits", "raw").Output("raw", TensorElementType.Float, "batch", "sequence", Vocabulary), "raw (MatMul)"),
        ["read in a branch"] = (graph => graph.Node("MatMul", "raw", "x", "w").Node("Tanh", "logits", "raw").Node("If", "other", "yes").With("then_branch", new TinyGraph().Node("Neg", "negative", "raw")).Output("other", TensorElementType.Float, "batch", "sequence", Vocabulary), "raw (MatMul)"),
        ["a bias for each position"] = (graph => graph.Weight("places", Ramp(Positions * Vocabulary), Positions, Vocabulary).Node("MatMul", "raw", "x", "w").Node("Add", "logits", "raw", "places"), "logits (Add)"),
        ["an axis is lost"] = (graph => graph.Weight("column", Ramp(Hidden), Hidden).Node("MatMul", "raw", "x", "column").Node("Unsqueeze", "logits", "raw", "last"), "logits (Unsqueeze)"),
        ["weights on the left"] = (graph => graph.Weight("square", Ramp(Positions * Positions), Positions, Positions).Node("MatMul", "logits", "square", "x"), "logits (MatMul)"),
        ["an input"] = (graph => graph.Node("Tanh", "logits", "x"), "x (no operator)"),
    };

    public static TheoryData<string> UnknownHeads => [.. Unknown.Keys];

    [Theory]
    [MemberData(nameof(UnknownHeads))]
    public void An_unknown_graph_stays_unchanged_and_the_reason_is_given(string head)
    {
        var model = Decoder(Unknown[head].Head);
        var before = model.ToByteArray();

        var reason = LastPositionHead.Edit(model, "logits");

        Assert.Contains(Unknown[head].Reason, reason, StringComparison.Ordinal);
        Assert.Equal(before, model.ToByteArray());
    }

    [Fact]
    public void An_old_format_an_old_operator_set_and_other_outputs_stay_as_they_are()
    {
        var oldFormat = Decoder(Known["plain"]);
        oldFormat.IrVersion = 3;
        var oldOperators = Decoder(Known["plain"]);
        oldOperators.OpsetImport[0].Version = 9;
        var fixedPositions = Decoder(Known["plain"]);
        fixedPositions.Graph.Output[0].Type.TensorType.Shape.Dim[1].DimValue = 1;
        var flat = Decoder(Known["plain"]);
        flat.Graph.Output[0].Type.TensorType.Shape.Dim.RemoveAt(0);

        Assert.Contains("version 3", LastPositionHead.Edit(oldFormat, "logits"), StringComparison.Ordinal);
        Assert.Contains("operator set 9", LastPositionHead.Edit(oldOperators, "logits"), StringComparison.Ordinal);
        Assert.Contains("three dimensions", LastPositionHead.Edit(fixedPositions, "logits"), StringComparison.Ordinal);
        Assert.Contains("three dimensions", LastPositionHead.Edit(flat, "logits"), StringComparison.Ordinal);
        Assert.Contains("no output 'scores'", LastPositionHead.Edit(Decoder(Known["plain"]), "scores"), StringComparison.Ordinal);
    }

    [Fact]
    public void Fields_unknown_to_the_schema_are_kept()
    {
        const int docString = 6;
        var model = Decoder(Known["plain"]);
        using var unknown = new MemoryStream();
        using (var written = new CodedOutputStream(unknown, leaveOpen: true))
        {
            written.WriteTag(docString, WireFormat.WireType.LengthDelimited);
            written.WriteString("자세한 설명");
        }

        model.MergeFrom(unknown.ToArray());
        LastPositionHead.Edit(model, "logits");

        Assert.True(model.ToByteArray().AsSpan().IndexOf("자세한 설명"u8) >= 0);
    }

    [Fact]
    public void A_model_with_external_data_is_changed_in_memory_only()
    {
        var path = WriteWithData(folder.FullName, "model.onnx", "w.bin");
        var before = File.ReadAllBytes(path);

        var graph = new DecoderGraph(path);
        using var session = graph.Load(options);

        Assert.Null(graph.UnchangedBecause);
        Assert.Contains(LastPositionHead.InputName, session.Inputs.Keys);
        Assert.Equal(before, File.ReadAllBytes(path));
        Assert.Equal([2, 1, Vocabulary], Logits(session, keep: 1).Shape);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_linked_model_finds_its_data(bool dataLinked)
    {
        var blobs = folder.CreateSubdirectory("blobs");
        var snapshot = folder.CreateSubdirectory("snapshots/c/onnx");
        WriteWithData(blobs.FullName, "a", "w.bin", dataLinked ? "b" : null);
        var path = Path.Combine(snapshot.FullName, "model.onnx");
        File.CreateSymbolicLink(path, "../../../blobs/a");
        if (dataLinked)
        {
            File.CreateSymbolicLink(Path.Combine(snapshot.FullName, "w.bin"), "../../../blobs/b");
        }
        else
        {
            File.WriteAllBytes(Path.Combine(snapshot.FullName, "w.bin"), Weights());
        }

        var graph = new DecoderGraph(path);
        using var session = graph.Load(options);

        Assert.Null(graph.UnchangedBecause);
        Assert.Equal([2, 2, Vocabulary], Logits(session, keep: 2).Shape);
    }

    [Theory]
    [InlineData("../secret.bin")]
    [InlineData("link.bin")]
    public void Data_outside_are_refused_for_a_changed_model_too(string location)
    {
        var blobs = folder.CreateSubdirectory("blobs");
        var snapshot = folder.CreateSubdirectory("snapshot");
        File.WriteAllBytes(Path.Combine(folder.FullName, "secret.bin"), Weights());
        File.CreateSymbolicLink(Path.Combine(snapshot.FullName, "link.bin"), "../secret.bin");
        File.WriteAllBytes(Path.Combine(blobs.FullName, "a"), WithData(location).ToByteArray());
        var path = Path.Combine(snapshot.FullName, "model.onnx");
        File.CreateSymbolicLink(path, "../blobs/a");

        var refused = Assert.Throws<OnnxModelException>(() => new DecoderGraph(path).Load(options));

        Assert.Contains("outside its own folder, which is never read", refused.Message, StringComparison.Ordinal);
        Assert.Contains(path, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_broken_or_missing_file_is_refused_as_for_an_unchanged_graph()
    {
        var path = Path.Combine(folder.FullName, "없는 모델.onnx");
        Assert.Contains("does not exist", Assert.Throws<OnnxModelException>(() => new DecoderGraph(path).Load(options)).Message, StringComparison.Ordinal);

        var whole = Decoder(Known["plain"]).ToByteArray();
        foreach (var length in new[] { 0, 1, whole.Length / 2, whole.Length - 40 })
        {
            File.WriteAllBytes(path, whole[..length]);
            Assert.Contains("Download it again", Assert.Throws<OnnxModelException>(() => new DecoderGraph(path).Load(options)).Message, StringComparison.Ordinal);
        }
    }

    /// <summary>A tanh at a vector's end may be rounded differently from one in its middle.</summary>
    private static void AssertSame(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
    }

    private static ModelProto Decoder(Func<TinyGraph, TinyGraph> head) => head(new TinyGraph()
        .Input("x", TensorElementType.Float, "batch", "sequence", Hidden)
        .Weight("w", Ramp(Hidden * Vocabulary), Hidden, Vocabulary)
        .Output("logits", TensorElementType.Float, "batch", "sequence", Vocabulary)).Model();

    private static ModelProto WithData(string location) => new TinyGraph()
        .Input("x", TensorElementType.Float, "batch", "sequence", Hidden)
        .ExternalWeight("w", location, Hidden, Vocabulary)
        .Node("MatMul", "logits", "x", "w")
        .Output("logits", TensorElementType.Float, "batch", "sequence", Vocabulary).Model();

    private static string WriteWithData(string folder, string model, string location, string? data = "w.bin")
    {
        var path = Path.Combine(folder, model);
        File.WriteAllBytes(path, WithData(location).ToByteArray());
        if (data is not null)
        {
            File.WriteAllBytes(Path.Combine(folder, data), Weights());
        }

        return path;
    }

    private static byte[] Weights() => System.Runtime.InteropServices.MemoryMarshal.AsBytes(Ramp(Hidden * Vocabulary).AsSpan()).ToArray();

    /// <summary>Numbers whose products and sums are exact in float32.</summary>
    private static float[] Ramp(int count) => [.. Enumerable.Range(0, count).Select(i => (i % 7) - 3f)];

    private (float[] Values, long[] Shape) Logits(ModelProto model, long? keep)
    {
        using var session = TinyGraph.Load(model, options);
        return Logits(session, keep);
    }

    private (float[] Values, long[] Shape) Logits(OnnxModel session, long? keep)
    {
        using var x = OrtValue.CreateTensorValueFromMemory(Ramp(2 * Positions * Hidden), [2, Positions, Hidden]);
        using var kept = OrtValue.CreateTensorValueFromMemory([keep ?? 0], []);
        string[] names = keep is null ? ["x"] : ["x", LastPositionHead.InputName];
        using var outputs = session.Run(run, names, new[] { x, kept }[..names.Length], ["logits"]);
        return (outputs[0].GetTensorDataAsSpan<float>().ToArray(), outputs[0].GetTensorTypeAndShape().Shape);
    }
}
