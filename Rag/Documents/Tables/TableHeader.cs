using System.Text.RegularExpressions;

namespace Pybo.Rag.Documents.Tables;

/// <summary>Decides which of a table's first rows name its columns.</summary>
/// <remarks>
/// What the format marks counts first. Otherwise the first row is a header if it has names in every column that the rows below use, all different, none of them a
/// figure like those below it or a sentence, and if the rows below show it: at least one column of figures alike (1,000원, 2,500원) under a name without one, or three
/// columns whose names do not occur again.
/// </remarks>
internal static partial class TableHeader
{
    /// <summary>More rows that are marked as headers, or that a group of names covers, are rows.</summary>
    public const int RowsMax = 4;

    /// <summary>The figures of a column have one shape in this share of its values.</summary>
    private const double AlikeShareMin = .6;

    /// <summary>One figure alone below a name shows nothing in a table of two columns: name and value of two facts look the same.</summary>
    private const int FiguresMin = 2;

    private const int NamedColumnsMin = 3;

    /// <summary>Two rows of words are no table with names: the first may be a row like the second.</summary>
    private const int NamedRowsMin = 2;

    /// <summary>Values that fill a column's name row in a table whose first column only names rows may be missing.</summary>
    private const int CornerColumn = 0;

    /// <summary>Returns the number of header rows at the beginning; 0 if there are none.</summary>
    public static int RowsOf(IReadOnlyList<GridRow> rows, bool isMarked)
    {
        var marked = 0;
        while (isMarked && marked < Math.Min(rows.Count, RowsMax) && rows[marked].IsMarked)
        {
            marked++;
        }

        if (marked > 0)
        {
            // A table of headers alone has its names in the first row.
            return marked == rows.Count ? 1 : marked;
        }

        var depth = rows.Count > 0 ? rows[0].HeaderRows : 0;
        if (depth > 1 && depth < rows.Count && !rows.Take(depth).SelectMany(row => row.Cells).Any(cell => IsFigure(cell.Text) && !PeriodRegex().IsMatch(cell.Text)))
        {
            return depth;
        }

        return rows.Count > 1 && IsHeader(rows[0], [.. rows.Skip(1)]) ? 1 : 0;
    }

    /// <summary>Returns the shape of a value: its figures as one sign, its other characters as they are.</summary>
    public static string Shape(string value) => FigureRegex().Replace(value, "0");

    private static bool IsHeader(GridRow names, IReadOnlyList<GridRow> rows)
    {
        var columns = rows.SelectMany(row => row.Cells).Where(cell => cell.Column > CornerColumn).Select(cell => cell.Column).ToHashSet();
        if (names.Cells.Count < 2 || !columns.All(column => names.TextAt(column).Length > 0) || names.Cells.DistinctBy(cell => cell.Text).Count() < names.Cells.Count)
        {
            return false;
        }

        var isShown = false;
        foreach (var name in names.Cells)
        {
            var values = rows.Select(row => row.TextAt(name.Column)).Where(value => value.Length > 0).ToList();
            var shape = values.GroupBy(Shape).OrderByDescending(group => group.Count()).FirstOrDefault();
            var isAlike = shape is not null && shape.Key.Contains('0', StringComparison.Ordinal) && shape.Count() >= AlikeShareMin * values.Count;
            var isPeriod = name.Column > CornerColumn && PeriodRegex().IsMatch(name.Text);
            if (name.Text.Length > TableRow.HeaderCharactersMax || SentenceRegex().IsMatch(name.Text) || values.Contains(name.Text)
                || (IsFigure(name.Text) && !isPeriod && (shape is null || values.Exists(value => Shape(value) == Shape(name.Text)) || AddressRegex().IsMatch(name.Text))))
            {
                return false;
            }

            isShown |= isAlike && (isPeriod || !IsFigure(name.Text)) && (names.Cells.Count >= NamedColumnsMin || shape!.Count() >= FiguresMin);
        }

        return isShown || (names.Cells.Count >= NamedColumnsMin && rows.Count >= NamedRowsMin && !names.Cells.Any(cell => IsFigure(cell.Text)));
    }

    private static bool IsFigure(string text) => text.AsSpan().ContainsAnyInRange('0', '9');

    [GeneratedRegex(@"[0-9]+(?:[.,:/\-][0-9]+)*", RegexOptions.CultureInvariant)]
    private static partial Regex FigureRegex();

    // Years, months, terms and classes name columns although they have figures.
    [GeneratedRegex(@"^(?:'?(?:19|20)[0-9]{2}(?:\s?(?:년도?|학년도|회계연도))?(?:\s?[0-9]{1,2}월)?|'[0-9]{2}년?|제?\s?[0-9]{1,3}\s?(?:월|일|분기|반기|회차?|차시?|교시|주차?|학년|학기|반|호기?|급|단계|년차|등급?|층|동|종|위|순위|지망|강)|Q[1-4]|H[12])$", RegexOptions.CultureInvariant)]
    private static partial Regex PeriodRegex();

    [GeneratedRegex(@"[다요죠까][.!?…]*$|[.!?]$", RegexOptions.CultureInvariant)]
    private static partial Regex SentenceRegex();

    // Values that have a different figure in every row: a date, a telephone number, an address.
    [GeneratedRegex(@"[0-9]{1,4}[.\-/][0-9]{1,4}[.\-/][0-9]|@|://", RegexOptions.CultureInvariant)]
    private static partial Regex AddressRegex();
}
