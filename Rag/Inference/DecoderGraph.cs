using Pybo.Rag.Onnx;
using SessionOptions = Pybo.Rag.Onnx.SessionOptions;

namespace Pybo.Rag.Inference;

/// <summary>TEMPORARY until the ONNX schema is merged.</summary>
internal sealed class DecoderGraph(string path, IReadOnlySet<string> shareable)
{
    public IReadOnlySet<string> Shareable => shareable;

    public static DecoderGraph Read(string path) => new(path, File.ReadAllBytes(path).AsSpan().IndexOf("GroupQueryAttention"u8) >= 0
        ? Enumerable.Range(0, 64).SelectMany(i => new[] { $"past_key_values.{i}.key", $"past_key_values.{i}.value" }).ToHashSet()
        : new HashSet<string>());

    public InferenceSession Load(SessionOptions options) => new(path, options);
}
