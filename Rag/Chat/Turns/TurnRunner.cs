using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Pybo.Data;

namespace Pybo.Rag.Chat;

/// <summary>Answers the waiting turns, with or without listeners: fair between members, each turn once.</summary>
public sealed partial class TurnRunner(
    IDbContextFactory<PyboDb> dbs, ChatAnswerer answerer, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<TurnRunner> log) : BackgroundService
{
    /// <summary>Answers generated at the same time: one uses the whole processor, and two would each take twice as long.</summary>
    public const int GeneratedMax = 1;

    /// <summary>Extractive answers written at the same time, on a site without a generator.</summary>
    public const int QuotedMax = 2;

    /// <summary>An answer that takes longer is stopped.</summary>
    public static readonly TimeSpan AnswerTimeMax = TimeSpan.FromMinutes(10);

    /// <summary>How often it checks the rows without being woken.</summary>
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(30);

    /// <summary>How soon a write is retried when the disk is full.</summary>
    private static readonly TimeSpan RoomInterval = TimeSpan.FromSeconds(5);

    private static readonly Notice FailedMessage = Notice.Of(ChatProblem.Failed);
    private static readonly Notice TimedOutMessage = Notice.Of(ChatProblem.TimedOut);

    private readonly ConcurrentDictionary<long, RunningTurn> running = new();
    private readonly TurnOrder order = new();
    private readonly Signal moved = new();

    /// <summary>Completes when a turn is added, begins or ends, so a queue position or a state may have changed. Take it before reading the rows to miss nothing.</summary>
    public Task Moved => moved.Next;

    /// <summary>Signals that a turn is waiting.</summary>
    public void Wake() => moved.Raise();

    /// <summary>Returns the events of a running turn for one listener; null if it is not running.</summary>
    public IAsyncEnumerable<TurnEvent>? ListenAsync(long turnId, CancellationToken ct) => running.GetValueOrDefault(turnId)?.ListenAsync(ct);

    /// <summary>Returns how many turns are answered before a waiting one, including those in progress; null if it is not waiting.</summary>
    public async Task<int?> PlaceAsync(long turnId, CancellationToken ct)
    {
        await using var db = await dbs.CreateDbContextAsync(ct);
        var waiting = order.Of(await db.WaitingTurnsAsync(ct));
        var place = waiting.FindIndex(t => t.Id == turnId);
        // A turn that is just being claimed is in both lists.
        return place < 0 ? null : place + running.Keys.Except(waiting.Select(t => t.Id)).Count();
    }

    /// <summary>Stops a member's turn: a waiting one is not answered, a running one keeps its text so far. False if it is neither.</summary>
    public async Task<bool> StopAsync(long turnId, long userId, CancellationToken ct)
    {
        await using var db = await dbs.CreateDbContextAsync(ct);
        if (await db.StopWaitingTurnAsync(turnId, userId, ct))
        {
            moved.Raise();
            return true;
        }

        return running.GetValueOrDefault(turnId) is { } turn && turn.UserId == userId && turn.TryStop();
    }

    /// <summary>Stops the running turns of a deleted conversation.</summary>
    public void StopConversation(long conversationId)
    {
        foreach (var turn in running.Values.Where(r => r.ConversationId == conversationId))
        {
            turn.TryStop();
        }

        moved.Raise();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The server waits for open connections before it stops its services, and readers of a stream stay until it ends.
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, lifetime.ApplicationStopping);
        var ct = stopping.Token;
        await WhenThereIsRoomAsync(() => RecoverAsync(ct), ct);
        while (!ct.IsCancellationRequested)
        {
            var woken = moved.Next;
            try
            {
                while (HasRoom() && await ClaimNextAsync(ct) is { } turn)
                {
                    turn.Work = RunAsync(turn, ct);
                }
            }
            catch (Exception error) when (!ct.IsCancellationRequested)
            {
                QueueBroken(log, error);
            }

            await woken.WaitAsync(LookInterval, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await Task.WhenAll(running.Values.Select(r => r.Work));
    }

    // Checks for generators only while a turn is being answered, because the check scans the model folders. The next turn may choose any of them.
    private bool HasRoom() => running.IsEmpty || running.Count < (answerer.CanGenerate ? GeneratedMax : QuotedMax);

    private async Task RecoverAsync(CancellationToken ct)
    {
        await using var db = await dbs.CreateDbContextAsync(ct);
        var abandoned = await db.StopAbandonedTurnsAsync(ct);
        if (abandoned > 0)
        {
            Recovered(log, abandoned);
        }
    }

    private async Task<RunningTurn?> ClaimNextAsync(CancellationToken ct)
    {
        await using var db = await dbs.CreateDbContextAsync(ct);
        var busy = running.Values.Select(r => r.UserId).ToHashSet();
        foreach (var next in order.Of(await db.WaitingTurnsAsync(ct)).Where(t => !busy.Contains(t.UserId)))
        {
            // Registered before it is claimed, so that a reader who sees it claimed can follow and stop it.
            var turn = new RunningTurn(next.Id, next.ConversationId, next.UserId, time);
            running[next.Id] = turn;
            if (await db.ClaimTurnAsync(next.Id, ct) is { } row)
            {
                turn.Row = row;
                order.Serve(next.UserId);
                moved.Raise();
                return turn;
            }

            running.TryRemove(next.Id, out _);
            turn.Dispose();
        }

        return null;
    }

    private async Task RunAsync(RunningTurn turn, CancellationToken ct)
    {
        var state = TurnState.Stopped;
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(turn.Stopped, ct);
            limit.CancelAfter(AnswerTimeMax);
            await AnswerAsync(turn, limit.Token);
            // The partial answer must be kept even when the process is stopping.
            await WhenThereIsRoomAsync(async () =>
            {
                await using var db = await dbs.CreateDbContextAsync(CancellationToken.None);
                await db.EndTurnAsync(turn.Row, CancellationToken.None);
            }, lifetime.ApplicationStopping);
            state = turn.Row.State;
        }
        catch (Exception error)
        {
            // The row could not be written. It stays as it is and is marked stopped at the next start.
            EndFailed(log, turn.Id, error);
        }
        finally
        {
            turn.Stream.Append(new TurnEvent.Done(state));
            running.TryRemove(turn.Id, out _);
            turn.Dispose();
            moved.Raise();
        }
    }

    /// <summary>Answers, and updates the row whatever happens.</summary>
    private async Task AnswerAsync(RunningTurn turn, CancellationToken ct)
    {
        await using var db = await dbs.CreateDbContextAsync(CancellationToken.None);
        var writer = new TurnWriter(db, turn.Row, turn.Stream);
        try
        {
            var request = await db.ChatRequestAsync(turn.Id, ct);
            turn.IsGenerating = answerer.Generates(request.Answerer);
            writer.End(await answerer.AnswerAsync(request, writer, ct), request.History);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            var isTimedOut = !turn.Stopped.IsCancellationRequested && !lifetime.ApplicationStopping.IsCancellationRequested;
            writer.Interrupt(TurnState.Stopped, isTimedOut ? TimedOutMessage : turn.StopReason);
        }
        catch (Exception error)
        {
            AnswerFailed(log, turn.Id, error);
            writer.Interrupt(TurnState.Failed, AnswerFailure.Of(error) ?? FailedMessage);
        }
    }

    /// <summary>Retries a write for as long as the disk is full: the turn stays open until its end is written, and no later turn could be written either.</summary>
    private async Task WhenThereIsRoomAsync(Func<Task> write, CancellationToken stopping)
    {
        while (true)
        {
            try
            {
                await write();
                return;
            }
            catch (Exception error) when (DiskFull.Is(error) && !stopping.IsCancellationRequested)
            {
                NoRoom(log, error);
                await Task.Delay(RoomInterval, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Count} turns were being answered when the process ended; they keep their partial text.")]
    private static partial void Recovered(ILogger logger, int count);

    [LoggerMessage(LogLevel.Error, "The queue of chat turns could not be read.")]
    private static partial void QueueBroken(ILogger logger, Exception error);

    [LoggerMessage(LogLevel.Error, "The disk is full; what a turn has to keep is written when there is room.")]
    private static partial void NoRoom(ILogger logger, Exception error);

    [LoggerMessage(LogLevel.Error, "Turn {Id} failed.")]
    private static partial void AnswerFailed(ILogger logger, long id, Exception error);

    [LoggerMessage(LogLevel.Error, "The end of turn {Id} could not be saved.")]
    private static partial void EndFailed(ILogger logger, long id, Exception error);
}
