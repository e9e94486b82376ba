using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Pybo.Rag.Inference;
using Pybo.Rag.Inference.Kernels;
using Pybo.Rag.Inference.OnnxGraph;

namespace Pybo.Tests.Rag.Inference.Kernels;

/// <summary>Our product with 4-bit weights in place of the library's, in graphs made on the spot.</summary>
public sealed class MatMulNBitsTests : IDisposable
{
    /// <summary>Relative to the size of the numbers: float32 sums in another order.</summary>
    private const float Tolerance = 1e-5f;

    private readonly SessionOptions options = new() { IntraOpNumThreads = 2, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
    private readonly RunOptions run = new();

    public MatMulNBitsTests() => Assert.SkipUnless(MatMulNBits.IsSupported, "This processor has no AVX-512.");

    public void Dispose()
    {
        run.Dispose();
        options.Dispose();
    }

    [Theory]
    [InlineData(1, 32, 32, 32, false)]
    [InlineData(1, 640, 256, 32, true)]
    [InlineData(1, 1088, 2048, 64, true)]
    [InlineData(2, 96, 33, 32, true)]
    [InlineData(3, 320, 100, 64, false)]
    [InlineData(4, 512, 64, 128, true)]
    [InlineData(5, 160, 70, 32, true)]
    [InlineData(7, 256, 128, 256, false)]
    [InlineData(300, 128, 96, 32, true)]
    [InlineData(600, 64, 40, 32, false)]
    public void Products_equal_those_of_the_library(int rows, int depth, int columns, int blockSize, bool hasZeroPoints)
    {
        var activations = Activations(rows, depth);
        var model = Graph(depth, columns, blockSize, hasZeroPoints).Model();
        using var library = TinyGraph.Load(model, options);
        Assert.True(MatMulNBitsOp.Replace(model, options));
        using var own = TinyGraph.Load(model, options);

        AssertNear(Product(library, activations, rows, depth), Product(own, activations, rows, depth));
    }

    /// <summary>The largest products of 8 and 4 bits: a 16-bit sum would overflow here first.</summary>
    [Theory]
    [InlineData(0xFF, 1f)]
    [InlineData(0xFF, -1f)]
    [InlineData(0x00, 1f)]
    [InlineData(0x00, -1f)]
    public void The_largest_numbers_do_not_overflow(byte weights, float activation)
    {
        const int rows = 5, depth = 256, columns = 32;
        var model = Graph(depth, columns, 32, hasZeroPoints: true).Model();
        Fill(model, "w", weights);
        Fill(model, "z", (byte)~weights);
        MatMulNBitsOp.Replace(model, options);
        using var session = TinyGraph.Load(model, options);
        var activations = new float[rows * depth];
        activations.AsSpan().Fill(activation);

        var product = Product(session, activations, rows, depth);

        var scales = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(model.Graph.Initializer.Single(tensor => tensor.Name == "s").RawData.Span);
        var difference = (weights & 0xF) - (~weights & 0xF);
        for (var column = 0; column < columns; column++)
        {
            var expected = 0f;
            foreach (var scale in scales.Slice(column * depth / 32, depth / 32))
            {
                expected += scale * 32 * difference * activation;
            }

            Assert.Equal(expected, product[column], MathF.Abs(expected) * Tolerance);
            Assert.Equal(product[column], product[^(columns - column)]);
        }
    }

    [Fact]
    public void Rows_of_zeros_and_zero_rows_are_multiplied_too()
    {
        var model = Graph(64, 32, 32, hasZeroPoints: true).Model();
        MatMulNBitsOp.Replace(model, options);
        using var session = TinyGraph.Load(model, options);

        Assert.All(Product(session, new float[3 * 64], 3, 64), value => Assert.Equal(0, value));
        Assert.Empty(Product(session, [], 0, 64));
    }

    /// <summary>A row's numbers do not depend on the rows next to it: a text read in parts equals the text read at once.</summary>
    [Fact]
    public void A_row_is_the_same_alone_and_among_others()
    {
        const int rows = 70, depth = 320, columns = 100;
        var activations = Activations(rows, depth);
        var model = Graph(depth, columns, 64, hasZeroPoints: true).Model();
        MatMulNBitsOp.Replace(model, options);
        using var session = TinyGraph.Load(model, options);
        var together = Product(session, activations, rows, depth);

        for (var row = 0; row < rows; row++)
        {
            Assert.Equal(together[(row * columns)..((row + 1) * columns)], Product(session, activations[(row * depth)..((row + 1) * depth)], 1, depth));
        }
    }

    [Fact]
    public async Task Runs_from_several_threads_do_not_disturb_each_other()
    {
        const int rows = 40, depth = 256, columns = 128, threads = 4, runs = 50;
        var model = Graph(depth, columns, 32, hasZeroPoints: true).Model();
        MatMulNBitsOp.Replace(model, options);
        using var session = TinyGraph.Load(model, options);
        await Task.WhenAll(Enumerable.Range(1, threads).Select(number => Task.Run(() =>
        {
            var activations = Activations(rows, depth, number);
            var expected = Product(session, activations, rows, depth);
            for (var i = 0; i < runs; i++)
            {
                Assert.Equal(expected, Product(session, activations, rows, depth));
            }
        })));
    }

    public static TheoryData<string> Others => [.. OtherGraphs.Keys];

    private static readonly Dictionary<string, Func<TinyGraph>> OtherGraphs = new()
    {
        ["activations that must not be rounded"] = () => Graph(64, 32, 32, false, accuracyLevel: 0),
        ["8 bits"] = () => Graph(64, 32, 32, false, bits: 8),
        ["small blocks"] = () => Graph(64, 32, 16, false),
        ["few columns"] = () => Graph(64, 16, 32, false),
        ["another depth"] = () => Graph(64, 32, 32, false, depthNamed: 60),
        ["a bias"] = () => Graph(64, 32, 32, false, ["", "", "bias"]).Weight("bias", new float[32], 32),
        ["computed weights"] = () => Graph(64, 32, 32, false, weights: "other").Node("Identity", "other", "w"),
        ["zero points of another type"] = () => Graph(64, 32, 32, false, ["bias"]).Weight("bias", new float[64], 64),
        ["another operator"] = () => TinyGraph.Product(),
    };

    [Theory]
    [MemberData(nameof(Others))]
    public void Other_products_stay_with_the_library(string graph)
    {
        var model = OtherGraphs[graph]().Model();
        var before = model.Clone();

        Assert.False(MatMulNBitsOp.Replace(model, options));
        Assert.Equal(before, model);
    }

    [Fact]
    public void Weights_that_are_not_constants_are_refused_when_the_graph_is_loaded()
    {
        var model = new TinyGraph()
            .Input("x", TensorElementType.Float, "rows", 64).Input("w", TensorElementType.UInt8, 32, 2, 16).Input("s", TensorElementType.Float, 64)
            .Node("pybo", "MatMulNBits", "y", ["x", "w", "s"])
            .Output("y", TensorElementType.Float, "rows", 32).Model();
        MatMulNBitsOp.Replace(Graph(64, 32, 32, false).Model(), options); // the options now know the operator
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "pybo", Version = 1 });

        var refused = Assert.Throws<OnnxModelException>(() => TinyGraph.Load(model, options));

        Assert.Contains("constant weights", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>A file that names the operator itself is not trusted: its reads would fall outside the weights.</summary>
    [Theory]
    [InlineData(63, 0)]
    [InlineData(64, 31)]
    public void Mismatched_weights_and_scales_are_refused_when_the_graph_is_loaded(int scales, int zeroPoints)
    {
        var graph = new TinyGraph().Input("x", TensorElementType.Float, "rows", 64)
            .Packed("w", new byte[32 * 32], 32, 2, 16).Weight("s", new float[scales], scales)
            .Output("y", TensorElementType.Float, "rows", 32);
        var model = (zeroPoints == 0 ? graph.Node("pybo", "MatMulNBits", "y", ["x", "w", "s"]) : graph.Packed("z", new byte[zeroPoints], zeroPoints).Node("pybo", "MatMulNBits", "y", ["x", "w", "s", "z"])).Model();
        MatMulNBitsOp.Replace(Graph(64, 32, 32, false).Model(), options); // the options now know the operator
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "pybo", Version = 1 });

        var refused = Assert.Throws<OnnxModelException>(() => TinyGraph.Load(model, options));

        Assert.Contains("do not belong together", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_of_another_length_are_refused_with_a_message()
    {
        var model = Graph(64, 32, 32, false, depthOfInput: "depth").Model();
        MatMulNBitsOp.Replace(model, options);
        using var session = TinyGraph.Load(model, options);

        var refused = Assert.Throws<OnnxModelException>(() => Product(session, new float[96], 1, 96));

        Assert.Contains("rows of 64 numbers", refused.Message, StringComparison.Ordinal);
        Assert.Equal(32, Product(session, new float[64], 1, 64).Length);
    }

    private static void Fill(ModelProto model, string name, byte value)
    {
        var tensor = model.Graph.Initializer.Single(tensor => tensor.Name == name);
        var bytes = new byte[tensor.RawData.Length];
        bytes.AsSpan().Fill(value);
        tensor.RawData = ByteString.CopyFrom(bytes);
    }

    private static float[] Activations(int rows, int depth, int seed = 1)
    {
        var random = new Random(seed);
        var activations = new float[rows * depth];
        for (var i = 0; i < activations.Length; i++)
        {
            activations[i] = ((float)random.NextDouble() - 0.5f) * (random.Next(50) == 0 ? 40 : 2); // a few are large, as in a language model
        }

        return activations;
    }

    private float[] Product(OnnxModel session, float[] activations, int rows, int depth)
    {
        using var x = OrtValue.CreateTensorValueFromMemory(activations, [1, rows, depth]);
        using var outputs = session.Run(run, ["x"], [x], ["y"]);
        var shape = outputs[0].GetTensorTypeAndShape().Shape;
        Assert.Equal([1, rows], shape[..^1]);
        return outputs[0].GetTensorDataAsSpan<float>().ToArray();
    }

    private static void AssertNear(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        var size = MathF.Sqrt(expected.Average(value => value * value));
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, size * Tolerance));
    }

    private static TinyGraph Graph(
        int depth, int columns, int blockSize, bool hasZeroPoints, string[]? more = null, int accuracyLevel = 4, int bits = 4, int? depthNamed = null, string weights = "w", object? depthOfInput = null)
    {
        var random = new Random(7);
        var blocks = depth / blockSize;
        var packed = new byte[columns * depth * bits / 8];
        random.NextBytes(packed);
        var zeroPoints = new byte[columns * ((blocks + 1) / 2)];
        random.NextBytes(zeroPoints);
        var scales = new float[columns * blocks];
        for (var i = 0; i < scales.Length; i++)
        {
            scales[i] = (float)random.NextDouble() * 0.1f;
        }

        var graph = new TinyGraph()
            .Input("x", TensorElementType.Float, "batch", "rows", depthOfInput ?? depth)
            .Packed("w", packed, columns, blocks, blockSize * bits / 8)
            .Weight("s", scales, columns * blocks)
            .Output("y", TensorElementType.Float, "batch", "rows", columns);
        if (hasZeroPoints)
        {
            graph.Packed("z", zeroPoints, zeroPoints.Length);
            more = ["z"];
        }

        return graph.Node("com.microsoft", "MatMulNBits", "y", ["x", weights, "s", .. more ?? []])
            .With("K", depthNamed ?? depth).With("N", columns).With("bits", bits).With("block_size", blockSize).With("accuracy_level", accuracyLevel);
    }
}
