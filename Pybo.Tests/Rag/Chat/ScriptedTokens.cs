using Microsoft.Extensions.AI;
using Pybo.Rag.Inference;

namespace Pybo.Tests.Rag.Chat;

/// <summary>A tokenizer with one token per character; counts its calls.</summary>
public sealed class ScriptedTokens(int max) : IPromptTokens
{
    public int Counts { get; private set; }

    public int PromptTokensMax => max;

    public Task<EncodedPrompt> EncodeAsync(IEnumerable<ChatMessage> messages, CancellationToken ct)
    {
        Counts++;
        var copied = messages.ToList();
        return Task.FromResult(new EncodedPrompt(copied, new int[Length(copied)], this));
    }

    public static int Length(IEnumerable<ChatMessage> messages) => messages.Sum(m => m.Text.Length);
}
