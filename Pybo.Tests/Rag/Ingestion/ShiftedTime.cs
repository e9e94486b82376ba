namespace Pybo.Tests.Rag.Ingestion;

/// <summary>The system's clock, ahead by an interval that a test sets.</summary>
internal sealed class ShiftedTime : TimeProvider
{
    public TimeSpan Ahead { get; set; }

    /// <summary>The time at which the clock is stopped, before <see cref="Ahead"/> is added; null while it runs.</summary>
    public DateTimeOffset? Fixed { get; set; }

    public override DateTimeOffset GetUtcNow() => (Fixed ?? base.GetUtcNow()) + Ahead;

    public DateTime Now() => GetUtcNow().UtcDateTime;
}
