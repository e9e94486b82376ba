using System.Buffers.Binary;

namespace Pybo.Rag.Documents.Hwp;

/// <summary>A record of HWP 5: its tag, its level and its bytes.</summary>
internal readonly record struct HwpRecord(int Tag, int Level, ReadOnlyMemory<byte> Data)
{
    /// <summary>Returns a number of the record, 0 if the record is too short for it.</summary>
    public uint UInt32(int offset) => offset <= Data.Length - sizeof(uint) ? BinaryPrimitives.ReadUInt32LittleEndian(Data.Span[offset..]) : 0;

    /// <inheritdoc cref="UInt32"/>
    public int UInt16(int offset) => offset <= Data.Length - sizeof(ushort) ? BinaryPrimitives.ReadUInt16LittleEndian(Data.Span[offset..]) : 0;

    /// <summary>Reads a text with a length prefix, cut at the record's end; moves the offset past it.</summary>
    public string Text(ref int offset)
    {
        var start = Math.Min(offset + sizeof(ushort), Data.Length);
        var bytes = Math.Min(UInt16(offset) * sizeof(char), (Data.Length - start) & ~1);
        offset = start + bytes;
        return System.Text.Encoding.Unicode.GetString(Data.Span.Slice(start, bytes));
    }
}

/// <summary>The tags of the records that are read (the format's tables 13 and 57).</summary>
internal static class HwpTag
{
    public const int CharacterShape = 21;
    public const int Numbering = 23;
    public const int Bullet = 24;
    public const int ParagraphShape = 25;
    public const int Style = 26;
    public const int DistributionData = 28;
    public const int ParagraphHeader = 66;
    public const int ParagraphText = 67;
    public const int ParagraphCharacterShapes = 68;
    public const int LineSegments = 69;
    public const int ControlHeader = 71;
    public const int ListHeader = 72;
    public const int PageDefinition = 73;
    public const int Table = 77;
    public const int Equation = 88;
    public const int MemoList = 93;
}

/// <summary>Reads a stream's records in order. A length beyond the end of the stream is cut there.</summary>
internal sealed class HwpRecords(ReadOnlyMemory<byte> stream)
{
    /// <summary>A record of at least this length stores it in four more bytes.</summary>
    private const int LongRecord = 0xFFF;

    private int at;

    /// <summary>True if the last record's length exceeded the stream.</summary>
    public bool IsCut { get; private set; }

    public bool TryRead(out HwpRecord record)
    {
        record = default;
        if (!TryReadUInt32(out var header))
        {
            return false;
        }

        var bytes = header >> 20;
        if (bytes == LongRecord && !TryReadUInt32(out bytes))
        {
            IsCut = true;
            return false;
        }

        IsCut = bytes > stream.Length - at;
        var end = (int)Math.Min(at + (long)bytes, stream.Length);
        record = new((int)(header & 0x3FF), (int)((header >> 10) & 0x3FF), stream[at..end]);
        at = end;
        return true;
    }

    private bool TryReadUInt32(out uint value)
    {
        value = 0;
        if (stream.Length - at < sizeof(uint))
        {
            IsCut |= at < stream.Length;
            return false;
        }

        value = BinaryPrimitives.ReadUInt32LittleEndian(stream.Span[at..]);
        at += sizeof(uint);
        return true;
    }
}
