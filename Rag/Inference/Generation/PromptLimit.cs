using Microsoft.Extensions.AI;

namespace Pybo.Rag.Inference;

/// <summary>Limits the length of an answer to a prompt.</summary>
internal static class PromptLimit
{
    /// <summary>Returns the answer's limit in tokens: the caller's, reduced to the context that the prompt leaves.</summary>
    /// <exception cref="ArgumentException">The prompt leaves no room.</exception>
    public static int OutputMax(string model, int promptTokens, ChatOptions? options, int contextTokensMax) => promptTokens < contextTokensMax
        ? Math.Min(options?.MaxOutputTokens ?? LocalChatClient.OutputTokensDefault, contextTokensMax - promptTokens)
        : throw new ArgumentException($"The prompt has {promptTokens} tokens; '{model}' takes at most {contextTokensMax} with its answer.");
}
