using Microsoft.Extensions.AI;

namespace Pybo.Rag.Inference;

/// <summary>Says how long a prompt may be, in the model's own tokens.</summary>
public interface IPromptTokens
{
    /// <summary>The most tokens of a prompt that leaves room for an answer.</summary>
    int PromptTokensMax { get; }

    /// <summary>The tokens of a whole prompt, the template's own included.</summary>
    Task<int> CountTokensAsync(IEnumerable<ChatMessage> messages, CancellationToken ct);
}
