namespace Pybo.Rag.Chat;

/// <summary>Counts a turn's listeners and reports when all have left and none has returned; never fires for a turn that had no listener.</summary>
internal sealed class TurnListeners : IDisposable
{
    /// <summary>A reloaded page or a briefly locked phone reconnects within this time.</summary>
    public static readonly TimeSpan AwayMax = TimeSpan.FromSeconds(30);

    private readonly Lock gate = new();
    private readonly ITimer timer;
    private int count;

    /// <param name="time">Measures <see cref="AwayMax"/>.</param>
    /// <param name="left">Called when that time has passed without a listener; runs on a timer thread.</param>
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
