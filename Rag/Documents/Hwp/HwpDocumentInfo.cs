using System.Buffers.Binary;

namespace Pybo.Rag.Documents.Hwp;

/// <summary>Reads the definitions from the stream <c>DocInfo</c>. Shapes and styles are numbered from 0, numberings and bullets from 1.</summary>
internal static class HwpDocumentInfo
{
    private const int HeadInfoBytes = 12;

    /// <summary>Levels 8 to 10 were added later and follow the start numbers of the first seven.</summary>
    private const int FirstLevels = 7;

    public static void Read(ReadOnlyMemory<byte> stream, HwpStyles styles)
    {
        var records = new HwpRecords(stream);
        var (characterShapes, shapes, definedStyles, numberings, bullets) = (0, 0, 0, 1, 1);
        while (records.TryRead(out var record))
        {
            switch (record.Tag)
            {
                case HwpTag.CharacterShape:
                    AddScript(styles, characterShapes++, record);
                    break;
                case HwpTag.ParagraphShape:
                    styles.AddShape(shapes++, Shape(record));
                    break;
                case HwpTag.Style:
                    var offset = 0;
                    styles.AddStyle(definedStyles++, record.Text(ref offset));
                    break;
                case HwpTag.Numbering:
                    styles.AddNumbering(numberings++, Levels(record));
                    break;
                case HwpTag.Bullet:
                    styles.AddBullet(bullets++, (char)record.UInt16(HeadInfoBytes));
                    break;
            }
        }
    }

    private static void AddScript(HwpStyles styles, int id, HwpRecord record)
    {
        const int attributesOffset = 46, raised = 1 << 15, lowered = 1 << 16;
        var attributes = record.UInt32(attributesOffset);
        if ((attributes & (raised | lowered)) != 0)
        {
            styles.AddScript(id, (attributes & raised) != 0 ? 1 : -1);
        }
    }

    private static HwpParagraphShape Shape(HwpRecord record)
    {
        const int headShift = 23, headMask = 3, levelShift = 25, levelMask = 7, listOffset = 30;
        var attributes = record.UInt32(0);
        return new((HwpHeadKind)((attributes >> headShift) & headMask), (int)((attributes >> levelShift) & levelMask), record.UInt16(listOffset));
    }

    private static List<HwpNumberLevel> Levels(HwpRecord record)
    {
        var (patterns, offset) = (new List<(string Pattern, HwpNumberFormat Format)>(), 0);
        ReadPatterns(record, FirstLevels, patterns, ref offset);
        offset += sizeof(ushort);
        var startsOffset = offset;
        offset += FirstLevels * sizeof(uint);
        ReadPatterns(record, HwpNumbering.LevelsMax - FirstLevels, patterns, ref offset);
        var laterStartsOffset = offset;
        return [.. patterns.Select((level, at) => new HwpNumberLevel(level.Pattern, level.Format, Start(at)))];

        int Start(int level)
        {
            var startOffset = level < FirstLevels ? startsOffset + (level * sizeof(uint)) : laterStartsOffset + ((level - FirstLevels) * sizeof(uint));
            return startOffset + sizeof(uint) <= record.Data.Length ? BinaryPrimitives.ReadUInt16LittleEndian(record.Data.Span[startOffset..]) : 1;
        }
    }

    private static void ReadPatterns(HwpRecord record, int levels, List<(string Pattern, HwpNumberFormat Format)> patterns, ref int offset)
    {
        const int formatShift = 5, formatMask = 0xF;
        for (var level = 0; level < levels && offset + HeadInfoBytes + sizeof(ushort) <= record.Data.Length; level++)
        {
            var format = (HwpNumberFormat)((record.UInt32(offset) >> formatShift) & formatMask);
            offset += HeadInfoBytes;
            patterns.Add((record.Text(ref offset), format));
        }
    }
}
