using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Pybo.Data;

/// <summary>
/// Terms for what must match exactly, written one way however a text writes it; they are indexed in addition to its pieces.
/// <code>
/// 2024년 1월 2일, 2024.01.02., '24. 1. 2, 20240102 → 2024년1월2일 2024년1월 1월2일
/// 415-55-21730 → 4155521730                         02)123-4567 → 021234567
/// 1만 5천 원 → 15000                                제17조의 2 → 17조의2 17조
/// 사원12 → 사원12
/// </code>
/// </summary>
internal static partial class ExactTerms
{
    /// <summary>Fewer digits with a hyphen are seldom a number that a person would write without it.</summary>
    private const int NumberDigitsMin = 7;

    private const int NumberDigitsMax = 16;

    /// <summary>A larger number before a unit, and a larger sum, are no amount of money.</summary>
    private const long NumberMax = 1_000_000;

    private const long AmountMax = 1_000_000_000_000_000;

    private const int MonthsMax = 12;
    private const int DaysMax = 31;

    /// <summary>'69 is 2069, '70 is 1970.</summary>
    private const int YearOfCenturyMax = 69;

    // Digits are [0-9]: \d would also match those of other scripts, which no parser below reads.
    private const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.NonBacktracking;

    /// <summary>Returns the distinct terms of a text normalised by <see cref="TextRuns.Normalize"/>.</summary>
    public static IEnumerable<string> Of(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('0', '9'))
        {
            return Amounts(text).Distinct(StringComparer.Ordinal);
        }

        return Dates(text).Concat(Numbers(text)).Concat(Amounts(text)).Concat(Articles(text)).Concat(Named(text)).Distinct(StringComparer.Ordinal);
    }

    /// <summary>Returns false if the question names a date or a long number that the text does not have. Amounts are often limits (8만 원까지) and are not required.</summary>
    /// <remarks>A day without its year answers for a date if the text gives that day no other year: minutes write the year once.</remarks>
    public static bool AreIn(string text, string question)
    {
        var asked = TextRuns.Normalize(question, KoreanText.TextCharactersMax);
        var dates = DateRegex().Matches(asked).Concat(CompactDateRegex().Matches(asked)).Where(match => IsApart(asked, match)).Select(Date).OfType<(int Year, int Month, int Day)>().ToList();
        var numbers = Numbers(asked).Concat(DigitsRegex().Matches(asked).Select(match => match.Value).Where(digits => digits.Length is >= NumberDigitsMin and <= NumberDigitsMax && !CompactDateRegex().IsMatch(digits))).ToList();
        if (dates.Count + numbers.Count == 0)
        {
            return true;
        }

        var held = KoreanText.Terms(text).ToHashSet(StringComparer.Ordinal);
        return numbers.TrueForAll(held.Contains) && dates.TrueForAll(date => Has(date.Year, date.Month, date.Day));

        bool Has(int year, int month, int day)
        {
            var dayOfYear = string.Create(CultureInfo.InvariantCulture, $"{month}월{day}일");
            var whole = string.Create(CultureInfo.InvariantCulture, $"{year}년{dayOfYear}");
            return held.Contains(whole) || (held.Contains(dayOfYear) && !held.Any(term => term.EndsWith("년" + dayOfYear, StringComparison.Ordinal)));
        }
    }

    /// <summary>Returns the latest date that a text states; null if it states none.</summary>
    public static DateOnly? LatestDate(string text)
    {
        var normalized = TextRuns.Normalize(text, KoreanText.TextCharactersMax);
        var dates = DateRegex().Matches(normalized).Concat(CompactDateRegex().Matches(normalized)).Where(match => IsApart(normalized, match)).Select(Date).OfType<(int Year, int Month, int Day)>()
            .Where(date => date.Year is >= 1 and <= 9999 && date.Day <= DateTime.DaysInMonth(date.Year, date.Month)).Select(date => new DateOnly(date.Year, date.Month, date.Day)).ToList();
        return dates.Count == 0 ? null : dates.Max();
    }

    /// <summary>Replaces dates and numbers with separators by a space: in a question their pieces would outweigh the term that is meant.</summary>
    public static string Without(string text)
    {
        var left = new StringBuilder(text);
        foreach (var match in DateRegex().Matches(text).Where(match => IsApart(text, match) && Date(match) is not null).Concat(HyphenatedRegex().Matches(text).Concat(PhoneRegex().Matches(text))
            .Where(match => IsApart(text, match) && match.Value.Count(char.IsAsciiDigit) is >= NumberDigitsMin and <= NumberDigitsMax)))
        {
            left.Replace(match.Value, new string(' ', match.Length), match.Index, match.Length);
        }

        return left.ToString();
    }

    private static IEnumerable<string> Dates(string text)
    {
        foreach (var match in DateRegex().Matches(text).Concat(CompactDateRegex().Matches(text)).Where(match => IsApart(text, match)))
        {
            if (Date(match) is var (year, month, day))
            {
                yield return string.Create(CultureInfo.InvariantCulture, $"{year}년{month}월{day}일");
                yield return string.Create(CultureInfo.InvariantCulture, $"{year}년{month}월");
                yield return string.Create(CultureInfo.InvariantCulture, $"{month}월{day}일");
            }
        }

        foreach (var match in DayRegex().Matches(text).Where(match => IsApart(text, match)))
        {
            if (Number(match, "month") is >= 1 and <= MonthsMax and var month && Number(match, "day") is >= 1 and <= DaysMax and var day)
            {
                yield return string.Create(CultureInfo.InvariantCulture, $"{month}월{day}일");
            }
        }

        foreach (var match in MonthRegex().Matches(text).Where(match => IsApart(text, match)))
        {
            if (Number(match, "month") is >= 1 and <= MonthsMax and var month)
            {
                yield return string.Create(CultureInfo.InvariantCulture, $"{Year(match.Groups["year"].Value)}년{month}월");
            }
        }
    }

    private static (int Year, int Month, int Day)? Date(Match match) =>
        Number(match, "month") is >= 1 and <= MonthsMax and var month && Number(match, "day") is >= 1 and <= DaysMax and var day ? (Year(match.Groups["year"].Value), month, day) : null;

    private static int Year(string digits) =>
        int.Parse(digits, CultureInfo.InvariantCulture) is var year && digits.Length > 2 ? year : year <= YearOfCenturyMax ? 2000 + year : 1900 + year;

    private static int Number(Match match, string group) => int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    private static IEnumerable<string> Numbers(string text) => HyphenatedRegex().Matches(text).Concat(PhoneRegex().Matches(text)).Where(match => IsApart(text, match))
        .Select(match => string.Concat(match.Value.Where(char.IsAsciiDigit)))
        .Where(digits => digits.Length is >= NumberDigitsMin and <= NumberDigitsMax && !(CompactDateRegex().Match(digits) is { Success: true } date && date.Length == digits.Length));

    private static IEnumerable<string> Amounts(string text) =>
        AmountRegex().Matches(text).Where(match => match.Index == 0 || !char.IsLetter(text[match.Index - 1])).Select(match => Value(match.Groups["number"].Value)).OfType<long>().Select(value => value.ToString(CultureInfo.InvariantCulture));

    /// <summary>Reads digits with units, 1만 5천 or 3만; null for more than any amount of money.</summary>
    internal static long? Value(string written)
    {
        long total = 0, section = 0, digits = 0;
        var hasDigits = false;
        foreach (var character in written.Where(c => !char.IsWhiteSpace(c) && c != ','))
        {
            if (char.IsAsciiDigit(character))
            {
                (digits, hasDigits) = ((digits * 10) + (character - '0'), true);
                if (digits > NumberMax)
                {
                    return null;
                }

                continue;
            }

            long unit = character switch { '십' => 10, '백' => 100, '천' => 1_000, '만' => 10_000, _ => 100_000_000 };
            if (unit < 10_000)
            {
                section += (hasDigits ? digits : 1) * unit;
            }
            else
            {
                // 만 alone is one of it.
                total += Math.Max(1, section + digits) * unit;
                section = 0;
            }

            (digits, hasDigits) = (0, false);
            if (total + section > AmountMax)
            {
                return null;
            }
        }

        return total + section + digits;
    }

    private static IEnumerable<string> Articles(string text)
    {
        foreach (Match match in ArticleRegex().Matches(text))
        {
            var article = $"{match.Groups["article"].Value}조";
            yield return article;
            if (match.Groups["branch"] is { Success: true } branch)
            {
                yield return $"{article}의{branch.Value}";
            }
        }
    }

    /// <summary>사원12: the digits alone are as common as a page number.</summary>
    private static IEnumerable<string> Named(string text) => NamedRegex().Matches(text).Select(match => match.Groups["name"].Value).Where(name => name.Length <= KoreanText.TermCharactersMax);

    /// <summary>False inside a longer number.</summary>
    private static bool IsApart(string text, Match match) =>
        (match.Index == 0 || !char.IsAsciiDigit(text[match.Index - 1])) && (match.Index + match.Length == text.Length || !char.IsAsciiDigit(text[match.Index + match.Length]));

    [GeneratedRegex(@"(?<year>[0-9]{4}|[0-9]{2}) ?(년|[.\-/]) ?(?<month>[0-9]{1,2}) ?(월|[.\-/]) ?(?<day>[0-9]{1,2})( ?일)?", Options)]
    private static partial Regex DateRegex();

    [GeneratedRegex(@"(?<year>(19|20)[0-9]{2})(?<month>[01][0-9])(?<day>[0-3][0-9])", Options)]
    private static partial Regex CompactDateRegex();

    [GeneratedRegex(@"(?<month>[0-9]{1,2}) ?월 ?(?<day>[0-9]{1,2}) ?일", Options)]
    private static partial Regex DayRegex();

    [GeneratedRegex(@"(?<year>[0-9]{4}|[0-9]{2}) ?년 ?(?<month>[0-9]{1,2}) ?월", Options)]
    private static partial Regex MonthRegex();

    [GeneratedRegex(@"[0-9]+", Options)]
    private static partial Regex DigitsRegex();

    [GeneratedRegex(@"[0-9]{1,6}([\-)] ?[0-9]{2,8}){1,4}", Options)]
    private static partial Regex HyphenatedRegex();

    [GeneratedRegex(@"0[0-9]{1,2}[ .][0-9]{3,4}[ .][0-9]{4}", Options)]
    private static partial Regex PhoneRegex();

    [GeneratedRegex(@"(?<number>([0-9][0-9,]* ?)?[십백천만억]( ?[0-9][0-9,]*| ?[십백천만억]){0,12}) ?원", Options)]
    private static partial Regex AmountRegex();

    [GeneratedRegex(@"(?<article>[0-9]{1,4}) ?조( ?의 ?(?<branch>[0-9]{1,3}))?", Options)]
    private static partial Regex ArticleRegex();

    [GeneratedRegex(@"(?<name>\p{IsHangulSyllables}{2,20}[0-9]{1,6})", Options)]
    private static partial Regex NamedRegex();
}
