using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Pybo.Rag.Inference;

/// <summary>Native memory viewed as a tensor of 0 to <paramref name="capacity"/> items: [<paramref name="before"/>…, items, <paramref name="after"/>…].</summary>
/// <param name="type">The element type.</param>
/// <param name="before">The dimensions before the items.</param>
/// <param name="capacity">The maximum number of items.</param>
/// <param name="after">The dimensions after them.</param>
/// <remarks>
/// The memory starts as zeros and costs nothing until it is written: the system allocates pages when they are touched. It does not move, so a graph
/// may keep it bound between runs. If more than one item precedes, the rows of a shorter tensor are closer together: see <see cref="KvCache"/>.
/// </remarks>
internal sealed unsafe class TensorBuffer(TensorElementType type, long[] before, int capacity, long[] after) : IDisposable
{
    /// <summary>A cache line, the best alignment for the widest vector instructions.</summary>
    private const int Alignment = 64;

    private readonly OrtValue?[] views = new OrtValue?[capacity + 1];
    private readonly nuint itemBytes = (nuint)(before.Aggregate(1L, (a, b) => a * b) * after.Aggregate(1L, (a, b) => a * b) * SizeInBytes(type));
    private void* allocated;
    private byte* memory;

    /// <summary>True for a single item without a dimension for it.</summary>
    public bool IsScalar { get; init; }

    /// <summary>Returns the tensor of this many items; cached, for sizes that recur.</summary>
    public OrtValue this[int items] => views[items] ??= View(items);

    /// <summary>Creates a tensor of this many items, which the caller disposes.</summary>
    public OrtValue View(int items)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(items, capacity);
        return OrtValue.CreateTensorValueWithData(OrtMemoryInfo.DefaultInstance, type, IsScalar ? [] : [.. before, items, .. after], (nint)Memory, checked((long)itemBytes * items));
    }

    /// <summary>Returns elements <paramref name="start"/> to <paramref name="start"/> + <paramref name="length"/>, counted through the whole memory.</summary>
    public Span<T> Elements<T>(long start, int length) where T : unmanaged => new((T*)Memory + start, length);

    /// <summary>Returns the size of the types that decoders are fed with.</summary>
    public static int SizeInBytes(TensorElementType type) => type switch
    {
        TensorElementType.Float16 => sizeof(ushort),
        TensorElementType.Float => sizeof(float),
        TensorElementType.Int64 => sizeof(long),
        _ => throw new NotSupportedException($"No decoder is fed with {type}."),
    };

    public void Dispose()
    {
        Array.ForEach(views, view => view?.Dispose());
        NativeMemory.Free(allocated);
        allocated = null;
        memory = null;
    }

    private byte* Memory
    {
        get
        {
            if (memory is null)
            {
                allocated = NativeMemory.AllocZeroed((itemBytes * (nuint)capacity) + Alignment);
                memory = (byte*)(((nuint)allocated + Alignment - 1) & ~(nuint)(Alignment - 1));
            }

            return memory;
        }
    }
}
