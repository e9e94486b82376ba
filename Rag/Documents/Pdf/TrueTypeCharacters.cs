namespace Pybo.Rag.Documents.Pdf;

/// <summary>A subtable of a TrueType font's <c>cmap</c>: its codes and their glyphs. Formats 0, 4, 6 and 12; the others hold no text of PDF files.</summary>
internal sealed class TrueTypeCharacters
{
    private const int SubtablesMax = 32;

    /// <summary>Codes of all subtables of one font that are looked at, repetitions counted: a font has at most 65,535 glyphs, and three subtables that matter.</summary>
    private const int CodesMax = 300_000;

    private readonly Dictionary<int, int> glyphs = [];
    private int left;

    private TrueTypeCharacters(int platform, int encoding, FontBytes table, int codesMax)
    {
        (Platform, Encoding, left) = (platform, encoding, codesMax);
        switch (table.UInt16(0))
        {
            case 0:
                ReadBytes(table);
                break;
            case 4:
                ReadSegments(table);
                break;
            case 6:
                ReadTrimmed(table);
                break;
            case 12:
                ReadGroups(table);
                break;
        }
    }

    public int Platform { get; }

    public int Encoding { get; }

    public bool IsUnicode => Platform == 0 || (Platform == 3 && Encoding is 1 or 10);

    public IReadOnlyDictionary<int, int> Codes => glyphs;

    /// <summary>All subtables of a <c>cmap</c> table.</summary>
    public static List<TrueTypeCharacters> All(FontBytes table)
    {
        var maps = new List<TrueTypeCharacters>();
        var (count, left) = (Math.Min(table.UInt16(2), SubtablesMax), CodesMax);
        for (var record = 0; record < count; record++)
        {
            var at = 4 + (8 * record);
            var map = new TrueTypeCharacters(table.UInt16(at), table.UInt16(at + 2), table.Slice(table.UInt32(at + 4), table.Length), left);
            left = map.left;
            maps.Add(map);
        }

        return maps;
    }

    /// <summary>A code's glyph; 0 where there is none.</summary>
    public int Glyph(int code) => glyphs.GetValueOrDefault(code);

    private void Add(int code, int glyph)
    {
        left--;
        if (glyph > 0)
        {
            glyphs.TryAdd(code, glyph);
        }
    }

    private void ReadBytes(FontBytes table)
    {
        for (var code = 0; code < 256 && left > 0; code++)
        {
            Add(code, table.UInt8(6 + code));
        }
    }

    private void ReadTrimmed(FontBytes table)
    {
        var (first, count) = (table.UInt16(6), table.UInt16(8));
        for (var index = 0; index < count && left > 0; index++)
        {
            Add(first + index, table.UInt16(10 + (2L * index)));
        }
    }

    private void ReadSegments(FontBytes table)
    {
        var segments = table.UInt16(6) / 2;
        long ends = 14, starts = ends + (2L * segments) + 2, deltas = starts + (2L * segments), offsets = deltas + (2L * segments);
        for (var segment = 0; segment < segments && left > 0; segment++)
        {
            var (first, last) = (table.UInt16(starts + (2L * segment)), table.UInt16(ends + (2L * segment)));
            var (delta, offset) = (table.UInt16(deltas + (2L * segment)), table.UInt16(offsets + (2L * segment)));
            for (var code = first; code <= last && code != 0xFFFF && left > 0; code++)
            {
                var glyph = offset == 0 ? code : table.UInt16(offsets + (2L * segment) + offset + (2L * (code - first)));
                Add(code, offset != 0 && glyph == 0 ? 0 : (glyph + delta) & 0xFFFF);
            }
        }
    }

    private void ReadGroups(FontBytes table)
    {
        var groups = Math.Min(table.UInt32(12), (uint)table.Length / 12);
        for (var group = 0u; group < groups && left > 0; group++)
        {
            var at = 16 + (12L * group);
            var (first, last, glyph) = (table.UInt32(at), Math.Min(table.UInt32(at + 4), 0x10FFFF), table.UInt32(at + 8));
            for (var code = first; code <= last && left > 0; code++)
            {
                Add((int)code, (int)Math.Min(glyph + (code - first), ushort.MaxValue));
            }
        }
    }
}
