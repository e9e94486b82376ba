namespace Pybo.Rag.Onnx;

/// <summary>A loaded graph. Runs may be called from several threads at once.</summary>
public sealed unsafe class InferenceSession : IDisposable
{
    private readonly string model;

    /// <summary>Loads and optimises a model file (and the external data beside it).</summary>
    /// <param name="modelPath">The .onnx file.</param>
    /// <param name="options">Read here only.</param>
    /// <param name="prepackedWeights">Weights in the kernels' own layout, shared with other sessions of the same container.</param>
    /// <exception cref="OnnxRuntimeException">The file is missing or broken; the message names it and says what to do.</exception>
    /// <exception cref="DllNotFoundException">The native library is not beside the program.</exception>
    public InferenceSession(string modelPath, SessionOptions options, PrePackedWeightsContainer? prepackedWeights = null)
        : this(ModelSource.File(modelPath), options, prepackedWeights)
    {
    }

    /// <summary>Loads a model from memory, which is not read afterwards. Only a model without external data can be loaded so.</summary>
    /// <inheritdoc cref="InferenceSession(string, SessionOptions, PrePackedWeightsContainer?)"/>
    public InferenceSession(byte[] model, SessionOptions options, PrePackedWeightsContainer? prepackedWeights = null)
        : this(ModelSource.Memory(model), options, prepackedWeights)
    {
    }

    /// <summary>Loads a model that was read from a file and changed: messages name that file.</summary>
    /// <param name="model">The bytes of an .onnx file.</param>
    /// <param name="modelPath">The file that they stand for.</param>
    /// <param name="externalDataFolder">Where its external data lie. The library refuses data that lie outside, also through links.</param>
    /// <param name="options">Read here only.</param>
    /// <exception cref="OnnxRuntimeException">The model is broken; the message names it and says what to do.</exception>
    public InferenceSession(byte[] model, string modelPath, string externalDataFolder, SessionOptions options)
        : this(ModelSource.Memory(model, modelPath, externalDataFolder), options, prepackedWeights: null)
    {
    }

    private InferenceSession(ModelSource source, SessionOptions options, PrePackedWeightsContainer? prepackedWeights)
    {
        ArgumentNullException.ThrowIfNull(options);
        model = source.Name;
        Handle = source.Load(options, prepackedWeights);
        using var session = Handle.Borrow();
        InputMetadata = ReadMetadata(session.Pointer, OrtApi.Table.SessionGetInputCount, OrtApi.Table.SessionGetInputName, OrtApi.Table.SessionGetInputTypeInfo);
        OutputMetadata = ReadMetadata(session.Pointer, OrtApi.Table.SessionGetOutputCount, OrtApi.Table.SessionGetOutputName, OrtApi.Table.SessionGetOutputTypeInfo);
    }

    /// <summary>The declared inputs, in the graph's order.</summary>
    public IReadOnlyDictionary<string, NodeMetadata> InputMetadata { get; }

    /// <summary>The declared outputs, in the graph's order.</summary>
    public IReadOnlyDictionary<string, NodeMetadata> OutputMetadata { get; }

    public IReadOnlyList<string> InputNames => [.. InputMetadata.Keys];

    public IReadOnlyList<string> OutputNames => [.. OutputMetadata.Keys];

    internal OrtHandle Handle { get; }

    /// <summary>Runs the graph on the calling thread until the named outputs are there.</summary>
    /// <returns>One value for each name of <paramref name="outputNames"/>, in that order; the caller disposes them.</returns>
    /// <exception cref="ArgumentException">Names and values differ in number, or one is null.</exception>
    /// <exception cref="OnnxRuntimeException">The model refused its inputs, failed, or was told to terminate; the message names it.</exception>
    public IDisposableReadOnlyCollection<OrtValue> Run(RunOptions runOptions, IReadOnlyCollection<string> inputNames, IReadOnlyCollection<OrtValue> inputValues, IReadOnlyCollection<string> outputNames)
    {
        ArgumentNullException.ThrowIfNull(outputNames);
        var outputs = new nint[outputNames.Count];
        Run(runOptions, inputNames, inputValues, outputNames, outputs);
        return new OrtValues(outputs);
    }

    /// <summary>Runs the graph into values of the caller's, whose types and shapes must be those that the run gives.</summary>
    /// <inheritdoc cref="Run(RunOptions, IReadOnlyCollection{string}, IReadOnlyCollection{OrtValue}, IReadOnlyCollection{string})"/>
    public void Run(RunOptions runOptions, IReadOnlyCollection<string> inputNames, IReadOnlyCollection<OrtValue> inputValues, IReadOnlyCollection<string> outputNames, IReadOnlyCollection<OrtValue> outputValues)
    {
        ThrowIfUnpaired(outputNames, outputValues);
        using var borrowed = new BorrowedValues(outputValues);
        Run(runOptions, inputNames, inputValues, outputNames, borrowed.Pointers);
    }

    /// <summary>Inputs and outputs that stay bound from run to run, for <see cref="RunWithBinding"/>.</summary>
    public OrtIoBinding CreateIoBinding() => new(this);

    /// <summary>Runs the graph on what <paramref name="ioBinding"/> holds; allocates nothing itself.</summary>
    /// <exception cref="ArgumentException">The binding was made by another session.</exception>
    /// <exception cref="OnnxRuntimeException">The model refused its inputs, failed, or was told to terminate; the message names it.</exception>
    public void RunWithBinding(RunOptions runOptions, OrtIoBinding ioBinding)
    {
        ArgumentNullException.ThrowIfNull(runOptions);
        ArgumentNullException.ThrowIfNull(ioBinding);
        if (ioBinding.Session != this)
        {
            throw new ArgumentException("The binding was made by another session.", nameof(ioBinding));
        }

        using var session = Handle.Borrow();
        using var options = runOptions.Handle.Borrow();
        using var binding = ioBinding.Handle.Borrow();
        ThrowIfFailed(OrtApi.Table.RunWithBinding(session.Pointer, options.Pointer, binding.Pointer));
    }

    public void Dispose() => Handle.Dispose();

    /// <summary>Throws where a call for this model failed, naming the model and what it takes.</summary>
    internal void ThrowIfFailed(nint status)
    {
        if (OrtStatus.Failure(status) is { } failure)
        {
            throw Failure(failure.Code, failure.Message);
        }
    }

    internal OnnxRuntimeException Failure(ErrorCode code, string message) =>
        new(code, $"{model} did not run: {message} It takes {Describe(InputMetadata)} and gives {Describe(OutputMetadata)}.");

    private void Run(RunOptions runOptions, IReadOnlyCollection<string> inputNames, IReadOnlyCollection<OrtValue> inputValues, IReadOnlyCollection<string> outputNames, nint[] outputs)
    {
        ArgumentNullException.ThrowIfNull(runOptions);
        ThrowIfUnpaired(inputNames, inputValues);
        using var session = Handle.Borrow();
        using var options = runOptions.Handle.Borrow();
        using var inputs = new BorrowedValues(inputValues);
        using var namesIn = new PinnedNames(inputNames);
        using var namesOut = new PinnedNames(outputNames);
        nint status;
        fixed (byte** firstIn = namesIn.Pointers, firstOut = namesOut.Pointers)
        fixed (nint* firstInput = inputs.Pointers, firstOutput = outputs)
        {
            status = OrtApi.Table.Run(session.Pointer, options.Pointer, firstIn, firstInput, (nuint)inputNames.Count, firstOut, (nuint)outputNames.Count, firstOutput);
        }

        ThrowIfFailed(status);
    }

    private static Dictionary<string, NodeMetadata> ReadMetadata(
        nint session,
        delegate* unmanaged<nint, nuint*, nint> getCount,
        delegate* unmanaged<nint, nuint, nint, nint*, nint> getName,
        delegate* unmanaged<nint, nuint, nint*, nint> getTypeInfo)
    {
        nuint count;
        OrtStatus.ThrowIfFailed(getCount(session, &count));
        var metadata = new Dictionary<string, NodeMetadata>((int)count);
        for (nuint i = 0; i < count; i++)
        {
            nint name, typeInfo;
            OrtStatus.ThrowIfFailed(getName(session, i, OrtAllocator.DefaultInstance.Pointer, &name));
            OrtStatus.ThrowIfFailed(getTypeInfo(session, i, &typeInfo));
            try
            {
                metadata.Add(OrtAllocator.DefaultInstance.TakeString(name), NodeMetadata.Read(typeInfo));
            }
            finally
            {
                OrtApi.Table.ReleaseTypeInfo(typeInfo);
            }
        }

        return metadata;
    }

    private static void ThrowIfUnpaired(IReadOnlyCollection<string> names, IReadOnlyCollection<OrtValue> values)
    {
        ArgumentNullException.ThrowIfNull(names);
        ArgumentNullException.ThrowIfNull(values);
        if (names.Count != values.Count)
        {
            throw new ArgumentException($"{names.Count} names were given for {values.Count} values.", nameof(values));
        }
    }

    private static string Describe(IReadOnlyDictionary<string, NodeMetadata> nodes) =>
        string.Join(", ", nodes.Select(node => $"{node.Key} {node.Value}"));
}
