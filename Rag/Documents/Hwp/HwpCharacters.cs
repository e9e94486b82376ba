using System.Collections.Frozen;
using System.Text;

namespace Pybo.Rag.Documents.Hwp;

/// <summary>
/// Writes the private-use characters of 한글's documents as standard ones: figures in boxes, brackets and dots that 한글 keeps in plane 15, those of symbol fonts
/// (U+F000 to U+F0FF is a font's own byte), and old Hangul. What has no standard form becomes <see cref="Lost"/>.
/// </summary>
internal sealed class HwpCharacters
{
    /// <summary>A visible mark: nothing is dropped silently, and no raw code reaches a reader.</summary>
    private const char Lost = '□';

    /// <summary>Figures in boxes, 1 to 20.</summary>
    private const int FiguresStart = 0xF02B1;
    private const int FiguresEnd = FiguresStart + 20;

    private const int CircledOne = 0x2460;

    private static readonly FrozenDictionary<int, string> Standard = new Dictionary<int, string>
    {
        // 한글's own, in plane 15.
        [0xF02EF] = "·",
        [0xF080F] = "―",
        [0xF0850] = "‘",
        [0xF0851] = "’",
        [0xF0852] = "“",
        [0xF0853] = "”",
        [0xF0854] = "『",
        [0xF0855] = "』",
        [0xF0856] = "「",
        [0xF0857] = "」",

        // Old Hangul of the font maker Hanyang, as a sequence of letters.
        [0xF53A] = "\u1112\u119E\u11AB",

        // Wingdings and Symbol.
        [0xF020] = " ",
        [0xF02D] = "-",
        [0xF046] = "☞",
        [0xF06C] = "●",
        [0xF06D] = "❍",
        [0xF06E] = "■",
        [0xF06F] = "□",
        [0xF070] = "❐",
        [0xF071] = "❑",
        [0xF072] = "❒",
        [0xF074] = "◆",
        [0xF075] = "◆",
        [0xF076] = "❖",
        [0xF077] = "◆",
        [0xF09E] = "·",
        [0xF09F] = "•",
        [0xF0A1] = "○",
        [0xF0A2] = "◎",
        [0xF0A7] = "▪",
        [0xF0A8] = "◻",
        [0xF0AB] = "★",
        [0xF0AE] = "→",
        [0xF0B7] = "•",
        [0xF0D8] = "➢",
        [0xF0DF] = "←",
        [0xF0E0] = "→",
        [0xF0E1] = "↑",
        [0xF0E2] = "↓",
        [0xF0E8] = "➔",
        [0xF0F0] = "⇨",
        [0xF0FB] = "✗",
        [0xF0FC] = "✓",
        [0xF0FD] = "☒",
        [0xF0FE] = "☑",
    }.ToFrozenDictionary();

    /// <summary>The number of characters without a standard form.</summary>
    public int LostCount { get; private set; }

    /// <summary>Returns a text without private-use characters.</summary>
    public string Written(string text)
    {
        if (!HasPrivate(text))
        {
            return text;
        }

        var written = new StringBuilder(text.Length);
        Span<char> units = stackalloc char[2];
        foreach (var rune in text.EnumerateRunes())
        {
            if (IsPrivate(rune.Value))
            {
                written.Append(Of(rune.Value));
            }
            else
            {
                written.Append(units[..rune.EncodeToUtf16(units)]);
            }
        }

        return written.ToString();
    }

    private static bool HasPrivate(ReadOnlySpan<char> text) => text.ContainsAnyInRange('\uE000', '\uF8FF') || text.ContainsAnyInRange('\uDB80', '\uDBFF');

    private static bool IsPrivate(int rune) => rune is (>= 0xE000 and <= 0xF8FF) or (>= 0xF0000 and <= 0x10FFFD);

    private string Of(int rune)
    {
        if (rune is >= FiguresStart and < FiguresEnd)
        {
            return ((char)(CircledOne + rune - FiguresStart)).ToString();
        }

        if (Standard.TryGetValue(rune, out var standard))
        {
            return standard;
        }

        LostCount++;
        return Lost.ToString();
    }
}
