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

    /// <summary>Shorter words end alike by chance.</summary>
    private const int SubjectCharactersMin = 3;

    /// <summary>Only the beginning of an earlier question is used; a pasted log would drown the question itself.</summary>
    public const int EarlierCharactersMax = 500;

    /// <summary>The earlier questions that name what <c>둘 중 더 싼 건?</c> compares.</summary>
    public const int AlternativesCount = 2;

    /// <param name="question">The question.</param>
    /// <param name="earlierQuestions">The earlier questions of the conversation, oldest first.</param>
    public static string Searched(string question, IReadOnlyList<string> earlierQuestions)
    {
        if (Resolved(question, earlierQuestions, earlierQuestions.Count) is { } resolved)
        {
            return resolved;
        }

        if (earlierQuestions.Count > 0 && AlternativesRegex().IsMatch(question))
        {
            var first = Math.Max(0, earlierQuestions.Count - AlternativesCount);
            return string.Join('\n', Enumerable.Range(first, earlierQuestions.Count - first).Select(at => Whole(earlierQuestions, at)).Append(question));
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
    /// Returns a question that points to a person, a place or a day with the name in its place: <c>그 사람은 몇 년에 열었어?</c> asks <c>김하늘은 몇 년에 열었어?</c> if the
    /// answer before it names no one else. Null if it points to nothing, or it is not certain to what.
    /// </summary>
    /// <param name="question">The question.</param>
    /// <param name="earlier">The earlier questions of the conversation with their answers, oldest first.</param>
    public static string? Completed(string question, IReadOnlyList<(string Question, string Answer)> earlier) =>
        question.Length <= EarlierCharactersMax && NamedThings.PointedIn(question) is { } kind && NameOf(kind, earlier, earlier.Count - 1) is { } name ? NamedThings.Complete(question, kind, name) : null;

    /// <summary>Returns the one thing of a kind that an answer names, otherwise its question, otherwise what that question points to itself.</summary>
    private static string? NameOf(PointedKind kind, IReadOnlyList<(string Question, string Answer)> earlier, int at)
    {
        if (at < 0 || at < earlier.Count - QuestionsMax)
        {
            return null;
        }

        var (question, answer) = earlier[at];
        var quoted = string.Join('\n', QuotedRegex().Matches(answer).Select(match => match.Groups["words"].Value));
        var named = NamedThings.In(quoted.Length > 0 ? quoted : answer, kind);
        named = named.Count == 0 ? NamedThings.In(question, kind) : named;
        return named.Count == 0 && NamedThings.PointedIn(question) == kind ? NameOf(kind, earlier, at - 1) : named is [var only] ? only : null;
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

        var (subject, rest) = (asked.Groups["subject"].Value, asked.Groups["rest"].Value);
        if (ShortenedRegex().Match(question) is { Success: true } shortened)
        {
            return $"{subject} {shortened.Groups["aspect"].Value} {rest}";
        }

        if (PossessiveRegex().Match(question) is { Success: true } possessive)
        {
            var owned = possessive.Groups["rest"].Value;
            return TopicOnlyRegex().Match(owned) is { Success: true } topic ? $"{subject} {topic.Groups["topic"].Value} {rest}" : $"{subject} {owned}";
        }

        return OneWordRegex().Match(question) is not { Success: true } word ? null
            : IsSubjectLike(word.Groups["word"].Value, subject) ? $"{word.Groups["word"].Value} {asked.Groups["aspect"].Value} {rest}"
            : AsksOnlyRegex().IsMatch(rest) ? $"{subject} {word.Groups["word"].Value}{word.Groups["particle"].Value} {rest}" : null;
    }

    private static string Whole(IReadOnlyList<string> earlierQuestions, int at) =>
        Resolved(earlierQuestions[at], earlierQuestions, at) ?? earlierQuestions[at].Cut(EarlierCharactersMax);

    /// <summary>True if two nouns name things of one kind: they end alike, as 시민회관 and 구민회관 do.</summary>
    private static bool IsSubjectLike(string word, string subject) => word != subject && word.Length >= SubjectCharactersMin && word[^1] == subject[^1];

    private static bool IsFollowUp(string question) =>
        ContinuesRegex().IsMatch(question) || PointsBackRegex().IsMatch(question) || KoreanText.Words(question).Count < OwnWordsMin;

    [GeneratedRegex("“(?<words>[^”]+)”", RegexOptions.NonBacktracking)]
    private static partial Regex QuotedRegex();

    [GeneratedRegex(@"^\s*(?<subject>\p{IsHangulSyllables}{2,}?)의?\s+(?<aspect>\S+(\s+\S+){0,4}?[은는이가])\s+(?<rest>\S.*)$")]
    private static partial Regex AskedRegex();

    // Two or three words and a topic's particle; one word (구민회관은?) may be another subject as well as another aspect.
    [GeneratedRegex(@"^\s*(?>((그럼|그러면|그런데|근데|그리고|그렇다면)\s+)?)(?<aspect>(?!그\s)\p{IsHangulSyllables}*[^의\s]\s+\p{IsHangulSyllables}+(\s+\p{IsHangulSyllables}+)?[은는])요?\s*[?？]?\s*$")]
    private static partial Regex ShortenedRegex();

    // One word: another subject if it is like the last one, otherwise another aspect if the last question only asks (얼마인가요), with no verb of its own.
    [GeneratedRegex(@"^\s*(?>((그럼|그러면|그런데|근데|그리고|그렇다면)\s+)?)(?<word>(?!그것|이것|저것|거기|여기|저기|둘)\p{IsHangulSyllables}{1,10}?)(?<particle>[은는])요?\s*[?？]?\s*$")]
    private static partial Regex OneWordRegex();

    [GeneratedRegex(@"^((하루|한\s?달|일\s?년|한\s?번|[0-9]+\S{0,3})(에|당)?\s+)?(얼마|언제|어디|무엇|누구|며칠|몇\s?(시|분|일|월|년|층|호|쪽)\S{0,2})(나|쯤|까지|부터|에서|에)?\s?(이|인|입|예|이에|하|되|걸리|드|들|야|죠)?\S{0,3}\s*[?？]?\s*$")]
    private static partial Regex AsksOnlyRegex();

    [GeneratedRegex(@"^(?<topic>\p{IsHangulSyllables}+(\s+\p{IsHangulSyllables}+){0,2}[은는])요?\s*[?？]?\s*$")]
    private static partial Regex TopicOnlyRegex();

    [GeneratedRegex(@"^\s*((그럼|그러면|그런데|근데)\s+)?((둘|두\s?(개|가지|곳|군데|것|사람|제품))\s?(중|가운데)|어느\s?(쪽|것|게|곳)[이가]?\s?(더|가장|제일)|which (one|of the two|of them)\b)", RegexOptions.IgnoreCase)]
    private static partial Regex AlternativesRegex();

    [GeneratedRegex(@"^\s*그\s+\p{IsHangulSyllables}{1,4}의\s+(?<rest>\S.*)$")]
    private static partial Regex PossessiveRegex();

    [GeneratedRegex(@"^\s*(그럼|그러면|그런데|근데|그리고|그래서|그렇다면|그래도|또는?\s|또한|더\s|다른\s|왜\s*(그|요|죠|\?|$)|and\b|but\b|so\b|then\b|what about\b|how about\b|why\s*\?)", RegexOptions.IgnoreCase)]
    private static partial Regex ContinuesRegex();

    [GeneratedRegex(@"(?<!\p{L})(그건|그게|그걸|그것|이건|이게|이걸|이것|저것|거기|여기|그때|그중|그 중|그 (사람|경우|방법|문제|코드|파일|글|뒤|전|외|밖)|이 (경우|방법|문제|코드)|위의|앞의|방금|아까|(it|its|that|this|they|them|those|these|there)(?!\p{L}))", RegexOptions.IgnoreCase)]
    private static partial Regex PointsBackRegex();
}
