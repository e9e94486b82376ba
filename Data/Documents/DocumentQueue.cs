using Microsoft.EntityFrameworkCore;

namespace Pybo.Data;

/// <summary>A document claimed from the queue, to be read now.</summary>
/// <param name="Key">Its revision is the one this claim raised: this claim cannot write the work of another.</param>
/// <param name="Name">The file's name or path.</param>
/// <param name="Characters">The length of its text when last read; null if it was never read.</param>
public sealed record ClaimedDocument(SourceKey Key, string Name, long FileId, long Size, int? Characters)
{
    /// <summary>The owner's id for the round robin, or <see cref="DocumentRounds.CommandLine"/>.</summary>
    public long Owner { get; init; }

    /// <inheritdoc cref="Document.GivenTitle"/>
    public string? GivenTitle { get; init; }
}

/// <summary>Why a document that was read is not indexed.</summary>
public enum IndexRefusal
{
    /// <summary>Its cost alone exceeds the limit per document.</summary>
    DocumentTooLong,

    /// <summary>It would put the member's documents over their quota.</summary>
    QuotaFull,

    /// <summary>The site has no room at the moment.</summary>
    NoRoom,
}

/// <summary>
/// The waiting documents, each claimed by one worker at a time, in any process. A claim is a time in the row that its holder extends while working; a
/// killed process extends nothing, and soon another takes the document again. Each attempt is counted before it begins, so that a
/// document that crashes its process is not read for ever. One that progresses between two crashes starts its count again.
/// </summary>
public static class DocumentQueue
{
    /// <summary>How long a claim is valid without a heartbeat, and thus how long a document waits after its process was killed.</summary>
    public static readonly TimeSpan ClaimTime = TimeSpan.FromSeconds(20);

    /// <summary>A document is put aside after this many attempts: the next would end the same.</summary>
    public const int AttemptsMax = 5;

    /// <summary>
    /// The limit for a member's document: some 2,500 pages. A small file can hold a long text (50 KB of DOCX held 41,932 chunks), and its chunks
    /// determine a document's cost: half a minute of embedding and 25 MB for every 10,000.
    /// </summary>
    public const int ChunksPerDocumentMax = 20_000;

    extension(PyboDb db)
    {
        /// <summary>Claims the first document that can be read now; null if there is none.</summary>
        /// <param name="isAlone">False while others are being read: then a previously attempted document is left for later, since it may have
        /// killed its process and would put the blame on the others too.</param>
        /// <param name="held">Documents the caller already has: one that has been put back is not claimed again before it is released.</param>
        /// <param name="now">The current time.</param>
        /// <param name="ct">Cancels without claiming.</param>
        /// <param name="charactersMax">A document with a longer known text is left for later.</param>
        /// <param name="rounds">Decides whose turn it is; null for row order.</param>
        /// <param name="isFull">Whether an owner has the maximum number of claimed documents; null if no owner has.</param>
        public async Task<ClaimedDocument?> ClaimDocumentAsync(
            bool isAlone, IReadOnlyCollection<long> held, DateTime now, CancellationToken ct, int charactersMax = int.MaxValue,
            DocumentRounds? rounds = null, Func<long, bool>? isFull = null)
        {
            // Polled every second: an idle check must not wait for a writer.
            if (!await Waiting(db, now).AnyAsync(ct))
            {
                return null;
            }

            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            var waiting = Waiting(db, now).Where(d => !held.Contains(d.Id) && (d.Characters == null || d.Characters <= charactersMax));
            var next = rounds is null ? await FirstAsync(waiting, ct) : null;
            List<long> owners = rounds is null ? [] : [.. (await db.WaitingOwnersAsync(ct)).Where(o => isFull?.Invoke(o) is not true).OrderBy(rounds.ServedAt).ThenBy(o => o)];
            foreach (var owner in owners)
            {
                long? ownerId = owner == DocumentRounds.CommandLine ? null : owner;
                if ((next = await FirstAsync(waiting.Where(d => d.OwnerId == ownerId), ct)) is not null)
                {
                    break;
                }
            }

            if (next is null || (!isAlone && next.Attempts > 0))
            {
                return null;
            }

            await db.Documents.Where(d => d.Id == next.Id).ExecuteUpdateAsync(set => set
                .SetProperty(d => d.Revision, next.Revision + 1)
                .SetProperty(d => d.Attempts, next.Attempts + 1)
                .SetProperty(d => d.ClaimedUntil, now + ClaimTime)
                .SetProperty(d => d.NextAttemptAt, (DateTime?)null)
                .SetProperty(d => d.PagesRead, 0)
                .SetProperty(d => d.ChunksDone, 0)
                .SetProperty(d => d.ChunksTotal, 0), ct);
            await transaction.CommitAsync(ct);
            rounds?.Serve(next.Owner);
            return new(new SourceKey(PassageKind.Document, next.Id, next.Revision + 1, next.Attempts + 1), next.Path, next.FileId, next.Size, next.Characters)
            {
                Owner = next.Owner,
                GivenTitle = next.GivenTitle,
            };
        }

        /// <summary>Reserves a read document's cost in its owner's quota and the site's room, before its first word is written.</summary>
        /// <param name="document">The document at the current attempt.</param>
        /// <param name="cost">The document's cost: <see cref="Document.Chunks"/>.</param>
        /// <param name="limits">A document from the command line counts only against the site's room.</param>
        /// <param name="ct">Cancels without reserving.</param>
        /// <returns>Null if it is reserved, or the attempt was given up.</returns>
        public async Task<IndexRefusal?> ReserveAsync(SourceKey document, int cost, StorageLimits limits, CancellationToken ct)
        {
            // A write transaction from the start, so that two documents do not both take the last room.
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            if (await Attempt(db, document).Select(d => new { d.OwnerId, d.Chunks }).SingleOrDefaultAsync(ct) is not { } row)
            {
                return null;
            }

            if (row.OwnerId is { } owner)
            {
                if (cost > ChunksPerDocumentMax)
                {
                    return IndexRefusal.DocumentTooLong;
                }

                var others = await db.Documents.Where(d => d.OwnerId == owner && d.Id != document.Id).SumAsync(d => (long)d.Chunks, ct);
                if (others + cost > limits.ChunksPerMemberMax)
                {
                    return IndexRefusal.QuotaFull;
                }
            }

            var storage = await db.StorageAsync(ct);
            if (!storage.HasRoomFor(Math.Max(0, cost - row.Chunks) * SiteStorage.BytesPerChunk, limits))
            {
                return IndexRefusal.NoRoom;
            }

            // During a reread its old chunks are still there.
            await Attempt(db, document).ExecuteUpdateAsync(set => set.SetProperty(d => d.Chunks, Math.Max(cost, row.Chunks)), ct);
            await transaction.CommitAsync(ct);
            return null;
        }

        /// <summary>Makes a document wait for room without counting the attempt.</summary>
        public Task<int> WaitForRoomAsync(SourceKey document, DateTime nextAttemptAt, CancellationToken ct) => Attempt(db, document).ExecuteUpdateAsync(set => set
            .SetProperty(d => d.NextAttemptAt, nextAttemptAt).SetProperty(d => d.ClaimedUntil, (DateTime?)null).SetProperty(d => d.Attempts, d => d.Attempts - 1), ct);

        /// <summary>Returns the owners with queued documents, each found by one index lookup.</summary>
        private Task<List<long>> WaitingOwnersAsync(CancellationToken ct) => db.Database.SqlQuery<long>($"""
            with recursive owners(Id) as (
                select min(OwnerId) from Documents where IndexedAt is null and IndexError is null
                union all
                select (select min(d.OwnerId) from Documents d where d.IndexedAt is null and d.IndexError is null and d.OwnerId > o.Id) from owners o where o.Id is not null)
            select Id Value from owners where Id is not null
            union all
            select {DocumentRounds.CommandLine} where exists (select 1 from Documents where IndexedAt is null and IndexError is null and OwnerId is null)
            """).ToListAsync(ct);

        /// <summary>Renews a document's claim and saves its reading progress.</summary>
        /// <returns>False if the attempt was given up: the document was changed, deleted, or claimed by another.</returns>
        public async Task<bool> TellProgressAsync(SourceKey document, int pagesRead, DateTime now, CancellationToken ct) => await Attempt(db, document)
            .ExecuteUpdateAsync(set => set.SetProperty(d => d.PagesRead, pagesRead).SetProperty(d => d.ClaimedUntil, now + ClaimTime), ct) == 1;

        /// <summary>Saves that a document was read, and how much of it remains to be embedded.</summary>
        public Task<int> BeginEmbeddingAsync(SourceKey document, int chunksDone, int chunksTotal, CancellationToken ct) => Attempt(db, document)
            .ExecuteUpdateAsync(set => set.SetProperty(d => d.ChunksDone, chunksDone).SetProperty(d => d.ChunksTotal, chunksTotal), ct);

        /// <summary>Returns the failed attempts, including this one; null if it was given up. Lower than at the claim if a stage has since been written.</summary>
        public Task<int?> AttemptsAsync(SourceKey document, CancellationToken ct) => Attempt(db, document).Select(d => (int?)d.Attempts).SingleOrDefaultAsync(ct);

        /// <summary>Backs a document off after a transient failure.</summary>
        public Task<int> RestDocumentAsync(SourceKey document, DateTime nextAttemptAt, CancellationToken ct) => Attempt(db, document)
            .ExecuteUpdateAsync(set => set.SetProperty(d => d.ClaimedUntil, (DateTime?)null).SetProperty(d => d.NextAttemptAt, nextAttemptAt), ct);

        /// <summary>Releases a document that was not read to its end through no fault of its own, as when the process ends.</summary>
        public Task<int> ReleaseDocumentAsync(SourceKey document, CancellationToken ct) => Attempt(db, document)
            .ExecuteUpdateAsync(set => set.SetProperty(d => d.ClaimedUntil, (DateTime?)null).SetProperty(d => d.Attempts, d => d.Attempts - 1), ct);

        /// <summary>Returns a read document to the queue for lack of room: keeps its known text length and does not count the attempt.</summary>
        public Task<int> PostponeDocumentAsync(SourceKey document, int? characters, CancellationToken ct) => Attempt(db, document).ExecuteUpdateAsync(set => set
            .SetProperty(d => d.Characters, characters).SetProperty(d => d.ClaimedUntil, (DateTime?)null).SetProperty(d => d.Attempts, d => d.Attempts - 1), ct);

        /// <summary>Returns whether a document can be read now.</summary>
        public Task<bool> IsDocumentWaitingAsync(DateTime now, CancellationToken ct) => Waiting(db, now).AnyAsync(ct);

        /// <summary>Returns whether another process is working on a document, or was a moment ago.</summary>
        public Task<bool> IsDocumentClaimedAsync(DateTime now, CancellationToken ct) =>
            db.Documents.AnyAsync(d => d.IndexedAt == null && d.IndexError == null && d.ClaimedUntil > now, ct);

        /// <summary>Keeps the passages of a previous attempt that this attempt would write again.</summary>
        /// <param name="document">The document at this attempt.</param>
        /// <param name="passages">The passages this attempt would write.</param>
        /// <param name="modelId">The model of the chunks.</param>
        /// <param name="ct">Cancels.</param>
        /// <returns>How many passages at the beginning can be kept; the others are removed. Null if this attempt was given up: nothing is removed.</returns>
        public async Task<int?> KeepWrittenPassagesAsync(SourceKey document, IReadOnlyList<NewPassage> passages, long? modelId, CancellationToken ct)
        {
            var kept = 0;
            var written = db.Passages.Where(p => p.DocumentId == document.Id && p.Audience == Audience.Nobody);
            await foreach (var row in written.OrderBy(p => p.Ordinal)
                .Select(p => new { p.Ordinal, p.Title, p.Heading, p.Text, p.Start, p.Page, HasChunks = p.Chunks.Any(c => c.ModelId == modelId) }).AsAsyncEnumerable().WithCancellation(ct))
            {
                var isSame = kept < passages.Count && row.Ordinal == kept && row.HasChunks == modelId is not null
                    && passages[kept] is var again && (again.Title, again.Heading, again.Text, again.Start, again.Page) == (row.Title, row.Heading, row.Text, row.Start, row.Page);
                if (!isSame)
                {
                    break;
                }

                kept++;
            }

            // Compared outside the transaction: while this attempt is current, no other process adds to them.
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            if (!await Attempt(db, document).AnyAsync(ct))
            {
                return null;
            }

            await written.Where(p => p.Ordinal >= kept).ExecuteDeleteAsync(ct);
            await transaction.CommitAsync(ct);
            return kept;
        }
    }

    private static Task<NextDocument?> FirstAsync(IQueryable<Document> waiting, CancellationToken ct) => waiting.OrderBy(d => d.Id)
        .Select(d => new NextDocument(d.Id, d.OwnerId ?? DocumentRounds.CommandLine, d.Revision, d.Attempts, d.Path, d.FileId, d.File!.Size, d.Characters, d.GivenTitle)).FirstOrDefaultAsync(ct);

    private sealed record NextDocument(long Id, long Owner, int Revision, int Attempts, string Path, long FileId, long Size, int? Characters, string? GivenTitle);

    internal static IQueryable<Document> Waiting(PyboDb db, DateTime now) => db.Documents
        .Where(d => d.IndexedAt == null && d.IndexError == null && (d.ClaimedUntil == null || d.ClaimedUntil <= now) && (d.NextAttemptAt == null || d.NextAttemptAt <= now));

    /// <summary>Returns the row while this attempt is the current one.</summary>
    internal static IQueryable<Document> Attempt(PyboDb db, SourceKey document) =>
        db.Documents.Where(d => d.Id == document.Id && d.Revision == document.Revision);
}
