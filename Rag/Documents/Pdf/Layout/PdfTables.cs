using Pybo.Data;
using Pybo.Rag.Documents.Tables;

namespace Pybo.Rag.Documents.Pdf.Layout;

/// <summary>Writes tables as rows (<see cref="TableRows"/>): those with rules by their grid, others by the columns in which their cells are. A table that goes on over the next page keeps its header.</summary>
internal sealed class PdfTables(PdfWordBreaks breaks)
{
    /// <summary>Between the parts of a table on two pages there is at most this much text: a page number, a note of its continuation.</summary>
    private const int BetweenCharactersMax = 40;

    /// <summary>Edges of columns on two pages differ by less than this, in points.</summary>
    private const float EdgeShiftMax = 6;

    /// <summary>Rows that show whether the next page's part has a header of its own.</summary>
    private const int RowsMeasuredMax = 10;

    private TableRows? rows;
    private List<PdfGap> columns = [];
    private HashSet<string> first = [];
    private int page;
    private int lastPage = -1;
    private int charactersSince;

    /// <summary>Begins a page.</summary>
    public void NextPage() => page++;

    /// <summary>Counts text that is not a table's.</summary>
    public void Pass(int characters) => charactersSince += characters;

    /// <summary>Returns the rows of consecutive lines with cells, after the rest of an earlier table.</summary>
    /// <param name="title">The line above, if it states the unit of the figures.</param>
    public IEnumerable<BlockPart> Write(List<PdfLine> lines, PdfLine? title)
    {
        var edges = Columns(lines);
        var read = Rows(lines, edges);
        var isHeaded = lines.Count > 1 && lines[0].IsBold && lines.Exists(line => !line.IsBold);
        if (!Continues(edges, read))
        {
            if (rows?.End() is { } rest)
            {
                yield return rest;
            }

            (rows, first) = (new(), [.. read.Take(TableHeader.RowsMax).Select(row => Key(row.Cells))]);
            if (title is not null)
            {
                rows.AddRow([new(title.Text, Math.Max(2, edges.Count))], box: title.Box);
            }
        }

        (columns, lastPage, charactersSince) = (edges, page, 0);
        foreach (var (cells, box, isBold) in read)
        {
            rows!.AddRow(cells, isHeaded && isBold, box);
            isHeaded &= isBold;
        }

        if (rows!.TakeRows(isPageEnd: true) is { } block)
        {
            yield return block;
        }
    }

    /// <summary>Returns what is left of the last table.</summary>
    public BlockPart? End() => rows?.End();

    /// <summary>True if the rows go on with the table of the previous page: the same columns, and no header of their own.</summary>
    private bool Continues(List<PdfGap> edges, List<(List<TableCell> Cells, PageBox Box, bool IsBold)> read)
    {
        if (rows is null || lastPage != page - 1 || charactersSince > BetweenCharactersMax || !AreAlike(columns, edges))
        {
            return false;
        }

        var measured = read.Take(RowsMeasuredMax).Select(row => new GridRow(
            [.. row.Cells.Where(cell => cell.Text.Length > 0).Select(cell => new GridCell(cell.Column, TableRow.Clean(cell.Text), cell.ColumnSpan))], IsMarked: false, HeaderRows: 0, Box: null)).ToList();
        return read.Count > 0 && (first.Contains(Key(read[0].Cells)) || TableHeader.RowsOf(measured, isMarked: false) == 0);
    }

    private static bool AreAlike(List<PdfGap> first, List<PdfGap> second) =>
        first.Count == second.Count && first.Zip(second).All(pair => pair.First.Start <= pair.Second.End + EdgeShiftMax && pair.Second.Start <= pair.First.End + EdgeShiftMax);

    private static string Key(List<TableCell> cells) => string.Join('\n', cells.Select(cell => TableRow.Clean(cell.Text)));

    private List<(List<TableCell> Cells, PageBox Box, bool IsBold)> Rows(List<PdfLine> lines, List<PdfGap> edges)
    {
        var read = new List<(List<TableCell>, PageBox, bool)>();
        foreach (var line in lines)
        {
            read.Add((line.Grid is not null ? [.. line.Cells.Select(Ruled)] : Aligned(line, edges), line.Box, line.IsBold));
        }

        return read;
    }

    private TableCell Ruled(PdfCell cell)
    {
        var lines = cell.Lines ?? [];
        var text = string.Concat(lines.Select((line, at) => at + 1 < lines.Count ? PdfLineEnd.Joined(line, lines[at + 1], breaks, isCell: true) : line.Text));
        return new(text, cell.ColumnSpan, cell.RowSpan, Column: cell.Column);
    }

    /// <summary>Returns the cells of a row without rules in their columns; two in one column are one cell.</summary>
    private static List<TableCell> Aligned(PdfLine line, List<PdfGap> edges)
    {
        var cells = new List<TableCell>();
        for (var at = 0; at < line.Cells.Count; at++)
        {
            var cell = line.Cells[at];
            var column = edges.FindIndex(edge => edge.End >= cell.Start);
            var last = edges.FindLastIndex(edge => edge.Start <= cell.End);
            (column, last) = (column < 0 ? edges.Count - 1 : column, Math.Max(last, 0));
            if (cell.EndsWithColon && at + 1 < line.Cells.Count)
            {
                // A label and its value are one cell, which says both.
                cells.Add(new($"{cell.Text} {line.Cells[++at].Text}", Column: column));
            }
            else if (cells.Count > 0 && cells[^1].Column + cells[^1].ColumnSpan > column)
            {
                cells[^1] = cells[^1] with { Text = $"{cells[^1].Text} {cell.Text}", ColumnSpan = Math.Max(cells[^1].ColumnSpan, last - cells[^1].Column + 1) };
            }
            else
            {
                cells.Add(new(cell.Text, Math.Max(1, last - column + 1), Column: column));
            }
        }

        return cells;
    }

    /// <summary>Returns the columns of a table: those of its grid, or of the rows with most cells, in which the other rows' cells lie.</summary>
    private static List<PdfGap> Columns(List<PdfLine> lines)
    {
        if (lines[0].Grid is { } grid)
        {
            return [.. Enumerable.Range(0, grid.Columns).Select(at => new PdfGap(grid.Xs[at], grid.Xs[at + 1]))];
        }

        var most = lines.Max(line => line.Cells.Count);
        var columns = new List<PdfGap>();
        foreach (var cell in lines.Where(line => line.Cells.Count == most).SelectMany(line => line.Cells).OrderBy(cell => cell.Start))
        {
            if (columns.Count > 0 && cell.Start <= columns[^1].End)
            {
                columns[^1] = columns[^1] with { End = Math.Max(columns[^1].End, cell.End) };
            }
            else
            {
                columns.Add(new(cell.Start, cell.End));
            }
        }

        return columns;
    }
}
