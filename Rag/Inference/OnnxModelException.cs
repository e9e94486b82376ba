namespace Pybo.Rag.Inference;

/// <summary>A graph could not be loaded, or its run failed; the message names the model's file and suggests a remedy.</summary>
public sealed class OnnxModelException(string message, Exception? inner = null) : Exception(message, inner);
