using Google.Protobuf;
using Pybo.Rag.Inference.Kernels;
using Pybo.Rag.Inference.OnnxGraph;

namespace Pybo.Rag.Inference;

/// <summary>A decoder's .onnx file, parsed once: which caches it can share, and how it is loaded for single tokens and for prompts.</summary>
internal sealed class DecoderGraph
{
    /// <summary>A larger graph file contains its weights: reading, changing and writing it would need three times its size.</summary>
    public const long BytesMax = 256 << 20;

    /// <summary>A larger graph file may contain its weights, which a second session would then load again; external data are mapped and therefore shared.</summary>
    private const long PromptBytesMax = 8 << 20;

    private const string SharingOperator = "com.microsoft.GroupQueryAttention";

    /// <summary>The places of the past key and value among that operator's inputs, and of the present ones among its outputs.</summary>
    private static readonly (int Input, int Output)[] SharingPlaces = [(3, 1), (4, 2)];

    private readonly string path;
    private readonly string dataFolder = "";
    private readonly ModelProto? model;

    /// <summary>Reads the graph. A file that is missing, too large or no graph stays unread; loading it reports the error.</summary>
    /// <param name="modelPath">The .onnx file; its external data are not read here.</param>
    /// <param name="logits">The name of the output.</param>
    public DecoderGraph(string modelPath, string logits = DecoderLayout.Logits)
    {
        path = modelPath;
        var file = new FileInfo(modelPath);
        if (!file.Exists || file.Length > BytesMax)
        {
            UnchangedBecause = $"its file is missing, or larger than {BytesMax:N0} bytes";
            return;
        }

        model = Parse(File.ReadAllBytes(modelPath));
        if (model is null)
        {
            UnchangedBecause = "it is no ONNX graph";
            return;
        }

        ShareableCaches = Shareable(model.Graph);
        dataFolder = ExternalData.Resolve(model.Graph.Initializer, modelPath);
        UnchangedBecause = LastPositionHead.Edit(model, logits);
    }

    /// <summary>Why the graph is loaded without <see cref="LastPositionHead"/>; null if it has it.</summary>
    public string? UnchangedBecause { get; }

    /// <summary>The past inputs that can share a buffer with the present: the operator then writes only the new rows.</summary>
    /// <remarks>
    /// Decided per tensor, because exports mix operators. A tensor cannot be shared if anything else reads its past or present: that reader would see
    /// the whole buffer, including rows beyond the length.
    /// </remarks>
    public IReadOnlySet<string> ShareableCaches { get; } = new HashSet<string>();

    /// <summary>Parses a graph; returns null if the bytes are not one.</summary>
    internal static ModelProto? Parse(byte[] bytes)
    {
        try
        {
            return ModelProto.Parser.ParseFrom(bytes) is { Graph: not null } model ? model : null;
        }
        catch (InvalidProtocolBufferException)
        {
            return null; // loading the file reports the error
        }
    }

    /// <summary>Loads the decoder, with <see cref="LastPositionHead"/> if possible.</summary>
    /// <exception cref="OnnxModelException">The model is missing or broken.</exception>
    public OnnxModel Load(SessionOptions options) =>
        UnchangedBecause is null ? OnnxModel.Load(model!.ToByteArray(), path, dataFolder, options) : OnnxModel.Load(path, options);

    /// <summary>Loads the decoder a second time, for runs of many tokens: <see cref="MatMulNBitsOp"/> also replaces the library's operator.</summary>
    /// <remarks>
    /// Gemma 3 270M reads 512 tokens in half the library's time with it. A single token takes a sixth longer, because the library prepacks the
    /// weights for that case at load time. The other session therefore writes answers, and this one reads its weights from the mapped file.
    /// </remarks>
    /// <returns>Null if there is nothing to gain: the graph has no such product, or the processor lacks the instructions.</returns>
    /// <exception cref="OnnxModelException">The model is broken.</exception>
    public OnnxModel? LoadForPrompts()
    {
        if (model is null || new FileInfo(path).Length > PromptBytesMax)
        {
            return null;
        }

        var prompts = model.Clone();
        using var options = CpuSession.Options();
        return MatMulNBitsOp.Replace(prompts, options) ? OnnxModel.Load(prompts.ToByteArray(), path, dataFolder, options) : null;
    }

    private static HashSet<string> Shareable(GraphProto graph)
    {
        var shareable = new HashSet<string>();
        var values = new GraphValues(graph);
        foreach (var node in graph.Node.Where(node => GraphValues.Operator(node) == SharingOperator))
        {
            foreach (var (input, output) in SharingPlaces)
            {
                if (node.Input.Count > input && node.Output.Count > output && values.Readers(node.Input[input]) == 1 && values.Readers(node.Output[output]) == 1)
                {
                    shareable.Add(node.Input[input]);
                }
            }
        }

        return shareable;
    }
}
