namespace Pybo.Rag.Ingestion;

/// <summary>The time by which documents are claimed and rest.</summary>
internal sealed class IndexerClock(TimeProvider time)
{
    /// <summary>After the first failure; four times as long after each further one: 10 s, 40 s, 3 and 11 minutes.</summary>
    private static readonly TimeSpan RestFirst = TimeSpan.FromSeconds(10);

    private const int RestFactor = 4;

    public DateTime Now => time.GetUtcNow().UtcDateTime;

    /// <summary>How long a document rests after an attempt that failed for a reason that may pass.</summary>
    public static TimeSpan RestAfter(int attempt) => RestFirst * Math.Pow(RestFactor, attempt - 1);
}
