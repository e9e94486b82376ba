using System.Runtime.InteropServices;

namespace Pybo.Rag.Onnx;

/// <summary>The C API's functions by their place in <c>struct OrtApi</c>; asking for one that the library lacks is an error in words.</summary>
internal readonly unsafe struct OrtFunctions
{
    /// <summary>Version 17 of the API ends at place 275; 274 is the highest in use. The library knows the place of no later one when asked for it.</summary>
    public const uint ApiVersion = 17;

    private readonly nint* table;

    /// <param name="apiBase">The library's <c>OrtApiBase</c>: GetApi, GetVersionString.</param>
    /// <exception cref="OnnxRuntimeException">The library is older than the API version.</exception>
    public OrtFunctions(nint* apiBase)
    {
        Version = OrtApi.Utf8(((delegate* unmanaged<nint>)apiBase[1])());
        table = ((delegate* unmanaged<uint, nint*>)apiBase[0])(ApiVersion);
        if (table is null)
        {
            throw TooOld($"version {ApiVersion}");
        }
    }

    public string Version { get; }

    /// <exception cref="OnnxRuntimeException">The library has no such function.</exception>
    public nint this[int place] => table[place] != 0 ? table[place] : throw TooOld($"function {place}");

    /// <exception cref="DllNotFoundException">The native library is not beside the program, or is another one.</exception>
    public static OrtFunctions Load()
    {
        var library = Natives.Load(Natives.OnnxRuntime);
        return NativeLibrary.TryGetExport(library, "OrtGetApiBase", out var getApiBase)
            ? new(((delegate* unmanaged<nint*>)getApiBase)())
            : throw new DllNotFoundException("The library beside the program that is named onnxruntime is another one: it does not export OrtGetApiBase.");
    }

    private OnnxRuntimeException TooOld(string missing) =>
        new(ErrorCode.NotImplemented, $"ONNX Runtime {Version} does not offer {missing} of its C API: put a newer library beside the program.");
}
