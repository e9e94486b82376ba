using System.Text;

namespace Pybo.Rag.Documents;

/// <summary>
/// Tells Johab (조합형) from CP949, whose bytes overlap: text read in the wrong one has faults and syllables that no one writes. Measured in syllables of KS X 1001,
/// the 2,350 that Korean text consists of, per character that is not ASCII.
/// </summary>
internal static class KoreanEncoding
{
    /// <summary>Johab must be this much better: CP949 is the rule, and Johab a rarity.</summary>
    private const double Lead = 0.3;

    /// <summary>Fewer characters decide nothing.</summary>
    private const int CharactersMin = 4;

    public static bool IsJohab(ReadOnlySpan<byte> bytes, Encoding cp949, Encoding johab)
    {
        var read = johab.GetString(bytes);
        return read.Count(c => c > '\u007F') >= CharactersMin && Share(read, cp949) > Share(cp949.GetString(bytes), cp949) + Lead;
    }

    private static double Share(string text, Encoding cp949)
    {
        Span<byte> code = stackalloc byte[4];
        var (all, common) = (0, 0);
        foreach (var character in text)
        {
            all += character > '\u007F' ? 1 : 0;
            // Within CP949 the syllables of KS X 1001 have both bytes from 0xA1.
            common += character is >= '가' and <= '힣' && cp949.GetBytes([character], code) == 2 && code[0] >= 0xA1 && code[1] >= 0xA1 ? 1 : 0;
        }

        return all == 0 ? 0 : (double)common / all;
    }
}
