#pragma warning disable CA1822
namespace Pybo.Rag.Inference;
internal sealed class Sampler
{
    public int Next(Span<float> logits) => System.Numerics.Tensors.TensorPrimitives.IndexOfMax(logits);
}
internal sealed class PromptLookup
{
    public ReadOnlySpan<int> Draft() => default;
}
