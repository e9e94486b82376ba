namespace Pybo.Data;

/// <summary>An uploaded or ingested file: its owner, its audience and its reading progress. Its bytes are a <see cref="DocumentFile"/>, its text is in its passages.</summary>
/// <remarks>
/// The row is small on purpose: SQLite rewrites the whole row on each change, and progress changes it once a second.
/// </remarks>
public sealed class Document : Indexed
{
    public const int PathMax = 1024;

    /// <summary>The longest path of Linux.</summary>
    public const int SourcePathMax = 4096;

    public const int TitleMax = 300;
    public const int FormatMax = 40;

    /// <summary>Room for all warnings a reader gives, one sentence each.</summary>
    public const int WarningsMax = 8_000;

    public long Id { get; init; }

    /// <summary>The uploader; null for a file from the command line.</summary>
    public long? OwnerId { get; init; }

    public User? Owner { get; init; }
    public long? CollectionId { get; set; }
    public Collection? Collection { get; init; }
    public required long FileId { get; set; }
    public DocumentFile? File { get; init; }

    /// <summary>The path that readers see: from the ingested folder's own name on; for an upload, the file's name.</summary>
    public required string Path { get; set; }

    /// <summary>The real path of a file from the command line, by which it is known again; null for an upload, and until an older version's document is ingested again.</summary>
    public string? SourcePath { get; set; }

    public required string Title { get; set; }

    /// <summary>The title that its owner gave it, which a new reading keeps; null for the document's own.</summary>
    public string? GivenTitle { get; set; }

    /// <summary>Who may read it: <see cref="Data.Audience"/>. A document in a collection has the collection's audience.</summary>
    public long Audience { get; set; }

    /// <summary>The file's format, as its reader names it; null until the worker has read it.</summary>
    public string? Format { get; set; }

    /// <summary>The length of its text in UTF-16 units when last read; null until the worker has read the current bytes.</summary>
    public int? Characters { get; set; }

    /// <summary>0 for a format without pages.</summary>
    public int PageCount { get; set; }

    /// <summary>Sentences about unreadable parts, one per line; empty if there were none.</summary>
    public string Warnings { get; set; } = "";

    /// <summary>True if the text ends before the document does.</summary>
    public bool IsTruncated { get; set; }

    public DateTime CreatedAt { get; init; } = DateTime.UtcNow;
    public DateTime? ModifiedAt { get; set; }

    /// <summary>The number of pages the current attempt has read.</summary>
    public int PagesRead { get; set; }

    /// <summary>The number of chunks the current attempt has embedded and written.</summary>
    public int ChunksDone { get; set; }

    /// <summary>The number of chunks the current attempt has to embed; 0 until it has read the document.</summary>
    public int ChunksTotal { get; set; }

    /// <summary>
    /// The cost in the index, counted against quotas: its chunks, or the number its text would make if that is larger. Set before the first chunk
    /// is written, and kept during a reread until that is written.
    /// </summary>
    public int Chunks { get; set; }

    /// <summary>Attempts since the last success, stage or change, raised before each. Each raises the revision too, so that an abandoned attempt writes nothing.</summary>
    public int Attempts { get; set; }

    /// <summary>When the claim expires unless its holder renews it; in the past if the holder was killed.</summary>
    public DateTime? ClaimedUntil { get; set; }

    /// <summary>The back-off after a transient failure: no attempt before this time.</summary>
    public DateTime? NextAttemptAt { get; set; }

    public List<DocumentPage> Pages { get; } = [];

    /// <summary>Queues the row again after its bytes changed, with its attempts reset.</summary>
    public override void MarkChanged()
    {
        base.MarkChanged();
        Attempts = 0;
        ClaimedUntil = null;
        NextAttemptAt = null;
    }
}

/// <summary>A document's state on its way into the index; derived from its row.</summary>
public enum DocumentState
{
    /// <summary>Queued, or backing off after a transient failure.</summary>
    Waiting,
    Reading,
    Embedding,
    Ready,
    Failed,
}

/// <summary>Documents that belong together and share an audience.</summary>
public sealed class Collection
{
    public const int NameMax = 100;

    public long Id { get; init; }

    /// <summary>Null for a collection from the command line.</summary>
    public long? OwnerId { get; init; }

    public User? Owner { get; init; }

    /// <summary>Unique per owner.</summary>
    public required string Name { get; set; }

    /// <summary>Who may see it and read its documents: <see cref="Data.Audience"/>.</summary>
    public long Audience { get; set; }

    public DateTime CreatedAt { get; init; } = DateTime.UtcNow;
}

/// <summary>A page of a document: its range of the text and the positions of its lines.</summary>
public sealed class DocumentPage
{
    public required long DocumentId { get; init; }

    /// <summary>From 1.</summary>
    public required int Number { get; init; }

    /// <summary>The page's start in the document's text, in UTF-16 units.</summary>
    public required int Start { get; init; }

    public required int Length { get; init; }

    /// <summary>In points, as the page is displayed; 0 if the format does not provide it.</summary>
    public required float Width { get; init; }

    public required float Height { get; init; }

    /// <summary>Encoded by <see cref="PageLines"/>; empty if the format has no positions.</summary>
    public required byte[] Lines { get; init; }
}
