namespace Pybo.Data;

public sealed class Conversation
{
    public const int TitleMax = 100;

    /// <summary>The most characters of an answerer's name, which is a model's.</summary>
    public const int AnswererMax = 100;

    public long Id { get; init; }
    public required long UserId { get; init; }
    public User? User { get; init; }
    public required string Title { get; set; }

    /// <summary>The one document it searches; null for a collection or everything, and once the document is gone.</summary>
    public long? DocumentId { get; init; }

    /// <summary>The one collection it searches; null for a document or everything, and once the collection is gone.</summary>
    public long? CollectionId { get; init; }

    /// <summary>The name of its scope; empty once that is gone, null if it searches everything.</summary>
    public string? ScopeName { get; init; }

    /// <summary>The board's question that its one turn answers with a suggestion (<see cref="Suggestions"/>); null for a member's own conversation.</summary>
    public long? QuestionId { get; init; }

    /// <summary>What the asker said of a suggestion.</summary>
    public SuggestionVerdict Verdict { get; init; }

    /// <summary>The name of the answerer that the member chose; empty for the site's own choice.</summary>
    public string Answerer { get; init; } = "";

    /// <summary>The length of its answers that the member chose.</summary>
    public AnswerLength AnswerLength { get; init; }

    /// <summary>Listed before the member's other conversations.</summary>
    public bool IsPinned { get; set; }

    /// <summary>SHA-256 of the key in the link that shows it to others; null if it has none. Like a session's key, the key itself is not kept.</summary>
    public byte[]? ShareKeyHash { get; init; }

    public DateTime CreatedAt { get; init; } = DateTime.UtcNow;
    public DateTime UpdatedAt { get; set; } = DateTime.UtcNow;
    public List<Turn> Turns { get; } = [];
}

/// <summary>How long a generated answer may be; the answerer decides how many tokens that is.</summary>
public enum AnswerLength
{
    Normal = 0,
    Brief = 1,
    Detailed = 2,
}

/// <summary>What a member chooses with a question, for this one and the conversation's later ones.</summary>
/// <param name="Answerer">See <see cref="Conversation.Answerer"/>; null to keep the former choice.</param>
/// <param name="Length">Null to keep the former choice.</param>
public sealed record AnswerChoice(string? Answerer, AnswerLength? Length);

public enum TurnState
{
    /// <summary>Saved and queued to be answered.</summary>
    Waiting = 0,
    Answering = 1,
    Done = 2,

    /// <summary>Stopped by the reader, or because the process ended; the partial text is kept.</summary>
    Stopped = 3,
    Failed = 4,
}

/// <summary>A question in a conversation and its answer.</summary>
public sealed class Turn
{
    public const int QuestionMax = 4_000;

    /// <summary>Shown and reused in place of an answer based on a source that is gone: <see cref="CitationAccess"/>.</summary>
    public static readonly string GoneAnswer = Notice.Of(DatabaseProblem.AnswerGone).ToString();

    public long Id { get; init; }
    public required long ConversationId { get; init; }
    public Conversation? Conversation { get; init; }

    /// <summary>The turn that this one follows; null for a first question. Turns with one parent are versions of one another: <see cref="TurnTree"/>.</summary>
    public long? ParentId { get; init; }

    public required string Question { get; init; }

    /// <summary>The reader wants an answer from what was found, although it does not fit the question.</summary>
    public bool AnswersAnyway { get; init; }

    public string Answer { get; set; } = "";
    public TurnState State { get; set; }

    /// <summary>A source of the answer was deleted, or edited so that it no longer says it: <see cref="Answer"/> is empty for good.</summary>
    public bool IsAnswerGone { get; set; }

    /// <summary>The answer repeats an earlier answer of its path, so it is removed with that one.</summary>
    public bool RepeatsEarlier { get; set; }

    /// <summary>The sources contain no answer, and the answer says so.</summary>
    public bool Refused { get; set; }

    /// <summary>The name of the generator that answered.</summary>
    public string? Model { get; set; }

    /// <summary>The error, in words for the reader.</summary>
    public string? Error { get; set; }

    /// <summary>A note to the reader about the search; null when all went well.</summary>
    public string? Note { get; set; }

    /// <summary>Time from the start of generation to the first token; null if no generation was completed.</summary>
    public int? FirstTokenMs { get; set; }

    /// <summary>Speed after the first token; null with <see cref="FirstTokenMs"/>, or if there was only one token.</summary>
    public double? TokensPerSecond { get; set; }

    public DateTime CreatedAt { get; init; } = DateTime.UtcNow;
    public DateTime? AnsweredAt { get; set; }

    /// <summary>The member's verdict; null if there is none.</summary>
    public TurnRating? Rating { get; init; }

    public List<Citation> Citations { get; } = [];
}

/// <summary>
/// A numbered source of an answer: a post or a document, with the quoted words. One rule covers them all: once the source is
/// deleted, or edited so that it no longer contains those words, a trigger empties the citation and the answers based on it
/// (<see cref="CitationUpkeep"/>); while its owner closes it to this reader, both are hidden (<see cref="CitationAccess"/>).
/// </summary>
public sealed class Citation
{
    public static readonly string GoneTitle = Notice.Of(DatabaseProblem.SourceGone).ToString();

    public long Id { get; init; }
    public required long TurnId { get; init; }
    public required int Number { get; init; }
    public required PassageKind Kind { get; init; }

    /// <summary>Null once the passage is deleted or replaced.</summary>
    public long? PassageId { get; init; }

    /// <summary>The question of the thread that the cited post is in; null for a document, and once the question is gone.</summary>
    public long? QuestionId { get; init; }

    /// <summary>The cited answer; null for any other source, and once the answer is gone.</summary>
    public long? AnswerId { get; init; }

    /// <summary>The cited comment; null for any other source, and once the comment is gone.</summary>
    public long? CommentId { get; init; }

    /// <summary>The cited document; null for a post, and once the document is gone.</summary>
    public long? DocumentId { get; init; }

    /// <summary>The document's page with the best words; null for a format without pages.</summary>
    public int? Page { get; init; }

    public required string Title { get; init; }

    /// <summary>The file's path as ingested, or the post's address.</summary>
    public required string Source { get; init; }

    public required string Url { get; init; }
    public required string Snippet { get; init; }

    /// <summary>
    /// Shown without its content. In the row: the source is deleted, or no longer says it; setting it fires the trigger that empties the row and
    /// the answer. On a citation loaded for a reader, also: the source is not visible to them. All of these look alike.
    /// </summary>
    public bool IsGone { get; init; }

    /// <summary>The answer may contain words of this source: it quotes it, repeats a run of it, or quotes no source and may draw on any.</summary>
    public bool IsGround { get; set; } = true;

    /// <summary>The words the answer quotes; null for a source that it was given but did not cite.</summary>
    public string? Quote { get; set; }

    /// <summary>Returns the same citation without its source's text.</summary>
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
