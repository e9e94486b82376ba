using Microsoft.EntityFrameworkCore;
using Pybo.Data;
using Pybo.Rag.Documents;
using Pybo.Rag.Documents.Enclosed;
using Pybo.Rag.Documents.Isolation;
using Pybo.Rag.Documents.Recognition;

namespace Pybo.Rag.Ingestion;

/// <summary>The progress of reading a folder.</summary>
public readonly record struct FolderProgress(int Done, int Total);

/// <summary>What happened to a folder's files: queued, or left unchanged. Paths are as the folder was given.</summary>
/// <param name="New">Paths that are new.</param>
/// <param name="Changed">Paths whose bytes or readers have changed, and those that failed last time.</param>
/// <param name="Unchanged">Paths whose bytes are the same.</param>
/// <param name="Skipped">Files skipped on purpose.</param>
/// <param name="Failed">Files not queued, or queued before and unreadable.</param>
public sealed record FolderReport(
    IReadOnlyList<string> New, IReadOnlyList<string> Changed, IReadOnlyList<string> Unchanged,
    IReadOnlyList<FileProblem> Skipped, IReadOnlyList<FileProblem> Failed)
{
    /// <summary>Files that were read and have no text, with the reason.</summary>
    public IReadOnlyList<FileProblem> Empty { get; init; } = [];

    /// <summary>Parts of new and changed files that could not be read.</summary>
    public IReadOnlyList<FileProblem> Warnings { get; init; } = [];

    /// <summary>Documents whose file is gone from the folder: removed if that was asked for, otherwise still there.</summary>
    public IReadOnlyList<string> Gone { get; init; } = [];

    /// <summary>True if nothing in the folder has changed.</summary>
    public bool IsSame => New.Count == 0 && Changed.Count == 0 && Gone.Count == 0;

    /// <summary>The real path of each path.</summary>
    internal IReadOnlyDictionary<string, string> Sources { get; init; } = new Dictionary<string, string>();
}

/// <summary>How a folder is put into the database.</summary>
/// <param name="Audience">Who may read its documents: everyone or members. Null leaves known documents and collections unchanged, and opens new ones to everyone.</param>
/// <param name="Collection">The name of the collection to put them into, created if missing; it takes the audience. Null leaves each where it is.</param>
/// <param name="Prunes">True to remove documents whose file is gone.</param>
public sealed record FolderOrder(long? Audience = null, string? Collection = null, bool Prunes = false);

/// <summary>
/// Stores a folder's new and changed files in the database as documents and leaves their indexing to <see cref="Indexer"/>: the rows are the
/// queue, so a crash at any moment loses nothing.
/// </summary>
/// <remarks>
/// A document is known by its file's real path, so a folder given in another way, or a link, makes no second document. A text that is closed under one name is not
/// opened by another one. An archive is like a folder: its files are documents, known by the archive's real path and their names in it.
/// </remarks>
public sealed class FolderIngestion(IDbContextFactory<PyboDb> dbs, UnwrapFile unwrap, StorageLimits? limits = null, PageRecogniser? recogniser = null)
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

    /// <summary>Hashes by real path, so that a watched folder is not read again for every change.</summary>
    private readonly Dictionary<string, (DateTime Changed, FileDigest Digest)> hashed = [];

    /// <summary>What archives contain, by real path, for the same reason.</summary>
    private readonly Dictionary<string, (DateTime Changed, long Size, ArchiveListing Listing)> listed = [];

    /// <summary>Queues the folder's new and changed files.</summary>
    /// <param name="folder">The folder as given.</param>
    /// <param name="order">What to do with them.</param>
    /// <param name="progress">Reported after each file.</param>
    /// <param name="ct">Stops between two files; stored files stay.</param>
    /// <exception cref="NoticeException">There is no such folder.</exception>
    public async Task<FolderReport> RunAsync(string folder, FolderOrder order, IProgress<FolderProgress>? progress, CancellationToken ct)
    {
        if (!Directory.Exists(folder))
        {
            throw new NoticeException(Notice.Of(IngestionProblem.NoFolder, folder));
        }

        var listing = FolderListing.Of(folder, recogniser is null ? null : await recogniser.MissingAsync(ct));
        var (prefix, root) = (Prefix(folder), RealPath.Of(folder));
        var outcome = new Outcome(order.Audience, await CollectionAsync(order.Collection, order.Audience, ct),
            [.. listing.Skipped.Select(s => s with { Path = prefix + s.Path })],
            [.. listing.Failed.Select(f => f with { Path = prefix + f.Path })]);
        var batch = new List<FoundFile>();
        for (var at = 0; at < listing.Files.Count; at++)
        {
            var (name, path, shown) = (Path.Combine(folder, listing.Files[at]), prefix + listing.Files[at], Shown(root, listing.Files[at]));
            if (ZipFiles.HasExtension(name) && await IsArchiveAsync(name, ct))
            {
                await PutAsync(batch, outcome, ct);
                await PutArchiveAsync(name, path, shown, outcome, ct);
            }
            else if (await TryLookAsync(name, path, shown, outcome, ct) is { } file)
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
        var gone = await GoneAsync(root, prefix, isEmpty: listing.Files.Count == 0, order.Prunes, outcome, ct);
        return new(outcome.New, outcome.Changed, outcome.Unchanged, outcome.Skipped, outcome.Failed) { Gone = gone, Sources = outcome.Sources };
    }

    /// <summary>
    /// Returns the same report after the <see cref="Indexer"/> has run: files it could not read, or not yet, move from new, changed or unchanged to failed, those without
    /// text to empty.
    /// </summary>
    public async Task<FolderReport> WithReadingAsync(FolderReport report, CancellationToken ct)
    {
        await using var db = await dbs.CreateDbContextAsync(ct);
        var read = db.Documents.Where(d => d.OwnerId == null && d.SourcePath != null && (d.IndexedAt == null || d.Characters == 0 || d.Warnings != ""))
            .Select(d => new { d.SourcePath, d.IndexedAt, d.IndexError, d.Characters, d.Warnings });
        var told = await read.ToDictionaryAsync(d => d.SourcePath!, ct);
        var (failed, empty, warnings) = (new List<FileProblem>(), new List<FileProblem>(), new List<FileProblem>());
        var fresh = report.New.Concat(report.Changed).ToHashSet();
        foreach (var path in fresh.Concat(report.Unchanged))
        {
            if (!told.TryGetValue(report.Sources[path], out var document))
            {
                continue;
            }

            var warned = document.Warnings.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            if (document.IndexedAt is null)
            {
                failed.Add(new(path, document.IndexError ?? RestsReason.ToString()));
            }
            else if (document.Characters == 0)
            {
                empty.Add(new(path, warned is [var first, ..] ? first : Notice.Of(ReadingProblem.NoText).ToString()));
            }
            else if (fresh.Contains(path))
            {
                warnings.AddRange(warned.Select(warning => new FileProblem(path, warning)));
            }
        }

        var others = failed.Concat(empty).Select(problem => problem.Path).ToHashSet();
        return report with
        {
            New = [.. report.New.Where(p => !others.Contains(p))],
            Changed = [.. report.Changed.Where(p => !others.Contains(p))],
            Unchanged = [.. report.Unchanged.Where(p => !others.Contains(p))],
            Failed = [.. report.Failed, .. failed],
            Empty = empty,
            Warnings = warnings,
        };
    }

    private static string Prefix(string folder) => folder.Replace(Path.DirectorySeparatorChar, '/').TrimEnd('/') + "/";

    /// <summary>Returns the path that readers see: it begins with the folder's own name, since the way there is the server's.</summary>
    private static string Shown(string root, string relative) => Path.GetFileName(root) is { Length: > 0 } name ? $"{name}/{relative}" : relative;

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
    private async Task<FoundFile?> TryLookAsync(string file, string path, string shown, Outcome outcome, CancellationToken ct)
    {
        try
        {
            var source = RealPath.Of(file);
            if (outcome.Names.TryGetValue(source, out var other))
            {
                outcome.Skipped.Add(new(path, Notice.Of(IngestionProblem.SecondName, other).ToString()));
                return null;
            }

            await using var content = Open(file);
            if (content.Length > FileBytesMax)
            {
                throw new NoticeException(Notice.Of(IngestionProblem.FileTooLarge, FileBytesMax / 1_000_000));
            }

            var changed = File.GetLastWriteTimeUtc(content.SafeFileHandle);
            if (!hashed.TryGetValue(source, out var known) || known.Changed != changed || known.Digest.Size != content.Length)
            {
                known = (changed, await FileDigest.OfAsync(content, ct));
                hashed[source] = known;
            }

            if (outcome.TryName(source, path, shown) is { } problem)
            {
                throw new NoticeException(problem);
            }

            return new(path, shown, _ => Task.FromResult<Stream>(Open(file)), source, known.Digest);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            outcome.Failed.Add(new(path, FolderListing.Reason(error)));
            return null;
        }
    }

    /// <summary>Returns whether a file named like an archive is one; false also if it cannot be opened, which looking at it reports.</summary>
    private static async Task<bool> IsArchiveAsync(string file, CancellationToken ct)
    {
        try
        {
            await using var content = Open(file);
            var head = new byte[Unwrapping.HeadBytes];
            return ZipFiles.IsOne(head.AsSpan(0, await content.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, ct)), file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Queues the new and changed files of an archive, and says which of its files are not taken. It is unpacked once, and only if it has changed or a file is new.</summary>
    private async Task PutArchiveAsync(string file, string path, string shown, Outcome outcome, CancellationToken ct)
    {
        await using var archive = new OpenArchive(file, unwrap);
        if (await TryListAsync(archive, path, outcome, ct) is not var (source, listing) || listing is null)
        {
            return;
        }

        var batch = new List<FoundFile>();
        foreach (var (name, digest) in listing.Files)
        {
            var found = new FoundFile($"{path}/{name}", $"{shown}/{name}", token => archive.OpenAsync(name, token), $"{source}/{name}", digest);
            if (outcome.TryName(found.Source, found.Path, found.Shown) is { } problem)
            {
                outcome.Failed.Add(new(found.Path, problem.ToString()));
                continue;
            }

            batch.Add(found);
            if (batch.Count == BatchFilesMax || batch.Sum(f => f.Digest.Size) >= BatchBytesMax)
            {
                await PutAsync(batch, outcome, ct);
            }
        }

        await PutAsync(batch, outcome, ct);
        foreach (var (name, reason) in listing.Refused)
        {
            // It is there, and a document of an earlier version of it stays.
            outcome.Names.TryAdd($"{source}/{name}", $"{path}/{name}");
        }

        var kinds = listing.Refused.Where(file => OtherKinds.IsReason(file.Reason)).ToList();
        outcome.Failed.AddRange(listing.Refused.Except(kinds).Select(file => new FileProblem($"{path}/{file.Name}", file.Reason.ToString())));
        outcome.Skipped.AddRange(FolderListing.Named([.. kinds.Select(file => new FileProblem($"{path}/{file.Name}", file.Reason.ToString()))]));
        if (listing.Ignored > 0)
        {
            outcome.Skipped.Add(new(path, Notice.Of(IngestionProblem.SystemFiles, listing.Ignored).ToString()));
        }
    }

    /// <summary>Lists an archive; null, with the reason reported, if it cannot be unpacked: then its documents stay.</summary>
    private async Task<(string Source, ArchiveListing Listing)?> TryListAsync(OpenArchive archive, string path, Outcome outcome, CancellationToken ct)
    {
        var source = "";
        try
        {
            source = RealPath.Of(archive.File);
            if (outcome.Names.TryGetValue(source, out var other))
            {
                outcome.Skipped.Add(new(path, Notice.Of(IngestionProblem.SecondName, other).ToString()));
                return null;
            }

            outcome.Names.Add(source, path);
            var info = new FileInfo(source);
            if (!listed.TryGetValue(source, out var known) || (known.Changed, known.Size) != (info.LastWriteTimeUtc, info.Length))
            {
                known = (info.LastWriteTimeUtc, info.Length, await archive.ListAsync(ct));
                listed[source] = known;
            }

            return (source, known.Listing);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or DocumentUnreadableException)
        {
            outcome.Unread.Add(source + '/');
            outcome.Failed.Add(new(path, error is DocumentUnreadableException unreadable ? unreadable.Notice.ToString() : FolderListing.Reason(error)));
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
        var (sources, paths) = (batch.ConvertAll(f => f.Source), batch.ConvertAll(f => f.Path));
        // Documents of versions that did not keep the real path are known by the path that was given.
        var known = await db.Documents.Where(d => d.OwnerId == null && (sources.Contains(d.SourcePath!) || (d.SourcePath == null && paths.Contains(d.Path))))
            .Select(d => new Known(d.Id, d.SourcePath, d.Path, d.FileId, d.File!.Hash, d.Audience, d.CollectionId, d.IndexError != null)).ToListAsync(ct);
        foreach (var file in batch)
        {
            await PutAsync(db, file, known.Find(k => k.SourcePath == file.Source) ?? known.Find(k => k.SourcePath is null && k.Path == file.Path), outcome, ct);
        }

        await transaction.CommitAsync(ct);
        batch.Clear();
    }

    private async Task PutAsync(PyboDb db, FoundFile file, Known? known, Outcome outcome, CancellationToken ct)
    {
        if (known is { SourcePath: null })
        {
            await db.Documents.Where(d => d.Id == known.Id).ExecuteUpdateAsync(set => set.SetProperty(d => d.SourcePath, file.Source).SetProperty(d => d.Path, file.Shown), ct);
        }

        var isSame = known is not null && known.Hash.AsSpan().SequenceEqual(file.Digest.Hash);
        var isPlaced = known is not null
            && (outcome.Audience is null || known.Audience == outcome.Audience) && (outcome.Collection is null || known.CollectionId == outcome.Collection.Id);
        if (known is not null && !isPlaced && IsToStayClosed(known, outcome))
        {
            isPlaced = true;
            outcome.Skipped.Add(new(file.Path, Notice.Of(IngestionProblem.StaysClosed).ToString()));
        }

        var audience = outcome.Collection?.Audience ?? outcome.Audience ?? known?.Audience ?? Audience.Everyone;
        if (audience == Audience.Everyone && (known is null || !isSame || !isPlaced) && await ClosedNameAsync(db, file, known, ct) is { } closed)
        {
            outcome.Skipped.Add(new(file.Path, Notice.Of(IngestionProblem.ClosedElsewhere, closed).ToString()));
            return;
        }

        // Words are made from the path that readers see.
        var isRenamed = known is { SourcePath: null } && known.Path != file.Shown;
        if (isSame && isPlaced && !known!.HasFailed && !isRenamed)
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
                Path = file.Shown,
                SourcePath = file.Source,
                Title = DocumentNames.Title(file.Shown),
                FileId = fileId.Value,
                Audience = audience,
                CollectionId = outcome.Collection?.Id,
            });
            await db.SaveChangesAsync(ct);
            outcome.New.Add(file.Path);
            return;
        }

        if (!isPlaced)
        {
            // Without a named collection only a different audience gets here: the document cannot stay in its collection, whose audience it had.
            await db.PlaceFolderDocumentAsync(known.Id, outcome.Collection?.Id, audience, ct);
        }

        if (!isSame || known.HasFailed || isRenamed)
        {
            await db.ReplaceFileAsync(known.Id, fileId.Value, ct);
        }

        outcome.Changed.Add(file.Path);
    }

    /// <summary>Returns the path of a document of the command line with the same bytes that is closed; null if there is none.</summary>
    private static Task<string?> ClosedNameAsync(PyboDb db, FoundFile file, Known? known, CancellationToken ct)
    {
        var (hash, id) = (file.Digest.Hash, known?.Id ?? 0);
        return db.Documents.Where(d => d.OwnerId == null && d.Id != id && d.Audience != Audience.Everyone && d.File!.Hash == hash).OrderBy(d => d.Id).Select(d => d.Path).FirstOrDefaultAsync(ct);
    }

    /// <summary>Finds the documents of the folder whose file is gone, and removes them if that was asked for.</summary>
    private async Task<IReadOnlyList<string>> GoneAsync(string root, string prefix, bool isEmpty, bool prunes, Outcome outcome, CancellationToken ct)
    {
        await using var db = await dbs.CreateDbContextAsync(ct);
        var inside = RealPath.Inside(root);
        var stored = await db.Documents.Where(d => d.OwnerId == null && (d.SourcePath!.StartsWith(inside) || (d.SourcePath == null && d.Path.StartsWith(prefix))))
            .OrderBy(d => d.Path).Select(d => new { d.Id, d.SourcePath, d.Path }).ToListAsync(ct);
        var gone = stored.FindAll(d => !outcome.Names.ContainsKey(d.SourcePath ?? "") && !File.Exists(d.SourcePath ?? d.Path)
            && !outcome.Unread.Exists(archive => d.SourcePath?.StartsWith(archive, StringComparison.Ordinal) is true));
        if (gone.Count > 0 && prunes && isEmpty)
        {
            // A disk that is not mounted leaves an empty folder.
            throw new NoticeException(Notice.Of(IngestionProblem.EmptyFolder, root, gone.Count));
        }

        foreach (var ids in prunes ? gone.Select(d => d.Id).Chunk(BatchFilesMax) : [])
        {
            await db.Documents.Where(d => ids.Contains(d.Id)).ExecuteDeleteAsync(ct);
        }

        return gone.ConvertAll(d => d.SourcePath is { } source ? prefix + Path.GetRelativePath(root, source).Replace(Path.DirectorySeparatorChar, '/') : d.Path);
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
            await using var content = await file.OpenAsync(ct);
            return await db.StoreFileAsync(ownerId: null, file.Digest, content, ct);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or DocumentUnreadableException)
        {
            await transaction.RollbackToSavepointAsync(Savepoint, ct);
            db.ChangeTracker.Clear();
            failed.Add(new(file.Path, FolderListing.Reason(error)));
            return null;
        }
    }

    /// <param name="Path">As the folder was given, for reports.</param>
    /// <param name="Shown">For readers.</param>
    /// <param name="OpenAsync">Opens its bytes.</param>
    /// <param name="Source">Its real path.</param>
    private sealed record FoundFile(string Path, string Shown, Func<CancellationToken, Task<Stream>> OpenAsync, string Source, FileDigest Digest);

    private sealed record Known(long Id, string? SourcePath, string Path, long FileId, byte[] Hash, long Audience, long? CollectionId, bool HasFailed);

    private sealed record Outcome(long? Audience, Collection? Collection, List<FileProblem> Skipped, List<FileProblem> Failed)
    {
        public List<string> New { get; } = [];
        public List<string> Changed { get; } = [];
        public List<string> Unchanged { get; } = [];

        /// <summary>Real paths by path.</summary>
        public Dictionary<string, string> Sources { get; } = [];

        /// <summary>Paths by real path.</summary>
        public Dictionary<string, string> Names { get; } = [];

        /// <summary>The beginnings of the real paths of files in archives that could not be unpacked.</summary>
        public List<string> Unread { get; } = [];

        /// <summary>Notes a file; returns why it cannot be taken, or null.</summary>
        public Notice? TryName(string source, string path, string shown)
        {
            Names.Add(source, path);
            Sources.Add(path, source);
            return shown.Length > Document.PathMax || source.Length > Document.SourcePathMax ? Notice.Of(IngestionProblem.PathTooLong, Document.PathMax) : null;
        }
    }
}
