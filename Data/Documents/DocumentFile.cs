namespace Pybo.Data;

/// <summary>
/// The original bytes of a file. Documents from the command line share equal bytes; members never do, because another member's files
/// must not make an upload faster (docs/decisions/0019). A trigger deletes them with the last document that uses them.
/// </summary>
public sealed class DocumentFile
{
    public long Id { get; init; }

    /// <summary>SHA-256 of the bytes.</summary>
    public required byte[] Hash { get; init; }

    public required long Size { get; init; }
}

/// <summary>A part of a file. All parts but the last have <see cref="Bytes"/> bytes.</summary>
/// <remarks>
/// Parts instead of one blob: any position of a file is found at once, a slow download holds no database snapshot open between two
/// parts, and neither side ever needs a large array.
/// </remarks>
public sealed class DocumentFilePart
{
    /// <summary>Below the 85,000 bytes from which .NET allocates an array on its large object heap.</summary>
    public const int Bytes = 64 * 1024;

    public required long FileId { get; init; }

    /// <summary>From 0.</summary>
    public required int Number { get; init; }

    public required byte[] Content { get; init; }
}
