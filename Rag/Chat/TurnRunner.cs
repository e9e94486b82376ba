using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Pybo.Data;

namespace Pybo.Rag.Chat;

/// <summary>Answers the turns that wait, whoever listens: fair between members, each turn once.</summary>
public sealed partial class TurnRunner(
    IDbContextFactory<PyboDb> dbs, IServiceScopeFactory scopes, IHostApplicationLifetime lifetime, ILogger<TurnRunner> log) : BackgroundService
{
    /// <summary>Answers that are written at the same time; a generator on the processor gains nothing from more.</summary>
    public const int RunningMax = 2;

    /// <summary>How much a crash may lose of an answer.</summary>
    public static readonly TimeSpan SaveInterval = TimeSpan.FromSeconds(1);

    /// <summary>An answer that takes longer is stopped.</summary>
    public static readonly TimeSpan AnswerTimeMax = TimeSpan.FromMinutes(10);

    /// <summary>Without being woken it looks at the rows this often.</summary>
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(30);

    /// <summary>Members whose last turn is remembered, for fairness.</summary>
    private const int ServedMax = 1_000;

    private const string FailedMessage = "답을 만들다가 문제가 생겼습니다. 잠시 뒤에 다시 물어 주세요.";
    private const string TimedOutMessage = "답을 만드는 데 너무 오래 걸려 멈췄습니다.";

    private readonly ConcurrentDictionary<long, Running> running = new();
    private readonly ConcurrentDictionary<long, long> servedAt = new();
    private readonly SemaphoreSlim wake = new(0);
    private long served;

    /// <summary>Says that a turn waits.</summary>
    public void Wake()
    {
        if (wake.CurrentCount == 0)
        {
            wake.Release();
        }
    }

    /// <summary>What a running turn says; null when it does not run.</summary>
    public TurnStream? Stream(long turnId) => running.GetValueOrDefault(turnId)?.Stream;

    /// <summary>How many turns will be answered before one that waits; null when it does not wait.</summary>
    public async Task<int?> PlaceAsync(long turnId, CancellationToken ct)
    {
        await using var db = await dbs.CreateDbContextAsync(ct);
        var place = Ordered(await db.WaitingTurnsAsync(ct)).FindIndex(t => t.Id == turnId);
        return place < 0 ? null : place;
    }

    /// <summary>Stops a member's turn: one that waits is not answered, one that runs keeps what it has. False when it is neither.</summary>
    public async Task<bool> StopAsync(long turnId, long userId, CancellationToken ct)
    {
        await using var db = await dbs.CreateDbContextAsync(ct);
        if (await db.StopWaitingTurnAsync(turnId, userId, ct))
        {
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
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The server waits for open connections before it stops its services, and readers of a stream stay until it ends.
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, lifetime.ApplicationStopping);
        var ct = stopping.Token;
        await RecoverAsync(ct);
        while (!ct.IsCancellationRequested)
        {
            try
            {
                while (running.Count < RunningMax && await ClaimNextAsync(ct) is { } turn)
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

    private async Task RecoverAsync(CancellationToken ct)
    {
        await using var db = await dbs.CreateDbContextAsync(ct);
        var abandoned = await db.StopAbandonedTurnsAsync(ct);
        if (abandoned > 0)
        {
            Recovered(log, abandoned);
        }
    }

    private async Task<Running?> ClaimNextAsync(CancellationToken ct)
    {
        await using var db = await dbs.CreateDbContextAsync(ct);
        var busy = running.Values.Select(r => r.UserId).ToHashSet();
        foreach (var next in Ordered(await db.WaitingTurnsAsync(ct)).Where(t => !busy.Contains(t.UserId)))
        {
            // It is known here before it is claimed, so that whoever sees it claimed can follow it and stop it.
            var turn = new Running(next.Id, next.ConversationId, next.UserId);
            running[next.Id] = turn;
            if (await db.ClaimTurnAsync(next.Id, ct))
            {
                Serve(next.UserId);
                return turn;
            }

            running.TryRemove(next.Id, out _);
            turn.Dispose();
        }

        return null;
    }

    /// <summary>In rounds: every member's first turn before anyone's second; within a round whoever was served longest ago.</summary>
    private List<WaitingTurn> Ordered(List<WaitingTurn> waiting) =>
    [
        .. waiting.GroupBy(t => t.UserId)
            .SelectMany(turns => turns.Select((turn, round) => (turn, round)))
            .OrderBy(t => t.round).ThenBy(t => servedAt.GetValueOrDefault(t.turn.UserId)).ThenBy(t => t.turn.Id)
            .Select(t => t.turn),
    ];

    private void Serve(long userId)
    {
        if (servedAt.Count >= ServedMax)
        {
            servedAt.Clear();
        }

        servedAt[userId] = ++served;
    }

    private async Task RunAsync(Running turn, CancellationToken ct)
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

    private async Task<TurnState> AnswerAsync(Running turn, CancellationToken ct)
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
            ended = said.Ended(turn.Id, TurnState.Stopped, isTimedOut ? TimedOutMessage : null);
        }
        catch (Exception error)
        {
            AnswerFailed(log, turn.Id, error);
            ended = said.Ended(turn.Id, TurnState.Failed, FailedMessage);
        }

        // What there is must be kept also when the process is stopping.
        await using var db = await dbs.CreateDbContextAsync(CancellationToken.None);
        await db.EndTurnAsync(ended, CancellationToken.None);
        return ended.State;
    }

    private async Task<EndedTurn> AnswerAsync(Running turn, Said said, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var answerer = scope.ServiceProvider.GetRequiredService<ChatAnswerer>();
        said.Model = answerer.Model;
        await using var db = await dbs.CreateDbContextAsync(ct);
        var request = await db.ChatRequestAsync(turn.Id, ct);
        var words = KoreanText.Words(request.Question);
        var savedAt = Stopwatch.GetTimestamp();
        await foreach (var one in answerer.AnswerAsync(request, ct))
        {
            switch (one)
            {
                case ChatEvent.Sources sources:
                    (said.Sources, said.Note) = (sources.Items, sources.Note);
                    var citations = sources.Items.Select(s => CitationRows.Of(turn.Id, s, words)).ToList();
                    await db.KeepSourcesAsync(turn.Id, citations, ct);
                    turn.Stream.Append(new TurnEvent.Sources([.. citations.Select(CitationRows.Card)], sources.Note));
                    break;
                case ChatEvent.Token token:
                    said.Answer.Append(token.Text);
                    turn.Stream.Append(new TurnEvent.Token(token.Text, said.Answer.Length));
                    if (Stopwatch.GetElapsedTime(savedAt) >= SaveInterval)
                    {
                        await db.KeepPartialAnswerAsync(turn.Id, said.Answer.ToString(), ct);
                        savedAt = Stopwatch.GetTimestamp();
                    }

                    break;
                case ChatEvent.Done done:
                    var quotes = done.Citations.ToDictionary(c => c.Source.Number, c => c.Quote);
                    return new(turn.Id, TurnState.Done, done.Answer, done.Refused, done.Model, said.Note, quotes);
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

        public EndedTurn Ended(long turnId, TurnState state, string? error)
        {
            var answer = Answer.ToString();
            return new(turnId, state, answer, Refused: false, Model, error ?? Note, Quotes.Of(answer, Sources).ToDictionary(c => c.Source.Number, c => c.Quote));
        }
    }

    private sealed class Running(long id, long conversationId, long userId) : IDisposable
    {
        private readonly CancellationTokenSource stop = new();
        private readonly Lock gate = new();
        private bool isDisposed;

        public long Id => id;
        public long ConversationId => conversationId;
        public long UserId => userId;
        public TurnStream Stream { get; } = new();
        public CancellationToken Stopped => stop.Token;
        public Task Work { get; set; } = Task.CompletedTask;

        /// <summary>False when it has ended meanwhile.</summary>
        public bool TryStop()
        {
            lock (gate)
            {
                if (!isDisposed)
                {
                    stop.Cancel();
                }

                return !isDisposed;
            }
        }

        public void Dispose()
        {
            lock (gate)
            {
                isDisposed = true;
                stop.Dispose();
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Count} turns were being answered when the process ended; they keep their partial text.")]
    private static partial void Recovered(ILogger logger, int count);

    [LoggerMessage(LogLevel.Error, "The queue of chat turns could not be read.")]
    private static partial void QueueBroken(ILogger logger, Exception error);

    [LoggerMessage(LogLevel.Error, "Turn {Id} failed.")]
    private static partial void AnswerFailed(ILogger logger, long id, Exception error);

    [LoggerMessage(LogLevel.Error, "The end of turn {Id} could not be saved.")]
    private static partial void EndFailed(ILogger logger, long id, Exception error);
}
