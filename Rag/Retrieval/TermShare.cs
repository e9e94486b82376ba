using System.Collections.Frozen;
using System.Text.RegularExpressions;
using Pybo.Data;
using Pybo.Rag.Documents;

namespace Pybo.Rag.Retrieval;

/// <summary>Computes how much of a question a text covers.</summary>
public static partial class TermShare
{
    /// <summary>
    /// Terms of a whole question: nine of ten have at most 20. No passage contains more than a part of a pasted text, so a match is
    /// compared with this many terms, not with all.
    /// </summary>
    public const int TermsMax = 24;

    /// <summary>
    /// A term that no passage contains is as often a verb form (생기나요, where the text says 생긴다) as a subject that is not covered:
    /// half its weight separates answerable from unanswerable questions best.
    /// </summary>
    private const double UnknownTermWeight = 0.5;

    /// <summary>The weight of one rare term: a question with less content (<c>어떻게 하면 되죠?</c>) is not answered by every text that contains its words.</summary>
    private const double WholeWeightMin = 6;

    /// <summary>Terms that make a sentence a question, or join its parts, and say nothing about its subject.</summary>
    private static readonly FrozenSet<string> Grammar = FrozenSet.Create(StringComparer.Ordinal,
        "며칠", "the", "a", "an", "of", "to", "in", "on", "at", "for", "and", "or", "is", "are", "was", "were", "be", "do", "does", "did", "can", "may", "i", "you", "my", "it");

    /// <summary>
    /// Returns the distinct terms by which a question is judged: those of its asking sentences, as a story told before them says little about the answer;
    /// all terms if there is no question mark. Endings that only ask are dropped: 보관하나요 is judged as 보관, and a question for the marked one of several boxes as these.
    /// </summary>
    public static IReadOnlyList<string> Terms(string question)
    {
        var asking = SentenceSplitter.Split(question).Select(s => question.Substring(s.Start, s.Length)).Where(s => s.EndsWith('?') || s.EndsWith('？')).ToList();
        var text = asking.Count > 0 ? string.Join('\n', asking) : question;
        var telling = KoreanText.QueryTerms(AskingEndingRegex().Replace(MarkedChoiceRegex().Replace(text, " "), "")).Where(t => !Grammar.Contains(t) && !HasReading(t)).ToList();
        return [.. (telling.Count > 0 ? telling : KoreanText.QueryTerms(text)).Take(PassageSearch.TermsConsideredMax)];
    }

    /// <summary>Returns the weight of the terms a text contains, divided by that of all (of the <see cref="TermsMax"/> heaviest): 0 to 1; 0 without terms.</summary>
    /// <param name="terms">Terms from <see cref="Terms"/>.</param>
    /// <param name="text">A passage or a sentence, with its title.</param>
    /// <param name="statistics">Counts of those terms.</param>
    public static double Of(IReadOnlyCollection<string> terms, string text, TermStatistics statistics) => Of(terms, KoreanText.Terms(text).ToHashSet(StringComparer.Ordinal), statistics);

    /// <inheritdoc cref="Of(IReadOnlyCollection{string}, string, TermStatistics)"/>
    /// <param name="terms">Terms from <see cref="Terms"/>.</param>
    /// <param name="held">The terms of the text.</param>
    /// <param name="statistics">Counts of those terms.</param>
    public static double Of(IReadOnlyCollection<string> terms, IReadOnlySet<string> held, TermStatistics statistics)
    {
        var weights = terms.ToDictionary(t => t, t => Weight(t, statistics));
        var whole = Math.Max(WholeWeightMin, weights.Values.OrderDescending().Take(TermsMax).Sum());
        var stems = weights.Keys.Any(EnglishStem.Has) ? held.Where(EnglishStem.Has).Select(EnglishStem.Of).ToHashSet(StringComparer.Ordinal) : [];
        return Math.Min(1, weights.Where(t => held.Contains(t.Key) || (EnglishStem.Has(t.Key) && stems.Contains(EnglishStem.Of(t.Key)))).Sum(t => t.Value) / whole);
    }

    /// <summary>True for Hanja whose readings are terms too: a text that writes them in Hangul does not cover less.</summary>
    private static bool HasReading(string term) => HanjaReadings.Of(term[^1]).Length > 0;

    private static double Weight(string term, TermStatistics statistics) =>
        statistics.Weight(term) * (statistics.PassageCounts.ContainsKey(term) ? 1 : UnknownTermWeight);

    // A form shows a mark where a question says 표시, 선택 or 체크.
    [GeneratedRegex(@"(\s(가운데|중(에서?)?))?\s(무엇|어느\s?것|어느\s?쪽|어디|뭐)[에을를]?\s*(표시|선택|체크)\p{L}*(\s(있|되어|돼)\p{L}*)*", RegexOptions.CultureInvariant)]
    private static partial Regex MarkedChoiceRegex();

    [GeneratedRegex(@"((하|되|있|없|이|인|할|될|한|된|주시겠|주실)?(나요|까요|가요|는가|은가|습니까)|[입합됩]니까|인가|인지|하죠|되죠|이죠|해요|돼요|주세요)(?=\P{L}|$)")]
    private static partial Regex AskingEndingRegex();
}
