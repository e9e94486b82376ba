using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Pybo.Rag.Inference;

/// <summary>A graph's declaration of one input or output.</summary>
/// <param name="ElementDataType">The element type; <see cref="TensorElementType.DataTypeMax"/> for a sequence, a map or an optional.</param>
/// <param name="Dimensions">The shape; −1 if the graph leaves a dimension open.</param>
/// <param name="Names">The names of open dimensions, one per dimension; empty if it has none.</param>
internal sealed record TensorDeclaration(TensorElementType ElementDataType, IReadOnlyList<int> Dimensions, IReadOnlyList<string> Names)
{
    public static TensorDeclaration Of(NodeMetadata node) => node.OnnxValueType == OnnxValueType.ONNX_TYPE_TENSOR
        ? new(node.ElementDataType, node.Dimensions, node.SymbolicDimensions)
        : new(TensorElementType.DataTypeMax, [], []);

    /// <summary>For messages, such as <c>Int64[batch, sequence]</c>.</summary>
    public override string ToString() => ElementDataType == TensorElementType.DataTypeMax
        ? "not a tensor"
        : $"{ElementDataType}[{string.Join(", ", Dimensions.Select((size, axis) => size >= 0 ? $"{size}" : Names[axis] is { Length: > 0 } name ? name : "?"))}]";
}
