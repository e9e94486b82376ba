namespace Pybo.Rag.Inference;

/// <summary>A graph could not be loaded, or a run of it failed: the message names the model's file and says what can be done.</summary>
public sealed class OnnxModelException(string message, Exception? inner = null) : Exception(message, inner);
