namespace Pybo.Data;

/// <summary>
/// The bytes of a file as they came. The same bytes are kept once among the documents of the command line, and never shared between members: what
/// another member has must not make an upload faster (docs/decisions/0019). A trigger removes them with the last document that has them.
/// </summary>
public sealed class DocumentFile
{
    public long Id { get; init; }

    /// <summary>SHA-256 of the bytes.</summary>
    public required byte[] Hash { get; init; }

    public required long Size { get; init; }
}

/// <summary>A stretch of a file. All parts but the last have <see cref="Bytes"/> bytes.</summary>
/// <remarks>
/// Parts instead of one blob: any place of a file is found at once, a slow download holds no snapshot of the database open between two of
/// them, and neither end ever has a large array.
/// </remarks>
public sealed class DocumentFilePart
{
    /// <summary>Below the 85,000 bytes from which .NET puts an array on its heap of large objects.</summary>
    public const int Bytes = 64 * 1024;

    public required long FileId { get; init; }

    /// <summary>From 0.</summary>
    public required int Number { get; init; }

    public required byte[] Content { get; init; }
}
