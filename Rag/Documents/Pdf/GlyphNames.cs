using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace Pybo.Rag.Documents.Pdf;

/// <summary>The Unicode text of glyph names, by the rules of the Adobe Glyph List Specification (section 2).</summary>
internal static class GlyphNames
{
    /// <summary>The specification limits names to 63 characters; a longer one is no name of a character.</summary>
    private const int LengthMax = 63;

    private static readonly IReadOnlyDictionary<string, string[]> Tables = PdfTable.Read("glyphlist.txt");

    private static readonly FrozenDictionary<string, string> Adobe = Pairs("Adobe");

    private static readonly FrozenDictionary<string, string> ZapfDingbats = Pairs("ZapfDingbats");

    /// <summary>The text; null for a name that stands for no character, as <c>.notdef</c> and <c>g17</c> do.</summary>
    /// <param name="isZapfDingbats">True for the names <c>a1</c> to <c>a206</c> of that font.</param>
    public static string? Text(string name, bool isZapfDingbats = false)
    {
        if (name.Length is 0 or > LengthMax)
        {
            return null;
        }

        if (isZapfDingbats && ZapfDingbats.TryGetValue(name, out var dingbat))
        {
            return dingbat;
        }

        var dot = name.IndexOf('.', StringComparison.Ordinal);
        var main = dot < 0 ? name : name[..dot];
        if (!main.Contains('_', StringComparison.Ordinal))
        {
            return Component(main);
        }

        var parts = main.Split('_').Select(Component).ToArray();
        return parts.Contains(null) ? null : string.Concat(parts);
    }

    /// <summary>
    /// The number in names that count codes, as <c>g65</c>, <c>c065</c> and <c>cid1234</c>: letters and a decimal number. Null for other names.
    /// </summary>
    public static int? Number(string name)
    {
        var digits = name.AsSpan().TrimStart("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
        var letters = name.Length - digits.Length;
        return letters is >= 1 and <= 3 && digits.Length is >= 1 and <= 5 && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
    }

    private static string? Component(string name)
    {
        if (Adobe.TryGetValue(name, out var known))
        {
            return known;
        }

        return name switch
        {
            ['u', 'n', 'i', .. var digits] when digits.Length is >= 4 and <= 28 && digits.Length % 4 == 0 => Units(digits),
            ['u', .. var digits] when digits.Length is >= 4 and <= 6 => Character(digits),
            _ => null,
        };
    }

    private static string? Units(string digits)
    {
        var text = new StringBuilder();
        for (var at = 0; at < digits.Length; at += 4)
        {
            if (Character(digits.AsSpan(at, 4)) is not { } character)
            {
                return null;
            }

            text.Append(character);
        }

        return text.ToString();
    }

    private static string? Character(ReadOnlySpan<char> digits) =>
        !digits.ContainsAnyExceptInRange('0', 'f') && int.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
            && Rune.TryCreate(value, out var rune) && value != 0
            ? rune.ToString()
            : null;

    private static FrozenDictionary<string, string> Pairs(string section) => Tables[section].Chunk(2)
        .ToFrozenDictionary(pair => pair[0], pair => char.ConvertFromUtf32(int.Parse(pair[1], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)), StringComparer.Ordinal);
}
