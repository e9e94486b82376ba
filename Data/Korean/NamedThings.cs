using System.Text.RegularExpressions;

namespace Pybo.Data;

/// <summary>What a word such as <c>그 사람</c>, <c>거기</c> or <c>그날</c> points to.</summary>
public enum PointedKind
{
    Person,
    Place,
    Day,
}

/// <summary>Finds people, places and days that a text names, and the words of a question that point to one.</summary>
/// <remarks>Rules of the language, without a model: a name without a title is known by a family name and the syllables of given names, a place by the end of its name. What is not certain is not returned.</remarks>
public static partial class NamedThings
{
    /// <summary>Only the beginning of a long answer is read.</summary>
    private const int TextCharactersMax = 4_000;

    private const string Family = "김이박최정강조윤장임한오서신권황안송류전홍고문양손배백허남심노하곽성차주우구민유나진지엄채원천방공현변함염여추도소석선설마길연위표명기반왕금옥육인맹제모탁국";

    private const string Given = "하늘서연민준지우현수영진은희경미숙정호성훈재윤나아린혜주선상철태기석규용종병창광남순옥란화춘봄솔별빛결슬람찬율온도예다소세한형혁환헌승시안건근길복덕명범삼애열욱웅월익임채필학해향홍효후휘보라가람루라새샘";

    private const string Titles = "씨|님|선생님?|교수|관장|회장|대표|팀장|과장|부장|사장|원장|소장|사서|강사|작가|박사|의원|국장|실장|센터장|위원장|주무관|간사|총무|기자|감독|코치|이장|통장|반장";

    private const string PlaceEnds = "도서관|회관|센터|문화원|체육관|수영장|공원|박물관|미술관|극장|병원|의원|약국|학교|시장|식당|카페|서점|은행|우체국|구청|시청|군청|역|터미널|공항|호텔|회의실|강당|강의실|연습실|전시실|열람실|사무실|창고|주차장|매장|본관|별관|신관|놀이터|정류장|운동장|경기장|캠핑장|식물원|동물원|온실|공방|작업실|자료실|휴게실|문화의집|기념관|보건소|어린이집|유치원";

    /// <summary>Returns the different things of a kind that a text names, in order.</summary>
    public static IReadOnlyList<string> In(string text, PointedKind kind)
    {
        var read = text.Cut(TextCharactersMax);
        var names = kind switch
        {
            PointedKind.Person => TitledRegex().Matches(read).Concat(RoleRegex().Matches(read)).Concat(ActingRegex().Matches(read).Where(match => match.Groups["name"].Value.Skip(1).All(syllable => Given.Contains(syllable, StringComparison.Ordinal)))),
            PointedKind.Place => PlaceRegex().Matches(read),
            _ => DayRegex().Matches(read).AsEnumerable(),
        };
        var found = names.OrderBy(match => match.Index).Select(match => match.Groups["name"].Value.Trim()).Distinct(StringComparer.Ordinal).ToList();
        // A part of a longer name is the same thing: 수영장 after 시립수영장.
        return found.FindAll(name => !found.Exists(other => other.Length > name.Length && other.EndsWith(name, StringComparison.Ordinal)));
    }

    /// <summary>Returns what a question points to; null if it points to nothing, or to things of two kinds.</summary>
    public static PointedKind? PointedIn(string question) => (PersonRegex().IsMatch(question), ThereRegex().IsMatch(question), ThatDayRegex().IsMatch(question)) switch
    {
        (true, false, false) => PointedKind.Person,
        (false, true, false) => PointedKind.Place,
        (false, false, true) => PointedKind.Day,
        _ => null,
    };

    /// <summary>Writes a name in place of the words that point to it, with the particle that agrees with the name.</summary>
    public static string Complete(string question, PointedKind kind, string name) => (kind switch
    {
        PointedKind.Person => PersonRegex(),
        PointedKind.Place => ThereRegex(),
        _ => ThatDayRegex(),
    }).Replace(question, match => name + ParticleOf(name, match.Groups["particle"].Value), 1);

    private static string ParticleOf(string name, string particle) => particle switch
    {
        "ㄴ" or "은" or "는" => Agreeing(name, '은', '는'),
        "이" or "가" => Agreeing(name, '이', '가'),
        "을" or "를" or "ㄹ" => Agreeing(name, '을', '를'),
        "와" or "과" => Agreeing(name, '과', '와'),
        "서" => "에서",
        _ => particle,
    };

    private static string Agreeing(string name, char afterConsonant, char afterVowel) => (KoreanParticles.Agree(name[^1], afterConsonant) ? afterConsonant : afterVowel).ToString();

    [GeneratedRegex($@"(?<![가-힣])(?<name>[{Family}][가-힣]{{1,2}})\s?(?:{Titles})(?=[은는이가을를의과와도에께,.·)\s]|입니다|이다|$)", RegexOptions.CultureInvariant)]
    private static partial Regex TitledRegex();

    [GeneratedRegex($@"(?:{Titles}|담당자?|책임자|설립자|창립자|저자|주인)(?:은|는|인|이|가)?\s*[:：]?\s*(?<name>[{Family}][가-힣]{{2}})(?=[은는이가을를의과와도에,.·)\s]|씨|님|입니다|이다|이며|이고|$)", RegexOptions.CultureInvariant)]
    private static partial Regex RoleRegex();

    // Nouns that end so are no people: 신청자, 주차장, 정기권.
    [GeneratedRegex($@"(?<![가-힣])(?<name>[{Family}][가-힣][가-힣])(?<![자장관실회권료비금표법일반물품식점])(?:이|가|은|는|께서|에게|의)(?=\s)", RegexOptions.CultureInvariant)]
    private static partial Regex ActingRegex();

    [GeneratedRegex($@"(?<![가-힣A-Za-z0-9])(?<name>[가-힣A-Za-z0-9]{{1,12}}?(?:{PlaceEnds})|[가-힣A-Za-z0-9]{{2,8}}\s(?:{PlaceEnds}))(?=[은는이가을를의과와도에,.·)\s]|으로|로|까지|부터|입니다|이다|$)", RegexOptions.CultureInvariant)]
    private static partial Regex PlaceRegex();

    [GeneratedRegex(@"(?<![0-9])(?<name>([0-9]{4}년\s?)?[0-9]{1,2}월\s?[0-9]{1,2}일|[0-9]{4}[.\-/]\s?[0-9]{1,2}[.\-/]\s?[0-9]{1,2})(?![0-9])", RegexOptions.CultureInvariant)]
    private static partial Regex DayRegex();

    [GeneratedRegex(@"(?<![\p{L}])(그|이)\s?(사람|분)(?<particle>은|는|이|가|을|를|의|과|와|도|에게|께)?(?![\p{L}])", RegexOptions.CultureInvariant)]
    private static partial Regex PersonRegex();

    [GeneratedRegex(@"(?<![\p{L}])(거기|그곳|그\s(장소|건물|시설))(?<particle>은|는|이|가|을|를|의|도|에서는|에서|에는|에|서|까지|부터)?(?![\p{L}])", RegexOptions.CultureInvariant)]
    private static partial Regex ThereRegex();

    [GeneratedRegex(@"(?<![\p{L}])그\s?날(?<particle>은|는|이|에는|에|도|의)?(?![\p{L}])", RegexOptions.CultureInvariant)]
    private static partial Regex ThatDayRegex();
}
