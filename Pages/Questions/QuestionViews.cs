using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Pybo.Data;

namespace Pybo.Pages.Questions;

/// <summary>
/// Counts views in memory and writes them a batch at a time, so that reading a page never waits for a writer. One visitor counts once for a question
/// in a while. What was not written when the process dies is lost; what a normal stop leaves is written.
/// </summary>
public sealed partial class QuestionViews(IDbContextFactory<PyboDb> dbs, TimeProvider time, ILogger<QuestionViews> log) : BackgroundService
{
    /// <summary>Visits that are remembered; beyond them the oldest are forgotten all at once, and count again.</summary>
    public const int VisitsMax = 50_000;

    /// <summary>Questions with views to be written; further ones wait for the next batch to be counted.</summary>
    public const int PendingMax = 10_000;

    public static readonly TimeSpan CountsAgainAfter = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan FlushEvery = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<(long QuestionId, string Visitor), DateTimeOffset> visits = new();
    private readonly ConcurrentDictionary<long, int> pending = new();

    /// <summary>Counts a view.</summary>
    /// <returns>The views of the question that are not in its row yet.</returns>
    public int Count(long questionId, string visitor)
    {
        var now = time.GetUtcNow();
        var isNew = false;
        visits.AddOrUpdate((questionId, visitor),
            _ => { isNew = true; return now; },
            (_, last) => { isNew = now - last > CountsAgainAfter; return isNew ? now : last; });
        if (isNew && (pending.Count < PendingMax || pending.ContainsKey(questionId)))
        {
            return pending.AddOrUpdate(questionId, 1, (_, count) => count + 1);
        }

        return pending.GetValueOrDefault(questionId);
    }

    /// <summary>Writes what was counted.</summary>
    public async Task FlushAsync(CancellationToken ct)
    {
        Forget();
        var batch = pending.ToArray();
        if (batch.Length == 0)
        {
            return;
        }

        await using var db = await dbs.CreateDbContextAsync(ct);
        await db.AddViewsAsync(batch, ct);
        foreach (var (id, written) in batch)
        {
            // What came meanwhile stays; a question with nothing left goes.
            pending.AddOrUpdate(id, 0, (_, count) => count - written);
            pending.TryRemove(new(id, 0));
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(FlushEvery, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await TryFlushAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await TryFlushAsync(CancellationToken.None);
        }
    }

    /// <summary>A view that cannot be written now is written with the next batch.</summary>
    private async Task TryFlushAsync(CancellationToken ct)
    {
        try
        {
            await FlushAsync(ct);
        }
        catch (Exception error) when (error is DbUpdateException or System.Data.Common.DbException)
        {
            NotWritten(log, error);
        }
    }

    private void Forget()
    {
        if (visits.Count > VisitsMax)
        {
            visits.Clear();
            return;
        }

        var now = time.GetUtcNow();
        foreach (var (visit, at) in visits)
        {
            if (now - at > CountsAgainAfter)
            {
                visits.TryRemove(new(visit, at));
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "Views could not be written; they stay for the next batch.")]
    private static partial void NotWritten(ILogger logger, Exception error);
}
