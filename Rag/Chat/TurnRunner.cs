using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Pybo.Data;

namespace Pybo.Rag.Chat;

/// <summary>Answers the turns that wait, whoever listens: fair between members, each turn once.</summary>
public sealed partial class TurnRunner(
    IDbContextFactory<PyboDb> dbs, IServiceScopeFactory scopes, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<TurnRunner> log) : BackgroundService
{
    /// <summary>Answers that are generated at the same time: one uses the whole processor, and two would take each twice as long.</summary>
    public const int GeneratedMax = 1;

    /// <summary>Answers that are quoted at the same time.</summary>
    public const int QuotedMax = 2;

    /// <summary>How much a crash may lose of an answer.</summary>
    public static readonly TimeSpan SaveInterval = TimeSpan.FromSeconds(1);

    /// <summary>An answer that takes longer is stopped.</summary>
    public static readonly TimeSpan AnswerTimeMax = TimeSpan.FromMinutes(10);

    /// <summary>Without being woken it looks at the rows this often.</summary>
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(30);

    /// <summary>How soon what could not be written is tried again, where the disk is full.</summary>
    private static readonly TimeSpan RoomInterval = TimeSpan.FromSeconds(5);

    private static readonly Notice FailedMessage = Notice.Of(ChatProblem.Failed);
    private static readonly Notice TimedOutMessage = Notice.Of(ChatProblem.TimedOut);

    private readonly ConcurrentDictionary<long, RunningTurn> running = new();
    private readonly TurnOrder order = new();
    private readonly SemaphoreSlim wake = new(0);
    private TaskCompletionSource moved = New();

    /// <summary>Ends when a turn comes, begins or ends: when a place in the queue, or a state, may have changed. Taken before looking, nothing is missed.</summary>
    public Task Moved => Volatile.Read(ref moved).Task;

    /// <summary>Says that a turn waits.</summary>
    public void Wake()
    {
        Move();
        if (wake.CurrentCount == 0)
        {
            wake.Release();
        }
    }

    /// <summary>What a running turn says, for one who listens; null when it does not run.</summary>
    public IAsyncEnumerable<TurnEvent>? ListenAsync(long turnId, CancellationToken ct) => running.GetValueOrDefault(turnId)?.ListenAsync(ct);

    /// <summary>How many turns will be answered before one that waits, those that are being answered included; null when it does not wait.</summary>
    public async Task<int?> PlaceAsync(long turnId, CancellationToken ct)
    {
        await using var db = await dbs.CreateDbContextAsync(ct);
        var waiting = order.Of(await db.WaitingTurnsAsync(ct));
        var place = waiting.FindIndex(t => t.Id == turnId);
        // A turn that is just being claimed stands among both.
        return place < 0 ? null : place + running.Keys.Except(waiting.Select(t => t.Id)).Count();
    }

    /// <summary>Stops a member's turn: one that waits is not answered, one that runs keeps what it has. False when it is neither.</summary>
    public async Task<bool> StopAsync(long turnId, long userId, CancellationToken ct)
    {
        await using var db = await dbs.CreateDbContextAsync(ct);
        if (await db.StopWaitingTurnAsync(turnId, userId, ct))
        {
            Move();
            return true;
        }

        return running.GetValueOrDefault(turnId) is { } turn && turn.UserId == userId && turn.TryStop();
    }

    /// <summary>Stops what runs in a conversation that has been deleted.</summary>
    public void StopConversation(long conversationId)
    {
        foreach (var turn in running.Values.Where(r => r.ConversationId == conversationId))
        {
            turn.TryStop();
        }

        Move();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The server waits for open connections before it stops its services, and readers of a stream stay until it ends.
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, lifetime.ApplicationStopping);
        var ct = stopping.Token;
        await WhenThereIsRoomAsync(() => RecoverAsync(ct), ct);
        while (!ct.IsCancellationRequested)
        {
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

            await ((Task)wake.WaitAsync(LookInterval, ct)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await Task.WhenAll(running.Values.Select(r => r.Work));
    }

    public override void Dispose()
    {
        wake.Dispose();
        base.Dispose();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Move() => Interlocked.Exchange(ref moved, New()).SetResult();

    // The generator is made with the first question, so it is asked only where one is being answered.
    private bool HasRoom()
    {
        if (running.IsEmpty)
        {
            return true;
        }

        using var scope = scopes.CreateScope();
        return running.Count < (scope.ServiceProvider.GetRequiredService<ChatAnswerer>().IsExtractive ? QuotedMax : GeneratedMax);
    }

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
            // It is known here before it is claimed, so that whoever sees it claimed can follow it and stop it.
            var turn = new RunningTurn(next.Id, next.ConversationId, next.UserId, time);
            running[next.Id] = turn;
            if (await db.ClaimTurnAsync(next.Id, ct))
            {
                order.Serve(next.UserId);
                Move();
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
            state = await AnswerAsync(turn, limit.Token);
        }
        catch (Exception error)
        {
            // The row could not be written. It stays as it is and becomes a stopped one with the next start.
            EndFailed(log, turn.Id, error);
        }
        finally
        {
            turn.Stream.Append(new TurnEvent.Done(state));
            running.TryRemove(turn.Id, out _);
            turn.Dispose();
            Wake();
        }
    }

    private async Task<TurnState> AnswerAsync(RunningTurn turn, CancellationToken ct)
    {
        var said = new Said();
        EndedTurn ended;
        try
        {
            ended = await AnswerAsync(turn, said, ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            var isTimedOut = !turn.Stopped.IsCancellationRequested && !lifetime.ApplicationStopping.IsCancellationRequested;
            ended = said.Ended(turn.Id, TurnState.Stopped, isTimedOut ? TimedOutMessage : turn.StopReason);
        }
        catch (Exception error)
        {
            AnswerFailed(log, turn.Id, error);
            ended = said.Ended(turn.Id, TurnState.Failed, AnswerFailure.Of(error) ?? FailedMessage);
        }

        // What there is must be kept also when the process is stopping.
        await WhenThereIsRoomAsync(async () =>
        {
            await using var db = await dbs.CreateDbContextAsync(CancellationToken.None);
            await db.EndTurnAsync(ended, CancellationToken.None);
        }, lifetime.ApplicationStopping);
        return ended.State;
    }

    /// <summary>Writes, where the disk is full as often as it takes: the turn is open until its end is written, and no next one could be written either.</summary>
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

    private async Task<EndedTurn> AnswerAsync(RunningTurn turn, Said said, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var answerer = scope.ServiceProvider.GetRequiredService<ChatAnswerer>();
        said.Model = answerer.Model;
        turn.IsGenerating = !answerer.IsExtractive;
        await using var db = await dbs.CreateDbContextAsync(ct);
        var request = await db.ChatRequestAsync(turn.Id, ct);
        var words = KoreanText.Words(request.Question);
        var savedAt = Stopwatch.GetTimestamp();
        await foreach (var one in answerer.AnswerAsync(request, ct))
        {
            switch (one)
            {
                case ChatEvent.Sources sources:
                    (said.Sources, said.Note) = (sources.Items, sources.Note?.ToString());
                    var citations = sources.Items.Select(s => CitationRows.Of(turn.Id, s, words)).ToList();
                    if (!await db.KeepSourcesAsync(turn.Id, citations, ct))
                    {
                        throw new SourceGoneException();
                    }

                    turn.Stream.Append(new TurnEvent.Sources([.. citations.Select(CitationRows.Card)], said.Note, sources.Model));
                    break;
                case ChatEvent.Token token:
                    said.Answer.Append(token.Text);
                    turn.Stream.Append(new TurnEvent.Token(token.Text, said.Answer.Length));
                    if (Stopwatch.GetElapsedTime(savedAt) >= SaveInterval)
                    {
                        if (!await db.KeepPartialAnswerAsync(turn.Id, said.Answer.ToString(), ct))
                        {
                            throw new SourceGoneException();
                        }

                        savedAt = Stopwatch.GetTimestamp();
                    }

                    break;
                case ChatEvent.Done done:
                    return new(turn.Id, TurnState.Done, done.Answer)
                    {
                        Refused = done.Refused,
                        Model = done.Model,
                        Note = said.Note,
                        FirstTokenMs = done.Speed?.FirstTokenMs,
                        TokensPerSecond = done.Speed?.TokensPerSecond,
                        Quotes = done.Citations.ToDictionary(c => c.Source.Number, c => c.Quote),
                        Grounds = Grounds.Of(done.Answer, request.Question, done.Citations, said.Sources),
                        // What is only quoted holds nothing else.
                        RepeatsEarlier = !answerer.IsExtractive && Grounds.Repeats(done.Answer, request.Question, done.Citations, request.History),
                    };
            }
        }

        throw new InvalidOperationException("The answer has no end.");
    }

    /// <summary>What a turn has said when it is interrupted.</summary>
    private sealed class Said
    {
        public StringBuilder Answer { get; } = new();
        public IReadOnlyList<ChatSource> Sources { get; set; } = [];
        public string? Note { get; set; }
        public string? Model { get; set; }

        /// <summary>It may have been interrupted anywhere: it may rest on all its sources, and repeat what was said before.</summary>
        public EndedTurn Ended(long turnId, TurnState state, Notice? error)
        {
            var answer = Answer.ToString();
            return new(turnId, state, answer) { Model = Model, Error = error?.ToString(), Note = Note, RepeatsEarlier = true, Quotes = Quotes.Of(answer, Sources).ToDictionary(c => c.Source.Number, c => c.Quote) };
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
