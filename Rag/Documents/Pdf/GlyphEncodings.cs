namespace Pybo.Rag.Documents.Pdf;

/// <summary>The glyph names of a simple font's codes: 256 of them, null where a code has none.</summary>
/// <remarks>The encodings are those of ISO 32000-2, annex D, and Adobe Technical Note 5176 (CFF), appendix B.</remarks>
internal static class GlyphEncodings
{
    private const int FirstCode = 32;

    private static readonly IReadOnlyDictionary<string, string[]> Tables = PdfTable.Read("glyphnames.txt");

    public static IReadOnlyList<string?> Standard { get; } = Encoding("Standard");

    public static IReadOnlyList<string?> WinAnsi { get; } = Encoding("WinAnsi");

    public static IReadOnlyList<string?> MacRoman { get; } = Encoding("MacRoman");

    public static IReadOnlyList<string?> MacExpert { get; } = Encoding("MacExpert");

    /// <summary>The expert encoding of CFF, which is another one than <see cref="MacExpert"/>.</summary>
    public static IReadOnlyList<string?> Expert { get; } = Encoding("Expert");

    public static IReadOnlyList<string?> Symbol { get; } = Encoding("Symbol");

    public static IReadOnlyList<string?> ZapfDingbats { get; } = Encoding("ZapfDingbats");

    /// <summary>The 258 glyphs that a TrueType font's <c>post</c> table names by number.</summary>
    public static IReadOnlyList<string> MacintoshGlyphs { get; } = Tables["MacintoshGlyphs"];

    /// <summary>The 391 strings that a CFF font names by number; the first 229 are also its ISOAdobe character set.</summary>
    public static IReadOnlyList<string> CffStrings { get; } = Tables["CffStrings"];

    public static IReadOnlyList<string> CffExpertGlyphs { get; } = Tables["CffExpertGlyphs"];

    public static IReadOnlyList<string> CffExpertSubsetGlyphs { get; } = Tables["CffExpertSubsetGlyphs"];

    /// <summary>The encoding that a font dictionary names; null for any other name.</summary>
    public static IReadOnlyList<string?>? Named(string? name) => name switch
    {
        "StandardEncoding" => Standard,
        "WinAnsiEncoding" => WinAnsi,
        "MacRomanEncoding" => MacRoman,
        "MacExpertEncoding" => MacExpert,
        "SymbolEncoding" or "SymbolSetEncoding" => Symbol,
        "ZapfDingbatsEncoding" => ZapfDingbats,
        _ => null,
    };

    private static string?[] Encoding(string table) =>
        [.. new string?[FirstCode], .. Tables[table].Select(name => name == "-" ? null : name)];
}
