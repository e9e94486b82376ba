using Pybo.Data;

namespace Pybo.Rag.Chat;

/// <summary>A question with what was said before it, oldest first, asked by a reader.</summary>
public sealed record ChatRequest(string Question, IReadOnlyList<ChatExchange> History, Reader Reader)
{
    /// <summary>The one document or collection that is asked; null for everything that the reader may see.</summary>
    public ChatScope? Scope { get; init; }
}

/// <summary>An earlier question of the conversation and its answer.</summary>
public sealed record ChatExchange(string Question, string Answer);
