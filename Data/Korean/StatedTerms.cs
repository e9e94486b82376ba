using System.Globalization;
using System.Text.RegularExpressions;

namespace Pybo.Data;

/// <summary>Finds what a sentence states exactly and a text lacks: dates, codes, numbers, and in a Korean sentence names in Latin letters.</summary>
/// <remarks>
/// A number is the same with or without separators (30,000), units (3만) or letters (서른, 삼십, thirty is not read, three is). Numbers that only count what
/// the sentence lists (<c>3가지</c>) and a list's own numbering state nothing.
/// </remarks>
public static partial class StatedTerms
{
    /// <summary>The largest number that is also looked for in letters.</summary>
    private const int LettersMax = 99;

    private const int Ten = 10;

    private static readonly string[] Digits = ["", "일", "이", "삼", "사", "오", "육", "칠", "팔", "구"];
    private static readonly string[] Ones = ["", "하나", "둘", "셋", "넷", "다섯", "여섯", "일곱", "여덟", "아홉"];
    private static readonly string[] Counting = ["", "한", "두", "세", "네", "다섯", "여섯", "일곱", "여덟", "아홉"];
    private static readonly string[] Tens = ["", "열", "스물", "서른", "마흔", "쉰", "예순", "일흔", "여든", "아흔"];
    private static readonly string[] Days = ["", "하루", "이틀", "사흘", "나흘", "닷새", "엿새", "이레", "여드레", "아흐레", "열흘", "", "", "", "", "보름"];
    private static readonly string[] English = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];

    /// <summary>Returns the terms as the sentence writes them, in order, each once.</summary>
    public static IReadOnlyList<string> MissingFrom(string text, string sentence)
    {
        var stated = StatedRegex().Matches(NumberingRegex().Replace(sentence, ""));
        if (stated.Count == 0)
        {
            return [];
        }

        var normalized = TextRuns.Normalize(text, KoreanText.TextCharactersMax);
        var exact = KoreanText.Terms(text).ToHashSet(StringComparer.Ordinal);
        var numbers = NumberRegex().Matches(normalized).SelectMany(match => Values(match.Value)).ToHashSet(StringComparer.Ordinal);
        var isKorean = HangulRegex().IsMatch(sentence);
        return [.. stated.Where(match => !IsHeld(match)).Select(match => match.Value.Trim()).Distinct(StringComparer.Ordinal)];

        bool IsHeld(Match match) => match switch
        {
            _ when match.Groups["date"].Success => ExactTerms.AreIn(text, match.Value) && ExactTerms.Of(TextRuns.Normalize(match.Value, KoreanText.TextCharactersMax)).Take(1).All(exact.Contains),
            _ when match.Groups["code"].Success => QuestionFocus.HasExactTerms(text, match.Value),
            _ when match.Groups["name"].Success => !isKorean || normalized.Contains(match.Value, StringComparison.OrdinalIgnoreCase),
            _ => Values(match.Value).Any(value => numbers.Contains(value) || exact.Contains(value) || InLetters(value).Any(letters => normalized.Contains(letters, StringComparison.Ordinal))),
        };
    }

    /// <summary>Returns the ways in which a number can be compared: its digits, and its value if it has units.</summary>
    private static IEnumerable<string> Values(string number)
    {
        var digits = number.Replace(",", "", StringComparison.Ordinal).Trim();
        yield return UnitRegex().IsMatch(digits) ? string.Concat(digits.Where(c => !char.IsWhiteSpace(c))) : Trimmed(digits);
        if (UnitRegex().IsMatch(digits))
        {
            foreach (var value in ExactTerms.Of(digits + "원"))
            {
                yield return value;
            }
        }
    }

    private static string Trimmed(string digits) => digits.TrimStart('0') is { Length: > 0 } left ? left : "0";

    private static IEnumerable<string> InLetters(string value)
    {
        if (!int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number is < 1 or > LettersMax)
        {
            yield break;
        }

        var (tens, ones) = (number / Ten, number % Ten);
        yield return (tens > 1 ? Digits[tens] : "") + (tens > 0 ? "십" : "") + Digits[ones];
        yield return Tens[tens] + Ones[ones];
        yield return (number == 20 ? "스무" : Tens[tens]) + Counting[ones];
        if (number < Days.Length && Days[number].Length > 0)
        {
            yield return Days[number];
        }

        if (number < English.Length)
        {
            yield return English[number];
        }
    }

    [GeneratedRegex(@"^\s*([0-9]{1,3}[.)]|[-*•])(\s+|$)", RegexOptions.CultureInvariant)]
    private static partial Regex NumberingRegex();

    [GeneratedRegex(@"(?<date>(?<![0-9])([0-9]{4}|'?[0-9]{2})\s?(년|[.\-/])\s?[0-9]{1,2}\s?(월|[.\-/])(\s?[0-9]{1,2}(\s?일)?)?(?![0-9]))|(?<code>(?<![A-Za-z0-9])([A-Za-z]+-?[0-9][A-Za-z0-9\-]*|[0-9]+-?[A-Za-z]+[0-9][A-Za-z0-9\-]*)(?![A-Za-z0-9]))|(?<name>(?<![A-Za-z0-9])[A-Za-z][A-Za-z]+(?![A-Za-z0-9]))|(?<number>[0-9]+([,.][0-9]+)*(\s?[십백천만억]+(\s?[0-9]+)?)*)(?!\s?(가지|번째|단계))(?![0-9])", RegexOptions.CultureInvariant)]
    private static partial Regex StatedRegex();

    [GeneratedRegex(@"[0-9]+([,.][0-9]+)*(\s?[십백천만억]+(\s?[0-9]+)?)*", RegexOptions.CultureInvariant)]
    private static partial Regex NumberRegex();

    [GeneratedRegex("[십백천만억]", RegexOptions.CultureInvariant)]
    private static partial Regex UnitRegex();

    [GeneratedRegex(@"\p{IsHangulSyllables}", RegexOptions.CultureInvariant)]
    private static partial Regex HangulRegex();
}
