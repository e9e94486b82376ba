using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Pybo.Rag.Onnx;

namespace Pybo.Tests.Rag.Onnx;

public sealed unsafe class OrtFunctionsTests
{
    private const int FunctionsMax = 512;
    private static readonly nint* Functions = (nint*)NativeMemory.AllocZeroed(FunctionsMax, (nuint)sizeof(nint));

    [Fact]
    public void A_library_older_than_the_api_is_refused_in_words()
    {
        var old = stackalloc nint[] { (nint)(delegate* unmanaged<uint, nint*>)&NoApi, (nint)(delegate* unmanaged<nint>)&Version };

        var refused = Throws(old);

        Assert.Equal(ErrorCode.NotImplemented, refused.ErrorCode);
        Assert.Contains("0.9.9", refused.Message, StringComparison.Ordinal);
        Assert.Contains("version 17", refused.Message, StringComparison.Ordinal);
        Assert.Contains("newer", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_table_with_a_gap_is_refused_in_words()
    {
        var gap = stackalloc nint[] { (nint)(delegate* unmanaged<uint, nint*>)&SomeApi, (nint)(delegate* unmanaged<nint>)&Version };

        Assert.Contains("function 0 ", Throws(gap).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_shipped_library_has_every_function()
    {
        Assert.Equal(OrtEnv.Instance().GetVersionString(), new OrtApi(OrtFunctions.Load()).Version);
    }

    private static OnnxRuntimeException Throws(nint* apiBase)
    {
        try
        {
            _ = new OrtApi(new OrtFunctions(apiBase));
        }
        catch (OnnxRuntimeException refused)
        {
            return refused;
        }

        throw new InvalidOperationException("The table was accepted.");
    }

    [UnmanagedCallersOnly]
    private static nint* NoApi(uint version) => null;

    [UnmanagedCallersOnly]
    private static nint* SomeApi(uint version) => Functions;

    [UnmanagedCallersOnly]
    private static nint Version() => (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference("0.9.9\0"u8)); // constant data do not move
}
