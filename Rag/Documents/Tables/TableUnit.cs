using System.Text.RegularExpressions;

namespace Pybo.Rag.Documents.Tables;

/// <summary>The unit that a table states once, above it or in a row of its own: <c>(단위: 천원)</c>. A figure without it is a wrong figure.</summary>
internal static partial class TableUnit
{
    private const int LineCharactersMax = 80;

    /// <summary>Returns the field that a row with figures gets; null if the line states no unit.</summary>
    public static string? FieldOf(ReadOnlySpan<char> line)
    {
        if (line.Length > LineCharactersMax || UnitRegex().Match(line.ToString()) is not { Success: true } match)
        {
            return null;
        }

        var name = match.Groups["name"].Value.Replace(" ", "", StringComparison.Ordinal);
        return TableRow.Field(name, match.Groups["unit"].Value.Trim());
    }

    /// <summary>Returns the row with the unit of its figures.</summary>
    public static string With(string row, string? unit) =>
        unit is null || !row.AsSpan().ContainsAnyInRange('0', '9') || row.Contains(unit, StringComparison.Ordinal) ? row : row + TableRow.CellSeparator + unit;

    [GeneratedRegex(@"[(\[（〔<〈※*]\s*(?<name>단\s?위|Unit|Units)\s*[:：]\s*(?<unit>[^()\[\]（）〔〕<>〈〉]{1,40}?)\s*[)\]）〕>〉]\s*$|^\W*(?<name>단\s?위|Unit|Units)\s*[:：]\s*(?<unit>[^()\[\]（）〔〕<>〈〉]{1,40}?)\W*$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex UnitRegex();
}
