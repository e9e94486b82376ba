using System.Text.RegularExpressions;
using Pybo.Data;
using Pybo.Rag.Documents;

namespace Pybo.Rag.Chat;

/// <summary>Questions that a document answers, made from its own sentences and headings.</summary>
/// <remarks>
/// Rules of the language, without a model. <c>사무실 이전은 3월 2일이다.</c> answers <c>사무실 이전은 언제인가요?</c>: a short sentence that begins with a noun
/// phrase and its topic particle, and says when, how much, how many, who or what. Headings fill what is missing, then questions about the whole (<see cref="WholeQuestion"/>).
/// </remarks>
public static partial class DocumentQuestions
{
    public const int QuestionsMax = 3;

    /// <summary>Only the beginning of a long text is read.</summary>
    private const int PassagesMax = 40;

    private const int SentenceCharactersMax = 80;
    private const int TopicCharactersMax = 24;
    private const int HeadingCharactersMin = 2;
    private const int HeadingCharactersMax = 30;

    private const string What = "{0} 무엇인가요?";
    private const string Who = "{0} 누구인가요?";

    /// <summary>What a predicate says, and the question that it answers.</summary>
    private static readonly (Regex Said, string Question)[] Kinds =
    [
        (WhenRegex(), "{0} 언제인가요?"),
        (HowMuchRegex(), "{0} 얼마인가요?"),
        (HowManyRegex(), "{0} 몇 {1}인가요?"),
        (WhatRegex(), What),
    ];

    /// <summary>Returns three questions, those about facts first; none for a text without words.</summary>
    /// <param name="passages">The passages in order: a heading, if there is one, and the text.</param>
    public static IReadOnlyList<string> Of(IReadOnlyList<(string? Heading, string Text)> passages)
    {
        var read = passages.Take(PassagesMax).ToList();
        if (!read.Exists(p => p.Text.Any(char.IsLetter)))
        {
            return [];
        }

        // One of each kind first, so that three dates do not stand for a whole text.
        var facts = read.SelectMany(p => Sentences(p.Text)).Select(Asked).OfType<(int Kind, string Question)>().DistinctBy(fact => fact.Question).ToList();
        List<string> questions = [.. facts.DistinctBy(fact => fact.Kind).Concat(facts).Select(fact => fact.Question).Distinct().Take(QuestionsMax - 1)];
        questions.AddRange(read.Select(p => p.Heading).OfType<string>().Where(IsAskable).Distinct().Take(QuestionsMax - 1 - questions.Count).Select(About));
        string[] whole = [nameof(PromptWords.SummaryQuestion), nameof(PromptWords.KeyPointsQuestion), nameof(PromptWords.AboutQuestion)];
        return [.. questions, .. whole.Take(QuestionsMax - questions.Count).Select(name => PromptBuilder.Words(name, read[0].Text))];
    }

    private static IEnumerable<string> Sentences(string text) => SentenceSplitter.Split(text)
        .Where(range => range.Length <= SentenceCharactersMax).Select(range => text.Substring(range.Start, range.Length));

    private static (int Kind, string Question)? Asked(string sentence)
    {
        if (TopicRegex().Match(sentence) is not { Success: true } match || match.Groups["topic"].Value is not { Length: <= TopicCharactersMax } topic || PointsElsewhereRegex().IsMatch(topic))
        {
            return null;
        }

        var (particle, predicate) = (match.Groups["particle"].Value, match.Groups["predicate"].Value);
        var kind = KoreanParticles.Agree(topic[^1], particle[0]) ? Array.FindIndex(Kinds, k => k.Said.IsMatch(predicate)) : -1;
        if (kind < 0)
        {
            return null;
        }

        var question = Kinds[kind].Question == What && RoleRegex().IsMatch(topic) ? Who : Kinds[kind].Question;
        return (kind, string.Format(null, question, topic + particle, Kinds[kind].Said.Match(predicate).Groups["unit"].Value));
    }

    private static bool IsAskable(string heading) => heading.Length is >= HeadingCharactersMin and <= HeadingCharactersMax && heading.Any(char.IsLetter);

    private static string About(string heading) => string.Format(null, PromptBuilder.Words(nameof(PromptWords.HeadingQuestion), heading), heading);

    [GeneratedRegex(@"^\s*([-•*◦○·]\s*)?(?<topic>(\p{IsHangulSyllables}+\s){0,3}\p{IsHangulSyllables}{2,}?)(?<particle>[은는])\s+(?<predicate>[^?|]+)$")]
    private static partial Regex TopicRegex();

    // Pronouns and the like; then clauses and adjectives, after which the topic is only the end of a longer phrase.
    [GeneratedRegex(@"(^|\s)(이|그|저|이것|그것|여기|거기|우리|저희|본|당|위|아래|이번|다음|해당|또한|다만|단|한편|그중|우선|따라서|그러나|그리고|특히|것|수|때|뒤|후|전|경우|같은|다른|현재|만약|나머지|오늘|내일)(\s|$)|([은는을를던]|지만|에서|으로|[하되]고|[해돼]서|[하되]면)\s|(요일|날)$")]
    private static partial Regex PointsElsewhereRegex();

    [GeneratedRegex(@"^(오는\s|매년\s|[0-9]{4}년\s)?([0-9]{1,2}월\s*[0-9]{1,2}일|[0-9]{4}년\s*[0-9]{1,2}월|(오전|오후|새벽|밤)\s*[0-9가-힣]{1,3}\s*시|(매주|매월|매달)\s\S+|[가-힣]요일)[^.]{0,40}(이다|입니다|까지다|까지입니다|열린다|열립니다|시작한다|시작합니다|마감한다|마감합니다|진행한다|진행합니다|접수한다|접수합니다|쉰다|쉽니다|한다|합니다)\.?$")]
    private static partial Regex WhenRegex();

    [GeneratedRegex(@"^[^,.은는]{0,20}[0-9](,?[0-9]{3})*\s*([만천]\s*)?원(이다|입니다|이고|이며)")]
    private static partial Regex HowMuchRegex();

    [GeneratedRegex(@"^(모두\s|총\s|약\s|최대\s|한\s\S+에\s)?[0-9][0-9,]*\s*(?<unit>명|개|권|대|곳|석|층|쪽|가구|시간|분|일|년)(이다|입니다|까지다|까지입니다)\.?$")]
    private static partial Regex HowManyRegex();

    [GeneratedRegex("(담당자|책임자|대표자?|저자|작가|강사|[회관원소팀국처]장|위원장|사회자|발표자)$")]
    private static partial Regex RoleRegex();

    [GeneratedRegex(@"^[^,0-9]{6,60}(이다|입니다|를 말한다|을 말한다|를 말합니다|을 말합니다|를 뜻한다|을 뜻한다)\.?$")]
    private static partial Regex WhatRegex();
}
