using System.Text.RegularExpressions;

namespace Pybo.Data;

/// <summary>What a row of a table sums up.</summary>
public enum RowSummary
{
    None,
    Total,

    /// <summary>The sum of some rows: <c>소계</c>.</summary>
    Subtotal,
    Average,
}

/// <summary>Recognises the names of rows that sum up others: <c>합계</c>, <c>총 계</c>, <c>소계(A)</c>, <c>평균</c>.</summary>
public static partial class SummaryWords
{
    private const int CharactersMax = 20;

    /// <summary>Returns what the row with this cell sums up.</summary>
    public static RowSummary Of(string cell) => cell.Length > CharactersMax || NameRegex().Match(SpaceRegex().Replace(cell, "")) is not { Success: true } match ? RowSummary.None
        : match.Groups["part"].Success ? RowSummary.Subtotal
        : match.Groups["mean"].Success ? RowSummary.Average : RowSummary.Total;

    [GeneratedRegex(@"^\W*(총합계?|전체합계|합계|총계|계|grandtotal|total|sum|(?<part>소계|중계|누계|subtotal)|(?<mean>평균|average|mean))\W*([(（].{0,12}[)）])?\W*$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex NameRegex();

    [GeneratedRegex(@"\s+")]
    private static partial Regex SpaceRegex();
}
