using System.Text.RegularExpressions;

namespace Pybo.Data;

/// <summary>Recognises sentences that ask instead of saying something.</summary>
public static partial class AskingSentence
{
    /// <summary>True for a sentence that asks: <c>되나요.</c>, <c>궁금합니다.</c>, <c>무엇인가요?</c></summary>
    public static bool Is(string sentence) => QuestionRegex().IsMatch(sentence);

    /// <summary>True for a sentence that only a conversation asks: with a question word and no question mark (<c>어떤 판을 쓰세요</c>), or for something to be shown (<c>로그를 올려 주세요</c>).</summary>
    public static bool IsInTalk(string sentence) => Is(sentence) || QuestionWordRegex().IsMatch(sentence) || RequestRegex().IsMatch(sentence);

    /// <summary>True for a sentence that says that its writer has the same question: <c>저도 같은 증상입니다.</c></summary>
    public static bool IsEcho(string sentence) => EchoRegex().IsMatch(sentence);

    [GeneratedRegex(@"([?？][""'”’)\]」』]*|(나요|까요|는지요|습니까|[합입됩]니까|(인|한|은|는|던)가요?|궁금(합니다|해요|하네요|하다|함)|(문의|질문)\s?(드립니다|드려요|합니다|입니다)|여쭙니다|여쭤\s?[봅볼]니다)[.…~!]*)$", RegexOptions.CultureInvariant)]
    private static partial Regex QuestionRegex();

    [GeneratedRegex(@"(^|\s)(어떤|무슨|어느|몇|언제|어디서?|어디에|어디로|누가|왜|어떻게)\s[^.!?]{0,60}(세요|어요|아요|해요|예요|이에요|죠|지요|냐|니)[.…~]*$", RegexOptions.CultureInvariant)]
    private static partial Regex QuestionWordRegex();

    [GeneratedRegex(@"(올려|알려|적어|써|보여|공유해|첨부해|말씀해|설명해)\s?(줘|주세요|주시|주실|줄래|주십)|\b(please|could you|can you)\s+(post|share|show|tell|attach|add|explain)\b", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex RequestRegex();

    [GeneratedRegex(@"^\W*((저|나|우리|저희|제)\S{0,4}\s.{0,20}((같은|똑같은|동일한)\s?(문제|증상|질문|상황|고민|현상|오류|에러)|똑같|마찬가지|그래요|그렇|궁금|겪|안\s?[되돼])|저도요|나도요?[.!~]*$|(같은|똑같은|동일한)\s?(문제|증상|질문|상황|고민|현상|오류|에러)(입니다|이에요|예요|이?네요)|동일합니다|me too\b|same (here|problem|issue|question)\b)", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex EchoRegex();
}
