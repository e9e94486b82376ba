using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Pybo.Data;
using Pybo.Rag.Documents.Enclosed;

namespace Pybo.Rag.Documents.Isolation;

/// <summary>Writes a document's parts as frames. Strings are sent as UTF-16, so no character changes, not even an unpaired surrogate.</summary>
/// <param name="output">An unbuffered pipe.</param>
internal sealed class DocumentFrameWriter(Stream output)
{
    /// <summary>Up to here every part is sent at once, so that little is lost if a reader dies early; a pipe holds as much.</summary>
    private const int EagerBytes = 65_536;

    private const int BatchBytes = 16_384;

    private ArrayBufferWriter<byte> pending = new(BatchBytes);
    private long written;

    /// <summary>Begins a new document; a large buffer of the previous one is not kept.</summary>
    public void Begin() => (written, pending) = (0, new(BatchBytes));

    public void Write(DocumentPart part)
    {
        switch (part)
        {
            case FormatPart format:
                WriteText(FrameKind.Format, format.Name);
                break;
            case TitlePart title:
                WriteText(FrameKind.Title, title.Text);
                break;
            case PagePart page:
                var size = Open(FrameKind.Page, FrameLimits.PageBytes);
                BinaryPrimitives.WriteSingleLittleEndian(size, page.Width);
                BinaryPrimitives.WriteSingleLittleEndian(size[sizeof(float)..], page.Height);
                size[^1] = page.IsPicture ? (byte)(1 + page.QuarterTurns) : (byte)0;
                break;
            case BlockPart block:
                WriteBlock(block);
                break;
            case WarningPart warning:
                WriteText(FrameKind.Warning, warning.Notice.ToString());
                break;
            case TruncatedPart truncated:
                WriteText(FrameKind.Truncated, truncated.Reason.ToString());
                break;
            case FilePart file:
                WriteText(FrameKind.File, file.Name);
                break;
            case BytesPart { Bytes: var bytes }:
                bytes.Span.CopyTo(Open(FrameKind.Bytes, bytes.Length));
                break;
            case RefusedPart refused:
                WriteText(FrameKind.Refused, $"{(refused.HasBegun ? FrameLimits.Begun : FrameLimits.NotBegun)}{refused.Name}\n{refused.Reason}");
                break;
            case IgnoredPart ignored:
                BinaryPrimitives.WriteInt32LittleEndian(Open(FrameKind.Ignored, sizeof(int)), ignored.Count);
                break;
        }

        if (written < EagerBytes || pending.WrittenCount >= BatchBytes || part is PagePart)
        {
            Flush();
        }
    }

    /// <summary>Reports that the process has started, with its bounds.</summary>
    public void Write(ReadingBounds bounds)
    {
        Open(FrameKind.Ready, 1)[0] = (byte)bounds;
        Flush();
    }

    public void Write(FrameKind kind, Notice? reason = null)
    {
        WriteText(kind, reason?.ToString() ?? "");
        Flush();
    }

    private void Flush()
    {
        written += pending.WrittenCount;
        output.Write(pending.WrittenSpan);
        output.Flush();
        pending.ResetWrittenCount();
    }

    private void WriteText(FrameKind kind, string text)
    {
        var characters = text.AsSpan(0, Length(text));
        MemoryMarshal.AsBytes(characters).CopyTo(Open(kind, characters.Length * sizeof(char)));
    }

    /// <summary>Writes level and break (a byte each), then for each line its length, whether it has a box, the text and the box. A block too large for one frame continues in further blocks.</summary>
    private void WriteBlock(BlockPart block)
    {
        var separator = block.Break;
        for (var first = 0; first < block.Lines.Count;)
        {
            var (end, bytes) = (first, 2);
            while (end < block.Lines.Count && end - first < FrameLimits.LinesMax && (end == first || bytes + Size(block.Lines[end]) <= FrameLimits.FrameBytesMax))
            {
                bytes += Size(block.Lines[end++]);
            }

            var content = Open(FrameKind.Block, bytes);
            (content[0], content[1]) = ((byte)block.Level, (byte)separator);
            content = content[2..];
            for (; first < end; first++)
            {
                content = WriteLine(content, block.Lines[first]);
            }

            separator = BlockBreak.Line;
        }
    }

    /// <summary>Allows one more character than a document may have, so that the builder sees that it was longer and reports it.</summary>
    private static int Length(string text) => Math.Min(text.Length, DocumentReader.CharactersMax + 1);

    private static int Size(TextLine line) => sizeof(int) + 1 + (Length(line.Text) * sizeof(char)) + (line.Box is null ? 0 : 4 * sizeof(float));

    private static Span<byte> WriteLine(Span<byte> content, TextLine line)
    {
        var characters = line.Text.AsSpan(0, Length(line.Text));
        BinaryPrimitives.WriteInt32LittleEndian(content, characters.Length);
        content[sizeof(int)] = (byte)(line.Box is null ? 0 : 1);
        content = content[(sizeof(int) + 1)..];
        MemoryMarshal.AsBytes(characters).CopyTo(content);
        content = content[(characters.Length * sizeof(char))..];
        if (line.Box is not { } box)
        {
            return content;
        }

        foreach (var number in (ReadOnlySpan<float>)[box.X, box.Y, box.Width, box.Height])
        {
            BinaryPrimitives.WriteSingleLittleEndian(content, number);
            content = content[sizeof(float)..];
        }

        return content;
    }

    private Span<byte> Open(FrameKind kind, int length)
    {
        var frame = pending.GetSpan(FrameLimits.HeaderBytes + length)[..(FrameLimits.HeaderBytes + length)];
        frame[0] = (byte)kind;
        BinaryPrimitives.WriteInt32LittleEndian(frame[1..], length);
        pending.Advance(frame.Length);
        return frame[FrameLimits.HeaderBytes..];
    }
}
