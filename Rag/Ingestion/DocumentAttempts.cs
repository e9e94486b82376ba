using Microsoft.EntityFrameworkCore;
using Pybo.Data;
using Pybo.Rag.Documents;

namespace Pybo.Rag.Ingestion;

/// <summary>Handles a document whose attempt did not end in the index: it backs off, waits for room, or is put aside with a reason.</summary>
internal sealed partial class DocumentAttempts(IDbContextFactory<PyboDb> dbs, StorageLimits limits, IndexerClock clock, ILogger log)
{
    /// <summary>The retry delay for a document that exceeded the site's room or hit a full disk.</summary>
    internal static readonly TimeSpan RoomWait = TimeSpan.FromSeconds(30);

    /// <summary>The back-off after the first failure; four times as long after each further one: 10 s, 40 s, 3 and 11 minutes.</summary>
    private static readonly TimeSpan RestFirst = TimeSpan.FromSeconds(10);

    private const int RestFactor = 4;

    /// <summary>Returns the back-off after an attempt that failed for a transient reason.</summary>
    internal static TimeSpan RestAfter(int attempt) => RestFirst * Math.Pow(RestFactor, attempt - 1);

    /// <summary>Counts a read document against its owner's quota. Returns false, with the document back in the queue, if the site has no room for it now.</summary>
    /// <exception cref="DocumentUnreadableException">It exceeds its owner's quota.</exception>
    public async Task<bool> ReserveAsync(PreparedDocument document, CancellationToken ct)
    {
        await using var db = await dbs.CreateDbContextAsync(ct);
        switch (await db.ReserveAsync(document.Key, document.Cost, limits, ct))
        {
            case IndexRefusal.DocumentTooLong:
                throw new DocumentUnreadableException(Notice.Of(IngestionProblem.DocumentTooLong, document.Cost, DocumentQueue.ChunksPerDocumentMax));
            case IndexRefusal.QuotaFull:
                throw new DocumentUnreadableException(Notice.Of(IngestionProblem.QuotaFull, limits.ChunksPerMemberMax, document.Cost));
            case IndexRefusal.NoRoom:
                await db.WaitForRoomAsync(document.Key, clock.Now + RoomWait, ct);
                NoRoom(document.Key);
                return false;
            default:
                return true;
        }
    }

    /// <summary>Puts aside a file that cannot be read, now or later, with the reason.</summary>
    public async Task RefuseAsync(SourceKey document, DocumentUnreadableException error, CancellationToken ct)
    {
        Unreadable(log, document.Id, error.Message);
        await using var db = await dbs.CreateDbContextAsync(ct);
        await db.FailAsync(document, error.Notice, ct);
    }

    /// <summary>Handles a transient failure: the document backs off, longer each time, up to the attempt limit.</summary>
    public async Task RestAsync(SourceKey document, Exception error, CancellationToken ct)
    {
        await using var db = await dbs.CreateDbContextAsync(ct);
        if (await db.AttemptsAsync(document, ct) is not { } attempts)
        {
            Lost(document);
            return;
        }

        if (DiskFull.Is(error))
        {
            // Not the document's fault; if not even this can be written, its claim expires.
            await db.WaitForRoomAsync(document, clock.Now + RoomWait, ct);
            NoRoom(document);
            return;
        }

        Failed(log, document.Id, attempts, error);
        if (attempts >= DocumentQueue.AttemptsMax)
        {
            await db.FailAsync(document, Notice.Of(IngestionProblem.AttemptsFailed, DocumentQueue.AttemptsMax), ct);
        }
        else
        {
            await db.RestDocumentAsync(document, clock.Now + RestAfter(attempts), ct);
        }
    }

    public void NoRoom(SourceKey document) => NoRoom(log, document.Id);

    public void Lost(SourceKey document) => Lost(log, document.Id);

    [LoggerMessage(LogLevel.Warning, "Document {Id} cannot be read: {Reason}")]
    private static partial void Unreadable(ILogger log, long id, string reason);

    [LoggerMessage(LogLevel.Warning, "There is no room for document {Id}; it waits.")]
    private static partial void NoRoom(ILogger log, long id);

    [LoggerMessage(LogLevel.Error, "Attempt {Attempt} at document {Id} failed.")]
    private static partial void Failed(ILogger log, long id, int attempt, Exception error);

    [LoggerMessage(LogLevel.Debug, "Document {Id} was changed or deleted while it was being read; it is taken again if it is still there.")]
    private static partial void Lost(ILogger log, long id);
}
