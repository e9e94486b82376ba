using Microsoft.EntityFrameworkCore;

namespace Pybo.Data;

/// <summary>The progress of a document.</summary>
/// <param name="NextAttemptAt">In the future if it is backing off after a transient failure.</param>
public sealed record DocumentProgress(
    DateTime? IndexedAt, string? IndexError, DateTime? ClaimedUntil, DateTime? NextAttemptAt, int Attempts, int PagesRead, int ChunksDone, int ChunksTotal)
{
    public DocumentState State =>
        IndexError is not null ? DocumentState.Failed
        : IndexedAt is not null ? DocumentState.Ready
        : !(ClaimedUntil > DateTime.UtcNow) ? DocumentState.Waiting
        : ChunksTotal > 0 ? DocumentState.Embedding
        : DocumentState.Reading;
}

/// <summary>A document as lists and its own page show it, without its bytes or text.</summary>
/// <param name="Owner">The uploader's name; null for a file from the command line.</param>
/// <param name="ModifiedAt">When its present version arrived; null for the first.</param>
/// <param name="GivenTitle">The title that its owner gave it; null for the document's own.</param>
/// <param name="Warnings">Sentences about unreadable parts, one per line.</param>
public sealed record DocumentRow(
    long Id, string Title, string Path, string? Format, long Size, int PageCount, long? OwnerId, string? Owner, long Audience, long? CollectionId, string? Collection,
    DateTime CreatedAt, DateTime? ModifiedAt, string? GivenTitle, DocumentProgress Progress, string Warnings, bool IsTruncated);

/// <summary>The progress of a listed document, for polling.</summary>
public sealed record DocumentStatus(long Id, string Title, int PageCount, DocumentProgress Progress);

/// <summary>Selects the documents of a list.</summary>
/// <param name="IsOwn">Only the reader's own uploads.</param>
/// <param name="CollectionId">Only the documents of one collection.</param>
/// <param name="IsOpen">Only documents that are not ready: waiting, being read, failed.</param>
public sealed record DocumentFilter(bool IsOwn = false, long? CollectionId = null, bool IsOpen = false);

/// <summary>The size of the queue, counting private documents without showing them.</summary>
/// <param name="Bytes">Total file size of all documents waiting or in progress.</param>
public sealed record QueueCounts(int Waiting, int Reading, int Embedding, int Failed, int Resting, long Bytes);

/// <summary>Queries for documents. A document the reader may not see does not exist for them, administrators included.</summary>
public static class DocumentQueries
{
    public const int PageSize = 20;

    /// <summary>The last page of the list; a document further down is found by search.</summary>
    public const int PagesMax = 500;

    /// <summary>The most documents in one progress request: a page of the list plus new uploads.</summary>
    public const int StatusesMax = 100;

    extension(PyboDb db)
    {
        /// <summary>Returns the documents the reader may see; every query for documents and their parts starts here.</summary>
        internal IQueryable<Document> ReadableDocuments(Viewer viewer)
        {
            var (everyone, members, own) = viewer.Audiences;
            return db.Documents.Where(d => d.Audience == everyone || d.Audience == members || d.Audience == own);
        }

        /// <summary>Returns a page of the list, newest first, and one row more if there is a next page.</summary>
        public Task<List<DocumentRow>> DocumentPageAsync(DocumentFilter filter, int page, Viewer viewer, CancellationToken ct) =>
            Rows(Filtered(db.ReadableDocuments(viewer), filter, viewer).OrderByDescending(d => d.Id).Skip((page - 1) * PageSize).Take(PageSize + 1)).ToListAsync(ct);

        /// <summary>Returns a page of the documents waiting or being read, oldest first, and one row more if there are more. The worker takes owners in turn.</summary>
        public Task<List<DocumentRow>> QueuedDocumentsAsync(Viewer viewer, CancellationToken ct) =>
            Rows(db.ReadableDocuments(viewer).Where(d => d.IndexedAt == null && d.IndexError == null).OrderBy(d => d.Id).Take(PageSize + 1)).ToListAsync(ct);

        /// <summary>Returns one document; null if there is none for this reader.</summary>
        public Task<DocumentRow?> DocumentAsync(long id, Viewer viewer, CancellationToken ct) =>
            Rows(db.ReadableDocuments(viewer).Where(d => d.Id == id)).SingleOrDefaultAsync(ct);

        /// <summary>Returns the progress of some documents, without those the reader may not see.</summary>
        public Task<List<DocumentStatus>> DocumentStatusesAsync(IEnumerable<long> ids, Viewer viewer, CancellationToken ct)
        {
            var asked = ids.Take(StatusesMax).ToList();
            return db.ReadableDocuments(viewer).Where(d => asked.Contains(d.Id)).OrderBy(d => d.Id)
                .Select(d => new DocumentStatus(d.Id, d.Title, d.PageCount,
                    new DocumentProgress(d.IndexedAt, d.IndexError, d.ClaimedUntil, d.NextAttemptAt, d.Attempts, d.PagesRead, d.ChunksDone, d.ChunksTotal)))
                .ToListAsync(ct);
        }

        /// <summary>Returns one member's bytes and documents, to compare with the quota.</summary>
        public async Task<(long Bytes, int Documents)> StorageOfAsync(long ownerId, CancellationToken ct)
        {
            var own = db.Documents.Where(d => d.OwnerId == ownerId);
            return (await own.SumAsync(d => d.File!.Size, ct), await own.CountAsync(ct));
        }

        /// <summary>Returns whether a process is working on a document from the command line, or was a moment ago.</summary>
        public Task<bool> IsFolderDocumentClaimedAsync(DateTime now, CancellationToken ct) =>
            db.Documents.AnyAsync(d => d.OwnerId == null && d.IndexedAt == null && d.IndexError == null && d.ClaimedUntil > now, ct);

        /// <summary>Returns the counts for the administrator's page: numbers only, because they include private documents.</summary>
        public async Task<QueueCounts> QueueCountsAsync(CancellationToken ct)
        {
            var now = DateTime.UtcNow;
            var open = db.Documents.Where(d => d.IndexedAt == null && d.IndexError == null);
            var claimed = open.Where(d => d.ClaimedUntil > now);
            var embedding = await claimed.CountAsync(d => d.ChunksTotal > 0, ct);
            var reading = await claimed.CountAsync(ct) - embedding;
            var all = await open.CountAsync(ct);
            return new(all - reading - embedding, reading, embedding, await db.Documents.CountAsync(d => d.IndexError != null, ct),
                await open.CountAsync(d => d.NextAttemptAt > now, ct), await open.SumAsync(d => d.File!.Size, ct));
        }
    }

    private static IQueryable<Document> Filtered(IQueryable<Document> documents, DocumentFilter filter, Viewer viewer)
    {
        documents = filter.IsOwn ? documents.Where(d => d.OwnerId == (viewer.UserId ?? 0)) : documents;
        documents = filter.CollectionId is { } collection ? documents.Where(d => d.CollectionId == collection) : documents;
        return filter.IsOpen ? documents.Where(d => d.IndexedAt == null || d.IndexError != null) : documents;
    }

    private static IQueryable<DocumentRow> Rows(IQueryable<Document> documents) => documents.Select(d => new DocumentRow(
        d.Id, d.Title, d.Path, d.Format, d.File!.Size, d.PageCount, d.OwnerId, d.Owner!.UserName, d.Audience, d.CollectionId, d.Collection!.Name, d.CreatedAt, d.ModifiedAt, d.GivenTitle,
        new DocumentProgress(d.IndexedAt, d.IndexError, d.ClaimedUntil, d.NextAttemptAt, d.Attempts, d.PagesRead, d.ChunksDone, d.ChunksTotal),
        d.Warnings, d.IsTruncated));
}
