using System.Collections;
using Microsoft.Extensions.AI;

namespace Pybo.Rag.Inference;

/// <summary>Says how long a prompt may be, in the model's own tokens.</summary>
public interface IPromptTokens
{
    /// <summary>The most tokens of a prompt that leaves room for an answer.</summary>
    int PromptTokensMax { get; }

    /// <summary>Encodes a whole prompt, the template's own tokens included.</summary>
    Task<EncodedPrompt> EncodeAsync(IEnumerable<ChatMessage> messages, CancellationToken ct);
}

/// <summary>Messages with the token ids that they make, so that a prompt that was counted is not encoded again when it is run.</summary>
/// <param name="messages">Copied: ids must not outlive the text they were made of.</param>
/// <param name="ids">The whole prompt.</param>
/// <param name="encoder">What made the ids; only it may run them.</param>
public sealed class EncodedPrompt(IEnumerable<ChatMessage> messages, int[] ids, object encoder) : IReadOnlyList<ChatMessage>
{
    private readonly ChatMessage[] messages = [.. messages];

    public int TokenCount => ids.Length;

    public int Count => messages.Length;

    public ChatMessage this[int index] => messages[index];

    public IEnumerator<ChatMessage> GetEnumerator() => messages.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The ids where this encoder made them, otherwise null.</summary>
    internal int[]? IdsOf(object other) => other == encoder ? ids : null;
}
