using System.Threading.Channels;

namespace Pybo.Rag.Ingestion;

/// <summary>Wakes the worker. It carries nothing: what is to be done stands in the rows.</summary>
public sealed class IngestionSignal
{
    private readonly Channel<bool> channel = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Wake() => channel.Writer.TryWrite(true);

    /// <summary>Returns at the next <see cref="Wake"/>, at once if one came since the last return, or after the given time.</summary>
    public async Task WaitAsync(TimeSpan longest, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(longest);
        try
        {
            await channel.Reader.ReadAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            // The time is over: the worker looks at the rows by itself.
        }
    }
}
