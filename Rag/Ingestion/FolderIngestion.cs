using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Pybo.Data;

namespace Pybo.Rag.Ingestion;

/// <summary>How far the reading of a folder is.</summary>
public readonly record struct FolderProgress(int Done, int Total);

/// <summary>What became of a folder's files: put into the queue, or left as they were.</summary>
/// <param name="New">Paths that were not there before.</param>
/// <param name="Changed">Paths whose bytes or readers are others now, and those that failed the last time.</param>
/// <param name="Unchanged">Paths whose bytes are the same.</param>
/// <param name="Skipped">Not taken, on purpose.</param>
/// <param name="Failed">Not taken, or taken before and unreadable.</param>
public sealed record FolderReport(
    IReadOnlyList<string> New, IReadOnlyList<string> Changed, IReadOnlyList<string> Unchanged,
    IReadOnlyList<FileProblem> Skipped, IReadOnlyList<FileProblem> Failed);

/// <summary>
/// Puts a folder's files into the database as documents, changed ones only, and leaves their indexing to <see cref="Indexer"/>: the rows are the
/// queue, so a crash at any moment loses nothing. A file that is gone from the folder stays a document.
/// </summary>
public sealed class FolderIngestion(IDbContextFactory<PyboDb> dbs)
{
    /// <summary>A larger file is refused in words; texts of this size are books of ten thousand pages.</summary>
    public const long FileBytesMax = 50_000_000;

    /// <summary>A transaction ends after so many files, or so many bytes: another writer waits no longer than that takes.</summary>
    private const int BatchFilesMax = 32;

    private const long BatchBytesMax = 8_000_000;

    /// <summary>Reads the folder.</summary>
    /// <param name="folder">As it was given; it begins the paths of the documents.</param>
    /// <param name="audience">Who may read them: <see cref="Audience"/>.</param>
    /// <param name="progress">Told after each file.</param>
    /// <param name="ct">Stops between two files; what was put in stays.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    public async Task<FolderReport> RunAsync(string folder, long audience, IProgress<FolderProgress>? progress, CancellationToken ct)
    {
        if (!Directory.Exists(folder))
        {
            throw new DirectoryNotFoundException($"폴더가 없습니다: {folder}");
        }

        var listing = FolderListing.Of(folder);
        var prefix = Prefix(folder);
        var outcome = new Outcome(audience,
            [.. listing.Skipped.Select(s => s with { Path = prefix + s.Path })],
            [.. listing.Failed.Select(f => f with { Path = prefix + f.Path })]);
        var batch = new List<ReadFile>();
        var batchBytes = 0L;
        for (var at = 0; at < listing.Files.Count; at++)
        {
            if (await TryReadAsync(Path.Combine(folder, listing.Files[at]), prefix + listing.Files[at], outcome.Failed, ct) is { } file)
            {
                batch.Add(file);
                batchBytes += file.Content.Length;
            }

            if (batch.Count == BatchFilesMax || batchBytes >= BatchBytesMax)
            {
                await PutAsync(batch, outcome, ct);
                batchBytes = 0;
            }

            progress?.Report(new(at + 1, listing.Files.Count));
        }

        await PutAsync(batch, outcome, ct);
        return new(outcome.New, outcome.Changed, outcome.Unchanged, outcome.Skipped, outcome.Failed);
    }

    /// <summary>The same report once the <see cref="Indexer"/> has run: files that it could not read are failed, and new or changed no more.</summary>
    public async Task<FolderReport> WithIndexErrorsAsync(FolderReport report, CancellationToken ct)
    {
        await using var db = await dbs.CreateDbContextAsync(ct);
        var errors = await db.Documents.Where(d => d.IndexError != null).ToDictionaryAsync(d => d.Path, d => d.IndexError!, ct);
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

    /// <summary>One bad file carries its reason and never stops the next.</summary>
    private static async Task<ReadFile?> TryReadAsync(string file, string path, List<FileProblem> failed, CancellationToken ct)
    {
        try
        {
            if (path.Length > Document.PathMax)
            {
                throw new IOException($"경로가 {Document.PathMax:N0}자보다 깁니다.");
            }

            if (new FileInfo(file).Length > FileBytesMax)
            {
                throw new IOException($"파일이 너무 큽니다. {FileBytesMax / 1_000_000} MB까지 넣을 수 있습니다.");
            }

            var content = await File.ReadAllBytesAsync(file, ct);
            return new(path, content, SHA256.HashData(content));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            failed.Add(new(path, FolderListing.Reason(error)));
            return null;
        }
    }

    private async Task PutAsync(List<ReadFile> batch, Outcome outcome, CancellationToken ct)
    {
        if (batch.Count == 0)
        {
            return;
        }

        await using var db = await dbs.CreateDbContextAsync(ct);
        // The write lock is taken before the look: two commands at a time would otherwise both find a path new.
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var paths = batch.ConvertAll(f => f.Path);
        var known = await db.Documents.Where(d => paths.Contains(d.Path))
            .Select(d => new Known(d.Id, d.Path, d.Hash, d.Audience, d.IndexError != null)).ToDictionaryAsync(k => k.Path, ct);
        foreach (var file in batch)
        {
            await PutAsync(db, file, known.GetValueOrDefault(file.Path), outcome, ct);
        }

        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        batch.Clear();
    }

    private static async Task PutAsync(PyboDb db, ReadFile file, Known? known, Outcome outcome, CancellationToken ct)
    {
        if (known is null)
        {
            db.Documents.Add(new Document { Path = file.Path, Title = Title(file.Path), Audience = outcome.Audience, Hash = file.Hash, Content = file.Content });
            outcome.New.Add(file.Path);
            return;
        }

        var isSame = known.Hash.AsSpan().SequenceEqual(file.Hash);
        if (isSame && known.Audience == outcome.Audience && !known.HasFailed)
        {
            outcome.Unchanged.Add(file.Path);
            return;
        }

        var document = await db.Documents.SingleAsync(d => d.Id == known.Id, ct);
        document.Audience = outcome.Audience;
        document.MarkChanged();
        if (!isSame)
        {
            document.Hash = file.Hash;
            document.Content = file.Content;
            document.ModifiedAt = DateTime.UtcNow;
        }

        outcome.Changed.Add(file.Path);
    }

    /// <summary>Until the document has been read and says its own.</summary>
    private static string Title(string path)
    {
        var name = Path.GetFileNameWithoutExtension(path);
        return name.Length > Document.TitleMax ? name[..Document.TitleMax] : name;
    }

    private sealed record ReadFile(string Path, byte[] Content, byte[] Hash);

    private sealed record Known(long Id, string Path, byte[] Hash, long Audience, bool HasFailed);

    private sealed record Outcome(long Audience, List<FileProblem> Skipped, List<FileProblem> Failed)
    {
        public List<string> New { get; } = [];
        public List<string> Changed { get; } = [];
        public List<string> Unchanged { get; } = [];
    }
}
