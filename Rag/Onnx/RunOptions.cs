namespace Pybo.Rag.Onnx;

/// <summary>Settings of one or more runs, and the way to stop them.</summary>
public sealed unsafe class RunOptions : IDisposable
{
    public RunOptions()
    {
        nint options;
        OrtStatus.ThrowIfFailed(OrtApi.Table.CreateRunOptions(&options));
        Handle = new(options, OrtApi.Table.ReleaseRunOptions);
    }

    internal OrtHandle Handle { get; }

    /// <summary>True makes every run with these options fail at its next operator; may be set from any thread.</summary>
    public bool Terminate
    {
        get;
        set
        {
            using var options = Handle.Borrow();
            OrtStatus.ThrowIfFailed((value ? OrtApi.Table.RunOptionsSetTerminate : OrtApi.Table.RunOptionsUnsetTerminate)(options.Pointer));
            field = value;
        }
    }

    /// <summary>Names the run in the library's log (its "run tag").</summary>
    public string LogId
    {
        get;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            using var options = Handle.Borrow();
            fixed (byte* tag = OrtApi.Utf8(value))
            {
                OrtStatus.ThrowIfFailed(OrtApi.Table.RunOptionsSetRunTag(options.Pointer, tag));
            }

            field = value;
        }
    } = "";

    /// <summary>Sets one of the library's named settings, such as <c>memory.enable_memory_arena_shrinkage</c>.</summary>
    public void AddRunConfigEntry(string configKey, string configValue)
    {
        ArgumentException.ThrowIfNullOrEmpty(configKey);
        ArgumentNullException.ThrowIfNull(configValue);
        using var options = Handle.Borrow();
        fixed (byte* key = OrtApi.Utf8(configKey), value = OrtApi.Utf8(configValue))
        {
            OrtStatus.ThrowIfFailed(OrtApi.Table.AddRunConfigEntry(options.Pointer, key, value));
        }
    }

    public void Dispose() => Handle.Dispose();
}
