using Microsoft.ML.OnnxRuntime;

namespace Pybo.Rag.Inference;

/// <summary>A graph in memory. Its errors name the model's file and suggest a remedy.</summary>
/// <remarks>Several threads may run it at once. Disposing it during a run ends the process: share it through a <see cref="Leased{T}"/>.</remarks>
internal sealed class OnnxModel : IDisposable
{
    /// <summary>The session entry for the folder of external data of a model in memory (UTF-8 on every system).</summary>
    private const string ExternalDataFolder = "session.model_external_initializers_file_folder_path";

    private readonly InferenceSession session;
    private readonly string path;

    static OnnxModel() => OrtEnv.Instance().DisableTelemetryEvents();

    private OnnxModel(InferenceSession session, string path)
    {
        (this.session, this.path) = (session, path);
        Inputs = session.InputMetadata.ToDictionary(node => node.Key, node => TensorDeclaration.Of(node.Value));
        Outputs = session.OutputMetadata.ToDictionary(node => node.Key, node => TensorDeclaration.Of(node.Value));
    }

    /// <summary>The declared inputs, in the graph's order.</summary>
    public IReadOnlyDictionary<string, TensorDeclaration> Inputs { get; }

    /// <summary>The declared outputs, in the graph's order.</summary>
    public IReadOnlyDictionary<string, TensorDeclaration> Outputs { get; }

    /// <summary>Loads a model file and its external data.</summary>
    /// <exception cref="OnnxModelException">The file is missing or broken.</exception>
    public static OnnxModel Load(string path, SessionOptions options) => File.Exists(path)
        ? Load(path, () => new(path, options), () => Beginning(path))
        : throw new OnnxModelException($"The model file '{path}' does not exist. Put it there, or name the folder that holds it.");

    /// <summary>Loads a model that was read from a file and changed; messages name that file.</summary>
    /// <param name="model">The bytes of an .onnx file; not read afterwards.</param>
    /// <param name="path">The file that they were read from.</param>
    /// <param name="dataFolder">The folder of its external data. The library refuses data outside it, even through links.</param>
    /// <param name="options">Options for this model only: the folder is added to them.</param>
    /// <exception cref="OnnxModelException">The model is broken.</exception>
    public static OnnxModel Load(byte[] model, string path, string dataFolder, SessionOptions options)
    {
        options.AddSessionConfigEntry(ExternalDataFolder, dataFolder);
        return Load(path, () => new(model, options), () => model.AsSpan(0, Math.Min(model.Length, LoadAdvice.BeginningBytesMax)).ToArray());
    }

    /// <summary>Creates a binding that stays in place between runs.</summary>
    public ModelBinding CreateBinding()
    {
        try
        {
            return new(this, session.CreateIoBinding());
        }
        catch (OnnxRuntimeException failure)
        {
            throw Failed(failure);
        }
    }

    /// <summary>Runs the graph on the calling thread until the named outputs are computed.</summary>
    /// <returns>One value for each of <paramref name="outputNames"/>, in order; the caller disposes them.</returns>
    /// <exception cref="OnnxModelException">The model refused its inputs, failed, or was terminated.</exception>
    public IDisposableReadOnlyCollection<OrtValue> Run(RunOptions options, IReadOnlyCollection<string> inputNames, IReadOnlyCollection<OrtValue> inputs, IReadOnlyCollection<string> outputNames)
    {
        SignalStack.Enlarge();
        try
        {
            return session.Run(options, inputNames, inputs, outputNames);
        }
        catch (OnnxRuntimeException failure)
        {
            throw Failed(failure);
        }
    }

    /// <summary>Runs the graph on the bound values; allocates nothing itself.</summary>
    /// <param name="options">Another thread can stop the run with <see cref="RunOptions.Terminate"/>.</param>
    /// <param name="binding">A binding created by this model.</param>
    /// <exception cref="OnnxModelException">The model refused its inputs, failed, or was terminated.</exception>
    public void Run(RunOptions options, ModelBinding binding)
    {
        SignalStack.Enlarge();
        try
        {
            session.RunWithBinding(options, binding.Native);
        }
        catch (OnnxRuntimeException failure)
        {
            throw Failed(failure);
        }
    }

    public void Dispose() => session.Dispose();

    internal OnnxModelException Failed(OnnxRuntimeException failure) => Failed(LoadAdvice.Words(failure), failure);

    internal OnnxModelException Failed(string words, Exception? inner = null) =>
        new($"The model '{path}' did not run: {words} It takes {Describe(Inputs)} and gives {Describe(Outputs)}.", inner);

    private static OnnxModel Load(string path, Func<InferenceSession> load, Func<byte[]> beginning)
    {
        SignalStack.Enlarge(); // loading a graph computes constants
        try
        {
            return new(load(), path);
        }
        catch (OnnxRuntimeException failure)
        {
            throw new OnnxModelException($"The model '{path}' could not be loaded: {LoadAdvice.For(failure, beginning())} ONNX Runtime {OrtEnv.Instance().GetVersionString()} says: {LoadAdvice.Words(failure)}", failure);
        }
    }

    /// <summary>Reads the first bytes of a file, as many as the advice needs.</summary>
    private static byte[] Beginning(string path)
    {
        var beginning = new byte[LoadAdvice.BeginningBytesMax];
        using var file = File.OpenRead(path);
        return beginning[..file.ReadAtLeast(beginning, beginning.Length, throwOnEndOfStream: false)];
    }

    private static string Describe(IReadOnlyDictionary<string, TensorDeclaration> nodes) => string.Join(", ", nodes.Select(node => $"{node.Key} {node.Value}"));
}
