using Microsoft.EntityFrameworkCore;

namespace Pybo.Data;

/// <summary>How far a document is.</summary>
/// <param name="NextAttemptAt">In the future where it rests after a failure that may pass.</param>
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

/// <summary>A document as lists and its own page show it; its bytes and its text stay where they are.</summary>
/// <param name="Owner">The name of who uploaded it; null for a file of the command line.</param>
/// <param name="Warnings">Sentences about what could not be read, one a line.</param>
public sealed record DocumentRow(
    long Id, string Title, string Path, string? Format, long Size, int PageCount, long? OwnerId, string? Owner, long Audience, long? CollectionId, string? Collection,
    DateTime CreatedAt, DocumentProgress Progress, string Warnings, bool IsTruncated);

/// <summary>How far a document in a list is, to be asked again and again.</summary>
public sealed record DocumentStatus(long Id, string Title, int PageCount, DocumentProgress Progress);

/// <summary>Which documents a list shows.</summary>
/// <param name="IsOwn">Only those that the reader uploaded.</param>
/// <param name="CollectionId">Only those of one collection.</param>
/// <param name="IsOpen">Only those that are not ready: waiting, being read, failed.</param>
public sealed record DocumentFilter(bool IsOwn = false, long? CollectionId = null, bool IsOpen = false);

/// <summary>What the queue holds, private documents counted and not shown.</summary>
/// <param name="Bytes">Of the files of all documents that wait or are being worked at.</param>
public sealed record QueueCounts(int Waiting, int Reading, int Embedding, int Failed, int Resting, long Bytes);

/// <summary>Looking at documents. What the reader may not see is not there, for administrators too.</summary>
public static class DocumentQueries
{
    public const int PageSize = 20;

    /// <summary>The list ends here: a document further down is found by search.</summary>
    public const int PagesMax = 500;

    /// <summary>Documents whose progress one request asks for: a page of the list with what was just uploaded.</summary>
    public const int StatusesMax = 100;

    extension(PyboDb db)
    {
        /// <summary>The documents that the reader may see; every query for documents and what belongs to them begins here.</summary>
        internal IQueryable<Document> ReadableDocuments(Reader reader)
        {
            var (everyone, members, own) = reader.Audiences;
            return db.Documents.Where(d => d.Audience == everyone || d.Audience == members || d.Audience == own);
        }

        /// <summary>A page of the list, newest first, and one row more where there is a next page.</summary>
        public Task<List<DocumentRow>> DocumentPageAsync(DocumentFilter filter, int page, Reader reader, CancellationToken ct) =>
            Rows(Filtered(db.ReadableDocuments(reader), filter, reader).OrderByDescending(d => d.Id).Skip((page - 1) * PageSize).Take(PageSize + 1)).ToListAsync(ct);

        /// <summary>What waits to be read or is being read, oldest first: a page of it, and one row more where there are more. The worker takes owners in turn.</summary>
        public Task<List<DocumentRow>> QueuedDocumentsAsync(Reader reader, CancellationToken ct) =>
            Rows(db.ReadableDocuments(reader).Where(d => d.IndexedAt == null && d.IndexError == null).OrderBy(d => d.Id).Take(PageSize + 1)).ToListAsync(ct);

        /// <summary>One document; null where there is none, or none for this reader.</summary>
        public Task<DocumentRow?> DocumentAsync(long id, Reader reader, CancellationToken ct) =>
            Rows(db.ReadableDocuments(reader).Where(d => d.Id == id)).SingleOrDefaultAsync(ct);

        /// <summary>How far some documents are; those that the reader may not see are missing.</summary>
        public Task<List<DocumentStatus>> DocumentStatusesAsync(IEnumerable<long> ids, Reader reader, CancellationToken ct)
        {
            var asked = ids.Take(StatusesMax).ToList();
            return db.ReadableDocuments(reader).Where(d => asked.Contains(d.Id)).OrderBy(d => d.Id)
                .Select(d => new DocumentStatus(d.Id, d.Title, d.PageCount,
                    new DocumentProgress(d.IndexedAt, d.IndexError, d.ClaimedUntil, d.NextAttemptAt, d.Attempts, d.PagesRead, d.ChunksDone, d.ChunksTotal)))
                .ToListAsync(ct);
        }

        /// <summary>Bytes and documents of one member, against the quota.</summary>
        public async Task<(long Bytes, int Documents)> StorageOfAsync(long ownerId, CancellationToken ct)
        {
            var own = db.Documents.Where(d => d.OwnerId == ownerId);
            return (await own.SumAsync(d => d.File!.Size, ct), await own.CountAsync(ct));
        }

        /// <summary>Whether a process is at work on a document of the command line, or was a moment ago.</summary>
        public Task<bool> IsFolderDocumentClaimedAsync(DateTime now, CancellationToken ct) =>
            db.Documents.AnyAsync(d => d.OwnerId == null && d.IndexedAt == null && d.IndexError == null && d.ClaimedUntil > now, ct);

        /// <summary>For the administrator's page: numbers only, because private documents are among them.</summary>
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

    private static IQueryable<Document> Filtered(IQueryable<Document> documents, DocumentFilter filter, Reader reader)
    {
        documents = filter.IsOwn ? documents.Where(d => d.OwnerId == (reader.UserId ?? 0)) : documents;
        documents = filter.CollectionId is { } collection ? documents.Where(d => d.CollectionId == collection) : documents;
        return filter.IsOpen ? documents.Where(d => d.IndexedAt == null || d.IndexError != null) : documents;
    }

    private static IQueryable<DocumentRow> Rows(IQueryable<Document> documents) => documents.Select(d => new DocumentRow(
        d.Id, d.Title, d.Path, d.Format, d.File!.Size, d.PageCount, d.OwnerId, d.Owner!.UserName, d.Audience, d.CollectionId, d.Collection!.Name, d.CreatedAt,
        new DocumentProgress(d.IndexedAt, d.IndexError, d.ClaimedUntil, d.NextAttemptAt, d.Attempts, d.PagesRead, d.ChunksDone, d.ChunksTotal),
        d.Warnings, d.IsTruncated));
}
