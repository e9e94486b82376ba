namespace Pybo.Rag.Chat;

/// <summary>Counts who listens to a turn, and says when everybody has left and nobody came back; says nothing of a turn that nobody ever listened to.</summary>
internal sealed class TurnListeners : IDisposable
{
    /// <summary>A page that is loaded again or a phone that is locked for a moment comes back within this.</summary>
    public static readonly TimeSpan AwayMax = TimeSpan.FromSeconds(30);

    private readonly Lock gate = new();
    private readonly ITimer timer;
    private int count;

    /// <param name="time">Measures <see cref="AwayMax"/>.</param>
    /// <param name="left">Called when it has passed with nobody there; on a thread of the timer.</param>
    public TurnListeners(TimeProvider time, Action left) => timer = time.CreateTimer(_ =>
    {
        lock (gate)
        {
            if (count > 0)
            {
                return;
            }
        }

        left();
    }, null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    public void Enter()
    {
        lock (gate)
        {
            count++;
            timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    public void Leave()
    {
        lock (gate)
        {
            if (--count == 0)
            {
                timer.Change(AwayMax, Timeout.InfiniteTimeSpan);
            }
        }
    }

    public void Dispose() => timer.Dispose();
}
