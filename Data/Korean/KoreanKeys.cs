using System.Text;

namespace Pybo.Data;

/// <summary>The keys that type a text on a two-set Korean keyboard, without Shift: 안녕 and <c>dkssud</c> are the same keys, and so are ㅂㅈㄷㄱ and
/// <c>QWER</c>.</summary>
internal static class KoreanKeys
{
    private const int SyllablesFirst = 0xAC00;
    private const int SyllablesLast = 0xD7A3;
    private const int InitialsFirst = 0x1100;
    private const int MedialsFirst = 0x1161;
    private const int FinalsFirst = 0x11A8;

    /// <summary>Shift makes these letters double, and ㅒ and ㅖ; with all others it changes nothing.</summary>
    private const string Shifted = "QWERTOP";

    // In Unicode's order.
    private static readonly string[] TypedInitials = "r R s e E f a q Q t T d w W c z x v g".Split(' ');
    private static readonly string[] TypedMedials = "k o i O j p u P h hk ho hl y n nj np nl b m ml l".Split(' ');
    private static readonly string[] TypedFinals = " r R rt s sw sg e f fr fa fq ft fx fv fg a q qt t T d w c z x v g".Split(' ');

    private static readonly string[] Initials = WithoutShift(TypedInitials);
    private static readonly string[] Medials = WithoutShift(TypedMedials);
    private static readonly string[] Finals = WithoutShift(TypedFinals[1..]);

    /// <summary>Returns the syllables that these keys type; null if they are not whole syllables.</summary>
    /// <param name="keys">As typed: R is ㄲ.</param>
    public static string? Hangul(string keys)
    {
        var typed = string.Concat(keys.Select(key => Shifted.Contains(key, StringComparison.Ordinal) ? key : char.ToLowerInvariant(key)));
        var text = new StringBuilder();
        for (var at = 0; at < typed.Length;)
        {
            var initial = Array.IndexOf(TypedInitials, typed[at].ToString());
            var (medial, medialEnd) = Longest(TypedMedials, typed, at + 1);
            if (initial < 0 || medial < 0)
            {
                return null;
            }

            var (final, finalEnd) = Longest(TypedFinals, typed, medialEnd);
            // The last consonant before a vowel begins the next syllable.
            if (finalEnd > medialEnd && Longest(TypedMedials, typed, finalEnd).Place >= 0)
            {
                finalEnd--;
                final = Array.IndexOf(TypedFinals, typed[medialEnd..finalEnd]);
            }

            text.Append(new HangulSyllable(initial, medial, final).Character);
            at = finalEnd;
        }

        return text.Length == 0 ? null : text.ToString();
    }

    /// <summary>Returns the letter with the most keys at a place, and where it ends; -1 if there is none.</summary>
    private static (int Place, int End) Longest(string[] letters, string typed, int at)
    {
        for (var end = Math.Min(at + 2, typed.Length); end >= at; end--)
        {
            if (Array.IndexOf(letters, typed[at..end]) is >= 0 and var place)
            {
                return (place, end);
            }
        }

        return (-1, at);
    }

    /// <summary>Returns the keys of a syllable, a letter with Shift as a capital.</summary>
    public static string Of(HangulSyllable syllable) => TypedInitials[syllable.Initial] + TypedMedials[syllable.Medial] + TypedFinals[syllable.Final];

    public static string Of(string text)
    {
        var keys = new StringBuilder();
        // NFKC turns single Jamo into conjoining ones, or joins them to a syllable, which takes the same keys.
        foreach (var character in text.Normalized(NormalizationForm.FormKC))
        {
            if (character is >= (char)SyllablesFirst and <= (char)SyllablesLast)
            {
                var (rest, final) = Math.DivRem(character - SyllablesFirst, Finals.Length + 1);
                var (initial, medial) = Math.DivRem(rest, Medials.Length);
                keys.Append(Initials[initial]).Append(Medials[medial]).Append(final == 0 ? "" : Finals[final - 1]);
            }
            else
            {
                keys.Append(Key(Initials, character - InitialsFirst) ?? Key(Medials, character - MedialsFirst) ?? Key(Finals, character - FinalsFirst)
                    ?? char.ToLowerInvariant(character).ToString());
            }
        }

        return keys.ToString();
    }

    private static string[] WithoutShift(string[] keys) => [.. keys.Select(key => key.ToLowerInvariant())];

    private static string? Key(string[] keys, int place) => place >= 0 && place < keys.Length ? keys[place] : null;
}
