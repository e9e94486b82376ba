using System.Text;

namespace Pybo.Rag.Documents.Pdf;

/// <summary>What a TrueType or OpenType font program says of its glyphs' characters: its tables <c>cmap</c> and <c>post</c>, backwards.</summary>
internal sealed class TrueTypeFont
{
    private const int TablesMax = 64;
    private const int TableRecordBytes = 16;
    private const int Microsoft = 3;
    private const int Macintosh = 1;

    /// <summary>Microsoft's symbol fonts have their codes at U+F000.</summary>
    private const int SymbolBase = 0xF000;

    private readonly Dictionary<string, FontBytes> tables = new(StringComparer.Ordinal);
    private readonly List<TrueTypeCharacters> characters;
    private readonly Lazy<Dictionary<int, int>> unicodeByGlyph;
    private readonly Lazy<IReadOnlyList<string>> names;

    private TrueTypeFont(FontBytes font, long start)
    {
        var count = Math.Min(font.UInt16(start + 4), TablesMax);
        for (var table = 0; table < count; table++)
        {
            var record = start + 12 + (table * TableRecordBytes);
            tables.TryAdd(Encoding.Latin1.GetString(font.Slice(record, 4).Bytes.Span), font.Slice(font.UInt32(record + 8), font.UInt32(record + 12)));
        }

        characters = TrueTypeCharacters.All(Table("cmap"));
        unicodeByGlyph = new(UnicodeByGlyph);
        names = new(() => TrueTypeNames.Read(Table("post")));
        Cff = tables.TryGetValue("CFF ", out var cff) ? CffFont.Open(cff.Bytes) : null;
    }

    /// <summary>The outlines of an OpenType font of this kind; null for others.</summary>
    public CffFont? Cff { get; }

    /// <summary>The font; null where the bytes are none.</summary>
    public static TrueTypeFont? Open(ReadOnlyMemory<byte> bytes)
    {
        var font = new FontBytes(bytes);
        var start = font.UInt32(0) == 0x74746366 ? font.UInt32(12) : 0; // "ttcf": the first font of a collection
        return font.UInt32(start) is 0x00010000 or 0x4F54544F or 0x74727565 or 0x00020000 ? new(font, start) : null;
    }

    /// <summary>A glyph's text, by its number; null where the font does not say.</summary>
    public string? Text(int glyph)
    {
        if (unicodeByGlyph.Value.TryGetValue(glyph, out var unicode))
        {
            return char.ConvertFromUtf32(unicode);
        }

        return glyph > 0 && glyph < names.Value.Count ? GlyphNames.Text(names.Value[glyph]) : null;
    }

    /// <summary>The glyph of a symbolic font's code (ISO 32000-2, 9.6.5.4); 0 where there is none.</summary>
    public int SymbolGlyph(byte code)
    {
        foreach (var map in characters)
        {
            if (map is { Platform: Microsoft, Encoding: 0 })
            {
                // The codes begin at U+F000, in old fonts at U+F100 or U+F200, and in careless ones at zero.
                ReadOnlySpan<int> starts = [SymbolBase, 0, SymbolBase + 0x100, SymbolBase + 0x200];
                foreach (var start in starts)
                {
                    if (map.Glyph(start + code) is > 0 and var glyph)
                    {
                        return glyph;
                    }
                }
            }
        }

        foreach (var map in characters)
        {
            if (map is { Platform: Macintosh, Encoding: 0 } && map.Glyph(code) is > 0 and var glyph)
            {
                return glyph;
            }
        }

        return 0;
    }

    private FontBytes Table(string name) => tables.GetValueOrDefault(name, new(ReadOnlyMemory<byte>.Empty));

    private Dictionary<int, int> UnicodeByGlyph()
    {
        var unicode = new Dictionary<int, int>();
        foreach (var map in characters)
        {
            if (!map.IsUnicode)
            {
                continue;
            }

            foreach (var (code, glyph) in map.Codes)
            {
                if (Rune.IsValid(code) && code > ' ' - 1 && (!unicode.TryGetValue(glyph, out var other) || Rank(code) < Rank(other)))
                {
                    unicode[glyph] = code;
                }
            }
        }

        return unicode;
    }

    // Of the characters of one glyph the plainest is meant: the lowest, but no radical (which looks like an ideograph) and none for private use.
    private static int Rank(int code) => code is (>= 0x2E80 and <= 0x2FDF) or (>= 0xE000 and <= 0xF8FF) ? code + 0x110000 : code;
}
