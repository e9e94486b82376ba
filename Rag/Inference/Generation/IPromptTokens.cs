using System.Collections;
using Microsoft.Extensions.AI;

namespace Pybo.Rag.Inference;

/// <summary>Measures and limits prompts in the model's own tokens.</summary>
public interface IPromptTokens
{
    /// <summary>The maximum prompt tokens that leave room for an answer.</summary>
    int PromptTokensMax { get; }

    /// <summary>Encodes a whole prompt, the template's own tokens included.</summary>
    Task<EncodedPrompt> EncodeAsync(IEnumerable<ChatMessage> messages, CancellationToken ct);
}

/// <summary>Messages with their token ids, so that a prompt that was counted is not encoded again when it is run.</summary>
/// <param name="messages">Copied: ids must not outlive their text.</param>
/// <param name="ids">The whole prompt's ids.</param>
/// <param name="encoder">The creator of the ids; only it may run them.</param>
public sealed class EncodedPrompt(IEnumerable<ChatMessage> messages, int[] ids, object encoder) : IReadOnlyList<ChatMessage>
{
    private readonly ChatMessage[] messages = [.. messages];

    public int TokenCount => ids.Length;

    public int Count => messages.Length;

    public ChatMessage this[int index] => messages[index];

    public IEnumerator<ChatMessage> GetEnumerator() => messages.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Returns the ids if this encoder created them, otherwise null.</summary>
    internal int[]? IdsOf(object other) => other == encoder ? ids : null;
}
