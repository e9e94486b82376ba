using System.Text.RegularExpressions;
using Pybo.Data;
using Pybo.Rag.Documents;

namespace Pybo.Rag.Chat;

/// <summary>Finds the words of a source that support a marker.</summary>
public static partial class Quotes
{
    public const int QuoteCharactersMax = 400;

    /// <summary>The number of quotations kept per source, each on its own line.</summary>
    public const int QuotesMax = 4;

    /// <summary>The most words before a marker that refers to the text after it: <c>According to source [1], …</c></summary>
    private const int LeadWordsMax = 3;

    /// <summary>
    /// Returns one citation per marked source, in the order of the first markers: the quoted text before its markers as far as
    /// the source contains it, otherwise the source's sentence that shares the most terms with the answer's.
    /// </summary>
    public static IReadOnlyList<ChatCitation> Of(string answer, IReadOnlyList<CitationMark> marks, IReadOnlyList<ChatSource> sources)
    {
        var citations = new List<ChatCitation>();
        var sentences = SentenceSplitter.Split(answer);
        foreach (var group in marks.Select((mark, at) => (mark.Number, Said: Following(answer, marks, at, sentences) ?? Said(answer, marks, at))).GroupBy(m => m.Number))
        {
            if (sources.FirstOrDefault(s => s.Number == group.Key) is { } source)
            {
                var said = group.Select(m => m.Said).ToList();
                var literal = said.Select(s => Literal(s, source)).OfType<string>().Distinct().Take(QuotesMax).ToList();
                citations.Add(new(source, literal.Count > 0 ? string.Join('\n', literal.Select(Limited)) : Limited(Nearest(said[0], source))));
            }
        }

        return citations;
    }

    /// <summary>Returns the citations of a text whose markers have already been checked.</summary>
    public static IReadOnlyList<ChatCitation> Of(string answer, IReadOnlyList<ChatSource> sources)
    {
        var scanner = new CitationScanner(sources.Count);
        scanner.Push(answer);
        scanner.Flush();
        return Of(scanner.Answer, scanner.Marks, sources);
    }

    /// <summary>Returns the rest of the sentence that a marker opens, <c>자료 [1]에 따르면 …</c>; null for a marker that follows its claim.</summary>
    private static string? Following(string answer, IReadOnlyList<CitationMark> marks, int at, List<TextRange> sentences)
    {
        var mark = marks[at];
        if (mark.End >= answer.Length || !(answer[mark.End] == ',' || char.IsLetter(answer[mark.End])))
        {
            return null;
        }

        var sentence = sentences.Find(s => s.Start <= mark.Start && mark.End <= s.End);
        var end = Math.Min(sentence.End, at + 1 < marks.Count ? marks[at + 1].Start : answer.Length);
        return end <= mark.End || KoreanText.Words(answer[sentence.Start..mark.Start]).Count > LeadWordsMax ? null : answer[mark.End..end];
    }

    /// <summary>Returns the answer's text between the previous marker and this one; adjacent markers share it.</summary>
    private static string Said(string answer, IReadOnlyList<CitationMark> marks, int at)
    {
        for (var before = at - 1; before >= -1; before--)
        {
            var start = before < 0 ? 0 : marks[before].End;
            var said = answer[start..marks[at].Start];
            if (before < 0 || said.Any(char.IsLetterOrDigit) && !MarkersOnly(answer, marks, before, at))
            {
                return said;
            }
        }

        return "";
    }

    private static bool MarkersOnly(string answer, IReadOnlyList<CitationMark> marks, int from, int to) =>
        Enumerable.Range(from, to - from).All(m => answer[marks[m].End..marks[m + 1].Start].All(c => !char.IsLetterOrDigit(c)));

    private static string? Literal(string said, ChatSource source)
    {
        var text = Folded(source.Passage.Text);
        return QuotedRegex().Matches(said).Reverse().Select(m => m.Groups["quote"].Value.Trim())
            .FirstOrDefault(quote => quote.Length > 0 && text.Contains(Folded(quote), StringComparison.Ordinal));
    }

    private static string Nearest(string said, ChatSource source)
    {
        var sentences = Sentences(source.Passage.Text);
        var last = Sentences(said).LastOrDefault() ?? "";
        var terms = KoreanText.Terms(last).ToHashSet(StringComparer.Ordinal);
        return sentences.MaxBy(s => KoreanText.Terms(s).Distinct(StringComparer.Ordinal).Count(terms.Contains)) ?? source.Passage.Text.Trim();
    }

    private static List<string> Sentences(string text) =>
        [.. SentenceSplitter.Split(text).Select(s => text.Substring(s.Start, s.Length)).Where(s => s.Any(char.IsLetterOrDigit))];

    /// <summary>Removes white space and turns footnote brackets into parentheses, as the prompt does, for comparison.</summary>
    private static string Folded(string text) => SpaceRegex().Replace(text, "").Replace('[', '(').Replace(']', ')');

    /// <summary>Cuts a quotation to the stored length.</summary>
    public static string Limited(string quote) => quote.Cut(QuoteCharactersMax, "…");

    // Marks other than “ ” also enclose names, which prove nothing. Backtracking would read to the end for each unclosed mark.
    [GeneratedRegex("""“(?<quote>[^”]+)”|"(?<quote>[^"\n]{8,})"|「(?<quote>[^」\n]{8,})」|『(?<quote>[^』\n]{8,})』""", RegexOptions.NonBacktracking)]
    private static partial Regex QuotedRegex();

    [GeneratedRegex(@"\s+")]
    private static partial Regex SpaceRegex();
}
