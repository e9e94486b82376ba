using Pybo.Rag.Inference.OnnxGraph;

namespace Pybo.Rag.Inference;

/// <summary>The operators before a decoder's output that treat each position separately: their results for the last positions depend on the last positions
/// only.</summary>
/// <remarks>
/// <para>
/// In a transformer these are the head, the final normalisation and everything after the last layer's attention; the inputs are the attention's
/// result and the residual stream. An operator belongs to the region if
/// </para>
/// <list type="bullet">
/// <item>it works on the last axis or on single elements, with the same weights for every position;</item>
/// <item>all its outputs are read inside the region: any other reader needs every position;</item>
/// <item>its inputs have at least two dimensions. Operators align dimensions from the last one, so the last axis but one is always the position, or
/// has size one and applies to all positions; either can be cut there. A single operand has the rank of the result, but one of two could be a scalar:
/// <see cref="GraphRanks"/> must know the rank of those.</item>
/// </list>
/// <para>
/// Operators that are not listed end the region: Reshape and Transpose, which move the axes, and the dynamic quantisation of 8-bit exports, whose
/// scale is computed over all positions and would change with fewer. MatMulNBits quantises activations too (accuracy level 4), but each row
/// separately.
/// </para>
/// </remarks>
internal sealed class PositionwiseRegion
{
    private static readonly string[] Elementwise =
    [
        "Add", "Cast", "Clip", "Div", "Erf", "Gelu", "Identity", "Max", "Mean", "Min", "Mul", "Neg", "Pow", "Reciprocal", "Sigmoid", "Sqrt", "Sub", "Tanh",
        "com.microsoft.BiasGelu", "com.microsoft.FastGelu", "com.microsoft.Gelu", "com.microsoft.QuickGelu",
    ];

    private readonly HashSet<NodeProto> nodes = new(ReferenceEqualityComparer.Instance); // compared by reference: equal nodes are not the same node
    private readonly Dictionary<string, int> reads = [];
    private readonly GraphValues values;
    private readonly GraphRanks ranks;

    /// <param name="graph">Read only.</param>
    /// <param name="output">The output that the region ends with.</param>
    public PositionwiseRegion(GraphProto graph, string output)
    {
        values = new(graph);
        ranks = new(graph, values);
        reads[output] = 1;
        foreach (var node in graph.Node.Reverse().Where(Belongs))
        {
            nodes.Add(node);
            foreach (var operand in Computed(node))
            {
                reads[operand] = reads.GetValueOrDefault(operand) + 1;
            }
        }

        var made = nodes.SelectMany(node => node.Output).ToHashSet();
        Made = made;
        Inputs = reads.Keys.Where(value => !made.Contains(value)).ToHashSet();
    }

    /// <summary>The values that the region's operators produce.</summary>
    public IReadOnlySet<string> Made { get; }

    /// <summary>The values they read from the rest of the graph, without weights; the output itself if the region is empty.</summary>
    public IReadOnlySet<string> Inputs { get; }

    /// <summary>Whether the region contains a product with weights; without one, cutting saves almost nothing.</summary>
    public bool HasProduct => nodes.Any(node => GraphValues.Operator(node) is "MatMul" or "com.microsoft.MatMulNBits");

    public bool Contains(NodeProto node) => nodes.Contains(node);

    /// <summary>The inputs and the operators that produce them, for messages.</summary>
    public override string ToString() => string.Join(", ", Inputs.Select(values.Describe));

    private bool Belongs(NodeProto node) =>
        node.Output.Any(reads.ContainsKey)
        && node.Output.All(output => values.Readers(output) == reads.GetValueOrDefault(output) || output.Length == 0)
        && Computed(node).Distinct().ToList() is { Count: > 0 } operands
        && (operands.Count == 1 || operands.TrueForAll(operand => ranks.AtLeast(operand) >= 2))
        && IsPositionwise(node);

    private IEnumerable<string> Computed(NodeProto node) => node.Input.Where(input => !values.IsConstant(input));

    private bool IsPositionwise(NodeProto node) => GraphValues.Operator(node) switch
    {
        var type when Elementwise.Contains(type) => HasFlatWeights(node, computedMax: int.MaxValue),
        "LayerNormalization" or "RMSNormalization" or "SimplifiedLayerNormalization" => GraphValues.Attribute(node, "axis", -1) == -1 && HasFlatWeights(node, computedMax: 1),
        "com.microsoft.SkipLayerNormalization" or "com.microsoft.SkipSimplifiedLayerNormalization" => HasFlatWeights(node, computedMax: 2),
        "MatMul" => IsConstantAfter(node, computedMax: 1) && ranks.AtLeast(node.Input[^1]) == 2,
        "com.microsoft.MatMulNBits" => IsConstantAfter(node, computedMax: 1),
        "ReduceMean" => GraphValues.Attribute(node, "keepdims", 1) == 1 && values.Integers(node, "axes", operand: 1) is [-1],
        "Split" => GraphValues.Attribute(node, "axis", 0) == -1 && IsConstantAfter(node, computedMax: 1),
        _ => false,
    };

    private bool IsConstantAfter(NodeProto node, int computedMax) => node.Input.Skip(computedMax).All(values.IsConstant);

    /// <summary>Whether all weights are scalars or vectors, the same for every position. A few are computed (1 + the weight of a normalisation), in a single
    /// step.</summary>
    private bool HasFlatWeights(NodeProto node, int computedMax) =>
        IsConstantAfter(node, computedMax)
        && node.Input.Where(values.IsConstant).All(weight => IsFlat(weight)
            || (values.Producer(weight) is { } step && Elementwise.Contains(GraphValues.Operator(step)) && step.Input.All(IsFlat)));

    private bool IsFlat(string weight) => weight.Length == 0 || values.Tensor(weight) is { Dims.Count: < 2 };
}
