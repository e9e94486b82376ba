using Pybo.Data;
using Pybo.Rag.Retrieval;

namespace Pybo.Rag.Chat;

/// <summary>Writes the answer to a question from the sources found for it.</summary>
public interface IAnswerer
{
    /// <summary>The model's name, as members see it.</summary>
    string Model { get; }

    /// <param name="request">The question and its history.</param>
    /// <param name="retrieval">The search result for the question.</param>
    /// <param name="sources">At least one, numbered from 1, best first.</param>
    /// <param name="listener">Receives the answer while it is written.</param>
    /// <param name="ct">Cancels.</param>
    Task<ChatAnswer> AnswerAsync(ChatRequest request, RetrievalResult retrieval, IReadOnlyList<ChatSource> sources, IAnswerListener listener, CancellationToken ct);
}

/// <summary>Receives an answer while it is written. Each call is awaited before the answer continues.</summary>
public interface IAnswerListener
{
    /// <summary>Called once, before the first text.</summary>
    /// <param name="sources">The sources the answerer reads; empty if nothing was found.</param>
    /// <param name="note">A note to the reader about the search; null when all went well.</param>
    /// <param name="model">The answerer's name.</param>
    /// <param name="ct">Cancels.</param>
    ValueTask OnSourcesAsync(IReadOnlyList<ChatSource> sources, Notice? note, string model, CancellationToken ct);

    /// <summary>Called before each part of a long text is read, after the sources and before the first text.</summary>
    /// <param name="part">From 1.</param>
    /// <param name="count">The number of parts.</param>
    /// <param name="ct">Cancels.</param>
    ValueTask OnPartAsync(int part, int count, CancellationToken ct) => ValueTask.CompletedTask;

    /// <summary>Called for each piece of the answer; its markers point to sources that exist.</summary>
    ValueTask OnTextAsync(string text, CancellationToken ct);
}

/// <summary>A whole answer.</summary>
/// <param name="Text">All pieces joined.</param>
/// <param name="IsRefused">The sources contain no answer, and the text says so.</param>
/// <param name="Model">The name of the model that answered.</param>
/// <param name="Citations">The cited sources, in the order of their first markers.</param>
public sealed record ChatAnswer(string Text, bool IsRefused, string Model, IReadOnlyList<ChatCitation> Citations)
{
    /// <summary>True if a generator wrote it; otherwise it only quotes.</summary>
    public bool IsGenerated { get; init; }

    /// <summary>How fast it was generated; null if the generator does not report it.</summary>
    public AnswerSpeed? Speed { get; init; }
}

/// <summary>A source that the answer cites, and the words it takes from it.</summary>
public sealed record ChatCitation(ChatSource Source, string Quote);

/// <summary>How fast a generator was.</summary>
/// <param name="FirstTokenMs">Time from the start of generation to the first token.</param>
/// <param name="TokensPerSecond">Speed after the first token; null if there was no second.</param>
public sealed record AnswerSpeed(int FirstTokenMs, double? TokensPerSecond);
