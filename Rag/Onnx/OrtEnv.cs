namespace Pybo.Rag.Onnx;

/// <summary>The library's process-wide environment: made at the first use, telemetry off, kept until the process ends.</summary>
/// <remarks>It is never released: sessions of other threads may outlive any moment we could choose, and the process's end frees it.</remarks>
public sealed unsafe class OrtEnv
{
    private static readonly Lazy<OrtEnv> Shared = new(() => new OrtEnv());

    private OrtEnv()
    {
        nint env;
        fixed (byte* logId = "Pybo\0"u8)
        {
            OrtStatus.ThrowIfFailed(OrtApi.Table.CreateEnv((int)OrtLoggingLevel.ORT_LOGGING_LEVEL_WARNING, logId, &env));
        }

        OrtStatus.ThrowIfFailed(OrtApi.Table.DisableTelemetryEvents(env));
        Pointer = env;
    }

    internal nint Pointer { get; }

    /// <exception cref="DllNotFoundException">The native library is not beside the program.</exception>
    public static OrtEnv Instance() => Shared.Value;

    /// <summary>The native library's version, such as <c>1.30.0</c>.</summary>
    public string GetVersionString() => OrtApi.Table.Version;

    /// <summary>The execution providers that the native library was built with.</summary>
    public string[] GetAvailableProviders()
    {
        byte** names;
        int count;
        OrtStatus.ThrowIfFailed(OrtApi.Table.GetAvailableProviders(&names, &count));
        var providers = new string[count];
        for (var i = 0; i < count; i++)
        {
            providers[i] = OrtApi.Utf8((nint)names[i]);
        }

        OrtStatus.ThrowIfFailed(OrtApi.Table.ReleaseAvailableProviders(names, count));
        return providers;
    }
}
