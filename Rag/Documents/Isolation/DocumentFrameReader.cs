using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Pybo.Data;
using Pybo.Rag.Documents.Enclosed;

namespace Pybo.Rag.Documents.Isolation;

/// <summary>Reads the frames of a reading process and trusts none of them: a document may have taken the process over.</summary>
/// <param name="input">Buffered, because it is read in small pieces.</param>
internal sealed class DocumentFrameReader(Stream input)
{
    /// <summary>A larger buffer is not reused for the next frame.</summary>
    private const int KeptBytesMax = 1_048_576;

    private readonly byte[] header = new byte[FrameLimits.HeaderBytes];
    private byte[] content = [];

    /// <exception cref="EndOfStreamException">The process ended.</exception>
    /// <exception cref="InvalidDataException">The process wrote something other than a frame.</exception>
    public async Task<DocumentFrame> ReadAsync()
    {
        await input.ReadExactlyAsync(header);
        var (kind, length) = FrameLimits.Header(header);
        if (content.Length < length || content.Length > KeptBytesMax)
        {
            content = new byte[length];
        }

        await input.ReadExactlyAsync(content.AsMemory(0, length));
        return Parse(kind, content.AsSpan(0, length));
    }

    private static DocumentFrame Parse(FrameKind kind, ReadOnlySpan<byte> content) => kind switch
    {
        FrameKind.Format => new(kind, Format(Text(content))),
        FrameKind.Title => new(kind, new TitlePart(Text(content))),
        FrameKind.Page when content is [.., <= 1 + FrameLimits.QuarterTurnsMax and var picture] && content.Length == FrameLimits.PageBytes =>
            new(kind, new PagePart(Length(content), Length(content[sizeof(float)..]), picture > 0, Math.Max(0, picture - 1))),
        FrameKind.Block => new(kind, Block(content)),
        FrameKind.Warning => new(kind, new WarningPart(ReadNotice(content))),
        FrameKind.Truncated => new(kind, new TruncatedPart(ReadNotice(content))),
        FrameKind.Unreadable => new(kind, Reason: ReadNotice(content)),
        FrameKind.File => new(kind, new FilePart(Text(content))),
        FrameKind.Bytes => new(kind, new BytesPart(content.ToArray())),
        FrameKind.Refused => new(kind, Refused(Text(content))),
        FrameKind.Ignored when content.Length == sizeof(int) => new(kind, new IgnoredPart(BinaryPrimitives.ReadInt32LittleEndian(content))),
        FrameKind.Ready when content is [var bounds] => new(kind, Bounds: (ReadingBounds)bounds & ReadingBounds.All),
        FrameKind.End or FrameKind.OutOfMemory when content.IsEmpty => new(kind),
        _ => throw Damaged(),
    };

    private static FormatPart Format(string name) => DocumentReader.AllFormats.Any(format => format.Name == name) ? new(name) : throw Damaged();

    /// <summary>Parses whether the file has begun, its name, and the line of a notice.</summary>
    private static RefusedPart Refused(string text) =>
        text.IndexOf('\n', StringComparison.Ordinal) is > 1 and var end && text[0] is FrameLimits.Begun or FrameLimits.NotBegun && Notice.Parse(text[(end + 1)..]) is { } reason
            ? new(text[1..end], reason, text[0] == FrameLimits.Begun)
            : throw Damaged();

    private static BlockPart Block(ReadOnlySpan<byte> content)
    {
        if (content is not [<= 6 and var level, <= (byte)BlockBreak.None and var separator, .. var rest])
        {
            throw Damaged();
        }

        var lines = new List<TextLine>();
        while (!rest.IsEmpty)
        {
            lines.Add(lines.Count < FrameLimits.LinesMax ? Line(ref rest) : throw Damaged());
        }

        return new(level, lines, (BlockBreak)separator);
    }

    private static TextLine Line(ref ReadOnlySpan<byte> rest)
    {
        var characters = rest.Length > sizeof(int) ? BinaryPrimitives.ReadInt32LittleEndian(rest) : -1;
        if (characters < 0 || rest[sizeof(int)] > 1)
        {
            throw Damaged();
        }

        var hasBox = rest[sizeof(int)] == 1;
        rest = rest[(sizeof(int) + 1)..];
        if (characters > rest.Length / sizeof(char))
        {
            throw Damaged();
        }

        var text = Text(rest[..(characters * sizeof(char))]);
        rest = rest[(characters * sizeof(char))..];
        return new(text, hasBox ? Box(ref rest) : null);
    }

    private static PageBox Box(ref ReadOnlySpan<byte> rest)
    {
        const int boxBytes = 4 * sizeof(float);
        if (rest.Length < boxBytes)
        {
            throw Damaged();
        }

        var box = new PageBox(Number(rest), Number(rest[4..]), Number(rest[8..]), Number(rest[12..]));
        rest = rest[boxBytes..];
        return box;
    }

    private static string Text(ReadOnlySpan<byte> content) =>
        content.Length % sizeof(char) == 0 ? new(MemoryMarshal.Cast<byte, char>(content)) : throw Damaged();

    private static Notice ReadNotice(ReadOnlySpan<byte> content) => Notice.Parse(Text(content)) ?? throw Damaged();

    private static float Number(ReadOnlySpan<byte> content)
    {
        var number = BinaryPrimitives.ReadSingleLittleEndian(content);
        return float.IsFinite(number) ? number : throw Damaged();
    }

    private static float Length(ReadOnlySpan<byte> content) => Number(content) is >= 0 and var length ? length : throw Damaged();

    private static InvalidDataException Damaged() => new("A frame of a reading process is damaged.");
}
