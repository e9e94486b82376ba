using System.Buffers.Binary;
using Microsoft.ML.OnnxRuntime.Tensors;
using Pybo.Rag.Inference.OnnxGraph;

namespace Pybo.Rag.Inference;

/// <summary>Indexes which node produces each named value of a graph, how often it is read (subgraphs included), and which values are constants.</summary>
/// <remarks>Relies on the node order that ONNX requires: a value is produced before it is read.</remarks>
internal sealed class GraphValues
{
    private readonly Dictionary<string, NodeProto> producers = [];
    private readonly Dictionary<string, int> readers = [];
    private readonly Dictionary<string, TensorProto> tensors = [];
    private readonly HashSet<string> constants = [""]; // an optional operand that is left out

    public GraphValues(GraphProto graph)
    {
        foreach (var weight in graph.Initializer)
        {
            tensors[weight.Name] = weight;
            constants.Add(weight.Name);
        }

        foreach (var node in graph.Node)
        {
            AddNode(node);
        }

        CountReaders(graph);
    }

    /// <summary>Returns an operator's name, prefixed with its domain unless that is ONNX's own.</summary>
    public static string Operator(NodeProto node) => node.Domain is "" or "ai.onnx" ? node.OpType : $"{node.Domain}.{node.OpType}";

    /// <summary>Returns an integer attribute.</summary>
    public static long Attribute(NodeProto node, string name, long missing) => node.Attribute.FirstOrDefault(attribute => attribute.Name == name)?.I ?? missing;

    /// <summary>Returns the node that produces a value; null for inputs and weights.</summary>
    public NodeProto? Producer(string value) => producers.GetValueOrDefault(value);

    /// <summary>Counts how often nodes and the graph's outputs read a value.</summary>
    public int Readers(string value) => readers.GetValueOrDefault(value);

    /// <summary>Whether a value depends on weights alone, or is an optional one that is left out.</summary>
    public bool IsConstant(string value) => constants.Contains(value);

    /// <summary>Returns a value's constant tensor; null if the value is computed.</summary>
    public TensorProto? Tensor(string value) => tensors.GetValueOrDefault(value);

    /// <summary>Returns an operator's integers (axes, sizes): an attribute in older operator sets, an operand in newer ones. Null if they are computed or left
    /// out.</summary>
    public IReadOnlyList<long>? Integers(NodeProto node, string attribute, int operand)
    {
        if (node.Attribute.FirstOrDefault(a => a.Name == attribute) is { } given)
        {
            return given.Ints;
        }

        return node.Input.Count > operand && Tensor(node.Input[operand]) is { DataType: (int)TensorElementType.Int64, DataLocation: 0 } tensor ? Integers(tensor) : null;
    }

    /// <summary>Describes a value and the operator that produces it, for messages.</summary>
    public string Describe(string value) => $"{value} ({(Producer(value) is { } node ? Operator(node) : "no operator")})";

    private static IReadOnlyList<long> Integers(TensorProto tensor)
    {
        if (tensor.Int64Data.Count > 0)
        {
            return tensor.Int64Data;
        }

        var numbers = new long[tensor.RawData.Length / sizeof(long)];
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = BinaryPrimitives.ReadInt64LittleEndian(tensor.RawData.Span[(i * sizeof(long))..]);
        }

        return numbers;
    }

    private void AddNode(NodeProto node)
    {
        var isConstant = node.Input.All(constants.Contains) && !GraphsOf(node).Any();
        foreach (var output in node.Output.Where(output => output.Length > 0))
        {
            producers[output] = node;
            if (isConstant)
            {
                constants.Add(output);
            }

            if (Operator(node) == "Constant" && node.Attribute is [{ T: { } tensor }])
            {
                tensors[output] = tensor;
            }
        }
    }

    /// <summary>The format's parser allows a hundred nested graphs, which also bounds this recursion.</summary>
    private void CountReaders(GraphProto graph)
    {
        foreach (var value in graph.Node.SelectMany(node => node.Input).Concat(graph.Output.Select(output => output.Name)))
        {
            readers[value] = Readers(value) + 1;
        }

        foreach (var inner in graph.Node.SelectMany(GraphsOf))
        {
            CountReaders(inner);
        }
    }

    private static IEnumerable<GraphProto> GraphsOf(NodeProto node) =>
        node.Attribute.SelectMany(attribute => attribute.G is { } graph ? attribute.Graphs.Append(graph) : attribute.Graphs);
}
