namespace Pybo.Rag.Onnx;

/// <summary>Inputs and outputs that stay bound from run to run: nothing is looked up, copied or allocated again for each run.</summary>
/// <remarks>
/// For one thread at a time. A bound value stays alive until something else is bound to its name, the binding is cleared, or the binding
/// is disposed, whatever its owner does meanwhile. The same value may be an input and an output where the graph's kernels allow it.
/// </remarks>
public sealed unsafe class OrtIoBinding : IDisposable
{
    private readonly BoundValues inputs;
    private readonly BoundValues outputs;

    internal OrtIoBinding(InferenceSession session)
    {
        Session = session;
        inputs = new(session, "input", session.InputMetadata);
        outputs = new(session, "output", session.OutputMetadata);
        var needed = new Needed(session.Handle.Borrow(), inputs, outputs);
        try
        {
            nint binding;
            session.ThrowIfFailed(OrtApi.Table.CreateIoBinding(needed.Session.Pointer, &binding));
            Handle = new(binding, OrtApi.Table.ReleaseIoBinding, needed);
        }
        catch
        {
            needed.Dispose();
            throw;
        }
    }

    internal InferenceSession Session { get; }

    internal OrtHandle Handle { get; }

    /// <summary>The value that later runs read as the input <paramref name="name"/>.</summary>
    /// <exception cref="OnnxRuntimeException">The graph has no such input; the message names the model.</exception>
    public void BindInput(string name, OrtValue ortValue) => Bind(inputs, OrtApi.Table.BindInput, name, ortValue);

    /// <summary>The value that later runs write the output <paramref name="name"/> into; of the type and shape that the run gives.</summary>
    public void BindOutput(string name, OrtValue ortValue) => Bind(outputs, OrtApi.Table.BindOutput, name, ortValue);

    /// <summary>Lets the next run allocate the output <paramref name="name"/> in whatever shape it comes.</summary>
    /// <remarks>
    /// That value then stays bound, and the run after it writes into the same memory: call this before every run whose output must not
    /// overwrite the last one's, or may have another shape.
    /// </remarks>
    public void BindOutputToDevice(string name, OrtMemoryInfo memoryInfo)
    {
        ArgumentNullException.ThrowIfNull(memoryInfo);
        using var info = memoryInfo.Handle.Borrow();
        using var binding = Handle.Borrow();
        var entry = outputs.Entry(name);
        fixed (byte* utf8 = entry.Name)
        {
            Session.ThrowIfFailed(OrtApi.Table.BindOutputToDevice(binding.Pointer, utf8, info.Pointer));
        }

        entry.Hold(null);
    }

    /// <summary>The bound outputs' names, in the order in which they were bound first.</summary>
    public string[] GetOutputNames()
    {
        using var binding = Handle.Borrow();
        byte* text;
        nuint* lengths;
        nuint count;
        Session.ThrowIfFailed(OrtApi.Table.GetBoundOutputNames(binding.Pointer, OrtAllocator.DefaultInstance.Pointer, &text, &lengths, &count));
        try
        {
            var names = new string[count];
            var next = text; // one name after the other, not terminated
            for (nuint i = 0; i < count; i++)
            {
                names[i] = System.Text.Encoding.UTF8.GetString(next, (int)lengths[i]);
                next += lengths[i];
            }

            return names;
        }
        finally
        {
            OrtAllocator.DefaultInstance.Free((nint)text);
            OrtAllocator.DefaultInstance.Free((nint)lengths);
        }
    }

    /// <summary>The bound outputs of the last run, in the order of <see cref="GetOutputNames"/>; the caller disposes them, the binding keeps its own.</summary>
    public IDisposableReadOnlyCollection<OrtValue> GetOutputValues()
    {
        using var binding = Handle.Borrow();
        nint* first;
        nuint count;
        Session.ThrowIfFailed(OrtApi.Table.GetBoundOutputValues(binding.Pointer, OrtAllocator.DefaultInstance.Pointer, &first, &count));
        var values = new ReadOnlySpan<nint>(first, (int)count).ToArray();
        OrtAllocator.DefaultInstance.Free((nint)first);
        return new OrtValues(values);
    }

    public void ClearBoundInputs() => Clear(inputs, OrtApi.Table.ClearBoundInputs);

    public void ClearBoundOutputs() => Clear(outputs, OrtApi.Table.ClearBoundOutputs);

    /// <summary>Waits until bound inputs have reached their device; the processor's are there at once.</summary>
    public void SynchronizeBoundInputs() => Synchronize(OrtApi.Table.SynchronizeBoundInputs);

    /// <inheritdoc cref="SynchronizeBoundInputs"/>
    public void SynchronizeBoundOutputs() => Synchronize(OrtApi.Table.SynchronizeBoundOutputs);

    public void Dispose() => Handle.Dispose();

    private void Bind(BoundValues bound, delegate* unmanaged<nint, byte*, nint, nint> bind, string name, OrtValue ortValue)
    {
        ArgumentNullException.ThrowIfNull(ortValue);
        using var binding = Handle.Borrow();
        var entry = bound.Entry(name);
        var value = ortValue.Handle.Borrow();
        try
        {
            fixed (byte* utf8 = entry.Name)
            {
                Session.ThrowIfFailed(bind(binding.Pointer, utf8, value.Pointer));
            }
        }
        catch
        {
            value.Dispose();
            throw;
        }

        entry.Hold(value);
    }

    private void Clear(BoundValues bound, delegate* unmanaged<nint, void> clear)
    {
        using var binding = Handle.Borrow();
        clear(binding.Pointer);
        bound.Release();
    }

    private void Synchronize(delegate* unmanaged<nint, nint> synchronize)
    {
        using var binding = Handle.Borrow();
        Session.ThrowIfFailed(synchronize(binding.Pointer));
    }

    /// <summary>What the native binding points to: freed after it, when no run can use it any more.</summary>
    private sealed class Needed(OrtHandle.Lease session, BoundValues inputs, BoundValues outputs) : IDisposable
    {
        public OrtHandle.Lease Session => session;

        public void Dispose()
        {
            inputs.Release();
            outputs.Release();
            session.Dispose();
        }
    }

    /// <summary>The values that are bound, by name. Names are encoded once, so that binding one again allocates nothing.</summary>
    private sealed class BoundValues(InferenceSession session, string kind, IReadOnlyDictionary<string, NodeMetadata> declared)
    {
        private readonly Dictionary<string, BoundValue> entries = declared.Keys.ToDictionary(name => name, name => new BoundValue(OrtApi.Utf8(name)));

        /// <summary>An unknown name never reaches the library: 1.30 refuses it, but the binding is unusable from then on.</summary>
        public BoundValue Entry(string name)
        {
            ArgumentException.ThrowIfNullOrEmpty(name);
            return entries.TryGetValue(name, out var entry) ? entry : throw session.Failure(ErrorCode.InvalidArgument, $"It has no {kind} '{name}'.");
        }

        public void Release()
        {
            foreach (var entry in entries.Values)
            {
                entry.Hold(null);
            }
        }
    }

    private sealed class BoundValue(byte[] name)
    {
        private OrtHandle.Lease? held;

        public byte[] Name => name;

        public void Hold(OrtHandle.Lease? value)
        {
            held?.Dispose();
            held = value;
        }
    }
}
