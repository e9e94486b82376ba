using System.Runtime.CompilerServices;
using Pybo.Data;

namespace Pybo.Rag.Chat;

/// <summary>A turn that is being answered: its events, its listeners, and how to stop it.</summary>
internal sealed class RunningTurn : IDisposable
{
    private static readonly Notice LeftMessage = Notice.Of(ChatProblem.Left);

    private readonly CancellationTokenSource stop = new();
    private readonly Lock gate = new();
    private readonly TurnListeners listeners;
    private bool isDisposed;

    public RunningTurn(long id, long conversationId, long userId, TimeProvider time)
    {
        (Id, ConversationId, UserId) = (id, conversationId, userId);
        listeners = new(time, () =>
        {
            if (IsGenerating)
            {
                TryStop(LeftMessage);
            }
        });
    }

    public long Id { get; }
    public long ConversationId { get; }
    public long UserId { get; }

    /// <summary>The row as claimed; updated as the turn ends.</summary>
    public Turn Row { get; set; } = null!;

    public TurnStream Stream { get; } = new();
    public CancellationToken Stopped => stop.Token;

    /// <summary>Why it was stopped, for the reader; null if the reader stopped it.</summary>
    public Notice? StopReason { get; private set; }

    /// <summary>True if the answer takes seconds or minutes of processor time, so it is stopped when all listeners have left.</summary>
    public bool IsGenerating { get; set; }

    public Task Work { get; set; } = Task.CompletedTask;

    /// <summary>Returns all events, like <see cref="TurnStream.ReadAsync"/>; each reader counts as a listener.</summary>
    public async IAsyncEnumerable<TurnEvent> ListenAsync([EnumeratorCancellation] CancellationToken ct)
    {
        listeners.Enter();
        try
        {
            await foreach (var one in Stream.ReadAsync(ct))
            {
                yield return one;
            }
        }
        finally
        {
            listeners.Leave();
        }
    }

    /// <summary>Stops the turn. False if it has already ended.</summary>
    public bool TryStop(Notice? reason = null)
    {
        lock (gate)
        {
            if (!isDisposed && !stop.IsCancellationRequested)
            {
                StopReason = reason;
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
            listeners.Dispose();
        }
    }
}
