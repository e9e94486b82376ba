using System.Text.RegularExpressions;

namespace Pybo.Data;

/// <summary>What a question wants computed over a column of a table.</summary>
public enum TableOperation
{
    Largest,
    Smallest,
    Sum,
    Average,

    /// <summary>How many there are in all: the sum of a column of that name, otherwise the number of rows.</summary>
    Total,

    /// <summary>The number of rows.</summary>
    Count,
}

/// <summary>A question for the largest, the smallest, the sum, the average or the number: <c>가장 비싼 강좌는?</c>, <c>참가비를 모두 더하면?</c>, <c>신청자는 모두 몇 명인가요?</c></summary>
/// <param name="Names">What else it names, each as written and without its particle: <c>정원</c> and <c>반</c> in <c>정원이 제일 많은 반은?</c> A table must have them all.</param>
/// <param name="Unit">The unit asked for: <c>명</c> in <c>몇 명</c>; null if it does not say.</param>
/// <param name="IsMoney">True if it asks for money without naming a column: <c>비싼</c>, <c>얼마</c>.</param>
/// <remarks>Rules of the language, without a model. A condition (<c>5만 원 이상인 강좌</c>) stays among the names, where no table has it, so nothing is computed.</remarks>
public sealed partial record TableQuestion(TableOperation Operation, IReadOnlyList<IReadOnlyList<string>> Names, string? Unit, bool IsMoney)
{
    /// <summary>A longer question tells a story.</summary>
    private const int QuestionCharactersMax = 80;

    private const int NamesMax = 6;

    /// <summary>The forms in the order in which they are tried: the first that occurs decides.</summary>
    private static readonly (Regex Form, TableOperation Operation)[] Forms =
    [
        (MostRegex(), TableOperation.Largest),
        (LeastRegex(), TableOperation.Smallest),
        (AverageRegex(), TableOperation.Average),
        (SumRegex(), TableOperation.Sum),
        (TotalRegex(), TableOperation.Total),
        (CountRegex(), TableOperation.Count),
    ];

    /// <summary>Reads a question; null if it wants nothing computed.</summary>
    /// <param name="searched">The question; a follow-up may come after the question that it continues, on a line of its own.</param>
    public static TableQuestion? Of(string searched)
    {
        var lines = searched.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return lines.Length == 0 || OfLine(lines[^1]) is not { } asked ? null
            : asked.Names.Count == 0 && lines.Length > 1 && OfLine(lines[^2]) is { } before ? asked with { Names = before.Names, IsMoney = asked.IsMoney || before.IsMoney } : asked;
    }

    private static TableQuestion? OfLine(string text)
    {
        if (text.Length > QuestionCharactersMax)
        {
            return null;
        }

        foreach (var (form, operation) in Forms)
        {
            if (form.Match(text) is { Success: true } match)
            {
                var rest = UnitRegex().Replace($"{text[..match.Index]} {match.Groups["name"].Value} {LeadingParticleRegex().Replace(text[(match.Index + match.Length)..], "")}", " ");
                var unit = UnitRegex().Match(text) is { Success: true } asked ? asked.Groups["unit"].Value : null;
                List<IReadOnlyList<string>> names = [.. WordRegex().Matches(rest).Select(word => word.Value).Where(word => !StopRegex().IsMatch(word)).Select(Readings)];
                return names.Count > NamesMax ? null : new(operation, names, unit, match.Groups["price"].Success || MoneyRegex().IsMatch(text));
            }
        }

        return null;
    }

    /// <summary>Returns a word as written and without its particle; a weekday also as tables shorten it.</summary>
    private static IReadOnlyList<string> Readings(string word)
    {
        if (WeekdayRegex().Match(word) is { Success: true } weekday)
        {
            return [$"{weekday.Groups["day"].Value}요일", weekday.Groups["day"].Value];
        }

        var stem = ParticleRegex().Replace(word, "");
        return stem.Length == 0 || stem == word || (word.Length - stem.Length == 1 && !KoreanParticles.Agree(stem[^1], word[^1])) ? [Singular(word)] : [word, stem];
    }

    private static string Singular(string word) => char.IsAsciiLetter(word[^1]) && word.Length > 3 && word.EndsWith('s') && !word.EndsWith("ss", StringComparison.Ordinal) ? word[..^1] : word;

    [GeneratedRegex(@"(?<![\p{L}\p{N}])(가장|제일|젤)\s+((?<name>[\p{L}\p{N}]+?)[이가]?\s+)?((많|높(?!이)|크(?!기)|큰|클|긴|길(?!이)|무거|무겁|넓(?!이)|먼|멀|두꺼|두껍|굵|최대)|(?<price>비싸|비싼|비쌀|비쌉|고가))\p{IsHangulSyllables}*|(?<![\p{L}\p{N}])(최고|최대)\s(?!몇|얼마)|(?<price>최고가)(?=[은는이를\s?？]|$)|\b(the\s+)?((highest|largest|biggest|longest|heaviest|greatest|most(?!\s+expensive))|(?<price>most\s+expensive|dearest))\b", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex MostRegex();

    [GeneratedRegex(@"(?<![\p{L}\p{N}])(가장|제일|젤)\s+((?<name>[\p{L}\p{N}]+?)[이가]?\s+)?((적|낮|작|짧|가벼|가볍|좁|가까|가깝|얇|최소)|(?<price>싼|싸|쌀|쌉|저렴|저가))\p{IsHangulSyllables}*|(?<![\p{L}\p{N}])(최저|최소)\s(?!몇|얼마)|(?<price>최저가)(?=[은는이를\s?？]|$)|\b(the\s+)?((lowest|smallest|shortest|lightest|fewest|least(?!\s+expensive))|(?<price>cheapest|least\s+expensive))\b", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex LeastRegex();

    [GeneratedRegex(@"(?<![\p{L}\p{N}])평균(적으로|치|값)?(?=[은는이을의\s?？]|$)|\b(the\s+)?(average|mean)\b", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex AverageRegex();

    [GeneratedRegex(@"(총\s?합계|합계|총합|총계|총액|합산)(액|금액|한\s?(값|금액))?|((모두|다|전부|전체)\s+)?(더하|더한|합하|합한|합치|합친|합쳐|합해)\p{IsHangulSyllables}*(\s(값|금액))?|(?<![\p{L}\p{N}])합(?=[은이을\s?？]|$)|\b(the\s+)?(sum|total(?!\s+number))\b|\badd(ed)?\s+up\b", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex SumRegex();

    [GeneratedRegex(@"(?<![\p{L}\p{N}])(모두|총|전부|전체|통틀어|다\s?합쳐서?)(?=\s(.*\s)?(몇\s?\p{L}|얼마))|\bhow (many|much)\b(?=.*\b(in total|altogether|in all)\b)|\b(the\s+)?total\s+number\b", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex TotalRegex();

    [GeneratedRegex(@"(?<![\p{L}\p{N}])몇\s?(개|가지|종류?|곳|군데|과목|팀|건)(의|나|이나)?(?=\s?(인가|이야|야|예요|이에요|입니까|있|운영|열|되|\p{L}+[이가을를]\s?(있|열|운영)|[?？]|$))", RegexOptions.CultureInvariant)]
    private static partial Regex CountRegex();

    [GeneratedRegex(@"몇\s?(?<unit>개월|시간|가지|군데|그루|마리|가구|\p{L}{1,2}?)(이나|인가요?|인지|이야|야|예요|이에요|입니까|이죠|죠|일까요?|이|가|을|를)?(?=[\s?？.!]|$)", RegexOptions.CultureInvariant)]
    private static partial Regex UnitRegex();

    [GeneratedRegex(@"얼마|how much|\bcost", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex MoneyRegex();

    [GeneratedRegex(@"[\p{L}\p{N}][\p{L}\p{N}·\-.]*", RegexOptions.CultureInvariant)]
    private static partial Regex WordRegex();

    [GeneratedRegex(@"(에서는|에서의|에서|에게|으로|에는|에|의|은|는|이|가|을|를|도|만|과|와|로|별)$", RegexOptions.CultureInvariant)]
    private static partial Regex ParticleRegex();

    [GeneratedRegex(@"^(?<day>[월화수목금토일])요일(에|의|은|에는)?$", RegexOptions.CultureInvariant)]
    private static partial Regex WeekdayRegex();

    [GeneratedRegex(@"^(으로|은|는|이|가|을|를|의|도|로|만)(?=[\s?？.!]|$)", RegexOptions.CultureInvariant)]
    private static partial Regex LeadingParticleRegex();

    // Words that only ask.
    [GeneratedRegex(@"^(얼마\p{L}*|몇\p{L}*|무엇\p{L}*|뭐\p{L}*|뭔\p{L}*|뭘|어느|어떤|어떻게|무슨|누구\p{L}*|누가|어디\p{L}*|언제\p{L}*|(것|거|게|건|데|곳)(은|는|이|가|을|야|도|에)?|(명|개|개월|가지|건|곳|권|대|팀|가구|회|점|시간|분|일|그루|마리|병|장|벌|원)(이나|이|인가요?|인지|이야|야|예요|이에요|입니까|이죠|죠|일까요?)?|알려\p{L}*|말해\p{L}*|보여\p{L}*|찾아\p{L}*|골라\p{L}*|계산\p{L}*|구해\p{L}*|궁금\p{L}*|주세요|주십시오|줘요?|인가요?|이야|야|예요|이에요|입니까|되나요?|됩니까|돼요?|될까요?|나오나요?|나와요?|있나요?|있어요?|있습니까|있는|하나요?|하면|중에?서?|가운데에?서?|이름[은이을]?|값은|그럼|그러면|그런데|근데|그리고|이|그|좀|다|모두|전부|전체|총|각|지금|현재|여기\p{L}*|(표|문서|자료|목록)(에서|에|의|은|는)?|what|which|who|how|many|much|is|are|was|were|the|a|an|of|in|on|at|for|to|do|does|did|has|have|there|by|all|tell|me|show|find|please|one|it|its|s|and|cost|costs|total|altogether)$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex StopRegex();
}
