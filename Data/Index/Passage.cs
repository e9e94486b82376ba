namespace Pybo.Data;

public enum PassageKind
{
    Question = 1,
    Answer = 2,
    Document = 3,
}

/// <summary>
/// What is searched by words, shown and cited: a question with its title, an answer, or a stretch of a document (up to about 500 tokens).
/// Its id is the rowid of its row in the FTS5 table <c>PassageWords</c>.
/// </summary>
public sealed class Passage
{
    public long Id { get; init; }
    public required PassageKind Kind { get; init; }

    /// <summary>The question, for a question's and for an answer's passages.</summary>
    public long? QuestionId { get; init; }

    public long? AnswerId { get; init; }
    public long? DocumentId { get; init; }
    public required int Ordinal { get; init; }
    public required string Title { get; init; }
    public string? Heading { get; init; }
    public required string Text { get; init; }

    /// <summary>Where <see cref="Text"/> begins in the plain text of its source, in UTF-16 units.</summary>
    public required int Start { get; init; }

    /// <summary>The page on which the passage begins; null for what has no pages.</summary>
    public int? Page { get; init; }

    /// <summary>The document's (<see cref="Document.Audience"/>), or <see cref="Data.Audience.Nobody"/> while it is being written.</summary>
    public required long Audience { get; init; }

    /// <summary>The terms of its title, heading and text (<see cref="KoreanText.Terms"/>): its length, where the words of a search are weighed.</summary>
    public required int TermCount { get; init; }

    public List<Chunk> Chunks { get; } = [];
}

/// <summary>How many passages an audience has and how many terms they hold together; kept by triggers, so that no search counts them.</summary>
public sealed class PassageTotal
{
    /// <summary>Of <see cref="Data.Audience"/>.</summary>
    public long Audience { get; init; }

    public long Passages { get; private set; }
    public long Terms { get; private set; }
}

/// <summary>
/// What is searched by meaning: whole sentences of a passage (64–96 tokens), embedded by one model with the passage's title before them.
/// Its id is the rowid of its bits in the model's vec0 table.
/// </summary>
public sealed class Chunk
{
    public long Id { get; init; }
    public required long ModelId { get; init; }
    public required long PassageId { get; init; }

    /// <summary>The stretch of the passage's text, in UTF-16 units.</summary>
    public required int Start { get; init; }

    public required int Length { get; init; }

    /// <summary>float32, little endian, L2 norm 1.</summary>
    public required byte[] Embedding { get; init; }
}

/// <summary>A model that has vectors here. A new one is filled in the background while the one that serves goes on serving.</summary>
public sealed class EmbeddingModel
{
    public const int NameMax = 200;

    public long Id { get; init; }
    public required string Name { get; init; }

    /// <summary>What tells the model's files from any other's.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>The folder it was loaded from, so that queries can be embedded by the model that serves until a new one has taken over.</summary>
    public required string Folder { get; set; }

    public required int Dimensions { get; init; }

    /// <summary>Since when its vectors answer searches; null while they are being made.</summary>
    public DateTime? ServingSince { get; set; }
}
