namespace Pybo.Rag.Documents.Isolation;

/// <summary>The resources that a reading process may use.</summary>
public sealed record ReadingLimits
{
    /// <summary>Twice what sufficed for 2,481 real files on an idle machine: in use, other work shares the machine.</summary>
    public const int SecondsDefault = 60;

    /// <summary>Holds the largest file plus 300 MB of decoded streams and the text.</summary>
    public const long HeapBytesDefault = 1L << 30;

    /// <summary>The time for one document, from its first byte sent to its last part received.</summary>
    public TimeSpan Time { get; init; } = TimeSpan.FromSeconds(SecondsDefault);

    /// <summary>The managed heap; the runtime itself takes some 40 MB more.</summary>
    public long HeapBytes { get; init; } = HeapBytesDefault;

    /// <summary>A process is replaced after this many documents, so that nothing they leave behind accumulates.</summary>
    public int DocumentsPerProcess { get; init; } = 200;

    /// <summary>More at once only wait for each other's cores, and each may need its whole heap.</summary>
    public int ProcessesMax { get; init; } = Math.Min(Environment.ProcessorCount, 4);

    /// <summary>Full paths of files hidden from every reading process: the database, and all files whose names begin with its name.</summary>
    public IReadOnlyList<string> HiddenFiles { get; init; } = [];

    /// <summary>An idle process ends after this time, which frees its memory.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromSeconds(30);
}
