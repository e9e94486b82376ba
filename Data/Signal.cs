namespace Pybo.Data;

/// <summary>Wakes everyone waiting for a change. A caller that takes <see cref="Next"/> before checking misses no change.</summary>
public class Signal
{
    private TaskCompletionSource next = New();

    /// <summary>Completes when the signal is next raised after this was taken.</summary>
    public Task Next => Volatile.Read(ref next).Task;

    public void Raise() => Interlocked.Exchange(ref next, New()).SetResult();

    // Raising the signal must not run the waiters inline.
    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>Raised when a saved post or document needs indexing. It carries no data: the work is in the rows.</summary>
public sealed class IndexingSignal : Signal;
