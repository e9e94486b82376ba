namespace Pybo.Rag.Ingestion;

/// <summary>The time by which documents are claimed and rest.</summary>
internal sealed class IndexerClock(TimeProvider time)
{
    public DateTime Now => time.GetUtcNow().UtcDateTime;
}
