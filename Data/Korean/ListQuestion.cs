using System.Text.RegularExpressions;

namespace Pybo.Data;

/// <summary>Recognises a question that wants all things of a kind: <c>어떤 강좌가 있나요?</c>, <c>강좌를 모두 알려 주세요</c>, <c>which courses are there?</c></summary>
/// <remarks>Rules of the language, without a model. Words such as <c>차이</c> and <c>이유</c> name no things to list: <c>어떤 차이가 있나요?</c> is another question.</remarks>
public static partial class ListQuestion
{
    /// <summary>A longer question tells a story, and asks for one thing in it.</summary>
    private const int QuestionCharactersMax = 80;

    private static readonly HashSet<string> NoKinds =
    [
        "것", "거", "게", "종류", "일", "수", "점", "곳", "때", "뜻", "말", "쪽", "의미", "관계", "관련", "연관", "상관", "차이", "차이점", "영향", "이유", "까닭", "도움", "내용", "전부", "모두", "각각", "이것", "그것", "thing", "difference", "reason",
    ];

    private static readonly HashSet<string> NoPlaces = ["이번", "다음", "여기", "거기", "요즘", "평소", "나중", "처음", "기존", "전체", "종류", "가운데"];

    /// <summary>Returns the kind of things that the question wants listed; null if it wants something else.</summary>
    public static AskedKind? KindOf(string question)
    {
        var text = question.Trim();
        if (text.Length > QuestionCharactersMax)
        {
            return null;
        }

        foreach (var form in new[] { SortsRegex(), WhichRegex(), WhatRegex(), AllRegex(), EveryRegex(), EachRegex(), EnglishRegex() })
        {
            if (form.Match(text) is { Success: true } match)
            {
                var noun = Singular(match.Groups["noun"].Value);
                return NoKinds.Contains(noun) ? null : new(noun, [.. Places(text[..match.Groups["noun"].Index]), .. match.Groups["place"].Captures.Select(place => place.Value)]);
            }
        }

        return null;
    }

    private static IEnumerable<string> Places(string before) =>
        PlaceRegex().Matches(before).Select(match => match.Groups["place"].Value).Where(place => !NoPlaces.Contains(place));

    private static string Singular(string noun) => !char.IsAsciiLetter(noun[^1]) ? noun
        : noun.EndsWith("ies", StringComparison.OrdinalIgnoreCase) ? $"{noun[..^3]}y"
        : noun.EndsWith('s') && !noun.EndsWith("ss", StringComparison.Ordinal) ? noun[..^1] : noun;

    // 어떤 강좌가 있나요, 무슨 종류의 강좌를 운영하나요.
    [GeneratedRegex(@"(어떤|무슨)\s+((종류|유형)의\s+)?([\p{L}\p{N}]*[^\s을를에로고]\s+){0,2}?(?<noun>[\p{L}\p{N}]+?)들?([이가은는]\s*있|[을를]\s*(운영|제공|보유|대여|취급|판매)\s?[하해합])(나|나요|어|어요|니|습니까|을까요?|는지요?|는지\s.{0,12}|는가요?|지요|죠|요|니까)\s*[?？.!~]*$|(어떤|무슨)\s+(?<noun>[\p{L}\p{N}]+)\s+있(나요|어요?|습니까)\s*[?？.!~]*$", RegexOptions.CultureInvariant)]
    private static partial Regex WhichRegex();

    // 강좌에는 무엇무엇이 있나요, 강좌는 어떤 것들이 있나요.
    [GeneratedRegex(@"(?<noun>[\p{L}\p{N}]+?)들?(에는|으로는|로는|은|는|이|가|에)\s+(무엇무엇|무엇|뭐뭐|뭐|어떤\s?(것|거))들?[이가]?\s*있(나|나요|어|어요|니|습니까|을까요?|는지요?|는가요?|지요|죠)\s*[?？.!~]*$|(?<noun>[\p{L}\p{N}]+?)들?(에는|으로는|로는|은|는|이|가|에)\s+어떤\s?게\s*있(나|나요|어|어요|니|습니까|을까요?)\s*[?？.!~]*$", RegexOptions.CultureInvariant)]
    private static partial Regex WhatRegex();

    // 강좌의 종류를 알려 주세요, 강좌 목록 보여 줘, 강좌 종류는 무엇인가요.
    [GeneratedRegex(@"(?<noun>[\p{L}\p{N}]+?)들?의?\s+(종류|목록|명단|일람)([을를]?\s*((모두|전부|다|좀)\s+)*(알려|말해|보여|나열해|적어|가르쳐)\s*(주세요|주십시오|주시겠어요|줄래요?|주실래요|줘요?)|(은|는|이|가|에는)\s+(무엇|뭐|어떻게|어떤\s?(것|거|게))들?[이가]?\s?(인가요|예요|에요|야|되나요|입니까|있나요|있어요?))\s*[?？.!~]*$", RegexOptions.CultureInvariant)]
    private static partial Regex SortsRegex();

    // 강좌를 모두 알려 주세요, 강좌 이름을 전부 다 말해 줘.
    [GeneratedRegex(@"(?<noun>[\p{L}\p{N}]+?)들?(의?\s+(이름|종류|목록)[을를]?|[을를은는])?\s+(모두|전부|다|빠짐없이|하나도\s빠짐없이)(\s+(다|좀))?\s+(알려|말해|보여|나열해|열거해|적어|가르쳐|뽑아)\s*(주세요|주십시오|주시겠어요|줄래요?|주실래요|줘요?)\s*[?？.!~]*$", RegexOptions.CultureInvariant)]
    private static partial Regex AllRegex();

    // 모든 강좌를 알려 주세요.
    [GeneratedRegex(@"모든\s+([\p{L}\p{N}]+\s+)?(?<noun>[\p{L}\p{N}]+?)들?[을를]?\s+(알려|말해|보여|나열해|열거해|적어|가르쳐|뽑아)\s*(주세요|주십시오|주시겠어요|줄래요?|주실래요|줘요?)\s*[?？.!~]*$", RegexOptions.CultureInvariant)]
    private static partial Regex EveryRegex();

    // 강좌의 정원은 각각 몇 명인가요.
    [GeneratedRegex(@"(?<noun>[\p{L}\p{N}]+?)들?[은는이가을를]\s+각각\s+\S.*(나요|까요|가요|어요|예요|에요|니까|지|죠|야|줘|주세요)\s*[?？.!~]*$", RegexOptions.CultureInvariant)]
    private static partial Regex EachRegex();

    [GeneratedRegex(@"^(please\s+|can you\s+|could you\s+)?((which|what)\s+((kinds?|types?|sorts?)\s+of\s+)?([a-z0-9-]+\s+){0,2}?(?<noun>[a-z0-9-]+)\s+(are\s+(there|available|offered)|do(es)?\s+(you|the\s+\w+|it)\s+(have|offer))|(list|name|show)(\s+me)?\s+(all|every)(\s+of)?(\s+the)?\s+([a-z0-9-]+\s+){0,2}?(?<noun>[a-z0-9-]+))(\s+(in|at|on|for|of)\s+(the\s+|our\s+)?(?<place>[a-z0-9-]{2,}))?\s*[?.!]*$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex EnglishRegex();

    [GeneratedRegex(@"(?<place>[\p{L}\p{N}]{2,}?)(에서는|에서|에는|에|의)(?=\s)", RegexOptions.CultureInvariant)]
    private static partial Regex PlaceRegex();
}
