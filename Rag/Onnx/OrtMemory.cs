namespace Pybo.Rag.Onnx;

/// <summary>Says where memory lies; here always the processor's.</summary>
public sealed unsafe class OrtMemoryInfo
{
    private const int DeviceAllocator = 0;
    private const int DefaultMemory = 0;

    private static readonly Lazy<OrtMemoryInfo> Shared = new(() => new OrtMemoryInfo());

    private OrtMemoryInfo()
    {
        nint memoryInfo;
        OrtStatus.ThrowIfFailed(OrtApi.Table.CreateCpuMemoryInfo(DeviceAllocator, DefaultMemory, &memoryInfo));
        Handle = new(memoryInfo, OrtApi.Table.ReleaseMemoryInfo);
    }

    public static OrtMemoryInfo DefaultInstance => Shared.Value;

    internal OrtHandle Handle { get; }
}

/// <summary>The library's default allocator, which it owns.</summary>
public sealed unsafe class OrtAllocator
{
    private static readonly Lazy<OrtAllocator> Shared = new(() => new OrtAllocator());

    private OrtAllocator()
    {
        nint allocator;
        OrtStatus.ThrowIfFailed(OrtApi.Table.GetAllocatorWithDefaultOptions(&allocator));
        Pointer = allocator;
    }

    public static OrtAllocator DefaultInstance => Shared.Value;

    internal nint Pointer { get; }

    /// <summary>Reads a string that the library allocated, and frees it.</summary>
    internal string TakeString(nint text)
    {
        var taken = OrtApi.Utf8(text);
        Free(text);
        return taken;
    }

    /// <summary>Frees what the library allocated for the caller.</summary>
    internal void Free(nint memory) => OrtStatus.ThrowIfFailed(OrtApi.Table.AllocatorFree(Pointer, (void*)memory));
}
