using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Pybo.Data;

namespace Pybo.Pages.Questions;

/// <summary>
/// Counts views in memory and writes them in batches, so that reading a page never waits for a writer. One visitor counts once per question
/// in a while. A crash loses unwritten views; a normal stop writes them.
/// </summary>
public sealed partial class QuestionViews(IDbContextFactory<PyboDb> dbs, TimeProvider time, ILogger<QuestionViews> log) : BackgroundService
{
    /// <summary>The number of visits remembered; beyond it all are forgotten at once, and count again.</summary>
    public const int VisitsMax = 50_000;

    /// <summary>The number of questions with unwritten views; views of others are not counted until the next batch.</summary>
    public const int PendingMax = 10_000;

    public static readonly TimeSpan CountsAgainAfter = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan FlushEvery = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<(long QuestionId, string Visitor), DateTimeOffset> visits = new();
    private readonly ConcurrentDictionary<long, int> pending = new();

    /// <summary>Counts a view.</summary>
    /// <returns>The question's views that are not in its row yet.</returns>
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

    /// <summary>Writes the counted views.</summary>
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
            // Keeps views counted in the meantime; removes a question with none left.
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

    /// <summary>Writes the views; if that fails now, the next batch includes them.</summary>
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
