using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Pybo.Rag.Documents;
using Pybo.Rag.Documents.Hwp;

namespace Pybo.Tests.Rag.Documents.Hwp;

/// <summary>Writes the records of small HWP 5 documents.</summary>
internal sealed class HwpBuilder
{
    public const uint Compressed = 1;

    private readonly ArrayBufferWriter<byte> records = new();

    public byte[] Section => records.WrittenSpan.ToArray();

    /// <summary>A control character of a text, eight characters wide; its control record follows the text.</summary>
    public static string Control(int code) => $"{(char)code}\0\0\0\0\0\0{(char)code}";

    public static byte[] FileHeader(uint flags)
    {
        var header = new byte[256];
        "HWP Document File"u8.CopyTo(header);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(36), flags);
        return header;
    }

    public static byte[] Deflate(byte[] bytes)
    {
        using var deflated = new MemoryStream();
        using (var deflate = new DeflateStream(deflated, CompressionLevel.Fastest, leaveOpen: true))
        {
            deflate.Write(bytes);
        }

        return deflated.ToArray();
    }

    public static CompoundFileBuilder File(byte[] section, uint flags = Compressed) => new CompoundFileBuilder()
        .Add("FileHeader", FileHeader(flags))
        .Add("BodyText/Section0", (flags & Compressed) != 0 ? Deflate(section) : section);

    public static DocumentText Read(byte[] file) => DocumentBuilder.Collect(new HwpReader().Read(file, "문서.hwp"), "문서.hwp");

    public DocumentText Read() => Read(File(Section).Build());

    public HwpBuilder Record(int tag, int level, byte[] data)
    {
        var length = Math.Min(data.Length, 0xFFF);
        WriteUInt32((uint)(tag | (level << 10) | (length << 20)));
        if (length == 0xFFF)
        {
            WriteUInt32((uint)data.Length);
        }

        records.Write(data);
        return this;
    }

    public HwpBuilder Raw(params byte[] bytes)
    {
        records.Write(bytes);
        return this;
    }

    /// <param name="lines">The start of each line in the text, and its vertical position.</param>
    public HwpBuilder Paragraph(int level, string text, byte breaks = 0, int shape = 0, params (int Position, int Vertical)[] lines)
    {
        Record(HwpTag.ParagraphHeader, level, [.. new byte[8], (byte)shape, 0, 0, breaks, .. new byte[10]]);
        Record(HwpTag.ParagraphText, level + 1, Encoding.Unicode.GetBytes(text + "\r"));
        return lines.Length == 0 ? this : Record(HwpTag.LineSegments, level + 1, [.. lines.SelectMany(line => Numbers(line.Position, line.Vertical, 0, 0, 0, 0, 0, 0, 0))]);
    }

    public HwpBuilder Control(int level, string id, params byte[] data) =>
        Record(HwpTag.ControlHeader, level, [.. Encoding.Latin1.GetBytes(id).Reverse(), .. data]);

    public HwpBuilder List(int level) => Record(HwpTag.ListHeader, level, new byte[8]);

    public HwpBuilder Cell(int level, int row, int column, int rowSpan, string text) =>
        Record(HwpTag.ListHeader, level, [.. new byte[8], (byte)column, 0, (byte)row, 0, 1, 0, (byte)rowSpan, 0, .. new byte[14]]).Paragraph(level, text);

    public static byte[] Numbers(params int[] numbers)
    {
        var bytes = new byte[numbers.Length * sizeof(int)];
        Buffer.BlockCopy(numbers, 0, bytes, 0, bytes.Length);
        return bytes;
    }

    private void WriteUInt32(uint value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        records.Write(bytes);
    }
}
