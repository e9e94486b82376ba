using System.Globalization;
using System.Text.RegularExpressions;

namespace Pybo.Data;

/// <summary>Recognises a question about a text as a whole: <c>요약해 줘</c>, <c>무엇에 대한 문서야?</c>, <c>핵심 세 가지</c>, <c>summarise this</c>. One that names a subject (<c>환불 규정을 요약해 줘</c>) is not.</summary>
public static partial class WholeQuestion
{
    /// <summary>A longer question names a subject.</summary>
    private const int QuestionCharactersMax = 60;

    private const string Counts = "한두세네";

    /// <summary>True if the question asks about the whole text and names nothing in it.</summary>
    public static bool Is(string question) => question.Trim() is { Length: <= QuestionCharactersMax } text && (KoreanRegex().IsMatch(text) && CoreRegex().IsMatch(text) || EnglishRegex().IsMatch(text));

    /// <summary>Returns the title of the thread that the question asks about as a whole: <c>“수영장 환불” 글을 요약해 줘</c>; null if it names none.</summary>
    public static string? TitleIn(string question) =>
        question.Length <= Question.TitleMax + QuestionCharactersMax && TitleRegex().Match(question) is { Success: true } match && Is(match.Groups["rest"].Value) ? match.Groups["title"].Value.Trim() : null;

    /// <summary>Returns how many points the question asks for; null if it does not say.</summary>
    public static int? CountOf(string question) => CountRegex().Match(question) is not { Success: true } match ? null
        : Counts.IndexOf(match.Groups["count"].Value, StringComparison.Ordinal) is >= 0 and var at ? at + 1
        : match.Groups["count"].Value == "다섯" ? 5 : int.Parse(match.Groups["count"].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"요약|간추|핵심|요점|골자|줄거리|정리|주요|내용|(무엇|뭐|뭘|무슨|어떤)", RegexOptions.CultureInvariant)]
    private static partial Regex CoreRegex();

    // Only such words: any other is a subject.
    [GeneratedRegex(@"^((이|그|이것|이거|해당|전체|전부|모두|문서|자료|글|게시글|질문|답변|스레드|파일|모음|책|내용|주제|핵심|요점|골자|줄거리|요약|정리|주요|간추려|무엇|뭐|뭘|무슨|어떤|것|거|점|대해|대한|관해|관한|다루는|다룬|담은|담긴|쓴|적힌|설명하는|한|두|세|네|다섯|[1-9]|가지|개|줄|문장|사항|간단히|간단하게|간략히|간략하게|짧게|좀|한번|중요한|알려|말해|설명해|뽑아|해|하면|줘|줘요|주세요|주십시오|줄래|주실래요|부탁해|부탁해요|부탁드려요|부탁합니다|인가요|인가|이야|야|예요|이에요|입니까|이죠|죠|있나요|있어|있어요|하나요|은|는|이|가|을|를|의|에|만|로|으로|도)\s*)+[?!.~？]*$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex KoreanRegex();

    [GeneratedRegex(@"^((please|can you|could you|give me|write|tell me)\s+)*((summari[sz]e|sum up)(\s+(this|it|the|whole|all|document|text|file|collection|thread|question|post|briefly|please|in|a few|one|two|three|four|five|[1-9]|sentences?|lines?|points?))*|(a|the)?\s*((short|brief)\s+)?summary(\s+(of|this|the|it|document|text|please))*|what('s| is) (this|the|it)( document| text| file| collection)?( all)? about|(the\s+)?((one|two|three|four|five|[1-9])\s+)?(main|key) (points?|ideas?)(\s+(of|this|the|document|text))*)\s*[?!.]*$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex EnglishRegex();

    [GeneratedRegex(@"^\s*[“""‘'「『《](?<title>.+)[”""’'」』》](?<rest>[^”""’'」』》]+)$|^\s*(?<rest>(please\s+)?summari[sz]e (the )?(thread|question|post))\s+[“""‘'](?<title>.+)[”""’']\s*[.!?]*$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex TitleRegex();

    [GeneratedRegex(@"(?<count>[1-9]|한|두|세|네|다섯)\s*(가지|개|줄|문장|points?|lines?|sentences?|(main|key))", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex CountRegex();
}
