using System.Buffers;
using System.Text;

namespace Pybo.Data;

/// <summary>Recognises strings of letters that no word has. An encoder places them near everything, so a search by meaning would find anything.</summary>
public static class Gibberish
{
    /// <summary>Shorter words without a vowel are abbreviations (HTTPS, MSSQL).</summary>
    private const int LatinLettersMin = 7;

    /// <summary>In code page 949 the 2,350 syllables of KS X 1001, which Korean words are made of, have a second byte from here on; the other 8,822 are below.</summary>
    private const byte CommonTrailMin = 0xA1;

    private static readonly SearchValues<char> Vowels = SearchValues.Create("aeiouyAEIOUY");

    private static readonly Encoding Korean = CodePagesEncodingProvider.Instance.GetEncoding(949)!;

    /// <summary>True if a question has words, and each is gibberish. Question words and particles do not count.</summary>
    public static bool Is(string question)
    {
        var words = KoreanText.TermsByWord(question).Select(word => word.Run).Where(run => !KoreanParticles.IsQuestionWord(run)).ToList();
        return words.Count > 0 && words.TrueForAll(IsGibberish);
    }

    private static bool IsGibberish(TextRun run) => run.Script switch
    {
        Script.Hangul => run.Text.Length > 1 && run.Text.Count(IsRare) * 2 > run.Text.Length,
        Script.Latin => run.Text.Length >= LatinLettersMin && run.Text.All(char.IsAsciiLetter) && !run.Text.AsSpan().ContainsAny(Vowels),
        _ => false,
    };

    /// <summary>True for a syllable outside KS X 1001, whose 2,350 write nearly all Korean words.</summary>
    internal static bool IsRare(char syllable)
    {
        Span<byte> bytes = stackalloc byte[4];
        return Korean.GetBytes([syllable], bytes) == 2 && bytes[1] < CommonTrailMin;
    }
}
