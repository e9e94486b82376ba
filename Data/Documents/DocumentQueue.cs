using Microsoft.EntityFrameworkCore;

namespace Pybo.Data;

/// <summary>A document that was taken out of the queue, to be read now.</summary>
/// <param name="Key">At the revision that this claim raised: what another claim began is not written by this one.</param>
/// <param name="Name">The file's name or path.</param>
/// <param name="Characters">The length of its text as it was read the last time; null where it never was.</param>
public sealed record ClaimedDocument(SourceKey Key, string Name, long FileId, long Size, int? Characters)
{
    /// <summary>Whose turn it was: the owner's id, or <see cref="DocumentRounds.CommandLine"/>.</summary>
    public long Owner { get; init; }
}

/// <summary>Why a document that was read is not indexed.</summary>
public enum IndexRefusal
{
    /// <summary>It alone costs more than a member's document may.</summary>
    DocumentTooLong,

    /// <summary>With it the member's documents would cost more than a member may have.</summary>
    QuotaFull,

    /// <summary>The site has no room now.</summary>
    NoRoom,
}

/// <summary>
/// The documents that wait, taken by one worker at a time, in whatever process. A claim is a time in the row that its holder moves on while at work; a
/// process that is killed moves nothing, and soon another takes the document again. Each attempt is counted before it begins, so that a
/// document that takes its process down with it is not read for ever. One that comes forward between two crashes begins to count anew.
/// </summary>
public static class DocumentQueue
{
    /// <summary>How long a claim is believed without a sign of life, and thus how long a document rests after its process was killed.</summary>
    public static readonly TimeSpan ClaimTime = TimeSpan.FromSeconds(20);

    /// <summary>After so many attempts a document is put aside: its next would end like those before.</summary>
    public const int AttemptsMax = 5;

    /// <summary>
    /// Of a member's document: some 2,500 pages. A small file can hold a long text (50 KB of DOCX held 41,932 chunks), and its chunks are what a
    /// document costs: half a minute of embedding and 25 MB for every 10,000.
    /// </summary>
    public const int ChunksPerDocumentMax = 20_000;

    extension(PyboDb db)
    {
        /// <summary>Takes the first document that is to be read now; null where there is none.</summary>
        /// <param name="isAlone">False while others are being read: then a document that an attempt was made at is left for later, since it may have
        /// killed its process, and would have the blame fall on the others too.</param>
        /// <param name="held">Documents that the taker has already: one that was put back meanwhile is not taken again before it is let go.</param>
        /// <param name="now">The present.</param>
        /// <param name="ct">Cancels; nothing is taken then.</param>
        /// <param name="charactersMax">One whose text is known to be longer is left for later.</param>
        /// <param name="rounds">Whose turn it is; null for the order of the rows.</param>
        /// <param name="isFull">Whether an owner has as many documents taken as one may; null where none has.</param>
        public async Task<ClaimedDocument?> ClaimDocumentAsync(
            bool isAlone, IReadOnlyCollection<long> held, DateTime now, CancellationToken ct, int charactersMax = int.MaxValue,
            DocumentRounds? rounds = null, Func<long, bool>? isFull = null)
        {
            // Looked at every second: nothing to do must not wait for a writer.
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
            return new(new SourceKey(PassageKind.Document, next.Id, next.Revision + 1, next.Attempts + 1), next.Path, next.FileId, next.Size, next.Characters) { Owner = next.Owner };
        }

        /// <summary>Takes what a document that was read will cost out of its owner's quota and the site's room, before the first word of it is written.</summary>
        /// <param name="document">At the present attempt.</param>
        /// <param name="cost"><see cref="Document.Chunks"/>.</param>
        /// <param name="limits">A document of the command line counts against the site's room alone.</param>
        /// <param name="ct">Cancels; nothing is taken then.</param>
        /// <returns>Null where it is taken, or the attempt was given up.</returns>
        public async Task<IndexRefusal?> ReserveAsync(SourceKey document, int cost, StorageLimits limits, CancellationToken ct)
        {
            // A write transaction from its beginning, so that two documents do not both take the last of it.
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

            // While it is read again its old chunks are still there.
            await Attempt(db, document).ExecuteUpdateAsync(set => set.SetProperty(d => d.Chunks, Math.Max(cost, row.Chunks)), ct);
            await transaction.CommitAsync(ct);
            return null;
        }

        /// <summary>Lets a document wait until there is room: the attempt does not count.</summary>
        public Task<int> WaitForRoomAsync(SourceKey document, DateTime nextAttemptAt, CancellationToken ct) => Attempt(db, document).ExecuteUpdateAsync(set => set
            .SetProperty(d => d.NextAttemptAt, nextAttemptAt).SetProperty(d => d.ClaimedUntil, (DateTime?)null).SetProperty(d => d.Attempts, d => d.Attempts - 1), ct);

        /// <summary>Those who have a document in the queue, each found by one look into its index.</summary>
        private Task<List<long>> WaitingOwnersAsync(CancellationToken ct) => db.Database.SqlQuery<long>($"""
            with recursive owners(Id) as (
                select min(OwnerId) from Documents where IndexedAt is null and IndexError is null
                union all
                select (select min(d.OwnerId) from Documents d where d.IndexedAt is null and d.IndexError is null and d.OwnerId > o.Id) from owners o where o.Id is not null)
            select Id Value from owners where Id is not null
            union all
            select {DocumentRounds.CommandLine} where exists (select 1 from Documents where IndexedAt is null and IndexError is null and OwnerId is null)
            """).ToListAsync(ct);

        /// <summary>Says that a document is still being worked at, and how far its reading is.</summary>
        /// <returns>False where the attempt was given up meanwhile: the document was changed, deleted, or taken by another.</returns>
        public async Task<bool> TellProgressAsync(SourceKey document, int pagesRead, DateTime now, CancellationToken ct) => await Attempt(db, document)
            .ExecuteUpdateAsync(set => set.SetProperty(d => d.PagesRead, pagesRead).SetProperty(d => d.ClaimedUntil, now + ClaimTime), ct) == 1;

        /// <summary>Says that a document was read, and how much of it is to be embedded.</summary>
        public Task<int> BeginEmbeddingAsync(SourceKey document, int chunksDone, int chunksTotal, CancellationToken ct) => Attempt(db, document)
            .ExecuteUpdateAsync(set => set.SetProperty(d => d.ChunksDone, chunksDone).SetProperty(d => d.ChunksTotal, chunksTotal), ct);

        /// <summary>Attempts that came to nothing, with this one; null where it was given up. Fewer than when it was claimed where a stage was written since.</summary>
        public Task<int?> AttemptsAsync(SourceKey document, CancellationToken ct) => Attempt(db, document).Select(d => (int?)d.Attempts).SingleOrDefaultAsync(ct);

        /// <summary>Lets a document rest after a failure that may pass by itself.</summary>
        public Task<int> RestDocumentAsync(SourceKey document, DateTime nextAttemptAt, CancellationToken ct) => Attempt(db, document)
            .ExecuteUpdateAsync(set => set.SetProperty(d => d.ClaimedUntil, (DateTime?)null).SetProperty(d => d.NextAttemptAt, nextAttemptAt), ct);

        /// <summary>Gives a document back that was not read to its end for a reason that is not its own, as at the end of the process.</summary>
        public Task<int> ReleaseDocumentAsync(SourceKey document, CancellationToken ct) => Attempt(db, document)
            .ExecuteUpdateAsync(set => set.SetProperty(d => d.ClaimedUntil, (DateTime?)null).SetProperty(d => d.Attempts, d => d.Attempts - 1), ct);

        /// <summary>Gives a document back that was read and finds no room: how long its text is stays known, and the attempt does not count.</summary>
        public Task<int> PostponeDocumentAsync(SourceKey document, int? characters, CancellationToken ct) => Attempt(db, document).ExecuteUpdateAsync(set => set
            .SetProperty(d => d.Characters, characters).SetProperty(d => d.ClaimedUntil, (DateTime?)null).SetProperty(d => d.Attempts, d => d.Attempts - 1), ct);

        /// <summary>Whether a document is to be read now.</summary>
        public Task<bool> IsDocumentWaitingAsync(DateTime now, CancellationToken ct) => Waiting(db, now).AnyAsync(ct);

        /// <summary>Whether another process is at work on a document, or was a moment ago.</summary>
        public Task<bool> IsDocumentClaimedAsync(DateTime now, CancellationToken ct) =>
            db.Documents.AnyAsync(d => d.IndexedAt == null && d.IndexError == null && d.ClaimedUntil > now, ct);

        /// <summary>What was written of a document by an attempt before this one, of which as much is kept as it would write again.</summary>
        /// <param name="document">This attempt.</param>
        /// <param name="passages">What it would write.</param>
        /// <param name="modelId">The model of the chunks.</param>
        /// <param name="ct">Cancels.</param>
        /// <returns>How many passages of the beginning need not be made again; the others are removed. Null where this attempt was given up: nothing is removed.</returns>
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

            // Compared outside of the transaction: while this attempt is the present one nobody else adds to them.
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
        .Select(d => new NextDocument(d.Id, d.OwnerId ?? DocumentRounds.CommandLine, d.Revision, d.Attempts, d.Path, d.FileId, d.File!.Size, d.Characters)).FirstOrDefaultAsync(ct);

    private sealed record NextDocument(long Id, long Owner, int Revision, int Attempts, string Path, long FileId, long Size, int? Characters);

    internal static IQueryable<Document> Waiting(PyboDb db, DateTime now) => db.Documents
        .Where(d => d.IndexedAt == null && d.IndexError == null && (d.ClaimedUntil == null || d.ClaimedUntil <= now) && (d.NextAttemptAt == null || d.NextAttemptAt <= now));

    /// <summary>The row, as long as this attempt is the present one.</summary>
    internal static IQueryable<Document> Attempt(PyboDb db, SourceKey document) =>
        db.Documents.Where(d => d.Id == document.Id && d.Revision == document.Revision);
}
