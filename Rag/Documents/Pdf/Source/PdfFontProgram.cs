using UglyToad.PdfPig;
using UglyToad.PdfPig.Core;
using UglyToad.PdfPig.Filters;
using UglyToad.PdfPig.Fonts;
using UglyToad.PdfPig.Fonts.CompactFontFormat;
using UglyToad.PdfPig.Fonts.TrueType;
using UglyToad.PdfPig.Fonts.TrueType.Parser;
using UglyToad.PdfPig.Fonts.TrueType.Tables.CMapSubTables;
using UglyToad.PdfPig.Tokenization.Scanner;
using UglyToad.PdfPig.Tokens;

namespace Pybo.Rag.Documents.Pdf.Source;

/// <summary>What an embedded TrueType or CFF program says of its glyphs' characters: PdfPig reads its tables, but does not ask them backwards.</summary>
internal sealed class PdfFontProgram
{
    /// <summary>Characters of the basic multilingual plane, each looked up once in the table of a program.</summary>
    private const int CharactersMax = 0x10000;

    private static readonly PdfFontProgram None = new(null, null);

    /// <summary>Microsoft's symbol fonts have their codes at U+F000, old ones at U+F100 or U+F200, and careless ones at zero.</summary>
    private static readonly int[] SymbolStarts = [0xF000, 0, 0xF100, 0xF200];

    private readonly TrueTypeFont? trueType;
    private readonly CompactFontFormatFont? cff;
    private readonly Lazy<Dictionary<int, char>> characters;

    private PdfFontProgram(TrueTypeFont? trueType, CompactFontFormatFont? cff)
    {
        (this.trueType, this.cff) = (trueType, cff);
        characters = new(Characters, LazyThreadSafetyMode.None);
    }

    /// <summary>The program of a stream; one that says nothing where there is none, or it cannot be read.</summary>
    public static PdfFontProgram Read(IPdfTokenScanner scanner, ILookupFilterProvider filters, StreamToken? stream)
    {
        if (stream is null)
        {
            return None;
        }

        try
        {
            // The bytes decide, not the key: programs stand under the wrong one in many files.
            var bytes = stream.Decode(filters, scanner);
            return bytes.Span switch
            {
                [0, 1, 0, 0, ..] or [(byte)'t', (byte)'r', (byte)'u', (byte)'e', ..] or [(byte)'O', (byte)'T', (byte)'T', (byte)'O', ..] =>
                    new(TrueTypeFontParser.Parse(new TrueTypeDataBytes(new MemoryInputBytes(bytes))), null),
                [1, 0, ..] => new(null, CompactFontFormatParser.Parse(new CompactFontFormatData(bytes)).FirstFont),
                _ => None,
            };
        }
        catch (Exception broken) when (PdfTokens.IsInFile(broken))
        {
            return None; // A damaged program says nothing.
        }
    }

    /// <summary>A glyph's text, by its number; null where the program does not say.</summary>
    public string? Text(int glyph)
    {
        if (characters.Value.TryGetValue(glyph, out var character))
        {
            return character.ToString();
        }

        var names = trueType?.TableRegister.PostScriptTable?.GlyphNames;
        return GlyphText(names is not null ? names.ElementAtOrDefault(glyph) : cff?.GetCharacterName(glyph, isCid: true));
    }

    /// <summary>The text of a symbolic font's code (ISO 32000-2, 9.6.5.4); null where there is none.</summary>
    public string? SymbolText(int code)
    {
        var symbols = trueType?.WindowsSymbolCMap;
        var glyph = symbols is null ? 0 : SymbolStarts.Select(start => symbols.CharacterCodeToGlyphIndex(start + code)).FirstOrDefault(found => found > 0);
        glyph = glyph > 0 ? glyph : trueType?.MacRomanCMap?.CharacterCodeToGlyphIndex(code) ?? 0;
        return glyph > 0 ? Text(glyph) : null;
    }

    /// <summary>The text of a glyph name by the Adobe Glyph List; null for a name that stands for no character.</summary>
    public static string? GlyphText(string? name)
    {
        try
        {
            return name is null or GlyphList.NotDefined ? null : GlyphList.AdobeGlyphList.NameToUnicode(name);
        }
        catch (Exception broken) when (PdfTokens.IsInFile(broken))
        {
            return null; // PdfPig throws at names that begin like a number and are none.
        }
    }

    private Dictionary<int, char> Characters()
    {
        var found = new Dictionary<int, char>();
        foreach (var table in trueType?.TableRegister.CMapTable?.SubTables.Where(IsUnicode) ?? [])
        {
            for (var code = (int)' '; code < CharactersMax; code++)
            {
                if (!char.IsSurrogate((char)code) && table.CharacterCodeToGlyphIndex(code) is > 0 and var glyph
                    && (!found.TryGetValue(glyph, out var other) || Rank(code) < Rank(other)))
                {
                    found[glyph] = (char)code;
                }
            }
        }

        return found;
    }

    private static bool IsUnicode(ICMapSubTable table) => (int)table.PlatformId == 0 || ((int)table.PlatformId == 3 && table.EncodingId is 1 or 10);

    // Of the characters of one glyph the plainest is meant: the lowest, but no radical (which looks like an ideograph) and none for private use.
    private static int Rank(int code) => code is (>= 0x2E80 and <= 0x2FDF) or (>= 0xE000 and <= 0xF8FF) ? code + 0x110000 : code;
}
