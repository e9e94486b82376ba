namespace Pybo.Rag.Onnx;

/// <summary>What a graph declares of one input or output.</summary>
/// <param name="ElementDataType">The tensor's element type; <see cref="TensorElementType.DataTypeMax"/> where it is not a tensor.</param>
/// <param name="Dimensions">The shape; −1 where the graph leaves a dimension open.</param>
/// <param name="SymbolicDimensions">The names of open dimensions, one for each dimension; empty where it has none.</param>
/// <param name="IsTensor">False for sequences, maps and optionals.</param>
public sealed record NodeMetadata(TensorElementType ElementDataType, IReadOnlyList<int> Dimensions, IReadOnlyList<string> SymbolicDimensions, bool IsTensor)
{
    /// <summary>The managed type of an element; null where there is none.</summary>
    public Type? ElementType => ElementDataType.ManagedType();

    /// <summary>The declaration as text for messages, such as <c>Int64[batch, sequence]</c>.</summary>
    public override string ToString() =>
        IsTensor ? $"{ElementDataType}[{string.Join(", ", Dimensions.Select((size, axis) => size >= 0 ? $"{size}" : SymbolicDimensions[axis] is { Length: > 0 } name ? name : "?"))}]" : "not a tensor";

    /// <summary>Reads an <c>OrtTypeInfo</c>, which stays the caller's.</summary>
    internal static unsafe NodeMetadata Read(nint typeInfo)
    {
        const int onnxTypeTensor = 1;
        int onnxType;
        OrtStatus.ThrowIfFailed(OrtApi.Table.GetOnnxTypeFromTypeInfo(typeInfo, &onnxType));
        if (onnxType != onnxTypeTensor)
        {
            return new(TensorElementType.DataTypeMax, [], [], IsTensor: false);
        }

        nint tensor; // belongs to typeInfo: not released
        OrtStatus.ThrowIfFailed(OrtApi.Table.CastTypeInfoToTensorInfo(typeInfo, &tensor));
        var info = OrtTensorTypeAndShapeInfo.Read(tensor);
        var names = new nint[info.Shape.Length];
        fixed (nint* symbolic = names)
        {
            OrtStatus.ThrowIfFailed(OrtApi.Table.GetSymbolicDimensions(tensor, symbolic, (nuint)names.Length));
        }

        return new(info.ElementDataType, [.. info.Shape.Select(size => checked((int)size))], [.. names.Select(OrtApi.Utf8)], IsTensor: true);
    }
}

/// <summary>A tensor's element type and shape.</summary>
public sealed record OrtTensorTypeAndShapeInfo(TensorElementType ElementDataType, long[] Shape)
{
    public int DimensionsCount => Shape.Length;

    public long ElementCount => OrtValue.ElementCount(Shape);

    /// <summary>Reads an <c>OrtTensorTypeAndShapeInfo</c>, which stays the caller's.</summary>
    internal static unsafe OrtTensorTypeAndShapeInfo Read(nint info)
    {
        int type;
        nuint rank;
        OrtStatus.ThrowIfFailed(OrtApi.Table.GetTensorElementType(info, &type));
        OrtStatus.ThrowIfFailed(OrtApi.Table.GetDimensionsCount(info, &rank));
        var shape = new long[rank];
        fixed (long* dimensions = shape)
        {
            OrtStatus.ThrowIfFailed(OrtApi.Table.GetDimensions(info, dimensions, rank));
        }

        return new((TensorElementType)type, shape);
    }
}
