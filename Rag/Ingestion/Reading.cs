using Pybo.Data;

namespace Pybo.Rag.Ingestion;

/// <summary>A document that is being read.</summary>
internal sealed class Reading(ClaimedDocument document) : IProgress<int>, IDisposable
{
    private readonly Lock gate = new();
    private readonly CancellationTokenSource lost = new();
    private bool isDisposed;
    private int pagesRead;

    public ClaimedDocument Document => document;

    /// <summary>Cancelled once the row says that this attempt was given up.</summary>
    public CancellationToken Lost => lost.Token;

    public int PagesRead => Volatile.Read(ref pagesRead);

    /// <summary>It has the place of the long text.</summary>
    public bool IsLong { get; set; }

    public bool IsRead { get; set; }

    /// <summary>It came to no end: it is in the queue again.</summary>
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
