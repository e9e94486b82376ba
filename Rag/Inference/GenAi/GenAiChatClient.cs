namespace Pybo.Rag.Inference.GenAi;

/// <summary>Generates answers with Microsoft.ML.OnnxRuntimeGenAI, for model families that our own loop does not know and for devices other than the CPU.</summary>
/// <param name="folder">The model's folder in the package's own layout (<c>genai_config.json</c>); nothing is loaded yet.</param>
/// <param name="provider">The execution provider; <see cref="FromFolder"/> for those that the folder names.</param>
public sealed class GenAiChatClient(LanguageModelFolder folder, string provider = GenAiChatClient.FromFolder, LocalChatOptions? settings = null)
    : LocalChatClient(folder, settings, "onnxruntime-genai")
{
    /// <summary>Selects the providers that <c>genai_config.json</c> names.</summary>
    public const string FromFolder = "folder";

    private protected override ILanguageModel Load(LanguageModelFolder folder, int contextTokens) => GenAiModel.Load(folder, provider, contextTokens);
}
