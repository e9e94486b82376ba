using Microsoft.EntityFrameworkCore;
using Pybo.Data;

namespace Pybo.Rag.Ingestion;

/// <summary>Renews the claims of documents in progress and saves their reading progress to their rows.</summary>
internal sealed class ClaimHeartbeat(IDbContextFactory<PyboDb> dbs, IndexerClock clock)
{
    /// <summary>Frequent enough for a person watching, and well within <see cref="DocumentQueue.ClaimTime"/>.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    /// <summary>Beats until cancelled. Notifies a document whose claim is lost.</summary>
    public async Task RunAsync(Func<IEnumerable<ReadInProgress>> taken, CancellationToken ct)
    {
        using var timer = new PeriodicTimer(Interval);
        while (await timer.WaitForNextTickAsync(ct))
        {
            await using var db = await dbs.CreateDbContextAsync(ct);
            foreach (var reading in taken())
            {
                if (!await db.TellProgressAsync(reading.Document.Key, reading.PagesRead, clock.Now, ct))
                {
                    reading.Lose();
                }
            }
        }
    }
}
