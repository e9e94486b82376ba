using System.Globalization;
using System.Text.RegularExpressions;

namespace Pybo.Data;

/// <summary>A number and its unit, read exactly from a table's cell: <c>30,000원</c>, <c>3만 5천 원</c>, <c>월 2.5만원</c>, <c>△1,200</c>, <c>12명</c>.</summary>
/// <param name="Before">What comes before the number and belongs to the unit: <c>월</c>, <c>$</c>; may be empty.</param>
/// <param name="After">The unit after the number; may be empty. Null for <c>무료</c>, which is none of any unit.</param>
/// <remarks>Ranges, dates, times, numbers of things (<c>3층</c>, <c>2번</c>) and cells with a second number are no amounts.</remarks>
public readonly partial record struct Amount(decimal Value, string Before, string? After)
{
    /// <summary>A longer cell is a sentence.</summary>
    private const int CellCharactersMax = 60;

    /// <summary>From here on, <c>2026년</c> is a year and not a duration.</summary>
    private const int YearMin = 1_000;

    private const decimal TenThousand = 10_000;

    /// <summary>Decimals that are shown of an average.</summary>
    private const int DecimalsMax = 2;

    public bool IsMoney => After is "원" or "천원" or "만원" or "백만원" or "억원" || Before is "$" or "€" or "₩" or "￦" || After?.EndsWith(" 원", StringComparison.Ordinal) == true;

    /// <summary>Reads a cell; null if it holds no single amount.</summary>
    /// <param name="cell">The cell.</param>
    /// <param name="unit">The unit that the column's name or the row gives to a cell without one.</param>
    public static Amount? Of(string cell, string unit = "")
    {
        var text = cell.Trim();
        if (text.Length is 0 or > CellCharactersMax)
        {
            return null;
        }

        if (FreeRegex().IsMatch(text))
        {
            return new(0, "", null);
        }

        if (CellRegex().Match(text) is not { Success: true } match || Number(match) is not { } value)
        {
            return null;
        }

        var after = match.Groups["unit"].Value;
        return OrdinalRegex().IsMatch(after) || (after == "년" && value >= YearMin) ? null
            : new(match.Groups["minus"].Success ? -value : value, match.Groups["before"].Value, after.Length > 0 || match.Groups["before"].Value is "$" or "€" or "₩" or "￦" ? after : unit);
    }

    /// <summary>Returns the unit in a column's name, <c>참가비(원)</c>; empty if there is none.</summary>
    public static string UnitIn(string words) => UnitRegex().Match(words) is { Success: true } match ? match.Groups["unit"].Value : "";

    /// <summary>True if two amounts can be compared and added.</summary>
    public bool HasUnitOf(Amount other) => After is null || other.After is null || (Before == other.Before && After == other.After);

    /// <summary>Writes another number with this unit, as its language writes numbers.</summary>
    public string Write(decimal value)
    {
        var digits = decimal.Round(value, DecimalsMax).ToString("#,0.##", CultureInfo.InvariantCulture);
        return $"{Before}{(Before.Length > 0 && char.IsLetter(Before[0]) ? " " : "")}{digits}{(After is [var first, ..] && char.IsAsciiLetter(first) ? " " : "")}{After}";
    }

    /// <summary>True if <see cref="Write"/> rounds this number.</summary>
    public static bool IsRounded(decimal value) => decimal.Round(value, DecimalsMax) != value;

    private static decimal? Number(Match match)
    {
        var digits = match.Groups["digits"].Value;
        var scale = match.Groups["scale"].Value;
        if (scale.Length == 0)
        {
            return Decimal(digits);
        }

        // 1.5억 has one number and one unit; 3만 5천 is read like any amount of money.
        return digits.Contains('.', StringComparison.Ordinal) && scale.Length == 1
            ? Decimal(digits) * (scale[0] switch { '십' => 10, '백' => 100, '천' => 1_000, '만' => TenThousand, _ => TenThousand * TenThousand })
            : ExactTerms.Value(digits + scale);
    }

    private static decimal? Decimal(string digits) =>
        decimal.TryParse(digits.Replace(",", "", StringComparison.Ordinal), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) ? value : null;

    // A remark in parentheses without a number does not change the amount: 30,000원(재료비 별도).
    [GeneratedRegex(@"^((?<before>월|연|매월|매년|회당|인당|개당|[$€₩￦])\s*)?(?<minus>[-−△]\s*)?(?<digits>([0-9]{1,3}(,[0-9]{3}){1,5}|[0-9]{1,15})(\.[0-9]{1,6})?)\s?(?<scale>[십백천만억]([0-9, ]{0,10}[십백천만억]){0,8}( ?[0-9,]{1,7})?)?\s?(?<unit>[\p{L}%℃°㎡㎏㎜㎝㎞ℓ²³/]{0,8})(\s*[(（][^0-9()（）]{1,30}[)）])?$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex CellRegex();

    [GeneratedRegex(@"^(무료|무상|공짜|free)(\s*[(（][^0-9()（）]{1,30}[)）])?$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex FreeRegex();

    // They count or name a thing, a day or a time.
    [GeneratedRegex(@"^(월|시|호|호실|번|번째|층|위|차|회차|학년|쪽|장|조|항|기|등|등급|동)$", RegexOptions.CultureInvariant)]
    private static partial Regex OrdinalRegex();

    [GeneratedRegex(@"[(（\[]\s*(단위\s*[:：]\s*)?(?<unit>원|천원|만원|백만원|억원|명|인|개|건|권|대|곳|회|점|팀|가구|세대|시간|분|초|일|주|개월|년|%|℃|㎡|m²|㎏|kg|g|t|톤|km|m|cm|mm|L|l|ml|리터|kWh)\s*[)）\]]\s*$", RegexOptions.CultureInvariant)]
    private static partial Regex UnitRegex();
}
