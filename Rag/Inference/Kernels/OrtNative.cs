using System.Runtime.InteropServices;
using System.Text;
using Microsoft.ML.OnnxRuntime;

namespace Pybo.Rag.Inference.Kernels;

/// <summary>The functions of ONNX Runtime's C API that Pybo calls directly: those of an operator, and <c>BindInput</c> with an encoded name.</summary>
/// <remarks>
/// The package declares the function table (<see cref="OrtApi"/>) but not the calls. The library is the one that the package has loaded. Every
/// function that can fail returns an <c>OrtStatus*</c> (0 is success): pass it to <see cref="ThrowIfFailed"/>.
/// </remarks>
internal static unsafe partial class OrtNative
{
    /// <summary>The lowest version of the API that has every function named here; the table only grows.</summary>
    public const uint ApiVersion = 17;

    private static readonly OrtApi* Api = Load();

    // Operators
    public static readonly delegate* unmanaged<byte*, nint*, nint> CreateCustomOpDomain = (delegate* unmanaged<byte*, nint*, nint>)Api->CreateCustomOpDomain;
    public static readonly delegate* unmanaged<nint, nint, nint> CustomOpDomainAdd = (delegate* unmanaged<nint, nint, nint>)Api->CustomOpDomain_Add;
    public static readonly delegate* unmanaged<nint, nint, nint> AddCustomOpDomain = (delegate* unmanaged<nint, nint, nint>)Api->AddCustomOpDomain;
    public static readonly delegate* unmanaged<nint, nuint, nint*, nint> KernelContextGetInput = (delegate* unmanaged<nint, nuint, nint*, nint>)Api->KernelContext_GetInput;
    public static readonly delegate* unmanaged<nint, nuint, long*, nuint, nint*, nint> KernelContextGetOutput = (delegate* unmanaged<nint, nuint, long*, nuint, nint*, nint>)Api->KernelContext_GetOutput;
    public static readonly delegate* unmanaged<nint, nuint*, nint> KernelInfoGetInputCount = (delegate* unmanaged<nint, nuint*, nint>)Api->KernelInfo_GetInputCount;
    public static readonly delegate* unmanaged<nint, nuint, int*, nint*, nint> KernelInfoGetConstantInputTensor = (delegate* unmanaged<nint, nuint, int*, nint*, nint>)Api->KernelInfoGetConstantInput_tensor;
    public static readonly delegate* unmanaged<nint, delegate* unmanaged<void*, nuint, void>, nuint, nuint, void*, nint> KernelContextParallelFor = (delegate* unmanaged<nint, delegate* unmanaged<void*, nuint, void>, nuint, nuint, void*, nint>)Api->KernelContext_ParallelFor;

    // Values and their binding
    public static readonly delegate* unmanaged<nint, void*, nuint, long*, nuint, int, nint*, nint> CreateTensorWithDataAsOrtValue = (delegate* unmanaged<nint, void*, nuint, long*, nuint, int, nint*, nint>)Api->CreateTensorWithDataAsOrtValue;
    public static readonly delegate* unmanaged<nint, void**, nint> GetTensorMutableData = (delegate* unmanaged<nint, void**, nint>)Api->GetTensorMutableData;
    public static readonly delegate* unmanaged<nint, nuint*, nint> GetDimensionsCount = (delegate* unmanaged<nint, nuint*, nint>)Api->GetDimensionsCount;
    public static readonly delegate* unmanaged<nint, long*, nuint, nint> GetDimensions = (delegate* unmanaged<nint, long*, nuint, nint>)Api->GetDimensions;
    public static readonly delegate* unmanaged<nint, nint*, nint> GetTensorTypeAndShape = (delegate* unmanaged<nint, nint*, nint>)Api->GetTensorTypeAndShape;
    public static readonly delegate* unmanaged<nint, void> ReleaseTensorTypeAndShapeInfo = (delegate* unmanaged<nint, void>)Api->ReleaseTensorTypeAndShapeInfo;
    public static readonly delegate* unmanaged<nint, void> ReleaseValue = (delegate* unmanaged<nint, void>)Api->ReleaseValue;
    public static readonly delegate* unmanaged<nint, byte*, nint, nint> BindInput = (delegate* unmanaged<nint, byte*, nint, nint>)Api->BindInput;

    private static readonly delegate* unmanaged<int, byte*, nint> CreateStatus = (delegate* unmanaged<int, byte*, nint>)Api->CreateStatus;
    private static readonly delegate* unmanaged<nint, int> GetErrorCode = (delegate* unmanaged<nint, int>)Api->GetErrorCode;
    private static readonly delegate* unmanaged<nint, nint> GetErrorMessage = (delegate* unmanaged<nint, nint>)Api->GetErrorMessage;
    private static readonly delegate* unmanaged<nint, void> ReleaseStatus = (delegate* unmanaged<nint, void>)Api->ReleaseStatus;

    /// <summary>Throws if <paramref name="status"/> is a failure, and releases it.</summary>
    /// <exception cref="OrtNativeException">Carries the library's code and message.</exception>
    public static void ThrowIfFailed(nint status)
    {
        if (status == 0)
        {
            return;
        }

        var failure = new OrtNativeException((OrtErrorCode)GetErrorCode(status), Marshal.PtrToStringUTF8(GetErrorMessage(status)) ?? "");
        ReleaseStatus(status);
        throw failure;
    }

    /// <summary>Converts an operator's exception to a status for the library.</summary>
    public static nint StatusOf(Exception failure)
    {
        fixed (byte* message = Encoding.UTF8.GetBytes(failure.Message + '\0'))
        {
            return CreateStatus((int)(failure is OrtNativeException known ? known.Code : OrtErrorCode.RuntimeException), message);
        }
    }

    private static OrtApi* Load()
    {
        var api = ((delegate* unmanaged<uint, OrtApi*>)OrtGetApiBase()->GetApi)(ApiVersion);
        return api is not null ? api : throw new NotSupportedException($"This ONNX Runtime does not offer version {ApiVersion} of its C API.");
    }

    [LibraryImport("onnxruntime")]
    private static partial OrtApiBase* OrtGetApiBase();
}

/// <summary>A call of the C API failed, or one of our operators refused its node.</summary>
internal sealed class OrtNativeException(OrtErrorCode code, string message) : Exception(message)
{
    public OrtErrorCode Code => code;
}

/// <summary>The values of the C API's <c>OrtErrorCode</c> that operators use.</summary>
internal enum OrtErrorCode
{
    Fail = 1,
    InvalidArgument = 2,
    RuntimeException = 6,
    InvalidGraph = 10,
}
