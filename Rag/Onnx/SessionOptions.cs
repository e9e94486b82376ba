using System.Diagnostics.CodeAnalysis;

namespace Pybo.Rag.Onnx;

/// <summary>How a session is built and run; read by the session's constructor only.</summary>
public sealed unsafe class SessionOptions : IDisposable
{
    private readonly OrtHandle.Leases held = new([]);
    private readonly HashSet<CustomOpDomain> customOpDomains = [];

    public SessionOptions()
    {
        nint options;
        OrtStatus.ThrowIfFailed(OrtApi.Table.CreateSessionOptions(&options));
        Handle = new(options, OrtApi.Table.ReleaseSessionOptions, held);
    }

    private SessionOptions(OrtHandle handle) => Handle = handle;

    internal OrtHandle Handle { get; }

    /// <summary>What <see cref="AddInitializer"/> was given.</summary>
    internal List<OrtHandle> Initializers { get; } = [];

    /// <summary>Threads that share the work of one operator; 0 lets the library take every physical core.</summary>
    public int IntraOpNumThreads
    {
        get;
        set => field = Set(OrtApi.Table.SetIntraOpNumThreads, NotNegative(value));
    }

    /// <summary>Threads that run operators side by side, where <see cref="ExecutionMode"/> is parallel.</summary>
    public int InterOpNumThreads
    {
        get;
        set => field = Set(OrtApi.Table.SetInterOpNumThreads, NotNegative(value));
    }

    public GraphOptimizationLevel GraphOptimizationLevel
    {
        get;
        set => field = (GraphOptimizationLevel)Set(OrtApi.Table.SetSessionGraphOptimizationLevel, (int)value);
    } = GraphOptimizationLevel.ORT_ENABLE_ALL;

    public ExecutionMode ExecutionMode
    {
        get;
        set => field = (ExecutionMode)Set(OrtApi.Table.SetSessionExecutionMode, (int)value);
    }

    public OrtLoggingLevel LogSeverityLevel
    {
        get;
        set => field = (OrtLoggingLevel)Set(OrtApi.Table.SetSessionLogSeverityLevel, (int)value);
    } = OrtLoggingLevel.ORT_LOGGING_LEVEL_WARNING;

    /// <summary>Keeps freed activations for the next run: faster, but the largest run's memory stays.</summary>
    public bool EnableCpuMemArena
    {
        get;
        set => field = Switch(value, OrtApi.Table.EnableCpuMemArena, OrtApi.Table.DisableCpuMemArena);
    } = true;

    /// <summary>Plans one block for all activations of a shape that was seen before.</summary>
    public bool EnableMemoryPattern
    {
        get;
        set => field = Switch(value, OrtApi.Table.EnableMemPattern, OrtApi.Table.DisableMemPattern);
    } = true;

    /// <summary>Sets one of the library's named settings, such as <c>session.intra_op.allow_spinning</c>.</summary>
    public void AddSessionConfigEntry(string configKey, string configValue)
    {
        ArgumentException.ThrowIfNullOrEmpty(configKey);
        ArgumentNullException.ThrowIfNull(configValue);
        using var options = Handle.Borrow();
        fixed (byte* key = OrtApi.Utf8(configKey), value = OrtApi.Utf8(configValue))
        {
            OrtStatus.ThrowIfFailed(OrtApi.Table.AddSessionConfigEntry(options.Pointer, key, value));
        }
    }

    /// <summary>
    /// Gives sessions a weight's memory in place of the graph's own data: several sessions can so share it, and through a
    /// <see cref="PrePackedWeightsContainer"/> also what their kernels make of it. It lives as long as these options and their sessions do.
    /// </summary>
    public void AddInitializer(string name, OrtValue ortValue)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(ortValue);
        using var options = Handle.Borrow();
        using var value = ortValue.Handle.Borrow();
        fixed (byte* utf8 = OrtApi.Utf8(name))
        {
            OrtStatus.ThrowIfFailed(OrtApi.Table.AddInitializer(options.Pointer, utf8, value.Pointer));
        }

        held.Borrow(ortValue.Handle);
        Initializers.Add(ortValue.Handle);
    }

    /// <summary>Lets graphs name the operators of a domain. Given once or again, it is the same.</summary>
    internal void AddCustomOpDomain(CustomOpDomain domain)
    {
        using var options = Handle.Borrow();
        if (customOpDomains.Add(domain))
        {
            OrtStatus.ThrowIfFailed(OrtApi.Table.AddCustomOpDomain(options.Pointer, domain.Pointer));
        }
    }

    public void Dispose() => Handle.Dispose();

    /// <summary>A copy for one session; the library's settings only, the properties here do not know them.</summary>
    internal SessionOptions Clone()
    {
        nint copy;
        using var options = Handle.Borrow();
        OrtStatus.ThrowIfFailed(OrtApi.Table.CloneSessionOptions(options.Pointer, &copy));
        return new(new OrtHandle(copy, OrtApi.Table.ReleaseSessionOptions));
    }

    private static int NotNegative(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(threads);
        return threads;
    }

    private int Set(delegate* unmanaged<nint, int, nint> setter, int value)
    {
        using var options = Handle.Borrow();
        OrtStatus.ThrowIfFailed(setter(options.Pointer, value));
        return value;
    }

    private bool Switch(bool value, delegate* unmanaged<nint, nint> enable, delegate* unmanaged<nint, nint> disable)
    {
        using var options = Handle.Borrow();
        OrtStatus.ThrowIfFailed((value ? enable : disable)(options.Pointer));
        return value;
    }
}

/// <summary><c>GraphOptimizationLevel</c> of the C API.</summary>
[SuppressMessage("Naming", "CA1707", Justification = "The official API's names.")]
public enum GraphOptimizationLevel
{
    ORT_DISABLE_ALL = 0,
    ORT_ENABLE_BASIC = 1,
    ORT_ENABLE_EXTENDED = 2,
    ORT_ENABLE_LAYOUT = 3,
    ORT_ENABLE_ALL = 99,
}

/// <summary><c>ExecutionMode</c> of the C API.</summary>
[SuppressMessage("Naming", "CA1707", Justification = "The official API's names.")]
public enum ExecutionMode
{
    ORT_SEQUENTIAL = 0,
    ORT_PARALLEL = 1,
}

/// <summary><c>OrtLoggingLevel</c> of the C API: what the library writes to standard error.</summary>
[SuppressMessage("Naming", "CA1707", Justification = "The official API's names.")]
public enum OrtLoggingLevel
{
    ORT_LOGGING_LEVEL_VERBOSE = 0,
    ORT_LOGGING_LEVEL_INFO = 1,
    ORT_LOGGING_LEVEL_WARNING = 2,
    ORT_LOGGING_LEVEL_ERROR = 3,
    ORT_LOGGING_LEVEL_FATAL = 4,
}
