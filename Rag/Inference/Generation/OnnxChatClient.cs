namespace Pybo.Rag.Inference;

/// <summary>Generates answers with our own loop over ONNX Runtime (<see cref="LanguageModel"/>).</summary>
/// <param name="folder">The model's folder; nothing is loaded yet.</param>
public sealed class OnnxChatClient(LanguageModelFolder folder, LocalChatOptions? settings = null) : LocalChatClient(folder, settings, "onnxruntime")
{
    private protected override ILanguageModel Load(LanguageModelFolder folder, int contextTokens) => LanguageModel.Load(folder, contextTokens);
}
