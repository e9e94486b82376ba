namespace Pybo.Rag.Models;

/// <summary>How much a hub is trusted with, and how long it is waited for.</summary>
public sealed record HubLimits
{
    /// <summary>Redirects of one request; the Hub needs one or two.</summary>
    public int RedirectsMax { get; init; } = 5;

    /// <summary>Attempts in a row that bring nothing new.</summary>
    public int AttemptsMax { get; init; } = 5;

    /// <summary>Attempts at one file altogether: a line that breaks every hundred megabytes still brings the largest.</summary>
    public int AttemptsPerFileMax { get; init; } = 200;

    /// <summary>Doubled with every attempt that brings nothing.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Also where the hub itself asks for more.</summary>
    public TimeSpan RetryDelayMax { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Without an answer, or a byte, for so long a connection counts as broken.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Pages of a listing of files; the Hub puts 1,000 on one.</summary>
    public int ListingPagesMax { get; init; } = 20;

    public int ListingPageBytesMax { get; init; } = 8 << 20;

    /// <summary>Files of one model; the largest of the catalogue has nine.</summary>
    public int FilesMax { get; init; } = 200;

    public int ParallelFiles { get; init; } = 4;

    public long FileBytesMax { get; init; } = 200L << 30;

    /// <summary>Left free on the disk.</summary>
    public long SpaceReserveBytes { get; init; } = 256L << 20;
}
