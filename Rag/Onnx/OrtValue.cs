using System.Buffers;
using System.Runtime.CompilerServices;

namespace Pybo.Rag.Onnx;

/// <summary>A tensor that goes into or comes out of a run: its own native memory, or a view over pinned managed memory.</summary>
/// <remarks>Spans taken from a value point into its memory: do not use them after it is disposed.</remarks>
public sealed unsafe class OrtValue : IDisposable
{
    private OrtTensorTypeAndShapeInfo? info;

    internal OrtValue(nint value, IDisposable? pinned = null) => Handle = new(value, OrtApi.Table.ReleaseValue, pinned);

    internal OrtHandle Handle { get; }

    /// <summary>A tensor over managed memory, which stays pinned and shared (not copied) until the value is disposed.</summary>
    /// <param name="data">The elements in row-major order; as many as the shape has.</param>
    /// <param name="shape">Dimensions, none negative.</param>
    /// <exception cref="ArgumentException">The shape does not have as many elements as the memory.</exception>
    public static OrtValue CreateTensorValueFromMemory<T>(T[] data, long[] shape) where T : unmanaged =>
        CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, data.AsMemory(), shape);

    /// <inheritdoc cref="CreateTensorValueFromMemory{T}(T[], long[])"/>
    public static OrtValue CreateTensorValueFromMemory<T>(OrtMemoryInfo memoryInfo, Memory<T> memory, long[] shape) where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(memoryInfo);
        var type = TensorElementTypes.Of<T>();
        var elements = ElementCount(shape);
        if (elements != memory.Length)
        {
            throw new ArgumentException($"The shape [{string.Join(", ", shape)}] has {elements} elements, the memory {memory.Length}.", nameof(shape));
        }

        var pinned = memory.Pin();
        try
        {
            return new(CreateOver(memoryInfo, type, shape, (nint)pinned.Pointer, (nuint)memory.Length * (nuint)sizeof(T)), pinned);
        }
        catch
        {
            pinned.Dispose();
            throw;
        }
    }

    /// <summary>A tensor over native memory of the caller's, who frees it after the value and every binding of it are gone.</summary>
    /// <param name="memoryInfo">Where the memory lies.</param>
    /// <param name="elementType">Any type but strings.</param>
    /// <param name="shape">Dimensions, none negative.</param>
    /// <param name="dataBuffer">The first element; only a tensor without elements may have none.</param>
    /// <param name="bufferLengthInBytes">What may be read and written from there on: at least the tensor's size, may be more.</param>
    /// <exception cref="ArgumentException">There is no memory for the elements, or the shape is wrong.</exception>
    /// <exception cref="OnnxRuntimeException">The memory is smaller than the tensor, or the type is none of the library's.</exception>
    public static OrtValue CreateTensorValueWithData(OrtMemoryInfo memoryInfo, TensorElementType elementType, long[] shape, nint dataBuffer, long bufferLengthInBytes)
    {
        ArgumentNullException.ThrowIfNull(memoryInfo);
        ArgumentOutOfRangeException.ThrowIfNegative(bufferLengthInBytes);
        if (ElementCount(shape) > 0 && dataBuffer == 0)
        {
            throw new ArgumentException("A tensor with elements needs memory.", nameof(dataBuffer));
        }

        return new(CreateOver(memoryInfo, elementType, shape, dataBuffer, (nuint)bufferLengthInBytes));
    }

    /// <summary>A tensor in native memory of the allocator's, not initialised.</summary>
    public static OrtValue CreateAllocatedTensorValue(OrtAllocator allocator, TensorElementType elementType, long[] shape)
    {
        ArgumentNullException.ThrowIfNull(allocator);
        _ = ElementCount(shape);
        nint value;
        fixed (long* dimensions = shape)
        {
            OrtStatus.ThrowIfFailed(OrtApi.Table.CreateTensorAsOrtValue(allocator.Pointer, dimensions, (nuint)shape.Length, (int)elementType, &value));
        }

        return new(value);
    }

    public bool IsTensor
    {
        get
        {
            int isTensor;
            using var value = Handle.Borrow();
            OrtStatus.ThrowIfFailed(OrtApi.Table.IsTensor(value.Pointer, &isTensor));
            return isTensor != 0;
        }
    }

    /// <summary>The element type and the shape.</summary>
    /// <exception cref="OnnxRuntimeException">It is not a tensor.</exception>
    public OrtTensorTypeAndShapeInfo GetTensorTypeAndShape()
    {
        ObjectDisposedException.ThrowIf(Handle.IsClosed, this);
        return info ??= ReadInfo();
    }

    /// <summary>The elements in row-major order.</summary>
    /// <exception cref="InvalidOperationException">The elements are not <typeparamref name="T"/>.</exception>
    public ReadOnlySpan<T> GetTensorDataAsSpan<T>() where T : unmanaged => GetTensorMutableDataAsSpan<T>();

    /// <inheritdoc cref="GetTensorDataAsSpan"/>
    public Span<T> GetTensorMutableDataAsSpan<T>() where T : unmanaged
    {
        var tensor = GetTensorTypeAndShape();
        if (tensor.ElementDataType != TensorElementTypes.Of<T>())
        {
            throw new InvalidOperationException($"The tensor holds {tensor.ElementDataType}, not {typeof(T).Name}.");
        }

        return new(Data(), SpanLength(tensor, tensor.ElementCount));
    }

    /// <summary>The elements' bytes in row-major order, of any type but strings: also of those with no managed type, such as bfloat16.</summary>
    /// <exception cref="InvalidOperationException">The elements are strings, or more bytes than a span can hold.</exception>
    public Span<byte> GetTensorMutableRawData()
    {
        var tensor = GetTensorTypeAndShape();
        return new(Data(), SpanLength(tensor, checked(tensor.ElementCount * tensor.ElementDataType.SizeInBytes())));
    }

    public void Dispose() => Handle.Dispose();

    /// <summary>The product of the dimensions; 1 for a scalar's empty shape.</summary>
    /// <exception cref="ArgumentException">A dimension is negative, or the product is too large.</exception>
    internal static long ElementCount(long[] shape, [CallerArgumentExpression(nameof(shape))] string? name = null)
    {
        ArgumentNullException.ThrowIfNull(shape, name);
        if (shape.Any(size => size < 0))
        {
            throw new ArgumentException($"The shape [{string.Join(", ", shape)}] has a negative dimension.", name);
        }

        return shape.Aggregate(1L, (product, size) => checked(product * size));
    }

    private static nint CreateOver(OrtMemoryInfo memoryInfo, TensorElementType type, long[] shape, nint data, nuint dataBytes)
    {
        nint value;
        // The library refuses null even for an empty tensor: any other address will do.
        byte nothing;
        using var info = memoryInfo.Handle.Borrow();
        fixed (long* dimensions = shape)
        {
            OrtStatus.ThrowIfFailed(OrtApi.Table.CreateTensorWithDataAsOrtValue(info.Pointer, data == 0 ? &nothing : (void*)data, dataBytes, dimensions, (nuint)shape.Length, (int)type, &value));
        }

        return value;
    }

    private static int SpanLength(OrtTensorTypeAndShapeInfo tensor, long length) =>
        length <= int.MaxValue ? (int)length : throw new InvalidOperationException($"A tensor {tensor.ElementDataType}[{string.Join(", ", tensor.Shape)}] is larger than one span can be.");

    private void* Data()
    {
        void* data;
        using var value = Handle.Borrow();
        OrtStatus.ThrowIfFailed(OrtApi.Table.GetTensorMutableData(value.Pointer, &data));
        return data;
    }

    private OrtTensorTypeAndShapeInfo ReadInfo()
    {
        nint native;
        using var value = Handle.Borrow();
        OrtStatus.ThrowIfFailed(OrtApi.Table.GetTensorTypeAndShape(value.Pointer, &native));
        try
        {
            return OrtTensorTypeAndShapeInfo.Read(native);
        }
        finally
        {
            OrtApi.Table.ReleaseTensorTypeAndShapeInfo(native);
        }
    }
}
