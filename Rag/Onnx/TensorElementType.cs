using System.Diagnostics.CodeAnalysis;

namespace Pybo.Rag.Onnx;

/// <summary><c>ONNXTensorElementDataType</c> of the C API, as far as it has a name in the official managed one.</summary>
[SuppressMessage("Naming", "CA1720", Justification = "The official API's names.")]
public enum TensorElementType
{
    DataTypeMax = 0,
    Float = 1,
    UInt8 = 2,
    Int8 = 3,
    UInt16 = 4,
    Int16 = 5,
    Int32 = 6,
    Int64 = 7,
    String = 8,
    Bool = 9,
    Float16 = 10,
    Double = 11,
    UInt32 = 12,
    UInt64 = 13,
    Complex64 = 14,
    Complex128 = 15,
    BFloat16 = 16,
}

internal static class TensorElementTypes
{
    private static readonly Dictionary<Type, TensorElementType> FromType = new()
    {
        [typeof(float)] = TensorElementType.Float,
        [typeof(byte)] = TensorElementType.UInt8,
        [typeof(sbyte)] = TensorElementType.Int8,
        [typeof(ushort)] = TensorElementType.UInt16,
        [typeof(short)] = TensorElementType.Int16,
        [typeof(int)] = TensorElementType.Int32,
        [typeof(long)] = TensorElementType.Int64,
        [typeof(bool)] = TensorElementType.Bool,
        [typeof(Half)] = TensorElementType.Float16,
        [typeof(double)] = TensorElementType.Double,
        [typeof(uint)] = TensorElementType.UInt32,
        [typeof(ulong)] = TensorElementType.UInt64,
    };

    private static readonly Dictionary<TensorElementType, Type> ToType = FromType.ToDictionary(pair => pair.Value, pair => pair.Key);

    /// <summary>The tensor type whose elements lie in memory as <typeparamref name="T"/> does.</summary>
    /// <exception cref="NotSupportedException">There is none.</exception>
    public static TensorElementType Of<T>() where T : unmanaged =>
        FromType.TryGetValue(typeof(T), out var type) ? type : throw new NotSupportedException($"A tensor of {typeof(T)} is not supported.");

    /// <summary>The bytes of one element.</summary>
    /// <exception cref="InvalidOperationException">It has no fixed size: a string, or no type at all.</exception>
    public static int SizeInBytes(this TensorElementType type) => type switch
    {
        TensorElementType.UInt8 or TensorElementType.Int8 or TensorElementType.Bool => 1,
        TensorElementType.UInt16 or TensorElementType.Int16 or TensorElementType.Float16 or TensorElementType.BFloat16 => 2,
        TensorElementType.UInt32 or TensorElementType.Int32 or TensorElementType.Float => 4,
        TensorElementType.UInt64 or TensorElementType.Int64 or TensorElementType.Double or TensorElementType.Complex64 => 8,
        TensorElementType.Complex128 => 16,
        _ => throw new InvalidOperationException($"An element of type {type} has no fixed size."),
    };

    /// <summary>The managed type of an element; null where there is none (bfloat16 and strings in native memory, for example).</summary>
    public static Type? ManagedType(this TensorElementType type) => ToType.GetValueOrDefault(type);
}
