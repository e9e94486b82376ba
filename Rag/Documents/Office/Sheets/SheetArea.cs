using System.Globalization;

namespace Pybo.Rag.Documents.Office;

/// <summary>A rectangle of cells, from <c>B2:D9</c>; rows count from 1 and columns from 0.</summary>
internal readonly record struct SheetArea(int Row, int Column, int LastRow, int LastColumn)
{
    /// <summary>Excel's own limit; a reference beyond it is false.</summary>
    public const int ColumnsMax = 16_384;

    /// <summary>Rows with words beyond Excel's own limit are not read.</summary>
    public const int RowsMax = 1_048_576;

    /// <summary>Parses the reference of a cell or an area; null for an invalid one.</summary>
    public static SheetArea? Parse(string? reference)
    {
        var colon = reference?.IndexOf(':', StringComparison.Ordinal) ?? -1;
        var first = Cell(colon < 0 ? reference : reference![..colon]);
        var last = colon < 0 ? first : Cell(reference![(colon + 1)..]);
        return first is { } from && last is { } to
            ? new(Math.Min(from.Row, to.Row), Math.Min(from.Column, to.Column), Math.Max(from.Row, to.Row), Math.Max(from.Column, to.Column))
            : null;
    }

    /// <summary>Returns the column of <c>AB12</c>, from 0; null for an invalid reference.</summary>
    public static int? ColumnOf(string? reference)
    {
        var column = 0;
        foreach (var letter in reference ?? "")
        {
            if (!char.IsAsciiLetterUpper(letter) || column > ColumnsMax)
            {
                break;
            }

            column = (column * 26) + letter - 'A' + 1;
        }

        return column is > 0 and <= ColumnsMax ? column - 1 : null;
    }

    /// <summary>Returns the name of a cell, such as <c>AB12</c>.</summary>
    public static string NameOf(int row, int column) => ColumnName(column) + row.ToString(CultureInfo.InvariantCulture);

    public static string ColumnName(int column)
    {
        var letters = "";
        for (var rest = column + 1; rest > 0; rest = (rest - 1) / 26)
        {
            letters = (char)('A' + ((rest - 1) % 26)) + letters;
        }

        return letters;
    }

    private static (int Row, int Column)? Cell(string? reference)
    {
        var name = (reference ?? "").Replace("$", "", StringComparison.Ordinal);
        var digits = name.AsSpan().IndexOfAnyInRange('0', '9');
        return digits > 0 && ColumnOf(name) is { } column && int.TryParse(name.AsSpan(digits), NumberStyles.None, CultureInfo.InvariantCulture, out var row) && row is > 0 and <= RowsMax
            ? (row, column)
            : null;
    }
}
