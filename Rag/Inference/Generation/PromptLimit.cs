using Microsoft.Extensions.AI;

namespace Pybo.Rag.Inference;

/// <summary>How long an answer to a prompt may be.</summary>
internal static class PromptLimit
{
    /// <summary>The answer's limit in tokens: what the caller asks for, within what the prompt leaves of the context.</summary>
    /// <exception cref="ArgumentException">The prompt leaves nothing.</exception>
    public static int OutputMax(string model, int promptTokens, ChatOptions? options, int contextTokensMax) => promptTokens < contextTokensMax
        ? Math.Min(options?.MaxOutputTokens ?? LocalChatClient.OutputTokensDefault, contextTokensMax - promptTokens)
        : throw new ArgumentException($"The prompt has {promptTokens} tokens; '{model}' takes at most {contextTokensMax} with its answer.");
}
