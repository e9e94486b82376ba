namespace Pybo.Rag.Documents.Pdf;

/// <summary>The glyph names, character numbers and built-in encoding of a Compact Font Format program (Adobe Technical Note 5176). Its outlines are not read.</summary>
internal sealed class CffFont
{
    private const int GlyphsMax = 65_535;
    private const int OperatorCharset = 15;
    private const int OperatorEncoding = 16;
    private const int OperatorCharStrings = 17;
    private const int OperatorRegistry = 0x0C00 + 30;

    private readonly FontBytes font;
    private readonly CffIndex strings;
    private readonly int[] charset;
    private readonly Lazy<string?[]> encoding;
    private readonly Lazy<Dictionary<int, int>> glyphByCharacter;

    private CffFont(FontBytes font)
    {
        this.font = font;
        var names = new CffIndex(font, font.UInt8(2));
        var tops = new CffIndex(font, names.End);
        strings = new(font, tops.End);
        var top = CffDictionary.Read(tops.Item(0));
        IsCharacterKeyed = top.ContainsKey(OperatorRegistry);
        GlyphCount = Math.Min(new CffIndex(font, top.GetValueOrDefault(OperatorCharStrings)).Count, GlyphsMax);
        charset = ReadCharset(top.GetValueOrDefault(OperatorCharset));
        encoding = new(() => ReadEncoding(top.GetValueOrDefault(OperatorEncoding)));
        glyphByCharacter = new(GlyphByCharacter);
    }

    /// <summary>True where glyphs have character numbers in place of names.</summary>
    public bool IsCharacterKeyed { get; }

    public int GlyphCount { get; }

    /// <summary>The glyph name of each of 256 codes.</summary>
    public IReadOnlyList<string?> Encoding => encoding.Value;

    /// <summary>The font; null where the bytes are none.</summary>
    public static CffFont? Open(ReadOnlyMemory<byte> bytes)
    {
        var font = new FontBytes(bytes);
        return font.UInt8(0) == 1 && font.UInt8(2) >= 4 && new CffFont(font) is { GlyphCount: > 0 } found ? found : null;
    }

    /// <summary>A glyph's name; null where it has none.</summary>
    public string? Name(int glyph) => !IsCharacterKeyed && glyph > 0 && glyph < charset.Length ? String(charset[glyph]) : null;

    /// <summary>The glyph of a character number: its own one in a font that is not keyed by them. 0 where there is none.</summary>
    public int Glyph(int character) =>
        !IsCharacterKeyed ? (character < GlyphCount ? character : 0) : glyphByCharacter.Value.GetValueOrDefault(character);

    private Dictionary<int, int> GlyphByCharacter()
    {
        var glyphs = new Dictionary<int, int>();
        for (var glyph = 0; glyph < charset.Length; glyph++)
        {
            glyphs.TryAdd(charset[glyph], glyph);
        }

        return glyphs;
    }

    private string? String(int number)
    {
        var standard = GlyphEncodings.CffStrings;
        return number < standard.Count ? standard[number] : strings.Item(number - standard.Count) is { Length: > 0 } own ? Latin(own) : null;
    }

    private static string Latin(FontBytes bytes) => System.Text.Encoding.Latin1.GetString(bytes.Bytes.Span);

    // The string number (or character number) of each glyph. The first glyph is .notdef and not stored.
    private int[] ReadCharset(int offset)
    {
        if (offset is 0 or 1 or 2 && !IsCharacterKeyed)
        {
            var names = offset switch { 1 => GlyphEncodings.CffExpertGlyphs, 2 => GlyphEncodings.CffExpertSubsetGlyphs, _ => GlyphEncodings.CffStrings };
            var numbers = GlyphEncodings.CffStrings.Index().ToDictionary(entry => entry.Item, entry => entry.Index, StringComparer.Ordinal);
            return [.. names.Take(GlyphCount).Select(name => numbers.GetValueOrDefault(name))];
        }

        var glyphs = new int[GlyphCount];
        var format = font.UInt8(offset);
        long at = offset + 1;
        for (var glyph = 1; glyph < GlyphCount && at < font.Length;)
        {
            var first = font.UInt16(at);
            var more = format switch { 1 => font.UInt8(at + 2), 2 => font.UInt16(at + 2), _ => 0 };
            at += format switch { 1 => 3, 2 => 4, _ => 2 };
            for (var step = 0; step <= more && glyph < GlyphCount; step++)
            {
                glyphs[glyph++] = first + step;
            }
        }

        return glyphs;
    }

    private string?[] ReadEncoding(int offset)
    {
        if (offset is 0 or 1)
        {
            return [.. offset == 0 ? GlyphEncodings.Standard : GlyphEncodings.Expert];
        }

        var names = new string?[256];
        var format = font.UInt8(offset);
        var count = font.UInt8(offset + 1);
        long at = offset + 2;
        for (var (item, glyph) = (0, 1); item < count; item++)
        {
            var (first, more) = (font.UInt8(at), (format & 0x7F) == 1 ? font.UInt8(at + 1) : 0);
            at += (format & 0x7F) == 1 ? 2 : 1;
            for (var step = 0; step <= more; step++, glyph++)
            {
                names[(first + step) & 0xFF] = Name(glyph);
            }
        }

        if ((format & 0x80) != 0)
        {
            ReadSupplement(names, at);
        }

        return names;
    }

    // Further codes of glyphs that have one already.
    private void ReadSupplement(string?[] names, long at)
    {
        var count = font.UInt8(at);
        for (var item = 0; item < count; item++)
        {
            names[font.UInt8(at + 1 + (3 * item))] = String(font.UInt16(at + 2 + (3 * item)));
        }
    }
}
