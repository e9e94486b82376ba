using Pybo.Data;

namespace Pybo.Rag.Ingestion;

/// <summary>A document that is being read.</summary>
internal sealed class ReadInProgress(ClaimedDocument document) : IProgress<int>, IDisposable
{
    private readonly Lock gate = new();
    private readonly CancellationTokenSource lost = new();
    private bool isDisposed;
    private int pagesRead;

    public ClaimedDocument Document => document;

    /// <summary>Cancelled once the row shows that this attempt was given up.</summary>
    public CancellationToken Lost => lost.Token;

    public int PagesRead => Volatile.Read(ref pagesRead);

    /// <summary>True if it holds the slot for the long text.</summary>
    public bool IsLong { get; set; }

    public bool IsRead { get; set; }

    /// <summary>True if it did not finish and is back in the queue.</summary>
    public bool IsPostponed { get; set; }

    public void Lose()
    {
        lock (gate)
        {
            if (!isDisposed)
            {
                lost.Cancel();
            }
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            isDisposed = true;
            lost.Dispose();
        }
    }

    void IProgress<int>.Report(int value) => Volatile.Write(ref pagesRead, value);
}
