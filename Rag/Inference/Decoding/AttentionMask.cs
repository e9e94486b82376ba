using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Pybo.Rag.Inference.Kernels;

namespace Pybo.Rag.Inference;

/// <summary>A decoder's attention mask for one text without padding: int64 [1, tokens], all of them 1.</summary>
/// <remarks>
/// This is the only input whose shape changes with every token, so it is bound before every run. The package allocates 40 bytes for that (the encoded
/// name); here the name and one value per length are created once and passed to the C API.
/// </remarks>
internal sealed unsafe class AttentionMask : IDisposable
{
    public const string Name = "attention_mask";

    private readonly nint[] values; // by length; 0 until that length is bound
    private readonly long* ones;

    /// <param name="capacity">The maximum number of tokens.</param>
    public AttentionMask(int capacity)
    {
        values = new nint[capacity + 1];
        ones = (long*)NativeMemory.Alloc((nuint)capacity, sizeof(long));
        new Span<long>(ones, capacity).Fill(1);
    }

    /// <summary>Binds the mask for this many tokens.</summary>
    /// <exception cref="OnnxModelException">The graph takes no mask.</exception>
    public void Bind(ModelBinding binding, int tokens)
    {
        ref var value = ref values[tokens];
        if (value == 0)
        {
            value = Create(tokens);
        }

        binding.Input("attention_mask\0"u8, value);
    }

    public void Dispose()
    {
        foreach (var value in values.Where(value => value != 0))
        {
            OrtNative.ReleaseValue(value);
        }

        NativeMemory.Free(ones);
    }

    private nint Create(int tokens)
    {
        var shape = stackalloc long[] { 1, tokens };
        nint value;
        OrtNative.ThrowIfFailed(OrtNative.CreateTensorWithDataAsOrtValue(
            OrtMemoryInfo.DefaultInstance.DangerousGetHandle(), ones, (nuint)tokens * sizeof(long), shape, 2, (int)TensorElementType.Int64, &value));
        return value;
    }
}
