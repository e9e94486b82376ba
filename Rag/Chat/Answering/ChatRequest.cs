using Pybo.Data;

namespace Pybo.Rag.Chat;

/// <summary>A reader's question with the earlier exchanges, oldest first.</summary>
public sealed record ChatRequest(string Question, IReadOnlyList<ChatExchange> History, Viewer Viewer)
{
    /// <summary>The one document or collection to search; null for everything the reader may see.</summary>
    public ChatScope? Scope { get; init; }

    /// <summary>The name of the answerer; empty for the site's own choice.</summary>
    public string Answerer { get; init; } = "";

    /// <summary>How long a generated answer may be.</summary>
    public AnswerLength Length { get; init; }

    /// <summary>The reader wants an answer from what is found, although it does not fit the question.</summary>
    public bool AnswersAnyway { get; init; }

    /// <summary>The board's question that is answered with a suggestion: its own thread is no source. Null for a question of the chat.</summary>
    public long? OwnQuestionId { get; init; }

    /// <summary>The question asks about a thread as a whole, whose posts are the sources.</summary>
    public bool IsWholeThread { get; init; }

    /// <summary>The number of parts of the text that the question asks about as a whole; null for any other question.</summary>
    public int? PartsCount { get; init; }
}

/// <summary>An earlier question of the conversation and its answer.</summary>
public sealed record ChatExchange(string Question, string Answer)
{
    /// <summary>The thread that the answer cites first; null if it cites a document, or nothing.</summary>
    public long? ThreadId { get; init; }
}
