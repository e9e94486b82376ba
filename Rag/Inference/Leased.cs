namespace Pybo.Rag.Inference;

/// <summary>A shared value that its owner may dispose at any time; the value itself is disposed when its last user is done.</summary>
/// <remarks>
/// Disposing a session, value or binding of ONNX Runtime during a run crashes the process, so every user holds a <see cref="Lease{T}"/>. Disposing
/// this refuses new leases and returns at once: a run may take minutes, and the caller may hold a lease itself. <see cref="DisposeAsync"/> waits,
/// without blocking a thread.
/// </remarks>
/// <param name="value">Owned from now on.</param>
public sealed class Leased<T>(T value) : IDisposable, IAsyncDisposable where T : class, IDisposable
{
    private readonly Lock gate = new();
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int leases;
    private bool isDisposed;

    /// <summary>Keeps the value alive until the lease is disposed.</summary>
    /// <exception cref="ObjectDisposedException">The owner has disposed it.</exception>
    public Lease<T> Borrow() => TryBorrow() ?? throw new ObjectDisposedException(typeof(T).Name);

    /// <summary>Keeps the value alive until the lease is disposed; returns null if the owner has disposed it.</summary>
    public Lease<T>? TryBorrow()
    {
        lock (gate)
        {
            if (isDisposed)
            {
                return null;
            }

            leases++;
            return new(value, Release);
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            if (isDisposed)
            {
                return;
            }

            isDisposed = true;
            if (leases > 0)
            {
                return;
            }
        }

        End();
    }

    /// <summary>Disposes, and completes when the last lease and the value are disposed.</summary>
    public async ValueTask DisposeAsync()
    {
        Dispose();
        await ended.Task;
    }

    private void Release()
    {
        lock (gate)
        {
            if (--leases > 0 || !isDisposed)
            {
                return;
            }
        }

        End();
    }

    private void End()
    {
        try
        {
            value.Dispose();
        }
        finally
        {
            ended.SetResult();
        }
    }
}

/// <summary>Keeps a value alive until this is disposed.</summary>
/// <param name="value">The value.</param>
/// <param name="release">Called once, on disposal; null if the value outlives every lease.</param>
public sealed class Lease<T>(T value, Action? release = null) : IDisposable where T : class
{
    private Action? release = release;

    public T Value => value;

    public void Dispose() => Interlocked.Exchange(ref release, null)?.Invoke();
}
