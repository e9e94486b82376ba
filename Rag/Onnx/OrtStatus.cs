namespace Pybo.Rag.Onnx;

/// <summary>The one check of what a C API function returned.</summary>
internal static unsafe class OrtStatus
{
    /// <summary>Throws where <paramref name="status"/> is a failure, and releases it.</summary>
    /// <exception cref="OnnxRuntimeException">The library's code and words.</exception>
    public static void ThrowIfFailed(nint status)
    {
        if (Failure(status) is { } failure)
        {
            throw new OnnxRuntimeException(failure.Code, failure.Message);
        }
    }

    /// <summary>What an operator of ours gives the library for an exception.</summary>
    public static nint Of(Exception failure)
    {
        fixed (byte* message = OrtApi.Utf8(failure.Message))
        {
            return OrtApi.Table.CreateStatus((int)(failure is OnnxRuntimeException known ? known.ErrorCode : ErrorCode.RuntimeException), message);
        }
    }

    /// <summary>Reads and releases a status; null is success.</summary>
    public static (ErrorCode Code, string Message)? Failure(nint status)
    {
        if (status == 0)
        {
            return null;
        }

        var failure = ((ErrorCode)OrtApi.Table.GetErrorCode(status), OrtApi.Utf8(OrtApi.Table.GetErrorMessage(status)));
        OrtApi.Table.ReleaseStatus(status);
        return failure;
    }
}
