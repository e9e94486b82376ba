using System.Text;
using Pybo.Data;

namespace Pybo.Pages.Account;

/// <summary>The keys that type a text on a two-set Korean keyboard, without Shift: 안녕 and <c>dkssud</c> are the same keys, and so are ㅂㅈㄷㄱ and
/// <c>QWER</c>.</summary>
internal static class KoreanKeys
{
    private const int SyllablesFirst = 0xAC00;
    private const int SyllablesLast = 0xD7A3;
    private const int InitialsFirst = 0x1100;
    private const int MedialsFirst = 0x1161;
    private const int FinalsFirst = 0x11A8;

    private static readonly string[] Initials = "r r s e e f a q q t t d w w c z x v g".Split(' ');
    private static readonly string[] Medials = "k o i o j p u p h hk ho hl y n nj np nl b m ml l".Split(' ');
    private static readonly string[] Finals = "r r rt s sw sg e f fr fa fq ft fx fv fg a q qt t t d w c z x v g".Split(' ');

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

    private static string? Key(string[] keys, int place) => place >= 0 && place < keys.Length ? keys[place] : null;
}
