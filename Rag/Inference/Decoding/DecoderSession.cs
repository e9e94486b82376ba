using Google.Protobuf;
using Pybo.Rag.Inference.Kernels;

namespace Pybo.Rag.Inference;

/// <summary>Sessions for a decoder on the processor.</summary>
internal static class DecoderSession
{
    /// <summary>A graph file larger than this may hold its weights itself, which a second session would hold a second time; data beside it are mapped, and so shared.</summary>
    private const long PromptGraphBytesMax = 8 << 20;

    public static int Threads => EncoderSession.Threads;

    /// <summary>An encoder's, whose reasons hold here too.</summary>
    public static SessionOptions Options() => EncoderSession.Options();

    /// <summary>Loads a graph as it is.</summary>
    /// <exception cref="OnnxModelException">The model is missing or broken.</exception>
    public static OnnxModel Load(string modelPath)
    {
        using var options = Options();
        return OnnxModel.Load(modelPath, options);
    }

    /// <summary>Loads a decoder for runs of many tokens: with <see cref="MatMulNBitsOp"/> in the place of the library's operator, beside the changes of <see cref="LastPositionHead"/>.</summary>
    /// <remarks>
    /// Gemma 3 270M reads 512 tokens in half the library's time with it. A single token takes a sixth longer, because the library packs the
    /// weights for that when it loads them: so answers are written by the other session, and the weights that this one reads are the mapped file.
    /// </remarks>
    /// <param name="modelPath">A file that <see cref="LastPositionHead.Load"/> has loaded.</param>
    /// <param name="logits">The name of the output.</param>
    /// <returns>Null where nothing would be gained: the graph has no such product, or the processor not the instructions.</returns>
    /// <exception cref="OnnxModelException">The model is broken.</exception>
    public static OnnxModel? LoadForPrompts(string modelPath, string logits)
    {
        if (new FileInfo(modelPath).Length > PromptGraphBytesMax || LastPositionHead.Parse(File.ReadAllBytes(modelPath)) is not { } model)
        {
            return null;
        }

        LastPositionHead.Edit(model, logits); // or not, as for the other session; first, because it knows the library's operators only
        using var options = Options();
        if (!MatMulNBitsOp.Replace(model, options))
        {
            return null;
        }

        var dataFolder = ExternalData.Resolve(model.Graph.Initializer, modelPath);
        return OnnxModel.Load(model.ToByteArray(), modelPath, dataFolder, options);
    }
}
