using Pybo.Rag.Inference.OnnxGraph;

namespace Pybo.Rag.Inference;

/// <summary>Who makes and who reads each named value of a graph (not of the graphs inside its nodes).</summary>
internal sealed class GraphValues
{
    private readonly Dictionary<string, NodeProto> producers = [];
    private readonly Dictionary<string, int> readers = [];
    private readonly HashSet<string> weights;

    public GraphValues(GraphProto graph)
    {
        weights = [.. graph.Initializer.Select(weight => weight.Name)];
        foreach (var node in graph.Node)
        {
            foreach (var output in node.Output)
            {
                producers[output] = node;
            }

            foreach (var input in node.Input)
            {
                readers[input] = Readers(input) + 1;
            }
        }

        foreach (var output in graph.Output)
        {
            readers[output.Name] = Readers(output.Name) + 1;
        }
    }

    /// <summary>An operator with its domain before it, where that is not ONNX's own.</summary>
    public static string Operator(NodeProto node) => node.Domain is "" or "ai.onnx" ? node.OpType : $"{node.Domain}.{node.OpType}";

    /// <summary>The node that makes a value; null for inputs and weights.</summary>
    public NodeProto? Producer(string value) => producers.GetValueOrDefault(value);

    /// <summary>How often nodes read a value, and the graph's outputs.</summary>
    public int Readers(string value) => readers.GetValueOrDefault(value);

    /// <summary>Whether a value comes from weights alone, or is an optional one that is not given.</summary>
    public bool IsConstant(string value, int stepsMax) =>
        value.Length == 0
        || weights.Contains(value)
        || (stepsMax > 0 && Producer(value) is { } node && node.Input.All(input => IsConstant(input, stepsMax - 1)));

    /// <summary>A value and the operator that makes it, for messages.</summary>
    public string Describe(string value) => $"{value} ({(Producer(value) is { } node ? Operator(node) : "no operator")})";
}
