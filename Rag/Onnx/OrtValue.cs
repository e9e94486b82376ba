using System.Buffers;
using System.Runtime.CompilerServices;

namespace Pybo.Rag.Onnx;

/// <summary>A tensor that goes into or comes out of a run: its own native memory, or a view over pinned managed memory.</summary>
/// <remarks>Spans taken from a value point into its memory: do not use them after it is disposed.</remarks>
public sealed unsafe class OrtValue : IDisposable
{
    private MemoryHandle pinned;
    private readonly Lazy<OrtTensorTypeAndShapeInfo> info;

    internal OrtValue(nint value, MemoryHandle pinned = default)
    {
        Handle = new(value, OrtApi.ReleaseValue);
        this.pinned = pinned;
        info = new(ReadInfo);
    }

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
            nint value;
            // An empty memory pins to null, which the library refuses even for an empty tensor: any other address will do.
            byte nothing;
            var start = pinned.Pointer is null ? &nothing : pinned.Pointer;
            using var info = memoryInfo.Handle.Borrow();
            fixed (long* dimensions = shape)
            {
                OrtStatus.ThrowIfFailed(OrtApi.CreateTensorWithDataAsOrtValue(info.Pointer, start, (nuint)memory.Length * (nuint)sizeof(T), dimensions, (nuint)shape.Length, (int)type, &value));
            }

            return new(value, pinned);
        }
        catch
        {
            pinned.Dispose();
            throw;
        }
    }

    /// <summary>A tensor in native memory of the allocator's, not initialised.</summary>
    public static OrtValue CreateAllocatedTensorValue(OrtAllocator allocator, TensorElementType elementType, long[] shape)
    {
        ArgumentNullException.ThrowIfNull(allocator);
        _ = ElementCount(shape);
        nint value;
        fixed (long* dimensions = shape)
        {
            OrtStatus.ThrowIfFailed(OrtApi.CreateTensorAsOrtValue(allocator.Pointer, dimensions, (nuint)shape.Length, (int)elementType, &value));
        }

        return new(value);
    }

    public bool IsTensor
    {
        get
        {
            int isTensor;
            using var value = Handle.Borrow();
            OrtStatus.ThrowIfFailed(OrtApi.IsTensor(value.Pointer, &isTensor));
            return isTensor != 0;
        }
    }

    /// <summary>The element type and the shape.</summary>
    /// <exception cref="OnnxRuntimeException">It is not a tensor.</exception>
    public OrtTensorTypeAndShapeInfo GetTensorTypeAndShape()
    {
        ObjectDisposedException.ThrowIf(Handle.IsClosed, this);
        return info.Value;
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

        void* data;
        using var value = Handle.Borrow();
        OrtStatus.ThrowIfFailed(OrtApi.GetTensorMutableData(value.Pointer, &data));
        return new(data, checked((int)tensor.ElementCount));
    }

    public void Dispose()
    {
        Handle.Dispose();
        pinned.Dispose();
    }

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

    private OrtTensorTypeAndShapeInfo ReadInfo()
    {
        nint native;
        using var value = Handle.Borrow();
        OrtStatus.ThrowIfFailed(OrtApi.GetTensorTypeAndShape(value.Pointer, &native));
        try
        {
            return OrtTensorTypeAndShapeInfo.Read(native);
        }
        finally
        {
            OrtApi.ReleaseTensorTypeAndShapeInfo(native);
        }
    }
}
