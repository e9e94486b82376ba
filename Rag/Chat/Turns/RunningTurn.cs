using System.Runtime.CompilerServices;
using Pybo.Data;

namespace Pybo.Rag.Chat;

/// <summary>A turn that is being answered: what it says, who listens, and how it is stopped.</summary>
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

    /// <summary>As it was claimed, and filled in as it ends.</summary>
    public Turn Row { get; set; } = null!;

    public TurnStream Stream { get; } = new();
    public CancellationToken Stopped => stop.Token;

    /// <summary>Why it was stopped, for the reader; null when the reader did it.</summary>
    public Notice? StopReason { get; private set; }

    /// <summary>It costs the machine seconds or minutes, so that it is stopped when everybody has left.</summary>
    public bool IsGenerating { get; set; }

    public Task Work { get; set; } = Task.CompletedTask;

    /// <summary>All events, as <see cref="TurnStream.ReadAsync"/>; whoever reads them counts as listening.</summary>
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

    /// <summary>False when it has ended meanwhile.</summary>
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
