using System.Text.RegularExpressions;

namespace Pybo.Data;

/// <summary>What a polite message wants instead of an answer.</summary>
public enum CourtesyKind
{
    Greeting,
    Thanks,

    /// <summary>The question what the chat can do.</summary>
    Ability,
}

/// <summary>Recognises messages and sentences that are polite and ask nothing of the texts.</summary>
public static partial class Courtesy
{
    /// <summary>A longer sentence says more than thanks.</summary>
    private const int ThanksCharactersMax = 24;

    /// <summary>A longer message asks something.</summary>
    private const int MessageCharactersMax = 30;

    /// <summary>Returns what a whole message is; null if it asks something.</summary>
    public static CourtesyKind? KindOf(string message)
    {
        var text = message.Trim();
        return text.Length > MessageCharactersMax ? null
            : GreetingRegex().IsMatch(text) ? CourtesyKind.Greeting
            : ThankYouRegex().IsMatch(text) ? CourtesyKind.Thanks
            : AbilityRegex().IsMatch(text) ? CourtesyKind.Ability : null;
    }

    /// <summary>True for <c>덕분에 해결됐습니다.</c></summary>
    public static bool IsThanks(ReadOnlySpan<char> sentence) => sentence.Length <= ThanksCharactersMax && ThanksRegex().IsMatch(sentence);

    /// <summary>True for <c>케이블을 바꾸니 해결됐습니다.</c></summary>
    public static bool TellsSolution(string sentence) => SolutionRegex().IsMatch(sentence);

    [GeneratedRegex(@"^(안녕(하세요|하십니까)?|반가워요?|반갑습니다|하이|헬로|hi|hello|hey)[\s!?.~^ㅎ]*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex GreetingRegex();

    [GeneratedRegex(@"^((정말|진짜|너무|많이)\s*)?(고마워요?|고맙습니다|감사(해요?|합니다|드려요|드립니다)|thanks?( you)?|thank you)[\s!?.~^ㅎ]*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex ThankYouRegex();

    [GeneratedRegex(@"^((넌|너는|당신은|여기서)\s*)?((뭘|뭐를?|무엇을)\s*(할|해\s*줄|도와\s*줄)\s*수\s*있(어요?|나요|니|습니까)|누구(야|니|세요|예요|인가요)|도움말|사용법|help|what can you do|who are you)[\s!?.~]*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex AbilityRegex();

    [GeneratedRegex(@"해결(했|됐|되었|하였|책|법)|(고쳐졌|고쳤|성공(했|하였))|(니까?|더니)\s[^.!?]{0,40}(됩니다|되네요|돼요|되더라고요|됐[어습]|되었[어습])|\b(solved|fixed|worked)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex SolutionRegex();

    [GeneratedRegex("감사|고맙|고마워|덕분|도움|해결|성공|thank|worked|solved", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex ThanksRegex();
}
