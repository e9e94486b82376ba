using System.Diagnostics;
using Microsoft.EntityFrameworkCore;

namespace Pybo.Data;

/// <summary>Clears deleted text out of the file within seconds, in the background, and erases deleted posts that can no longer be restored. The rows and the files show what is left to clear, so a crash forgets nothing.</summary>
public sealed partial class DeletedTextWorker(IDbContextFactory<PyboDb> dbs, TimeProvider time, ILogger<DeletedTextWorker> log) : BackgroundService
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);

    /// <summary>The pause after a merge, as a multiple of its duration: in a large site under steady deletion, merging takes a twentieth of the disk's time.</summary>
    private const int RestFactor = 19;

    private DateTimeOffset nextMerge;

    /// <summary>Runs one check.</summary>
    internal async Task ClearAsync(CancellationToken ct)
    {
        await using var db = await dbs.CreateDbContextAsync(ct);
        await db.EraseOldPostsAsync(time.GetUtcNow().UtcDateTime, ct);
        var start = Stopwatch.GetTimestamp();
        if (time.GetUtcNow() >= nextMerge && await db.MergeWordsAsync(ct))
        {
            nextMerge = time.GetUtcNow() + (Stopwatch.GetElapsedTime(start) * RestFactor);
        }

        // A log that was truncated and not written since is empty. If a reader is in the way, the next check truncates it.
        var written = new FileInfo(Path.GetFullPath(db.Database.GetDbConnection().DataSource) + "-wal");
        if (written.Exists && written.Length > 0)
        {
            await db.CutLogAsync(ct);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(LookEvery, time, stoppingToken);
                await ClearAsync(stoppingToken);
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                // A full disk, or another program using the file: the next check retries.
                NotCleared(log, error);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "Deleted text could not be cleared out of the file; it is tried again.")]
    private static partial void NotCleared(ILogger logger, Exception error);
}
