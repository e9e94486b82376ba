using System.Runtime.InteropServices;
using System.Text;

namespace Pybo.Rag.Onnx;

/// <summary>The function table of the ONNX Runtime C API, as far as this folder calls it.</summary>
/// <remarks>
/// Indices are positions in <c>struct OrtApi</c> of onnxruntime_c_api.h, checked against 1.30.0. The table is append-only across
/// releases, so a newer library keeps them; <see cref="OrtFunctions.ApiVersion"/> is the lowest version that holds every entry named here.
/// Every function that can fail returns an <c>OrtStatus*</c> (0 is success): pass it to <see cref="OrtStatus.ThrowIfFailed"/>.
/// </remarks>
internal sealed unsafe class OrtApi(OrtFunctions functions)
{
    private static OrtApi? loaded;

    /// <summary>The library's, loaded at the first use.</summary>
    /// <exception cref="DllNotFoundException">The native library is not beside the program.</exception>
    /// <exception cref="OnnxRuntimeException">It is too old.</exception>
    // Not a static initializer: its exception would come wrapped in one that says nothing.
    public static OrtApi Table => loaded ??= new(OrtFunctions.Load());

    /// <summary>The library's version, such as <c>1.30.0</c>.</summary>
    public string Version { get; } = functions.Version;

    // Status and environment
    public readonly delegate* unmanaged<int, byte*, nint> CreateStatus = (delegate* unmanaged<int, byte*, nint>)functions[0];
    public readonly delegate* unmanaged<nint, int> GetErrorCode = (delegate* unmanaged<nint, int>)functions[1];
    public readonly delegate* unmanaged<nint, nint> GetErrorMessage = (delegate* unmanaged<nint, nint>)functions[2];
    public readonly delegate* unmanaged<int, byte*, nint*, nint> CreateEnv = (delegate* unmanaged<int, byte*, nint*, nint>)functions[3];
    public readonly delegate* unmanaged<nint, nint> DisableTelemetryEvents = (delegate* unmanaged<nint, nint>)functions[6];
    public readonly delegate* unmanaged<nint, void> ReleaseEnv = (delegate* unmanaged<nint, void>)functions[92];
    public readonly delegate* unmanaged<nint, void> ReleaseStatus = (delegate* unmanaged<nint, void>)functions[93];
    public readonly delegate* unmanaged<byte***, int*, nint> GetAvailableProviders = (delegate* unmanaged<byte***, int*, nint>)functions[125];
    public readonly delegate* unmanaged<byte**, int, nint> ReleaseAvailableProviders = (delegate* unmanaged<byte**, int, nint>)functions[126];

    // Session options
    public readonly delegate* unmanaged<nint*, nint> CreateSessionOptions = (delegate* unmanaged<nint*, nint>)functions[10];
    public readonly delegate* unmanaged<nint, nint*, nint> CloneSessionOptions = (delegate* unmanaged<nint, nint*, nint>)functions[12];
    public readonly delegate* unmanaged<nint, int, nint> SetSessionExecutionMode = (delegate* unmanaged<nint, int, nint>)functions[13];
    public readonly delegate* unmanaged<nint, nint> EnableMemPattern = (delegate* unmanaged<nint, nint>)functions[16];
    public readonly delegate* unmanaged<nint, nint> DisableMemPattern = (delegate* unmanaged<nint, nint>)functions[17];
    public readonly delegate* unmanaged<nint, nint> EnableCpuMemArena = (delegate* unmanaged<nint, nint>)functions[18];
    public readonly delegate* unmanaged<nint, nint> DisableCpuMemArena = (delegate* unmanaged<nint, nint>)functions[19];
    public readonly delegate* unmanaged<nint, int, nint> SetSessionLogSeverityLevel = (delegate* unmanaged<nint, int, nint>)functions[22];
    public readonly delegate* unmanaged<nint, int, nint> SetSessionGraphOptimizationLevel = (delegate* unmanaged<nint, int, nint>)functions[23];
    public readonly delegate* unmanaged<nint, int, nint> SetIntraOpNumThreads = (delegate* unmanaged<nint, int, nint>)functions[24];
    public readonly delegate* unmanaged<nint, int, nint> SetInterOpNumThreads = (delegate* unmanaged<nint, int, nint>)functions[25];
    public readonly delegate* unmanaged<nint, void> ReleaseSessionOptions = (delegate* unmanaged<nint, void>)functions[100];
    public readonly delegate* unmanaged<nint, byte*, byte*, nint> AddSessionConfigEntry = (delegate* unmanaged<nint, byte*, byte*, nint>)functions[130];
    public readonly delegate* unmanaged<nint, byte*, nint, nint> AddInitializer = (delegate* unmanaged<nint, byte*, nint, nint>)functions[150];

    // Session
    public readonly delegate* unmanaged<nint, byte*, nint, nint*, nint> CreateSession = (delegate* unmanaged<nint, byte*, nint, nint*, nint>)functions[7];
    public readonly delegate* unmanaged<nint, void*, nuint, nint, nint*, nint> CreateSessionFromArray = (delegate* unmanaged<nint, void*, nuint, nint, nint*, nint>)functions[8];
    public readonly delegate* unmanaged<nint*, nint> CreatePrepackedWeightsContainer = (delegate* unmanaged<nint*, nint>)functions[166];
    public readonly delegate* unmanaged<nint, void> ReleasePrepackedWeightsContainer = (delegate* unmanaged<nint, void>)functions[167];
    public readonly delegate* unmanaged<nint, byte*, nint, nint, nint*, nint> CreateSessionWithPrepackedWeightsContainer = (delegate* unmanaged<nint, byte*, nint, nint, nint*, nint>)functions[168];
    public readonly delegate* unmanaged<nint, void*, nuint, nint, nint, nint*, nint> CreateSessionFromArrayWithPrepackedWeightsContainer = (delegate* unmanaged<nint, void*, nuint, nint, nint, nint*, nint>)functions[169];
    public readonly delegate* unmanaged<nint, nint, byte**, nint*, nuint, byte**, nuint, nint*, nint> Run = (delegate* unmanaged<nint, nint, byte**, nint*, nuint, byte**, nuint, nint*, nint>)functions[9];
    public readonly delegate* unmanaged<nint, nuint*, nint> SessionGetInputCount = (delegate* unmanaged<nint, nuint*, nint>)functions[30];
    public readonly delegate* unmanaged<nint, nuint*, nint> SessionGetOutputCount = (delegate* unmanaged<nint, nuint*, nint>)functions[31];
    public readonly delegate* unmanaged<nint, nuint, nint*, nint> SessionGetInputTypeInfo = (delegate* unmanaged<nint, nuint, nint*, nint>)functions[33];
    public readonly delegate* unmanaged<nint, nuint, nint*, nint> SessionGetOutputTypeInfo = (delegate* unmanaged<nint, nuint, nint*, nint>)functions[34];
    public readonly delegate* unmanaged<nint, nuint, nint, nint*, nint> SessionGetInputName = (delegate* unmanaged<nint, nuint, nint, nint*, nint>)functions[36];
    public readonly delegate* unmanaged<nint, nuint, nint, nint*, nint> SessionGetOutputName = (delegate* unmanaged<nint, nuint, nint, nint*, nint>)functions[37];
    public readonly delegate* unmanaged<nint, void> ReleaseSession = (delegate* unmanaged<nint, void>)functions[95];

    // Run options
    public readonly delegate* unmanaged<nint*, nint> CreateRunOptions = (delegate* unmanaged<nint*, nint>)functions[39];
    public readonly delegate* unmanaged<nint, byte*, nint> RunOptionsSetRunTag = (delegate* unmanaged<nint, byte*, nint>)functions[42];
    public readonly delegate* unmanaged<nint, nint> RunOptionsSetTerminate = (delegate* unmanaged<nint, nint>)functions[46];
    public readonly delegate* unmanaged<nint, nint> RunOptionsUnsetTerminate = (delegate* unmanaged<nint, nint>)functions[47];
    public readonly delegate* unmanaged<nint, void> ReleaseRunOptions = (delegate* unmanaged<nint, void>)functions[97];
    public readonly delegate* unmanaged<nint, byte*, byte*, nint> AddRunConfigEntry = (delegate* unmanaged<nint, byte*, byte*, nint>)functions[165];

    // Operators of our own
    public readonly delegate* unmanaged<byte*, nint*, nint> CreateCustomOpDomain = (delegate* unmanaged<byte*, nint*, nint>)functions[26];
    public readonly delegate* unmanaged<nint, nint, nint> CustomOpDomainAdd = (delegate* unmanaged<nint, nint, nint>)functions[27];
    public readonly delegate* unmanaged<nint, nint, nint> AddCustomOpDomain = (delegate* unmanaged<nint, nint, nint>)functions[28];
    public readonly delegate* unmanaged<nint, nuint, nint*, nint> KernelContextGetInput = (delegate* unmanaged<nint, nuint, nint*, nint>)functions[90];
    public readonly delegate* unmanaged<nint, nuint, long*, nuint, nint*, nint> KernelContextGetOutput = (delegate* unmanaged<nint, nuint, long*, nuint, nint*, nint>)functions[91];
    public readonly delegate* unmanaged<nint, nuint*, nint> KernelInfoGetInputCount = (delegate* unmanaged<nint, nuint*, nint>)functions[230];
    public readonly delegate* unmanaged<nint, nuint, int*, nint*, nint> KernelInfoGetConstantInputTensor = (delegate* unmanaged<nint, nuint, int*, nint*, nint>)functions[249];
    public readonly delegate* unmanaged<nint, delegate* unmanaged<void*, nuint, void>, nuint, nuint, void*, nint> KernelContextParallelFor = (delegate* unmanaged<nint, delegate* unmanaged<void*, nuint, void>, nuint, nuint, void*, nint>)functions[274];

    // Input and output binding
    public readonly delegate* unmanaged<nint, nint, nint, nint> RunWithBinding = (delegate* unmanaged<nint, nint, nint, nint>)functions[133];
    public readonly delegate* unmanaged<nint, nint*, nint> CreateIoBinding = (delegate* unmanaged<nint, nint*, nint>)functions[134];
    public readonly delegate* unmanaged<nint, void> ReleaseIoBinding = (delegate* unmanaged<nint, void>)functions[135];
    public readonly delegate* unmanaged<nint, byte*, nint, nint> BindInput = (delegate* unmanaged<nint, byte*, nint, nint>)functions[136];
    public readonly delegate* unmanaged<nint, byte*, nint, nint> BindOutput = (delegate* unmanaged<nint, byte*, nint, nint>)functions[137];
    public readonly delegate* unmanaged<nint, byte*, nint, nint> BindOutputToDevice = (delegate* unmanaged<nint, byte*, nint, nint>)functions[138];
    public readonly delegate* unmanaged<nint, nint, byte**, nuint**, nuint*, nint> GetBoundOutputNames = (delegate* unmanaged<nint, nint, byte**, nuint**, nuint*, nint>)functions[139];
    public readonly delegate* unmanaged<nint, nint, nint**, nuint*, nint> GetBoundOutputValues = (delegate* unmanaged<nint, nint, nint**, nuint*, nint>)functions[140];
    public readonly delegate* unmanaged<nint, void> ClearBoundInputs = (delegate* unmanaged<nint, void>)functions[141];
    public readonly delegate* unmanaged<nint, void> ClearBoundOutputs = (delegate* unmanaged<nint, void>)functions[142];
    public readonly delegate* unmanaged<nint, nint> SynchronizeBoundInputs = (delegate* unmanaged<nint, nint>)functions[202];
    public readonly delegate* unmanaged<nint, nint> SynchronizeBoundOutputs = (delegate* unmanaged<nint, nint>)functions[203];

    // Values
    public readonly delegate* unmanaged<nint, long*, nuint, int, nint*, nint> CreateTensorAsOrtValue = (delegate* unmanaged<nint, long*, nuint, int, nint*, nint>)functions[48];
    public readonly delegate* unmanaged<nint, void*, nuint, long*, nuint, int, nint*, nint> CreateTensorWithDataAsOrtValue = (delegate* unmanaged<nint, void*, nuint, long*, nuint, int, nint*, nint>)functions[49];
    public readonly delegate* unmanaged<nint, int*, nint> IsTensor = (delegate* unmanaged<nint, int*, nint>)functions[50];
    public readonly delegate* unmanaged<nint, void**, nint> GetTensorMutableData = (delegate* unmanaged<nint, void**, nint>)functions[51];
    public readonly delegate* unmanaged<nint, nint*, nint> GetTensorTypeAndShape = (delegate* unmanaged<nint, nint*, nint>)functions[65];
    public readonly delegate* unmanaged<nint, void> ReleaseValue = (delegate* unmanaged<nint, void>)functions[96];

    // Types and shapes
    public readonly delegate* unmanaged<nint, nint*, nint> CastTypeInfoToTensorInfo = (delegate* unmanaged<nint, nint*, nint>)functions[55];
    public readonly delegate* unmanaged<nint, int*, nint> GetOnnxTypeFromTypeInfo = (delegate* unmanaged<nint, int*, nint>)functions[56];
    public readonly delegate* unmanaged<nint, int*, nint> GetTensorElementType = (delegate* unmanaged<nint, int*, nint>)functions[60];
    public readonly delegate* unmanaged<nint, nuint*, nint> GetDimensionsCount = (delegate* unmanaged<nint, nuint*, nint>)functions[61];
    public readonly delegate* unmanaged<nint, long*, nuint, nint> GetDimensions = (delegate* unmanaged<nint, long*, nuint, nint>)functions[62];
    public readonly delegate* unmanaged<nint, nint*, nuint, nint> GetSymbolicDimensions = (delegate* unmanaged<nint, nint*, nuint, nint>)functions[63];
    public readonly delegate* unmanaged<nint, void> ReleaseTypeInfo = (delegate* unmanaged<nint, void>)functions[98];
    public readonly delegate* unmanaged<nint, void> ReleaseTensorTypeAndShapeInfo = (delegate* unmanaged<nint, void>)functions[99];

    // Memory
    public readonly delegate* unmanaged<int, int, nint*, nint> CreateCpuMemoryInfo = (delegate* unmanaged<int, int, nint*, nint>)functions[69];
    public readonly delegate* unmanaged<nint, void*, nint> AllocatorFree = (delegate* unmanaged<nint, void*, nint>)functions[76];
    public readonly delegate* unmanaged<nint*, nint> GetAllocatorWithDefaultOptions = (delegate* unmanaged<nint*, nint>)functions[78];
    public readonly delegate* unmanaged<nint, void> ReleaseMemoryInfo = (delegate* unmanaged<nint, void>)functions[94];

    /// <summary>A NUL-terminated UTF-8 string of the library's as text; the library keeps the memory.</summary>
    public static string Utf8(nint text) => Marshal.PtrToStringUTF8(text) ?? "";

    /// <summary>Text as NUL-terminated UTF-8, to be pinned by the caller.</summary>
    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text + '\0');

    /// <summary>A path as the library's <c>ORTCHAR_T*</c>: UTF-16 on Windows, UTF-8 elsewhere; NUL-terminated.</summary>
    public static byte[] PathCharacters(string path) =>
        (OperatingSystem.IsWindows() ? Encoding.Unicode : Encoding.UTF8).GetBytes(path + '\0');
}
