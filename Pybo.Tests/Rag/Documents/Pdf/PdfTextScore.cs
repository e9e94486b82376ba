using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Pybo.Tests.Rag.Documents.Pdf;

/// <summary>Agreement of a text with a reference: the text that <c>pdftotext</c> reads from the same file, or the file's original text.</summary>
/// <param name="Characters">Number in the reference, without white space; NFKC, as for all counts below.</param>
/// <param name="CharactersFound">Those that the text has too, counted as multisets.</param>
/// <param name="Words">Number in the reference, separated by white space.</param>
/// <param name="WordsFound">Those that the text has too.</param>
/// <param name="WordsRead">Number in the text.</param>
/// <param name="Hangul">Syllables of the reference.</param>
/// <param name="HangulFound">Those that the text has too.</param>
/// <param name="Order">
/// Reading order, 0 to 1: the longest common subsequence of the lines, as a share of the reference's lines. Two lines are the same when they
/// share more than half of the longer one's words: words move to the previous line when a hyphen is removed. The cells of a table's row are
/// separate lines, as they are in the reference.
/// </param>
internal sealed partial record PdfTextScore(
    int Characters, int CharactersFound, int Words, int WordsFound, int WordsRead, int Hangul, int HangulFound, double Order)
{
    /// <summary>Further lines are not compared: the comparison takes quadratic time.</summary>
    private const int LinesMax = 6_000;

    public double WordRecall => Share(WordsFound, Words);

    public double CharacterRecall => Share(CharactersFound, Characters);

    public double WordPrecision => Share(WordsFound, WordsRead);

    /// <param name="lines">The text line by line, for the reading order.</param>
    /// <param name="repeated">Words that the text may have more often than the reference.</param>
    public static PdfTextScore Of(string reference, string text, string lines, string repeated = "")
    {
        var (expected, read) = (Comparable(reference), Comparable(text));
        var (words, wordsRead) = (WordsOf(expected), WordsOf(read));
        var (characters, charactersRead) = (expected.Where(c => !char.IsWhiteSpace(c)).ToList(), read.Where(c => !char.IsWhiteSpace(c)).ToList());
        var (hangul, hangulRead) = (characters.FindAll(IsHangul), charactersRead.FindAll(IsHangul));
        return new(
            characters.Count, Common(characters, charactersRead), words.Length, Common(words, wordsRead), wordsRead.Length - Surplus(words, wordsRead, WordsOf(Comparable(repeated))),
            hangul.Count, Common(hangul, hangulRead), OrderOf(Lines(expected), Lines(Comparable(lines))));
    }

    public static double Share(long part, long whole) => whole == 0 ? 1 : (double)part / whole;

    /// <summary>NFKC without control characters and direction marks, which pdftotext writes around right-to-left text, and without the signs of raised and lowered text.</summary>
    private static string Comparable(string text)
    {
        var shown = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsWhiteSpace(rune) || Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.OtherNotAssigned))
            {
                shown.Append(rune.ToString());
            }
        }

        return Script().Replace(shown.ToString().Normalize(NormalizationForm.FormKC), "$1");
    }

    [GeneratedRegex(@"[_^]\(([^()\s]+)\)|[_^](?=\w)")]
    private static partial Regex Script();

    private static bool IsHangul(char character) => character is >= '가' and <= '힣';

    private static string[] WordsOf(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    private static List<string[]> Lines(string text) =>
        [.. text.Split(['\n', '\t', '\f'], StringSplitOptions.RemoveEmptyEntries).Select(WordsOf).Where(words => words.Length > 0).Take(LinesMax)];

    private static int Common<T>(IEnumerable<T> first, IEnumerable<T> second)
        where T : notnull
    {
        var counts = new Dictionary<T, int>();
        foreach (var item in first)
        {
            counts[item] = counts.GetValueOrDefault(item) + 1;
        }

        var common = 0;
        foreach (var item in second)
        {
            if (counts.GetValueOrDefault(item) is > 0 and var left)
            {
                counts[item] = left - 1;
                common++;
            }
        }

        return common;
    }

    /// <summary>Counts the repeated words that the text has more often than the reference.</summary>
    private static int Surplus(string[] words, string[] read, string[] repeated)
    {
        var more = read.GroupBy(word => word).ToDictionary(group => group.Key, group => group.Count());
        foreach (var word in words)
        {
            more[word] = more.GetValueOrDefault(word) - 1;
        }

        return repeated.GroupBy(word => word).Sum(group => Math.Clamp(more.GetValueOrDefault(group.Key), 0, group.Count()));
    }

    private static double OrderOf(List<string[]> expected, List<string[]> read)
    {
        if (expected.Count == 0)
        {
            return 1;
        }

        var (before, now) = (new int[read.Count + 1], new int[read.Count + 1]);
        foreach (var line in expected)
        {
            for (var at = 0; at < read.Count; at++)
            {
                now[at + 1] = Math.Max(Math.Max(before[at + 1], now[at]), before[at] + (AreSame(line, read[at]) ? 1 : 0));
            }

            (before, now) = (now, before);
        }

        return Share(before[read.Count], expected.Count);
    }

    private static bool AreSame(string[] first, string[] second)
    {
        var longer = Math.Max(first.Length, second.Length);
        if (2 * Math.Min(first.Length, second.Length) <= longer)
        {
            return false;
        }

        var common = 0;
        foreach (var word in first)
        {
            common += Array.IndexOf(second, word) >= 0 ? 1 : 0;
        }

        return 2 * common > longer;
    }
}
