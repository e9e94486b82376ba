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

/// <summary>A source that the answer cites, and the words it rests on.</summary>
public sealed record ChatCitation(ChatSource Source, string Quote);

/// <summary>How fast a generator was.</summary>
/// <param name="FirstTokenMs">From the start of the generation until its first token.</param>
/// <param name="TokensPerSecond">After the first token; null when there was no second.</param>
public sealed record AnswerSpeed(int FirstTokenMs, double? TokensPerSecond);

/// <summary>What an answer is made of, in this order: once <see cref="Sources"/>, any number of <see cref="Token"/>, once <see cref="Done"/>.</summary>
public abstract record ChatEvent
{
    private ChatEvent()
    {
    }

    /// <param name="Items">What the generator was given, numbered from 1.</param>
    /// <param name="Note">What the reader should know about the search; null when all went well.</param>
    /// <param name="Model">What answers.</param>
    public sealed record Sources(IReadOnlyList<ChatSource> Items, Notice? Note, string Model) : ChatEvent;

    /// <summary>More of the answer; its markers point to sources that exist.</summary>
    public sealed record Token(string Text) : ChatEvent;

    /// <param name="Answer">All tokens joined.</param>
    /// <param name="Refused">The sources hold no answer.</param>
    /// <param name="Model">What answered.</param>
    /// <param name="Speed">How fast it was written; null where nothing was generated.</param>
    /// <param name="Citations">The sources that the answer cites, in the order of their first markers.</param>
    public sealed record Done(string Answer, bool Refused, string Model, AnswerSpeed? Speed, IReadOnlyList<ChatCitation> Citations) : ChatEvent;
}

/// <summary>Names of what travels beside the text, between the answerer and an <see cref="Microsoft.Extensions.AI.IChatClient"/>.</summary>
public static class ChatProperties
{
    /// <summary>On the content of a source: its <see cref="ChatSource"/>.</summary>
    public const string Source = "source";

    /// <summary>On the content of the question: the <see cref="Chat.Searched"/>, so that nothing is counted twice.</summary>
    public const string Searched = "searched";

    /// <summary>On an update from the client: true when the sources hold no answer.</summary>
    public const string Refused = "refused";
}
