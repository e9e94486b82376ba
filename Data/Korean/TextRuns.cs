using System.Globalization;
using System.Text;

namespace Pybo.Data;

/// <summary>The script of a run of characters. <see cref="Latin"/> covers every script whose words are separated by spaces, and digits.</summary>
internal enum Script
{
    None,
    Hangul,
    Jamo,
    Han,
    Kana,
    Latin,
}

/// <summary>A run of one script. <paramref name="Before"/> is the adjacent character on the left, or a space.</summary>
internal readonly record struct TextRun(Script Script, string Text, char Before);

/// <summary>Normalises text and splits it into runs of one script; linear in the length of the text.</summary>
internal static class TextRuns
{
    /// <summary>Unicode's stream-safe limit (UAX #15): sorting a longer run of marks would be quadratic.</summary>
    private const int MarksMax = 30;

    /// <summary>Applies NFKC (but keeps compatibility Jamo: NFKC would join ㅋㅠ to 큐); drops invisible characters, unpaired surrogates and text beyond the limit.</summary>
    public static string Normalize(string text, int charactersMax)
    {
        var clean = new StringBuilder(Math.Min(text.Length, charactersMax));
        var piece = new StringBuilder();
        var marks = 0;
        foreach (var rune in text.AsSpan(0, Math.Min(text.Length, charactersMax)).EnumerateRunes())
        {
            if (IsCompatibilityJamo(rune.Value))
            {
                Flush(piece, clean);
                clean.Append((char)rune.Value);
                continue;
            }

            marks = IsMark(rune) ? marks + 1 : 0;
            if (marks > MarksMax || IsInvisible(rune))
            {
                continue;
            }

            piece.Append(rune.Value is >= 0xFFFD and <= 0xFFFF ? " " : rune.ToString());
        }

        Flush(piece, clean);
        return clean.ToString();
    }

    /// <summary>Returns the runs of a normalised text.</summary>
    public static IEnumerable<TextRun> Of(string text)
    {
        for (var at = 0; at < text.Length;)
        {
            var (script, length) = At(text, at);
            var before = at == 0 ? ' ' : text[at - 1];
            if (script == Script.Latin || LatinWords.StartsWithDot(text, at))
            {
                var end = LatinWords.End(text, at);
                yield return new(Script.Latin, text[at..end], before);
                at = end;
                continue;
            }

            var start = at;
            at += length;
            while (at < text.Length && At(text, at) is var next && next.Script == script)
            {
                at += next.Length;
                if (script == Script.None && LatinWords.StartsWithDot(text, at))
                {
                    break;
                }
            }

            if (script != Script.None)
            {
                yield return new(script, text[start..at], before);
            }
        }
    }

    /// <summary>Returns the script of the character at an index and its length in UTF-16 units.</summary>
    public static (Script Script, int Length) At(string text, int index)
    {
        if (!Rune.TryGetRuneAt(text, index, out var rune))
        {
            return (Script.None, 1);
        }

        var script = rune.Value switch
        {
            >= 0xAC00 and <= 0xD7A3 => Script.Hangul,
            >= 0x1100 and <= 0x11FF or >= 0xA960 and <= 0xA97C or >= 0xD7B0 and <= 0xD7FB => Script.Jamo,
            var value when IsCompatibilityJamo(value) => Script.Jamo,
            >= 0x3400 and <= 0x4DBF or >= 0x4E00 and <= 0x9FFF or >= 0xF900 and <= 0xFAFF or >= 0x20000 and <= 0x3FFFD or 0x3005 or 0x3007 => Script.Han,
            >= 0x3041 and <= 0x309F or >= 0x30A1 and <= 0x30FA or >= 0x30FC and <= 0x30FF or >= 0x31F0 and <= 0x31FF => Script.Kana,
            _ when Rune.IsLetter(rune) || Rune.IsNumber(rune) || IsMark(rune) => Script.Latin,
            _ => Script.None,
        };
        return (script, rune.Utf16SequenceLength);
    }

    private static void Flush(StringBuilder piece, StringBuilder clean)
    {
        clean.Append(piece.ToString().Normalize(NormalizationForm.FormKC));
        piece.Clear();
    }

    private static bool IsCompatibilityJamo(int value) => value is >= 0x3131 and <= 0x318E and not 0x3164;

    private static bool IsMark(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    private static bool IsInvisible(Rune rune) => rune.Value is 0x3164 or 0x115F or 0x1160 or 0xFFA0 or (>= 0xFE00 and <= 0xFE0F) or (>= 0xE0100 and <= 0xE01EF)
        || Rune.GetUnicodeCategory(rune) == UnicodeCategory.Format;
}
