namespace Pybo.Rag.Onnx;

/// <summary>Weights in the kernels' own layout, kept once for all sessions that were given this container.</summary>
/// <remarks>The library shares what <see cref="SessionOptions.AddInitializer"/> gave to each of those sessions, and nothing else. It lives until they and its owner have let go of it.</remarks>
public sealed unsafe class PrePackedWeightsContainer : IDisposable
{
    public PrePackedWeightsContainer()
    {
        nint container;
        OrtStatus.ThrowIfFailed(OrtApi.Table.CreatePrepackedWeightsContainer(&container));
        Handle = new(container, OrtApi.Table.ReleasePrepackedWeightsContainer);
    }

    internal OrtHandle Handle { get; }

    public void Dispose() => Handle.Dispose();
}
