using Pybo.Data;

namespace Pybo.Rag.Documents.Tables;

/// <summary>Puts cells into columns: a text that spans rows and columns is repeated in each of them, since a row is read, and found, by itself.</summary>
internal sealed class TableGrid
{
    /// <summary>Columns of Excel's sheets; what lies further right is left out.</summary>
    public const int ColumnsMax = 16_384;

    /// <summary>Longer cells are text, not labels, and are not repeated.</summary>
    public const int RepeatedCharactersMax = 60;

    /// <summary>A table repeats no more characters than this: overlapping spans would multiply its text.</summary>
    private const int RepeatedTotalMax = 200_000;

    /// <summary>A real table has no more cells than this that extend into one row, or columns below one cell.</summary>
    private const int SpansMax = 64;

    /// <summary>Deeper groups of names are layout.</summary>
    private const int HeaderRowsMax = 4;

    private readonly List<Span> spans = [];
    private int repeated;
    private int rows;

    /// <summary>The number of columns seen so far.</summary>
    public int Columns { get; private set; }

    public GridRow Place(IReadOnlyList<TableCell> cells, bool isHeader, PageBox? box)
    {
        spans.RemoveAll(span => span.EndRow <= rows);
        if (spans.Count == 0 && cells.All(cell => cell is { ColumnSpan: 1, RowSpan: 1 }))
        {
            return PlaceAlone(cells, isHeader, box);
        }

        var placed = new SortedDictionary<int, GridCell>();
        foreach (var span in spans)
        {
            Repeat(placed, span.Column, span.Columns, span.Text, span.Columns);
        }

        var taken = spans.ToList();
        var next = 0;
        foreach (var cell in cells)
        {
            var column = Free(taken, Math.Max(next, cell.Column));
            next = column + Math.Clamp(cell.ColumnSpan, 1, ColumnsMax);
            if (column < ColumnsMax)
            {
                Add(placed, cell, column);
            }
        }

        rows++;
        var row = placed.Values.Where(cell => cell.Text.Length > 0).ToList();
        return new(row, isHeader || IsMarked(cells), HeaderRows(cells), box);
    }

    /// <summary>Places cells that cover no others, as most do.</summary>
    private GridRow PlaceAlone(IReadOnlyList<TableCell> cells, bool isHeader, PageBox? box)
    {
        var (row, next) = (new List<GridCell>(cells.Count), 0);
        foreach (var cell in cells)
        {
            var column = Math.Max(next, cell.Column);
            next = column + 1;
            if (column < ColumnsMax && TableRow.Clean(cell.Text) is { Length: > 0 } text)
            {
                row.Add(new(column, text, 1));
                Columns = Math.Max(Columns, next);
            }
        }

        rows++;
        return new(row, isHeader || IsMarked(cells), 0, box);
    }

    private void Add(SortedDictionary<int, GridCell> placed, TableCell cell, int column)
    {
        var text = TableRow.Clean(cell.Text);
        var columns = Math.Clamp(cell.ColumnSpan, 1, ColumnsMax - column);
        if (text.Length > 0)
        {
            placed[column] = new(column, text, columns);
            Columns = Math.Max(Columns, column + columns);
            Repeat(placed, column + 1, columns - 1, text, 0);
        }

        if (cell.RowSpan > 1 && spans.Count < SpansMax)
        {
            spans.Add(new(column, columns, rows + cell.RowSpan, text.Length <= RepeatedCharactersMax ? text : ""));
        }
    }

    private void Repeat(SortedDictionary<int, GridCell> placed, int column, int columns, string text, int width)
    {
        if (text.Length is 0 or > RepeatedCharactersMax)
        {
            return;
        }

        for (var at = 0; at < Math.Min(columns, SpansMax) && repeated < RepeatedTotalMax; at++)
        {
            repeated += text.Length;
            placed.TryAdd(column + at, new(column + at, text, at == 0 ? width : 0));
        }
    }

    private static int Free(List<Span> taken, int column)
    {
        while (taken.Find(span => column >= span.Column && column < span.Column + span.Columns) is { Columns: > 0 } span)
        {
            column = span.Column + span.Columns;
        }

        return column;
    }

    /// <summary>Returns whether every cell with words is a header, and there are several: one alone names its row.</summary>
    private static bool IsMarked(IReadOnlyList<TableCell> cells) =>
        cells.Any(cell => cell.IsHeader) && cells.All(cell => cell.IsHeader || string.IsNullOrWhiteSpace(cell.Text))
        && (cells.Count(cell => cell.IsHeader) > 1 || cells.Any(cell => cell.ColumnSpan > 1));

    private static int HeaderRows(IReadOnlyList<TableCell> cells)
    {
        var rows = cells.Count > 1 && cells.Any(cell => cell.ColumnSpan > 1) ? cells.Max(cell => cell.RowSpan) : 0;
        return rows is > 1 and <= HeaderRowsMax ? rows : 0;
    }

    private readonly record struct Span(int Column, int Columns, int EndRow, string Text);
}
