using Pybo.Data;
using Pybo.Rag.Retrieval;

namespace Pybo.Rag.Chat;

/// <summary>Writes the answer to a question from the sources that were found for it.</summary>
public interface IAnswerer
{
    /// <summary>Its name, as members see it.</summary>
    string Model { get; }

    /// <param name="request">The question and its history.</param>
    /// <param name="retrieval">What was found for it.</param>
    /// <param name="sources">At least one, numbered from 1, best first.</param>
    /// <param name="listener">Hears the answer while it is written.</param>
    /// <param name="ct">Cancels.</param>
    Task<ChatAnswer> AnswerAsync(ChatRequest request, RetrievalResult retrieval, IReadOnlyList<ChatSource> sources, IAnswerListener listener, CancellationToken ct);
}

/// <summary>Hears an answer while it is written. Each call is awaited before the answer goes on.</summary>
public interface IAnswerListener
{
    /// <summary>Called once, before the first text.</summary>
    /// <param name="sources">What the answerer reads; empty where nothing was found.</param>
    /// <param name="note">What the reader should know about the search; null when all went well.</param>
    /// <param name="model">The answerer's name.</param>
    /// <param name="ct">Cancels.</param>
    ValueTask OnSourcesAsync(IReadOnlyList<ChatSource> sources, Notice? note, string model, CancellationToken ct);

    /// <summary>Called for each piece of the answer; its markers point to sources that exist.</summary>
    ValueTask OnTextAsync(string text, CancellationToken ct);
}

/// <summary>A whole answer.</summary>
/// <param name="Text">All pieces joined.</param>
/// <param name="IsRefused">The sources hold no answer, and the text says so.</param>
/// <param name="Model">What answered.</param>
/// <param name="Citations">The sources that the answer cites, in the order of their first markers.</param>
public sealed record ChatAnswer(string Text, bool IsRefused, string Model, IReadOnlyList<ChatCitation> Citations)
{
    /// <summary>A generator wrote it; otherwise it only quotes.</summary>
    public bool IsGenerated { get; init; }

    /// <summary>How fast it was generated; null where the generator does not say.</summary>
    public AnswerSpeed? Speed { get; init; }
}

/// <summary>A source that the answer cites, and the words that it takes from it.</summary>
public sealed record ChatCitation(ChatSource Source, string Quote);

/// <summary>How fast a generator was.</summary>
/// <param name="FirstTokenMs">From the start of the generation until its first token.</param>
/// <param name="TokensPerSecond">After the first token; null when there was no second.</param>
public sealed record AnswerSpeed(int FirstTokenMs, double? TokensPerSecond);
