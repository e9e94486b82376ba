namespace Pybo.Tests.Rag.Ingestion;

/// <summary>The system's clock, ahead by as much as a test says.</summary>
internal sealed class ShiftedTime : TimeProvider
{
    public TimeSpan Ahead { get; set; }

    /// <summary>Where the clock stands still, before <see cref="Ahead"/>; null where it goes on.</summary>
    public DateTimeOffset? Fixed { get; set; }

    public override DateTimeOffset GetUtcNow() => (Fixed ?? base.GetUtcNow()) + Ahead;

    public DateTime Now() => GetUtcNow().UtcDateTime;
}
