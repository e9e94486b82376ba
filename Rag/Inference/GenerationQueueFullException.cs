namespace Pybo.Rag.Inference;

/// <summary>Too many wait for the generator.</summary>
public sealed class GenerationQueueFullException(int waiting) : Exception($"{waiting} others wait for the generator.");
