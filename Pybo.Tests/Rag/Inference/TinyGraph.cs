using System.Runtime.InteropServices;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Pybo.Rag.Inference;
using Pybo.Rag.Inference.OnnxGraph;

namespace Pybo.Tests.Rag.Inference;

/// <summary>Small hand-made ONNX models.</summary>
internal sealed class TinyGraph
{
    private const int Ir = 8;
    private const int Opset = 17;
    private const int IntegerAttribute = 2;
    private const int GraphAttribute = 5;
    private const int IntegersAttribute = 7;

    private readonly GraphProto graph = new();

    /// <param name="dimensions">A number, or the name of an open dimension.</param>
    public TinyGraph Input(string name, TensorElementType type, params object[] dimensions)
    {
        graph.Input.Add(Value(name, type, dimensions));
        return this;
    }

    public TinyGraph Output(string name, TensorElementType type, params object[] dimensions)
    {
        graph.Output.Add(Value(name, type, dimensions));
        return this;
    }

    /// <summary>An output with the type that its operator infers.</summary>
    public TinyGraph Untyped(string name)
    {
        graph.Output.Add(new ValueInfoProto { Name = name });
        return this;
    }

    public TinyGraph Hint(string name, TensorElementType type, params object[] dimensions)
    {
        graph.ValueInfo.Add(Value(name, type, dimensions));
        return this;
    }

    public TinyGraph Weight(string name, float[] data, params long[] dimensions)
    {
        graph.Initializer.Add(new TensorProto
        {
            Name = name,
            Dims = { dimensions },
            DataType = (int)TensorElementType.Float,
            RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes(data.AsSpan())),
        });
        return this;
    }

    public TinyGraph Packed(string name, byte[] data, params long[] dimensions)
    {
        graph.Initializer.Add(new TensorProto
        {
            Name = name,
            Dims = { dimensions },
            DataType = (int)TensorElementType.UInt8,
            RawData = ByteString.CopyFrom(data),
        });
        return this;
    }

    /// <summary>Integers; a single one without dimensions.</summary>
    public TinyGraph Integers(string name, long[] data, params long[] dimensions)
    {
        graph.Initializer.Add(new TensorProto
        {
            Name = name,
            Dims = { dimensions },
            DataType = (int)TensorElementType.Int64,
            RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes(data.AsSpan())),
        });
        return this;
    }

    /// <summary>A weight whose data is in a file.</summary>
    public TinyGraph ExternalWeight(string name, string location, params long[] dimensions)
    {
        graph.Initializer.Add(new TensorProto
        {
            Name = name,
            Dims = { dimensions },
            DataType = (int)TensorElementType.Float,
            DataLocation = 1,
            ExternalData = { new StringStringEntryProto { Key = "location", Value = location } },
        });
        return this;
    }

    public TinyGraph Node(string type, string output, params string[] inputs) => Node("", type, output, inputs);

    public TinyGraph Node(string domain, string type, string output, string[] inputs) => Node(domain, type, [output], inputs);

    public TinyGraph Node(string domain, string type, string[] outputs, string[] inputs)
    {
        graph.Node.Add(new NodeProto { Domain = domain, OpType = type, Name = outputs[0], Input = { inputs }, Output = { outputs } });
        return this;
    }

    /// <summary>Gives the last node an integer attribute.</summary>
    public TinyGraph With(string name, long value)
    {
        graph.Node[^1].Attribute.Add(new AttributeProto { Name = name, I = value, Type = IntegerAttribute });
        return this;
    }

    /// <summary>Gives the last node an attribute with a list of integers.</summary>
    public TinyGraph With(string name, long[] values)
    {
        graph.Node[^1].Attribute.Add(new AttributeProto { Name = name, Ints = { values }, Type = IntegersAttribute });
        return this;
    }

    /// <summary>Gives the last node an inner graph.</summary>
    public TinyGraph With(string name, TinyGraph inner)
    {
        inner.graph.Name = name; // required of inner graphs
        graph.Node[^1].Attribute.Add(new AttributeProto { Name = name, G = inner.graph, Type = GraphAttribute });
        return this;
    }

    public ModelProto Model() => new()
    {
        IrVersion = Ir,
        Graph = graph,
        OpsetImport =
        {
            new OperatorSetIdProto { Domain = "", Version = Opset },
            new OperatorSetIdProto { Domain = "com.microsoft", Version = 1 },
            new OperatorSetIdProto { Domain = "com.example", Version = 1 },
        },
    };

    public byte[] Bytes() => Model().ToByteArray();

    /// <summary>Loads a graph as a file with this name.</summary>
    public static OnnxModel Load(ModelProto model, SessionOptions options, string path = "model.onnx") => OnnxModel.Load(model.ToByteArray(), path, AppContext.BaseDirectory, options);

    /// <summary>y = x · w, with x [rows, 8] and w [8, 512].</summary>
    public static TinyGraph Product() => new TinyGraph()
        .Input("x", TensorElementType.Float, "rows", 8)
        .Weight("w", [.. Enumerable.Range(0, 8 * 512).Select(i => i / 4096f)], 8, 512)
        .Node("MatMul", "y", "x", "w")
        .Output("y", TensorElementType.Float, "rows", 512);

    /// <summary>A thousand products in a row: a run that can be stopped halfway.</summary>
    public static TinyGraph Chain()
    {
        const int products = 1000, size = 64;
        var identity = new float[size * size];
        for (var i = 0; i < size; i++)
        {
            identity[(i * size) + i] = 1;
        }

        var chain = new TinyGraph().Input("x", TensorElementType.Float, size, size).Weight("w", identity, size, size);
        for (var i = 0; i < products; i++)
        {
            chain.Node("MatMul", i == products - 1 ? "y" : $"y{i}", i == 0 ? "x" : $"y{i - 1}", "w");
        }

        return chain.Output("y", TensorElementType.Float, size, size);
    }

    private static ValueInfoProto Value(string name, TensorElementType type, object[] dimensions)
    {
        var shape = new TensorShapeProto();
        foreach (var dimension in dimensions)
        {
            shape.Dim.Add(dimension is string open
                ? new TensorShapeProto.Types.Dimension { DimParam = open }
                : new TensorShapeProto.Types.Dimension { DimValue = Convert.ToInt64(dimension, null) });
        }

        return new() { Name = name, Type = new() { TensorType = new() { ElemType = (int)type, Shape = shape } } };
    }
}
