using System.Text.RegularExpressions;

namespace Pybo.Data;

/// <summary>What a Korean question asks for in particular. A text on the same subject that lacks it answers another question.</summary>
/// <remarks>Rules of the language, without a model: a question without such words asks for nothing in particular, and every text passes.</remarks>
public static partial class QuestionFocus
{
    /// <summary>Only the beginning of a pasted text is a question.</summary>
    private const int QuestionCharactersMax = 500;

    private const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.NonBacktracking;

    /// <summary>How a kind of amount is asked for, and how it is written: <c>몇 년</c> is answered by <c>3년</c>, a price also by <c>무료</c> or <c>10%</c>.</summary>
    private static readonly (Regex Asked, Regex Written)[] Amounts =
    [
        Kind(@"몇\s*(퍼센트|프로|퍼|%)", "%|퍼센트|프로"),
        Kind(@"몇\s*(키로|킬로|km)", @"\d\s*(km|킬로|키로)"),
        Kind(@"몇\s*(년|해)", @"\d\s*년|[한두세네]\s*해|십\s*년|개월"),
        Kind(@"몇\s*(개월|달)", @"개월|\d\s*[달년]|[한두세네석넉]\s*달"),
        Kind(@"며칠|몇\s*[일주]", @"\d\s*[일주]|하루|이틀|사흘|나흘|닷새|열흘|보름|주일|전날|당일|개월|한\s*달"),
        Kind(@"몇\s*(시간|분)", @"\d\s*(시간|분)|[한두세네]\s*시간|하루|밤새"),
        Kind(@"몇\s*시([^간]|$)", @"[\d한두세네섯곱덟홉열]\s*시([^간]|$)|정오|자정"),
        Kind(@"몇\s*도", @"\d\s*[도℃°]"),
        Kind(@"몇\s*(번째|째|호)", @"번째|째|\d\s*호"),
        Kind(@"몇\s*[살세]", @"\d\s*[살세]"),
        Kind(@"몇\s*(데시벨|db)", "데시벨|db"),
        Kind(@"몇\s*(평|제곱)", "평|㎡|m²"),
        Kind(@"몇\s*(그램|g|kg|리터|ml)", @"\d\s*(g|kg|그램|킬로|리터|ml|l|컵|숟갈|스푼)"),
        Kind(@"(요금|비용|가격|값|수업비|보험료|수수료|월세|보증금|연회비|관리비|돈|세금|위약금|\p{IsHangulSyllables}비)\S*\s*(\S+\s+){0,3}얼마|얼마(쯤|나)?\s*(받|내|드|들|하|나와|나오)|얼마(예요|에요|인가요|죠|냐)",
            @"\d\s*(원|만|천|%|퍼센트|배|분의)|[만천백]\s*원|무료|공짜|무상|분의|없"),
    ];

    /// <summary>Returns false if the question asks for an amount, and the text has none of its kind.</summary>
    public static bool HasAmounts(string text, string question)
    {
        var asked = question.Cut(QuestionCharactersMax);
        return Amounts.All(kind => !kind.Asked.IsMatch(asked) || kind.Written.IsMatch(text));
    }

    /// <summary>
    /// Returns false if the question names a date, a long number or a code, letters with digits such as <c>E-4032</c>, and the text does not, however it writes it.
    /// </summary>
    public static bool HasExactTerms(string text, string question) => HasCodes(text, question) && ExactTerms.AreIn(text, question);

    /// <summary>True if the question names a date, a long number or a code.</summary>
    public static bool NamesExactTerms(string question) => Codes(question).Count > 0 || !ExactTerms.AreIn("", question);

    /// <summary>True if the question asks for what holds now, of texts that were written at different times.</summary>
    public static bool AsksForNow(string question) => NowRegex().IsMatch(question.Cut(QuestionCharactersMax));

    private static List<string> Codes(string question) =>
        [.. CodeRegex().Matches(question.Cut(QuestionCharactersMax)).Select(m => m.Value).Where(c => c.Any(char.IsAsciiDigit) && c.Any(char.IsAsciiLetter))];

    private static bool HasCodes(string text, string question)
    {
        var codes = Codes(question);
        var folded = codes.Count == 0 ? "" : Folded(text);
        return codes.TrueForAll(code => folded.Contains(Folded(code), StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Returns false if a noun that the question marks as its topic, subject or object has no two syllables in the text: <c>양도는 수수료가</c>.</summary>
    public static bool HasSubjects(string text, string question)
    {
        var read = HanjaReadings.Read(text);
        return MarkedNounRegex().Matches(question.Cut(QuestionCharactersMax)).Select(m => m.Groups["noun"].Value)
            .All(noun => Enumerable.Range(0, noun.Length - 1).Any(at => read.Contains(noun.Substring(at, 2), StringComparison.Ordinal)));
    }

    private static string Folded(string text) => string.Concat(text.Where(c => c != '-' && !char.IsWhiteSpace(c)));

    private static (Regex Asked, Regex Written) Kind(string asked, string written) => (new(asked, Options), new(written, Options));

    [GeneratedRegex("[A-Za-z0-9]+(-[A-Za-z0-9]+)*", RegexOptions.CultureInvariant)]
    private static partial Regex CodeRegex();

    [GeneratedRegex(@"지금|현재|요즘|최신|최근|올해|이제는|\b(now|current|currently|latest|nowadays|these days)\b", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex NowRegex();

    [GeneratedRegex(@"(?<noun>\p{IsHangulSyllables}{2,}?)[은는을를이가도](?=[\s?]|$)", RegexOptions.CultureInvariant)]
    private static partial Regex MarkedNounRegex();
}
