using Google.Protobuf;
using Pybo.Rag.Inference.Kernels;

namespace Pybo.Rag.Inference;

/// <summary>Creates sessions for a decoder on the processor.</summary>
internal static class DecoderSession
{
    /// <summary>A larger graph file may contain its weights, which a second session would then load again; external data are mapped and therefore shared.</summary>
    private const long PromptGraphBytesMax = 8 << 20;

    public static int Threads => EncoderSession.Threads;

    /// <summary>Returns an encoder's options, for the same reasons.</summary>
    public static SessionOptions Options() => EncoderSession.Options();

    /// <summary>Loads a graph unchanged.</summary>
    /// <exception cref="OnnxModelException">The model is missing or broken.</exception>
    public static OnnxModel Load(string modelPath)
    {
        using var options = Options();
        return OnnxModel.Load(modelPath, options);
    }

    /// <summary>Loads a decoder for runs of many tokens: replaces the library's operator with <see cref="MatMulNBitsOp"/>, in addition to the changes of
    /// <see cref="LastPositionHead"/>.</summary>
    /// <remarks>
    /// Gemma 3 270M reads 512 tokens in half the library's time with it. A single token takes a sixth longer, because the library prepacks the
    /// weights for that case at load time. The other session therefore writes answers, and this one reads its weights from the mapped file.
    /// </remarks>
    /// <param name="modelPath">A file that <see cref="LastPositionHead.Load"/> has loaded.</param>
    /// <param name="logits">The name of the output.</param>
    /// <returns>Null if there is nothing to gain: the graph has no such product, or the processor lacks the instructions.</returns>
    /// <exception cref="OnnxModelException">The model is broken.</exception>
    public static OnnxModel? LoadForPrompts(string modelPath, string logits)
    {
        if (new FileInfo(modelPath).Length > PromptGraphBytesMax || LastPositionHead.Parse(File.ReadAllBytes(modelPath)) is not { } model)
        {
            return null;
        }

        LastPositionHead.Edit(model, logits); // optional, as in the other session; runs first, because it knows only the library's operators
        using var options = Options();
        if (!MatMulNBitsOp.Replace(model, options))
        {
            return null;
        }

        var dataFolder = ExternalData.Resolve(model.Graph.Initializer, modelPath);
        return OnnxModel.Load(model.ToByteArray(), modelPath, dataFolder, options);
    }
}
