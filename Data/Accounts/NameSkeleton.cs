using System.Globalization;
using System.Text;

namespace Pybo.Data;

/// <summary>
/// Computes a name's lookalike form: the skeleton of UTS 39 with capitals folded. Two names with one skeleton are hard to tell apart, so only one member may
/// have it: <c>аdmin</c> with a Cyrillic letter, <c>adm1n</c>, <c>adrnin</c> (rn for m), 홍길동 in single Jamo.
/// </summary>
/// <remarks>The value is stored (<see cref="User.NameSkeleton"/>). A change to the rules or the table needs a migration that empties the column; the next start fills it.</remarks>
public static class NameSkeleton
{
    /// <summary>A folded letter can have its own prototype, which may be a capital; no character of the table needs more rounds.</summary>
    private const int RoundsMax = 4;

    private const string DotAbove = "\u0307";

    public static string Of(string name)
    {
        var text = Visible(name.Normalized(NormalizationForm.FormKC));
        for (var round = 0; round < RoundsMax; round++)
        {
            var next = Prototypes(text).ToLowerInvariant();
            if (next == text)
            {
                break;
            }

            text = next;
        }

        // I looks like l and is i's capital, so the three (with 1 and ı, which the table maps here) become one.
        return text.Replace('i', 'l').Replace("l" + DotAbove, "l", StringComparison.Ordinal);
    }

    private static string Prototypes(string text)
    {
        var built = new StringBuilder();
        foreach (var rune in text.Normalize(NormalizationForm.FormD).EnumerateRunes())
        {
            built.Append(LetterTable.PrototypeOf(rune) ?? rune.ToString());
        }

        return built.ToString().Normalize(NormalizationForm.FormD);
    }

    private static string Visible(string text) => string.Concat(text.EnumerateRunes().Where(rune => !IsInvisible(rune)));

    /// <summary>True for Unicode's default ignorable characters: format characters, fillers, variation selectors, tags.</summary>
    private static bool IsInvisible(Rune rune) => Rune.GetUnicodeCategory(rune) == UnicodeCategory.Format || rune.Value is
        0x034F or 0x115F or 0x1160 or 0x17B4 or 0x17B5 or (>= 0x180B and <= 0x180F) or 0x3164 or (>= 0xFE00 and <= 0xFE0F) or 0xFFA0
        or (>= 0xE0000 and <= 0xE0FFF);
}
