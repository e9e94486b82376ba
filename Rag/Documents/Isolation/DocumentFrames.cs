using System.Buffers.Binary;
using Pybo.Data;

namespace Pybo.Rag.Documents.Isolation;

/// <summary>What a reading process says: one frame for each part of a document, and how the reading ended.</summary>
/// <remarks>A frame is its kind (one byte), the bytes of its content (four, little-endian) and the content. Both ends are the same executable, so there is no version.</remarks>
internal enum FrameKind : byte
{
    /// <summary>The process has started, and what it may do is bounded.</summary>
    Ready = 1,
    Title = 2,
    Page = 3,
    Block = 4,
    Warning = 5,
    Truncated = 6,

    /// <summary>The document was read to its end.</summary>
    End = 7,

    /// <summary>The reader refuses, with the reason.</summary>
    Unreadable = 8,

    /// <summary>The heap limit was reached.</summary>
    OutOfMemory = 9,
}

/// <summary>A frame that is read; the part is null for those that are none.</summary>
/// <param name="Reason">Only of <see cref="FrameKind.Unreadable"/>.</param>
/// <param name="Bounds">Only of <see cref="FrameKind.Ready"/>.</param>
internal readonly record struct DocumentFrame(FrameKind Kind, DocumentPart? Part = null, Notice? Reason = null, ReadingBounds Bounds = ReadingBounds.None);

/// <summary>Limits of both ends.</summary>
internal static class FrameLimits
{
    public const int HeaderBytes = 5;

    /// <summary>The longest document as one block in UTF-16, and as much again for its lines' boxes.</summary>
    public const int FrameBytesMax = 4 * DocumentReader.CharactersMax;

    /// <summary>Of a block; what is left of a longer one goes in the next frame. An empty line takes 5 bytes here and 32 in memory.</summary>
    public const int LinesMax = 1_000_000;

    /// <summary>Refuses a header that no writer writes, before anything is allocated for it.</summary>
    /// <exception cref="InvalidDataException">An unknown kind or a length out of bounds.</exception>
    public static (FrameKind Kind, int Length) Header(ReadOnlySpan<byte> header)
    {
        var (kind, length) = ((FrameKind)header[0], BinaryPrimitives.ReadInt32LittleEndian(header[1..]));
        return kind is >= FrameKind.Ready and <= FrameKind.OutOfMemory && length is >= 0 and <= FrameBytesMax
            ? (kind, length)
            : throw new InvalidDataException("Not a frame of a reading process.");
    }
}
