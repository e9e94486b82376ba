namespace Pybo.Rag.Inference.GenAi;

/// <summary>Writes answers with Microsoft.ML.OnnxRuntimeGenAI: model families that our own loop does not know, and other devices than the processor.</summary>
/// <param name="folder">The model, in the package's own layout (<c>genai_config.json</c>); nothing of it is loaded yet.</param>
/// <param name="provider">The execution provider; <see cref="FromFolder"/> for those that the folder names.</param>
public sealed class GenAiChatClient(LanguageModelFolder folder, string provider = GenAiChatClient.FromFolder, LocalChatOptions? settings = null)
    : LocalChatClient(folder, settings, "onnxruntime-genai")
{
    /// <summary>Stands for the providers that <c>genai_config.json</c> names.</summary>
    public const string FromFolder = "folder";

    private protected override ILanguageModel Load(LanguageModelFolder folder, int contextTokens) => GenAiModel.Load(folder, provider, contextTokens);
}
