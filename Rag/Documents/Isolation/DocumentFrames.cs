using System.Buffers.Binary;
using Pybo.Data;

namespace Pybo.Rag.Documents.Isolation;

/// <summary>The messages of a reading process: one frame for each part of a document, and one for how the reading ended.</summary>
/// <remarks>A frame is its kind (one byte), its content's length in bytes (four, little-endian) and the content. Both ends are the same executable, so it has no version.</remarks>
internal enum FrameKind : byte
{
    /// <summary>The process has started and reports its bounds.</summary>
    Ready = 1,
    Title = 2,
    Page = 3,
    Block = 4,
    Warning = 5,
    Truncated = 6,

    /// <summary>The document was read to its end.</summary>
    End = 7,

    /// <summary>The reader refuses the document, with the reason.</summary>
    Unreadable = 8,

    /// <summary>The heap limit was reached.</summary>
    OutOfMemory = 9,
    Format = 10,

    /// <summary>A file taken out of the document begins.</summary>
    File = 11,
    Bytes = 12,

    /// <summary>A file in the document is not taken, with its name and the reason.</summary>
    Refused = 13,

    /// <summary>The number of files that systems add.</summary>
    Ignored = 14,
}

/// <summary>A frame that was read; the part is null for kinds that carry none.</summary>
/// <param name="Reason">Set only for <see cref="FrameKind.Unreadable"/>.</param>
/// <param name="Bounds">Set only for <see cref="FrameKind.Ready"/>.</param>
internal readonly record struct DocumentFrame(FrameKind Kind, DocumentPart? Part = null, Notice? Reason = null, ReadingBounds Bounds = ReadingBounds.None);

/// <summary>Limits that both ends share.</summary>
internal static class FrameLimits
{
    public const int HeaderBytes = 5;

    /// <summary>A page's width and height, and 0, or for a picture 1 and its quarter turns.</summary>
    public const int PageBytes = (2 * sizeof(float)) + 1;

    public const int QuarterTurnsMax = 3;

    /// <summary>The longest document as one UTF-16 block, plus as much again for its lines' boxes.</summary>
    public const int FrameBytesMax = 4 * DocumentReader.CharactersMax;

    /// <summary>Lines per block; the rest of a longer block is sent in the next frame. An empty line takes 5 bytes here and 32 in memory.</summary>
    public const int LinesMax = 1_000_000;

    /// <summary>The first character of a refused file's frame.</summary>
    public const char Begun = '+';
    public const char NotBegun = '-';

    /// <summary>Parses a header; refuses one that no writer writes before anything is allocated for it.</summary>
    /// <exception cref="InvalidDataException">An unknown kind or a length out of bounds.</exception>
    public static (FrameKind Kind, int Length) Header(ReadOnlySpan<byte> header)
    {
        var (kind, length) = ((FrameKind)header[0], BinaryPrimitives.ReadInt32LittleEndian(header[1..]));
        return kind is >= FrameKind.Ready and <= FrameKind.Ignored && length is >= 0 and <= FrameBytesMax
            ? (kind, length)
            : throw new InvalidDataException("Not a frame of a reading process.");
    }
}
