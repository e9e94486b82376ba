using Pybo.Rag.Inference.OnnxGraph;

namespace Pybo.Rag.Inference;

/// <summary>The minimum rank of a graph's values: exports seldom declare more than inputs and weights.</summary>
/// <remarks>One pass over the nodes. The outputs of an operator that is not listed count as rank 0.</remarks>
internal sealed class GraphRanks
{
    private static readonly string[] LikeTheFirst =
    [
        "Cast", "Clip", "DequantizeLinear", "Erf", "Gelu", "Identity", "LayerNormalization", "Neg", "RMSNormalization", "Reciprocal", "Sigmoid", "SimplifiedLayerNormalization",
        "Slice", "Softmax", "Split", "Sqrt", "Tanh", "Transpose", "com.microsoft.BiasGelu", "com.microsoft.FastGelu", "com.microsoft.Gelu", "com.microsoft.MatMulNBits", "com.microsoft.QuickGelu",
    ];

    private static readonly string[] LikeTheLargest = ["Add", "Concat", "Div", "Max", "Mean", "Min", "Mul", "Pow", "Sub"];

    private readonly GraphValues values;
    private readonly Dictionary<string, int> ranks = [];

    public GraphRanks(GraphProto graph, GraphValues values)
    {
        this.values = values;
        foreach (var declared in graph.Input.Concat(graph.ValueInfo))
        {
            ranks[declared.Name] = declared.Type?.TensorType?.Shape?.Dim.Count ?? 0;
        }

        foreach (var node in graph.Node)
        {
            var rank = RankOf(node);
            foreach (var output in node.Output)
            {
                ranks[output] = Math.Max(AtLeast(output), rank);
            }
        }
    }

    public int AtLeast(string value) => ranks.TryGetValue(value, out var rank) ? rank : values.Tensor(value)?.Dims.Count ?? 0;

    private int RankOf(NodeProto node)
    {
        if (node.Input.Count == 0)
        {
            return node.Output.Count == 0 ? 0 : values.Tensor(node.Output[0])?.Dims.Count ?? 0;
        }

        var first = AtLeast(node.Input[0]);
        return GraphValues.Operator(node) switch
        {
            var type when LikeTheFirst.Contains(type) => first,
            var type when LikeTheLargest.Contains(type) => node.Input.Max(AtLeast),
            "MatMul" => AtLeast(node.Input[^1]) >= 2 ? first : 0,
            "ReduceMean" => GraphValues.Attribute(node, "keepdims", 1) == 1 ? first : 0,
            "Gather" => Math.Max(0, first - 1 + AtLeast(node.Input[^1])),
            "Reshape" => (int)(values.Tensor(node.Input[^1])?.Dims.FirstOrDefault() ?? 0),
            "Unsqueeze" => first + (values.Integers(node, "axes", operand: 1)?.Count ?? 0),
            "Squeeze" => Math.Max(0, first - (values.Integers(node, "axes", operand: 1)?.Count ?? first)),
            "com.microsoft.GroupQueryAttention" or "com.microsoft.MultiHeadAttention" => 3, // [batch, position, heads × size]
            "com.microsoft.SkipLayerNormalization" or "com.microsoft.SkipSimplifiedLayerNormalization" => Math.Max(2, first), // with or without the batch dimension
            _ => 0,
        };
    }
}
