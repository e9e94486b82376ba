namespace Pybo.Rag.Ingestion;

/// <summary>The clock for claims and back-off.</summary>
internal sealed class IndexerClock(TimeProvider time)
{
    public DateTime Now => time.GetUtcNow().UtcDateTime;
}
