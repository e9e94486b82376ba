using Microsoft.ML.OnnxRuntime;

namespace Pybo.Rag.Inference;

/// <summary>A graph in memory. Its errors name the model's file and say what can be done.</summary>
/// <remarks>Several threads may run it at once. Disposing it during a run ends the process: share it through a <see cref="Leased{T}"/>.</remarks>
internal sealed class OnnxModel : IDisposable
{
    /// <summary>The session entry that names the folder of external data for a model in memory (UTF-8 on every system).</summary>
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

    /// <summary>Loads a model file and the external data beside it.</summary>
    /// <exception cref="OnnxModelException">The file is missing or broken.</exception>
    public static OnnxModel Load(string path, SessionOptions options) => File.Exists(path)
        ? Load(path, () => new(path, options), () => Beginning(path))
        : throw new OnnxModelException($"The model file '{path}' does not exist. Put it there, or name the folder that holds it.");

    /// <summary>Loads a model that was read from a file and changed: messages name that file.</summary>
    /// <param name="model">The bytes of an .onnx file; not read afterwards.</param>
    /// <param name="path">The file that they stand for.</param>
    /// <param name="dataFolder">Where its external data lie. The library refuses data that lie outside, also through links.</param>
    /// <param name="options">For this model alone: the folder becomes one of them.</param>
    /// <exception cref="OnnxModelException">The model is broken.</exception>
    public static OnnxModel Load(byte[] model, string path, string dataFolder, SessionOptions options)
    {
        options.AddSessionConfigEntry(ExternalDataFolder, dataFolder);
        return Load(path, () => new(model, options), () => model.AsSpan(0, Math.Min(model.Length, LoadAdvice.BeginningBytesMax)).ToArray());
    }

    /// <summary>Inputs and outputs that stay bound from run to run.</summary>
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

    /// <summary>Runs the graph on the calling thread until the named outputs are there.</summary>
    /// <returns>One value for each name of <paramref name="outputNames"/>, in that order; the caller disposes them.</returns>
    /// <exception cref="OnnxModelException">The model refused its inputs, failed, or was told to terminate.</exception>
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

    /// <summary>Runs the graph on what is bound; allocates nothing itself.</summary>
    /// <param name="options">Stops it from another thread by <see cref="RunOptions.Terminate"/>.</param>
    /// <param name="binding">Made by this model.</param>
    /// <exception cref="OnnxModelException">The model refused its inputs, failed, or was told to terminate.</exception>
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
        SignalStack.Enlarge(); // constants are computed while a graph is loaded
        try
        {
            return new(load(), path);
        }
        catch (OnnxRuntimeException failure)
        {
            throw new OnnxModelException($"The model '{path}' could not be loaded: {LoadAdvice.For(failure, beginning())} ONNX Runtime {OrtEnv.Instance().GetVersionString()} says: {LoadAdvice.Words(failure)}", failure);
        }
    }

    /// <summary>As many of a file's first bytes as the advice looks at.</summary>
    private static byte[] Beginning(string path)
    {
        var beginning = new byte[LoadAdvice.BeginningBytesMax];
        using var file = File.OpenRead(path);
        return beginning[..file.ReadAtLeast(beginning, beginning.Length, throwOnEndOfStream: false)];
    }

    private static string Describe(IReadOnlyDictionary<string, TensorDeclaration> nodes) => string.Join(", ", nodes.Select(node => $"{node.Key} {node.Value}"));
}
