namespace Pybo.Rag.Models;

/// <summary>Limits on a hub's responses, and on waiting for them.</summary>
public sealed record HubLimits
{
    /// <summary>Maximum redirects of one request; the Hub needs one or two.</summary>
    public int RedirectsMax { get; init; } = 5;

    /// <summary>Maximum consecutive attempts without new data.</summary>
    public int AttemptsMax { get; init; } = 5;

    /// <summary>Maximum attempts at one file: enough for the largest even if the connection breaks every hundred megabytes.</summary>
    public int AttemptsPerFileMax { get; init; } = 200;

    /// <summary>Initial back-off, doubled with every attempt without new data.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Maximum back-off, even if the hub itself asks for more.</summary>
    public TimeSpan RetryDelayMax { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>A connection without a response, or a byte, for this long counts as broken.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Maximum pages of a file listing; the Hub's pages have 1,000 entries.</summary>
    public int ListingPagesMax { get; init; } = 20;

    public int ListingPageBytesMax { get; init; } = 8 << 20;

    /// <summary>Maximum files of one model; the largest of the catalogue has nine.</summary>
    public int FilesMax { get; init; } = 200;

    public int ParallelFiles { get; init; } = 4;

    public long FileBytesMax { get; init; } = 200L << 30;

    /// <summary>Free space left on the disk.</summary>
    public long SpaceReserveBytes { get; init; } = 256L << 20;
}
