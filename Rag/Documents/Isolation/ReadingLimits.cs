namespace Pybo.Rag.Documents.Isolation;

/// <summary>What a reading process may use.</summary>
public sealed record ReadingLimits
{
    /// <summary>Twice what held for 2,481 real files on an idle machine: others work on this one too.</summary>
    public const int SecondsDefault = 60;

    /// <summary>Holds the largest file beside 300 MB of decoded streams and the text.</summary>
    public const long HeapBytesDefault = 1L << 30;

    /// <summary>A document in time: from its first byte sent to its last part received.</summary>
    public TimeSpan Time { get; init; } = TimeSpan.FromSeconds(SecondsDefault);

    /// <summary>Of the managed heap; the runtime itself takes some 40 MB more.</summary>
    public long HeapBytes { get; init; } = HeapBytesDefault;

    /// <summary>A process is replaced after so many, whatever they left in it.</summary>
    public int DocumentsPerProcess { get; init; } = 200;

    /// <summary>More at once only wait for each other's cores, and each may need its whole heap.</summary>
    public int ProcessesMax { get; init; } = Math.Min(Environment.ProcessorCount, 4);

    /// <summary>Full paths of files that no reading process sees, wherever they lie: the database, and all whose names begin as its own.</summary>
    public IReadOnlyList<string> HiddenFiles { get; init; } = [];

    /// <summary>A process that nobody asks ends, and its memory is free for others.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromSeconds(30);
}
