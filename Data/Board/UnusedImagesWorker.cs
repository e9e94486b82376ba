using Microsoft.EntityFrameworkCore;

namespace Pybo.Data;

/// <summary>Deletes images that no text refers to, a day after their upload: a post is often written for hours.</summary>
public sealed partial class UnusedImagesWorker(IDbContextFactory<PyboDb> dbs, TimeProvider time, ILogger<UnusedImagesWorker> log) : BackgroundService
{
    public static readonly TimeSpan KeptUnused = TimeSpan.FromHours(24);
    private static readonly TimeSpan LookEvery = TimeSpan.FromHours(1);

    /// <summary>Runs one look.</summary>
    /// <returns>The number of images deleted.</returns>
    internal async Task<int> PurgeAsync(CancellationToken ct)
    {
        await using var db = await dbs.CreateDbContextAsync(ct);
        var all = 0;
        for (var some = ImageQueries.PurgedAtOnceMax; some == ImageQueries.PurgedAtOnceMax; all += some)
        {
            some = await db.PurgeImagesAsync(time.GetUtcNow().UtcDateTime - KeptUnused, ct);
        }

        return all;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(LookEvery, time, stoppingToken);
                if (await PurgeAsync(stoppingToken) is > 0 and var deleted)
                {
                    Purged(log, deleted);
                }
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                // A full disk, or another program using the file: the next look retries.
                NotPurged(log, error);
            }
        }
    }

    [LoggerMessage(LogLevel.Information, "{Count} unused images deleted.")]
    private static partial void Purged(ILogger logger, int count);

    [LoggerMessage(LogLevel.Warning, "Unused images could not be deleted; it is tried again.")]
    private static partial void NotPurged(ILogger logger, Exception error);
}
