using System.Text.RegularExpressions;
using Pybo.Data;

namespace Pybo.Rag.Retrieval;

/// <summary>Builds the search text for a question that depends on the previous one: <c>그럼 가격은?</c></summary>
/// <remarks>
/// No model is called. A question that begins like a continuation, points back, or has too few words of its own is searched together with the previous
/// question, and with the one before that if the previous one is a follow-up too. <c>배포는 어떻게 하나요?</c> then <c>그럼 비용은?</c> searches both. One
/// that only names another aspect is completed from the previous question (<see cref="Resolved"/>).
/// </remarks>
public static partial class FollowUp
{
    /// <summary>Fewer words than this are seldom a complete question.</summary>
    public const int OwnWordsMin = 2;

    /// <summary>The number of questions joined, including the last one.</summary>
    public const int QuestionsMax = 3;

    /// <summary>Only the beginning of an earlier question is used; a pasted log would drown the question itself.</summary>
    public const int EarlierCharactersMax = 500;

    /// <param name="question">The question.</param>
    /// <param name="earlierQuestions">The earlier questions of the conversation, oldest first.</param>
    public static string Searched(string question, IReadOnlyList<string> earlierQuestions)
    {
        if (Resolved(question, earlierQuestions, earlierQuestions.Count) is { } resolved)
        {
            return resolved;
        }

        var parts = new List<string> { question };
        for (var at = earlierQuestions.Count - 1; at >= 0 && parts.Count < QuestionsMax && IsFollowUp(parts[^1]); at--)
        {
            var earlier = earlierQuestions[at];
            parts.Add(earlier.Cut(EarlierCharactersMax));
        }

        parts.Reverse();
        return string.Join('\n', parts);
    }

    /// <summary>
    /// Returns the whole question behind a shortened one; null for any other. <c>강당 대관은요?</c> after
    /// <c>시민회관 회의실 요금은 얼마인가요?</c> asks <c>시민회관 강당 대관은 얼마인가요?</c>, and so does <c>그 회관의 강당 대관은 얼마인가요?</c>
    /// </summary>
    /// <remarks>The subject is the first word of the previous question, its aspect ends with the topic's particle, and the rest is what is asked.</remarks>
    private static string? Resolved(string question, IReadOnlyList<string> earlierQuestions, int earlier, int depth = 1)
    {
        if (earlier == 0 || depth > QuestionsMax || question.Length > EarlierCharactersMax)
        {
            return null;
        }

        var previous = earlierQuestions[earlier - 1].Cut(EarlierCharactersMax);
        previous = Resolved(previous, earlierQuestions, earlier - 1, depth + 1) ?? previous;
        if (AskedRegex().Match(previous) is not { Success: true } asked)
        {
            return null;
        }

        var subject = asked.Groups["subject"].Value;
        return ShortenedRegex().Match(question) is { Success: true } shortened ? $"{subject} {shortened.Groups["aspect"].Value} {asked.Groups["rest"].Value}"
            : PossessiveRegex().Match(question) is { Success: true } possessive ? $"{subject} {possessive.Groups["rest"].Value}" : null;
    }

    private static bool IsFollowUp(string question) =>
        ContinuesRegex().IsMatch(question) || PointsBackRegex().IsMatch(question) || KoreanText.Words(question).Count < OwnWordsMin;

    [GeneratedRegex(@"^\s*(?<subject>\p{IsHangulSyllables}{2,}?)의?\s+(?<aspect>\S+(\s+\S+){0,4}?[은는이가])\s+(?<rest>\S.*)$")]
    private static partial Regex AskedRegex();

    // Two or three words and a topic's particle; one word (구민회관은?) may be another subject as well as another aspect.
    [GeneratedRegex(@"^\s*(?>((그럼|그러면|그런데|근데|그리고|그렇다면)\s+)?)(?<aspect>(?!그\s)\p{IsHangulSyllables}*[^의\s]\s+\p{IsHangulSyllables}+(\s+\p{IsHangulSyllables}+)?[은는])요?\s*[?？]?\s*$")]
    private static partial Regex ShortenedRegex();

    [GeneratedRegex(@"^\s*그\s+\p{IsHangulSyllables}{1,4}의\s+(?<rest>\S.*)$")]
    private static partial Regex PossessiveRegex();

    [GeneratedRegex(@"^\s*(그럼|그러면|그런데|근데|그리고|그래서|그렇다면|그래도|또는?\s|또한|더\s|다른\s|왜\s*(그|요|죠|\?|$)|and\b|but\b|so\b|then\b|what about\b|how about\b|why\s*\?)", RegexOptions.IgnoreCase)]
    private static partial Regex ContinuesRegex();

    [GeneratedRegex(@"(?<!\p{L})(그건|그게|그걸|그것|이건|이게|이걸|이것|저것|거기|여기|그때|그중|그 중|그 (사람|경우|방법|문제|코드|파일|글|뒤|전|외|밖)|이 (경우|방법|문제|코드)|위의|앞의|방금|아까|(it|its|that|this|they|them|those|these|there)(?!\p{L}))", RegexOptions.IgnoreCase)]
    private static partial Regex PointsBackRegex();
}
