namespace Pybo.Data;

/// <summary>Wakes everyone who waits for a change. Whoever takes <see cref="Next"/> before looking misses none.</summary>
public class Signal
{
    private TaskCompletionSource next = New();

    /// <summary>Completes when the signal is raised after this was taken.</summary>
    public Task Next => Volatile.Read(ref next).Task;

    public void Raise() => Interlocked.Exchange(ref next, New()).SetResult();

    // Whoever raises the signal must not run those who wait.
    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>Raised when a post or a document is saved that waits to be indexed. It carries nothing: what is to be done is in the rows.</summary>
public sealed class IndexingSignal : Signal;
