namespace Pybo.Data;

/// <summary>An uploaded or ingested file: whose it is, who may read it, and how far its reading is. Its bytes are a <see cref="DocumentFile"/>, its text its passages.</summary>
/// <remarks>
/// The row is small on purpose: SQLite writes a whole row anew with each change, and progress changes it once a second.
/// </remarks>
public sealed class Document : Indexed
{
    public const int PathMax = 1024;
    public const int TitleMax = 300;
    public const int FormatMax = 40;

    /// <summary>Room for as many warnings as a reader gives, of a sentence each.</summary>
    public const int WarningsMax = 8_000;

    public long Id { get; init; }

    /// <summary>Who uploaded it; null for a file of the command line.</summary>
    public long? OwnerId { get; init; }

    public User? Owner { get; init; }
    public long? CollectionId { get; set; }
    public Collection? Collection { get; init; }
    public required long FileId { get; set; }
    public DocumentFile? File { get; init; }

    /// <summary>The path as it was ingested, and ingesting the same path again replaces the document; of an upload, the file's name.</summary>
    public required string Path { get; init; }

    public required string Title { get; set; }

    /// <summary>Who may read it: <see cref="Data.Audience"/>. A document in a collection has the collection's.</summary>
    public long Audience { get; set; }

    /// <summary>What kind of file it is, as its reader calls it; null until the worker has read it.</summary>
    public string? Format { get; set; }

    /// <summary>The length of its text in UTF-16 units as the worker has read it the last time; null until it has read the present bytes.</summary>
    public int? Characters { get; set; }

    /// <summary>0 for a format without pages.</summary>
    public int PageCount { get; set; }

    /// <summary>Sentences about what could not be read, one a line; empty where all went well.</summary>
    public string Warnings { get; set; } = "";

    /// <summary>The text stops before the document does.</summary>
    public bool IsTruncated { get; set; }

    public DateTime CreatedAt { get; init; } = DateTime.UtcNow;
    public DateTime? ModifiedAt { get; set; }

    /// <summary>Pages that the present attempt has read.</summary>
    public int PagesRead { get; set; }

    /// <summary>Chunks that the present attempt has embedded and written.</summary>
    public int ChunksDone { get; set; }

    /// <summary>Chunks that the present attempt has to embed; 0 until it has read the document.</summary>
    public int ChunksTotal { get; set; }

    /// <summary>
    /// What it costs in the index, counted against quotas: its chunks, or as many as its text would make where they are fewer. Set before the first of
    /// them is written, and kept through another reading until that one is written.
    /// </summary>
    public int Chunks { get; set; }

    /// <summary>Attempts since the last success, stage or change, raised before each. Each raises the revision too, so that one that was given up writes nothing.</summary>
    public int Attempts { get; set; }

    /// <summary>Somebody is at it until then, and says so anew while they are; past when they were killed.</summary>
    public DateTime? ClaimedUntil { get; set; }

    /// <summary>After a failure that may pass by itself: not before then.</summary>
    public DateTime? NextAttemptAt { get; set; }

    public List<DocumentPage> Pages { get; } = [];

    /// <summary>Puts the row back into the queue after its bytes changed, with nothing held against it.</summary>
    public override void MarkChanged()
    {
        base.MarkChanged();
        Attempts = 0;
        ClaimedUntil = null;
        NextAttemptAt = null;
    }
}

/// <summary>Where a document is on its way to being found; derived from its row.</summary>
public enum DocumentState
{
    /// <summary>In the queue, or resting after a failure that may pass.</summary>
    Waiting,
    Reading,
    Embedding,
    Ready,
    Failed,
}

/// <summary>Documents that belong together, and are read by the same people.</summary>
public sealed class Collection
{
    public const int NameMax = 100;

    public long Id { get; init; }

    /// <summary>Null for one of the command line.</summary>
    public long? OwnerId { get; init; }

    public User? Owner { get; init; }

    /// <summary>Unique among its owner's.</summary>
    public required string Name { get; set; }

    /// <summary>Who may see it and read its documents: <see cref="Data.Audience"/>.</summary>
    public long Audience { get; set; }

    public DateTime CreatedAt { get; init; } = DateTime.UtcNow;
}

/// <summary>A page of a document: which stretch of the text it holds, and where its lines stand.</summary>
public sealed class DocumentPage
{
    public required long DocumentId { get; init; }

    /// <summary>From 1.</summary>
    public required int Number { get; init; }

    /// <summary>Where the page begins in the document's text, in UTF-16 units.</summary>
    public required int Start { get; init; }

    public required int Length { get; init; }

    /// <summary>In points, as the page is displayed; 0 where the format does not say.</summary>
    public required float Width { get; init; }

    public required float Height { get; init; }

    /// <summary>As <see cref="PageLines"/> writes them; empty where the format has no positions.</summary>
    public required byte[] Lines { get; init; }
}
