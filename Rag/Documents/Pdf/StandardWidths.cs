using System.Collections.Frozen;
using System.Globalization;

namespace Pybo.Rag.Documents.Pdf;

/// <summary>The glyph widths of the standard 14 fonts, which a file may leave out, and of the fonts that stand in for those.</summary>
internal static class StandardWidths
{
    private const int CourierWidth = 600;

    private static readonly FrozenDictionary<string, FrozenDictionary<string, int>> Fonts = PdfTable.Read("standardwidths.txt")
        .Where(section => section.Key.Length > 0).ToFrozenDictionary(section => section.Key, section => Widths(section.Value), StringComparer.Ordinal);

    /// <summary>A glyph's width in thousandths of an em; null where the font has no such glyph.</summary>
    /// <param name="font">One of the names that <see cref="Standard"/> gives.</param>
    public static int? Width(string font, string glyph) =>
        font == "Courier" ? CourierWidth : Fonts.TryGetValue(font, out var widths) && widths.TryGetValue(glyph, out var width) ? width : null;

    /// <summary>The standard font that a font without widths is, or is most like, by its name and look.</summary>
    public static string Standard(PdfFontLook look, bool isSerif, bool isFixedPitch)
    {
        var name = look.Name;
        if (Has(name, "Symbol"))
        {
            return "Symbol";
        }

        if (Has(name, "Dingbats"))
        {
            return "ZapfDingbats";
        }

        if (isFixedPitch || Has(name, "Courier") || Has(name, "Mono") || Has(name, "Consolas"))
        {
            return "Courier";
        }

        if (isSerif || Has(name, "Times") || Has(name, "Serif") || Has(name, "Georgia") || Has(name, "Roman"))
        {
            return (look.IsBold, look.IsItalic) switch
            {
                (true, true) => "Times-BoldItalic",
                (true, false) => "Times-Bold",
                (false, true) => "Times-Italic",
                _ => "Times-Roman",
            };
        }

        return look.IsBold ? "Helvetica-Bold" : "Helvetica";
    }

    private static bool Has(string name, string part) => name.Contains(part, StringComparison.OrdinalIgnoreCase);

    // A number is the width of all names until the next number.
    private static FrozenDictionary<string, int> Widths(string[] words)
    {
        var widths = new Dictionary<string, int>(StringComparer.Ordinal);
        var width = 0;
        foreach (var word in words)
        {
            if (char.IsAsciiDigit(word[0]))
            {
                width = int.Parse(word, CultureInfo.InvariantCulture);
            }
            else
            {
                widths[word] = width;
            }
        }

        return widths.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
