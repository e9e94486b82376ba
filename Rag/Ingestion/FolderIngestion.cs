using Microsoft.EntityFrameworkCore;
using Pybo.Data;
using Pybo.Rag.Documents.Isolation;

namespace Pybo.Rag.Ingestion;

/// <summary>The progress of reading a folder.</summary>
public readonly record struct FolderProgress(int Done, int Total);

/// <summary>What happened to a folder's files: queued, or left unchanged.</summary>
/// <param name="New">Paths that are new.</param>
/// <param name="Changed">Paths whose bytes or readers have changed, and those that failed last time.</param>
/// <param name="Unchanged">Paths whose bytes are the same.</param>
/// <param name="Skipped">Files skipped on purpose.</param>
/// <param name="Failed">Files not queued, or queued before and unreadable.</param>
public sealed record FolderReport(
    IReadOnlyList<string> New, IReadOnlyList<string> Changed, IReadOnlyList<string> Unchanged,
    IReadOnlyList<FileProblem> Skipped, IReadOnlyList<FileProblem> Failed);

/// <summary>
/// Stores a folder's new and changed files in the database as documents and leaves their indexing to <see cref="Indexer"/>: the rows are the
/// queue, so a crash at any moment loses nothing. A file deleted from the folder stays a document.
/// </summary>
public sealed class FolderIngestion(IDbContextFactory<PyboDb> dbs, StorageLimits? limits = null)
{
    /// <summary>A larger file is refused with a message: no reader would take it.</summary>
    public static readonly long FileBytesMax = IsolatedDocumentReader.BytesMax;

    /// <summary>Why a stored file counts as failed: it is backing off after a transient failure and is still queued.</summary>
    public static readonly Notice RestsReason = Notice.Of(IngestionProblem.Rests);

    /// <summary>Why a file was not stored: a full disk, or the database's own limit.</summary>
    public static readonly Notice NoRoomReason = Notice.Of(IngestionProblem.NoRoom);

    /// <summary>The files, or bytes, after which a transaction ends: other writers wait no longer than that.</summary>
    private const int BatchFilesMax = 32;

    private const long BatchBytesMax = 8_000_000;

    /// <summary>Queues the folder's new and changed files.</summary>
    /// <param name="folder">The folder as given; document paths begin with it.</param>
    /// <param name="audience">Who may read them: everyone or members. Null leaves known documents and collections unchanged, and opens new ones to everyone.</param>
    /// <param name="collection">The name of the collection to put them into, created if missing; it takes the audience. Null leaves each where it is.</param>
    /// <param name="progress">Reported after each file.</param>
    /// <param name="ct">Stops between two files; stored files stay.</param>
    /// <exception cref="NoticeException">There is no such folder.</exception>
    public async Task<FolderReport> RunAsync(string folder, long? audience, string? collection, IProgress<FolderProgress>? progress, CancellationToken ct)
    {
        if (!Directory.Exists(folder))
        {
            throw new NoticeException(Notice.Of(IngestionProblem.NoFolder, folder));
        }

        var listing = FolderListing.Of(folder);
        var prefix = Prefix(folder);
        var outcome = new Outcome(audience, await CollectionAsync(collection, audience, ct),
            [.. listing.Skipped.Select(s => s with { Path = prefix + s.Path })],
            [.. listing.Failed.Select(f => f with { Path = prefix + f.Path })]);
        var batch = new List<FoundFile>();
        for (var at = 0; at < listing.Files.Count; at++)
        {
            if (await TryLookAsync(Path.Combine(folder, listing.Files[at]), prefix + listing.Files[at], outcome.Failed, ct) is { } file)
            {
                batch.Add(file);
            }

            if (batch.Count == BatchFilesMax || batch.Sum(f => f.Digest.Size) >= BatchBytesMax)
            {
                await PutAsync(batch, outcome, ct);
            }

            progress?.Report(new(at + 1, listing.Files.Count));
        }

        await PutAsync(batch, outcome, ct);
        return new(outcome.New, outcome.Changed, outcome.Unchanged, outcome.Skipped, outcome.Failed);
    }

    /// <summary>
    /// Returns the same report after the <see cref="Indexer"/> has run: files it could not read, or not yet, move from new, changed or unchanged to failed.
    /// </summary>
    public async Task<FolderReport> WithIndexErrorsAsync(FolderReport report, CancellationToken ct)
    {
        await using var db = await dbs.CreateDbContextAsync(ct);
        var errors = await db.Documents.Where(d => d.OwnerId == null && d.IndexedAt == null).ToDictionaryAsync(d => d.Path, d => d.IndexError ?? RestsReason.ToString(), ct);
        var failed = report.New.Concat(report.Changed).Concat(report.Unchanged).Where(errors.ContainsKey).Select(p => new FileProblem(p, errors[p]));
        return report with
        {
            New = [.. report.New.Where(p => !errors.ContainsKey(p))],
            Changed = [.. report.Changed.Where(p => !errors.ContainsKey(p))],
            Unchanged = [.. report.Unchanged.Where(p => !errors.ContainsKey(p))],
            Failed = [.. report.Failed.Concat(failed)],
        };
    }

    private static string Prefix(string folder) => folder.Replace(Path.DirectorySeparatorChar, '/').TrimEnd('/') + "/";

    /// <summary>Returns the command line's collection with this name, created if missing. Its existing documents take the audience if one is given.</summary>
    private async Task<Collection?> CollectionAsync(string? name, long? audience, CancellationToken ct)
    {
        if (name is null)
        {
            return null;
        }

        await using var db = await dbs.CreateDbContextAsync(ct);
        return await db.EnsureCollectionAsync(name, audience, ct);
    }

    /// <summary>Hashes a file. A bad file reports its reason and never stops the next. Its bytes are read once here, and again only if they are new.</summary>
    private static async Task<FoundFile?> TryLookAsync(string file, string path, List<FileProblem> failed, CancellationToken ct)
    {
        try
        {
            if (path.Length > Document.PathMax)
            {
                throw new NoticeException(Notice.Of(IngestionProblem.PathTooLong, Document.PathMax));
            }

            await using var content = Open(file);
            if (content.Length > FileBytesMax)
            {
                throw new NoticeException(Notice.Of(IngestionProblem.FileTooLarge, FileBytesMax / 1_000_000));
            }

            return new(path, file, await FileDigest.OfAsync(content, ct));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            failed.Add(new(path, FolderListing.Reason(error)));
            return null;
        }
    }

    private static FileStream Open(string file) =>
        new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1, FileOptions.Asynchronous | FileOptions.SequentialScan);

    private async Task PutAsync(List<FoundFile> batch, Outcome outcome, CancellationToken ct)
    {
        await using var db = await dbs.CreateDbContextAsync(ct);
        // Take the write lock before the lookup: otherwise two concurrent commands would both find a path new.
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var paths = batch.ConvertAll(f => f.Path);
        var known = await db.Documents.Where(d => d.OwnerId == null && paths.Contains(d.Path))
            .Select(d => new Known(d.Id, d.Path, d.FileId, d.File!.Hash, d.Audience, d.CollectionId, d.IndexError != null)).ToDictionaryAsync(k => k.Path, ct);
        foreach (var file in batch)
        {
            await PutAsync(db, file, known.GetValueOrDefault(file.Path), outcome, ct);
        }

        await transaction.CommitAsync(ct);
        batch.Clear();
    }

    private async Task PutAsync(PyboDb db, FoundFile file, Known? known, Outcome outcome, CancellationToken ct)
    {
        var isSame = known is not null && known.Hash.AsSpan().SequenceEqual(file.Digest.Hash);
        var isPlaced = known is not null
            && (outcome.Audience is null || known.Audience == outcome.Audience) && (outcome.Collection is null || known.CollectionId == outcome.Collection.Id);
        if (known is not null && !isPlaced && IsToStayClosed(known, outcome))
        {
            isPlaced = true;
            outcome.Skipped.Add(new(known.Path, Notice.Of(IngestionProblem.StaysClosed).ToString()));
        }

        if (isSame && isPlaced && !known!.HasFailed)
        {
            outcome.Unchanged.Add(file.Path);
            return;
        }

        var fileId = isSame ? known!.FileId : await TryStoreAsync(db, file, outcome.Failed, ct);
        if (fileId is null)
        {
            return;
        }

        if (known is null)
        {
            db.Documents.Add(new Document
            {
                Path = file.Path,
                Title = DocumentNames.Title(file.Path),
                FileId = fileId.Value,
                Audience = outcome.Collection?.Audience ?? outcome.Audience ?? Audience.Everyone,
                CollectionId = outcome.Collection?.Id,
            });
            await db.SaveChangesAsync(ct);
            outcome.New.Add(file.Path);
            return;
        }

        if (!isPlaced)
        {
            // Without a named collection only a different audience gets here: the document cannot stay in its collection, whose audience it had.
            await db.PlaceFolderDocumentAsync(known.Id, outcome.Collection?.Id, outcome.Collection?.Audience ?? outcome.Audience ?? known.Audience, ct);
        }

        if (!isSame || known.HasFailed)
        {
            await db.ReplaceFileAsync(known.Id, fileId.Value, ct);
        }

        outcome.Changed.Add(file.Path);
    }

    /// <summary>True if the collection is open to everyone but the document is not, and no audience is given: such a document stays closed.</summary>
    private static bool IsToStayClosed(Known known, Outcome outcome) =>
        outcome.Audience is null && outcome.Collection?.Audience == Audience.Everyone && known.Audience != Audience.Everyone;

    /// <summary>Copies a file into the database; null, with the reason reported, if it cannot be read or changed between the two reads.</summary>
    private async Task<long?> TryStoreAsync(PyboDb db, FoundFile file, List<FileProblem> failed, CancellationToken ct)
    {
        var storage = await db.StorageAsync(ct);
        if (!storage.HasRoomFor(file.Digest.Size, limits ?? StorageLimits.None))
        {
            failed.Add(new(file.Path, NoRoomReason.ToString()));
            return null;
        }

        const string Savepoint = "file";
        var transaction = db.Database.CurrentTransaction!;
        await transaction.CreateSavepointAsync(Savepoint, ct);
        try
        {
            await using var content = Open(file.File);
            return await db.StoreFileAsync(ownerId: null, file.Digest, content, ct);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            await transaction.RollbackToSavepointAsync(Savepoint, ct);
            db.ChangeTracker.Clear();
            failed.Add(new(file.Path, FolderListing.Reason(error)));
            return null;
        }
    }

    private sealed record FoundFile(string Path, string File, FileDigest Digest);

    private sealed record Known(long Id, string Path, long FileId, byte[] Hash, long Audience, long? CollectionId, bool HasFailed);

    private sealed record Outcome(long? Audience, Collection? Collection, List<FileProblem> Skipped, List<FileProblem> Failed)
    {
        public List<string> New { get; } = [];
        public List<string> Changed { get; } = [];
        public List<string> Unchanged { get; } = [];
    }
}
