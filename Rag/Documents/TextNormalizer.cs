using System.Globalization;
using System.Text;
using Pybo.Data;

namespace Pybo.Rag.Documents;

/// <summary>Normalises any text in linear time: NFC, <c>\n</c>, no control characters, at most one blank line.</summary>
public static class TextNormalizer
{
    /// <summary>Unicode's stream-safe limit (UAX #15): composing a longer run of marks would be quadratic.</summary>
    private const int MarksMax = 30;

    private const int NewlinesMax = 2;

    /// <summary>Normalises a text; trims spaces at the ends of lines and blank lines at both ends.</summary>
    public static string Normalize(string text)
    {
        var lines = new StringBuilder(text.Length);
        var marks = 0;
        var afterReturn = false;
        foreach (var rune in text.EnumerateRunes())
        {
            var isLineFeed = rune.Value == '\n';
            if (rune.Value is '\n' or '\r' or '\v' or '\f' or 0x85 or 0x2028 or 0x2029)
            {
                if (!(isLineFeed && afterReturn))
                {
                    EndLine(lines);
                }
            }
            else if (rune.Value == '\t' || !(Rune.IsControl(rune) || IsUnseen(rune.Value)))
            {
                marks = IsMark(rune) ? marks + 1 : 0;
                if (marks <= MarksMax)
                {
                    Append(lines, rune);
                }
            }

            afterReturn = rune.Value == '\r';
        }

        return lines.ToString().TrimStart('\n').TrimEnd().Replace('\uFFFE', '\uFFFD').Normalize(NormalizationForm.FormC); // .NET refuses to normalise U+FFFE
    }

    /// <summary>Returns a text on one line, white space as single spaces, cut with an ellipsis.</summary>
    public static string OneLine(string text, int charactersMax)
    {
        var start = Normalize(text.Cut(4 * charactersMax));
        return string.Join(' ', start.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).Cut(charactersMax, "…");
    }

    /// <summary>
    /// Invisible characters that a text does not need: zero-width spaces, soft hyphens, changes of direction, and the tag characters
    /// in which a whole message can be hidden from a reader and shown to a language model. Joiners are kept: emoji and some scripts need them.
    /// </summary>
    private static bool IsUnseen(int rune) => rune is 0xAD or 0x180E or 0x200B or 0xFEFF
        or (>= 0x202A and <= 0x202E) or (>= 0x2060 and <= 0x206F) or (>= 0xE0000 and <= 0xE007F);

    /// <summary>Includes spacing marks that are reordered too: Hangul's tone marks, and some vowel signs of Balinese and Javanese.</summary>
    private static bool IsMark(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;

    private static void EndLine(StringBuilder lines)
    {
        while (lines.Length > 0 && lines[lines.Length - 1] is ' ' or '\t')
        {
            lines.Length--;
        }

        if (lines.Length < NewlinesMax || lines[lines.Length - 1] != '\n' || lines[lines.Length - 2] != '\n')
        {
            lines.Append('\n');
        }
    }

    private static void Append(StringBuilder lines, Rune rune)
    {
        Span<char> characters = stackalloc char[2];
        lines.Append(characters[..rune.EncodeToUtf16(characters)]);
    }
}
