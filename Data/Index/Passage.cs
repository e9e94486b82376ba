namespace Pybo.Data;

public enum PassageKind
{
    Question = 1,
    Answer = 2,
    Document = 3,
    Comment = 4,
}

/// <summary>
/// The unit of word search, display and citation: a question with its title, an answer, a comment, or a part of a document (up to about 500 tokens).
/// Its id is the rowid of its row in the FTS5 table <c>PassageWords</c>.
/// </summary>
public sealed class Passage
{
    /// <summary>Between the headings in <see cref="Heading"/>, from the outermost to its own.</summary>
    public const string HeadingSeparator = " › ";

    public long Id { get; init; }
    public required PassageKind Kind { get; init; }

    /// <summary>The question of the thread, for the passages of a post.</summary>
    public long? QuestionId { get; init; }

    /// <summary>The answer, for the passages of an answer: a comment on an answer has none.</summary>
    public long? AnswerId { get; init; }

    public long? DocumentId { get; init; }
    public long? CommentId { get; init; }
    public required int Ordinal { get; init; }
    public required string Title { get; init; }
    public string? Heading { get; init; }
    public required string Text { get; init; }

    /// <summary>The start of <see cref="Text"/> in the plain text of its source, in UTF-16 units.</summary>
    public required int Start { get; init; }

    /// <summary>The page on which the passage begins; null for a format without pages.</summary>
    public int? Page { get; init; }

    /// <summary>The document's (<see cref="Document.Audience"/>), that of the category of its thread (<see cref="Category.Audience"/>), or <see cref="Data.Audience.Nobody"/> while it is being written.</summary>
    public required long Audience { get; init; }

    /// <summary>The number of terms in its title, heading and text (<see cref="KoreanText.Terms"/>): its length for BM25.</summary>
    public required int TermCount { get; init; }

    public List<Chunk> Chunks { get; } = [];
}

/// <summary>The number of passages per audience and of their terms; kept by triggers, so that no search counts them.</summary>
public sealed class PassageTotal
{
    /// <summary>A <see cref="Data.Audience"/>.</summary>
    public long Audience { get; init; }

    public long Passages { get; private set; }
    public long Terms { get; private set; }
}

/// <summary>
/// The unit of vector search: whole sentences of a passage (64–96 tokens), embedded by one model with the passage's title prepended.
/// Its id is the rowid of its bits in the model's vec0 table.
/// </summary>
public sealed class Chunk
{
    public long Id { get; init; }
    public required long ModelId { get; init; }
    public required long PassageId { get; init; }

    /// <summary>The start of its range in the passage's text, in UTF-16 units.</summary>
    public required int Start { get; init; }

    public required int Length { get; init; }

    /// <summary>float32, little endian, L2 norm 1.</summary>
    public required byte[] Embedding { get; init; }
}

/// <summary>A model with vectors in this database. A new one is filled in the background while the current one keeps serving.</summary>
public sealed class EmbeddingModel
{
    public const int NameMax = 200;

    public long Id { get; init; }
    public required string Name { get; init; }

    /// <summary>Identifies the model's files.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>The folder it was loaded from, so that the serving model can embed queries until a new one has taken over.</summary>
    public required string Folder { get; set; }

    public required int Dimensions { get; init; }

    /// <summary>
    /// The mean vector of ordinary texts, in the format of <see cref="Chunk.Embedding"/>: a chunk's bits say on which side of it the chunk is. Null until the
    /// model has been loaded once: the bits are the signs.
    /// </summary>
    public byte[]? Centre { get; set; }

    /// <summary>When its vectors began to serve searches; null while they are being made.</summary>
    public DateTime? ServingSince { get; set; }
}
