namespace Pybo.Data;

public sealed class Conversation
{
    public const int TitleMax = 100;

    public long Id { get; init; }
    public required long UserId { get; init; }
    public User? User { get; init; }
    public required string Title { get; set; }

    /// <summary>The one document that it asks; null for a collection or for everything, and once the document is gone.</summary>
    public long? DocumentId { get; init; }

    /// <summary>The one collection that it asks; null for a document or for everything, and once the collection is gone.</summary>
    public long? CollectionId { get; init; }

    /// <summary>What it asks, by name; empty once that is gone, null where it asks everything.</summary>
    public string? ScopeName { get; init; }

    public DateTime CreatedAt { get; init; } = DateTime.UtcNow;
    public DateTime UpdatedAt { get; set; } = DateTime.UtcNow;
    public List<Turn> Turns { get; } = [];
}

public enum TurnState
{
    /// <summary>Saved, to be answered: the queue.</summary>
    Waiting = 0,
    Answering = 1,
    Done = 2,

    /// <summary>Stopped by the reader, or by the end of the process; the partial text is kept.</summary>
    Stopped = 3,
    Failed = 4,
}

/// <summary>A question in a conversation and its answer.</summary>
public sealed class Turn
{
    public const int QuestionMax = 4_000;

    /// <summary>Shown and reused instead of an answer that rests on a source which is gone: <see cref="CitationAccess"/>.</summary>
    public static readonly string GoneAnswer = Notice.Of(DatabaseProblem.AnswerGone).ToString();

    public long Id { get; init; }
    public required long ConversationId { get; init; }
    public Conversation? Conversation { get; init; }
    public required string Question { get; init; }
    public string Answer { get; set; } = "";
    public TurnState State { get; set; }

    /// <summary>The answer rested on a source that was deleted, or edited so that it no longer says it: <see cref="Answer"/> is empty for good.</summary>
    public bool IsAnswerGone { get; set; }

    /// <summary>The answer says again what an earlier answer of the conversation said, so it goes when that one goes.</summary>
    public bool RepeatsEarlier { get; set; }

    /// <summary>The sources do not hold an answer, and the answer says so.</summary>
    public bool Refused { get; set; }

    /// <summary>What answered: the name of the generator.</summary>
    public string? Model { get; set; }

    /// <summary>What went wrong, in words for the reader.</summary>
    public string? Error { get; set; }

    /// <summary>What the reader should know about the search; null when all went well.</summary>
    public string? Note { get; set; }

    /// <summary>From the start of the generation until its first token; null where nothing was generated to its end.</summary>
    public int? FirstTokenMs { get; set; }

    /// <summary>After the first token; null with <see cref="FirstTokenMs"/>, or where there was one token only.</summary>
    public double? TokensPerSecond { get; set; }

    public DateTime CreatedAt { get; init; } = DateTime.UtcNow;
    public DateTime? AnsweredAt { get; set; }
    public List<Citation> Citations { get; } = [];
}

/// <summary>
/// A numbered source of an answer: a post or a document, with the words that were taken from it. One rule for all of them. Once the source is
/// deleted, or edited so that it no longer holds those words, a trigger empties the citation and the answers that rest on it
/// (<see cref="CitationUpkeep"/>); while its owner keeps it closed to this reader, both are hidden (<see cref="CitationAccess"/>).
/// </summary>
public sealed class Citation
{
    public static readonly string GoneTitle = Notice.Of(DatabaseProblem.SourceGone).ToString();

    public long Id { get; init; }
    public required long TurnId { get; init; }
    public required int Number { get; init; }
    public required PassageKind Kind { get; init; }

    /// <summary>Null once the passage is gone or was made anew.</summary>
    public long? PassageId { get; init; }

    /// <summary>The question, for a question and for an answer; null for a document, and once the question is gone.</summary>
    public long? QuestionId { get; init; }

    /// <summary>The answer it comes from; null for a question or a document, and once the answer is gone.</summary>
    public long? AnswerId { get; init; }

    /// <summary>The document it comes from; null for a post, and once the document is gone.</summary>
    public long? DocumentId { get; init; }

    /// <summary>The page of the document on which the best words stand; null for what has no pages.</summary>
    public int? Page { get; init; }

    public required string Title { get; init; }

    /// <summary>The file's path as ingested, or the post's address.</summary>
    public required string Source { get; init; }

    public required string Url { get; init; }
    public required string Snippet { get; init; }

    /// <summary>
    /// Shown without what it says. In the row: the source is deleted, or no longer says it; setting it fires the trigger that empties the row and
    /// the answer. On a citation that was read for somebody also: the source is not for them (any more). All of these look alike.
    /// </summary>
    public bool IsGone { get; init; }

    /// <summary>The answer may hold words of this source: it quotes it, repeats a run of it, or quotes none and may rest on any.</summary>
    public bool IsGround { get; set; } = true;

    /// <summary>The words that the answer quotes; null for a source that it was given and did not cite.</summary>
    public string? Quote { get; set; }

    /// <summary>The same citation without a word of its source.</summary>
    internal Citation Gone() => new()
    {
        Id = Id,
        TurnId = TurnId,
        Number = Number,
        Kind = Kind,
        Title = GoneTitle,
        Source = Url,
        Url = Url,
        Snippet = "",
        Quote = Quote is null ? null : "",
        IsGone = true,
        IsGround = IsGround,
    };
}
