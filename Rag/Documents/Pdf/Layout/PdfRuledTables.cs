using Pybo.Data;

namespace Pybo.Rag.Documents.Pdf.Layout;

/// <summary>
/// Takes the letters of ruled tables out of a page, so that each cell is read by itself. A letter in their place, as wide as the table, keeps the table's place in the
/// reading order.
/// </summary>
internal sealed class PdfRuledTables
{
    /// <summary>A longer cell is a part of the page's layout, not of a table.</summary>
    private const int CellCharactersMax = 1_500;

    private const int CellsMin = 4;

    /// <summary>Fewer lines that all cells of a row have are lines of one text each.</summary>
    private const int PartsMin = 3;

    /// <summary>A cell with more rows of its own is a part of the page's layout.</summary>
    private const int InnerRowsMax = 2;

    /// <summary>Glyphs have the middle of their ink this far above the baseline, in sizes.</summary>
    private const float MiddleHeight = 0.3f;

    private static readonly PdfFrame Upright = new(0, IsVertical: false);

    private readonly Dictionary<PdfFontLook, Table> tables = new(ReferenceEqualityComparer.Instance);

    /// <summary>Returns the glyphs outside of tables, and one for each table.</summary>
    public List<PdfGlyph> Without(List<PdfGlyph> glyphs, IReadOnlyList<PdfRule> rules)
    {
        var grids = PdfGrid.Of(rules);
        if (grids.Count == 0)
        {
            return glyphs;
        }

        var cells = grids.ConvertAll(_ => new Dictionary<int, List<PdfGlyph>>());
        var owners = new int[glyphs.Count];
        for (var at = 0; at < glyphs.Count; at++)
        {
            var (grid, cell) = Place(grids, glyphs[at]);
            owners[at] = grid;
            if (grid >= 0)
            {
                (cells[grid].TryGetValue(cell, out var own) ? own : cells[grid][cell] = []).Add(glyphs[at]);
            }
        }

        var marks = grids.Select((grid, at) => IsTable(grid, cells[at]) ? Mark(grid, cells[at]) : (PdfGlyph?)null).ToList();
        var kept = glyphs.Where((_, at) => owners[at] < 0 || marks[owners[at]] is null).ToList();
        kept.AddRange(marks.OfType<PdfGlyph>());
        return kept;
    }

    /// <summary>Returns the table whose place a row has; null if there is none.</summary>
    public Table? At(PdfRow row)
    {
        foreach (var span in tables.Count == 0 ? [] : row.Spans)
        {
            if (tables.TryGetValue(span.Letters[0].Font, out var table))
            {
                row.Spans.Remove(span);
                return table;
            }
        }

        return null;
    }

    /// <summary>Returns the rows of a table.</summary>
    /// <param name="read">Reads the lines of a cell.</param>
    public static IEnumerable<PdfLine> Rows(Table table, int column, Func<List<PdfSpan>, List<PdfLine>> read, Func<PdfExtent, PageBox> box)
    {
        var grid = table.Grid;
        var starts = Starts(grid);
        var byRow = starts.ToLookup(cell => cell.Row);
        var used = Enumerable.Range(0, grid.Rows).Where(row => byRow[row].Any(cell => table.Cells.ContainsKey(cell.Id))).ToList();
        foreach (var row in used)
        {
            var cells = new List<PdfCell>();
            foreach (var (id, first, left, rows, columns) in byRow[row])
            {
                var lines = table.Cells.TryGetValue(id, out var glyphs) ? read(Spans(glyphs)) : [];
                var rowSpan = Math.Max(1, used.Count(other => other >= first && other < first + rows));
                cells.Add(new("", grid.Xs[left], grid.Xs[left + columns], lines, left, columns, rowSpan));
            }

            foreach (var part in Parts(cells))
            {
                if (part.Exists(cell => cell.Lines!.Count > 0))
                {
                    yield return Row(grid, part, row, column, box);
                }
            }
        }
    }

    private static PdfLine Row(PdfGrid grid, List<PdfCell> cells, int row, int column, Func<PdfExtent, PageBox> box)
    {
        var all = cells.SelectMany(cell => cell.Lines!).ToList();
        var (top, bottom) = cells.Exists(cell => cell.RowSpan > 1) ? (grid.Ys[row], grid.Ys[row + 1]) : (all.Min(line => line.Extent.Top), all.Max(line => line.Extent.Bottom));
        var extent = new PdfExtent(grid.Xs[0], top, grid.Xs[^1], bottom);
        var text = string.Join(PdfLine.CellSeparator, cells.Select(cell => string.Join(' ', cell.Lines!.Select(line => line.Text.Replace(PdfLine.CellSeparator, ' ')))));
        return new(text, Upright, extent, extent.Bottom, column, all[0].Size, all.TrueForAll(line => line.IsBold), EndsWithSpace: true, extent.End - extent.Start, 0, IsRightToLeft: false, box(extent))
        {
            Cells = cells,
            Grid = grid,
        };
    }

    /// <summary>Splits a row of a grid that has no rules between its rows: all its cells have the same number of lines, on the same baselines.</summary>
    private static IEnumerable<List<PdfCell>> Parts(List<PdfCell> cells)
    {
        var filled = cells.FindAll(cell => cell.Lines!.Count > 0);
        var count = filled.Count > 1 ? filled[0].Lines!.Count : 0;
        var areRows = count >= PartsMin && filled.TrueForAll(cell => cell.RowSpan == 1 && cell.Lines!.Count == count
            && cell.Lines!.Zip(filled[0].Lines!).All(pair => Math.Abs(pair.First.Baseline - pair.Second.Baseline) <= PdfRows.BaselineShiftMax * pair.First.Size));
        return areRows ? Enumerable.Range(0, count).Select(at => cells.ConvertAll(cell => cell.Lines!.Count > 0 ? cell with { Lines = [cell.Lines![at]] } : cell)) : [cells];
    }

    private static List<PdfSpan> Spans(List<PdfGlyph> glyphs)
    {
        var builder = new PdfSpanBuilder(Upright);
        foreach (var glyph in glyphs)
        {
            builder.Add(glyph);
        }

        return builder.Spans;
    }

    private static (int Grid, int Cell) Place(List<PdfGrid> grids, in PdfGlyph glyph)
    {
        if (glyph is { Angle: 0, IsVertical: false })
        {
            for (var at = 0; at < grids.Count; at++)
            {
                var cell = grids[at].At(glyph.X + (glyph.Advance / 2), glyph.Y - (MiddleHeight * glyph.Size));
                if (cell >= 0)
                {
                    return (at, cell);
                }
            }
        }

        return (-1, -1);
    }

    /// <summary>True if several cells have text, in several rows and columns, and none is a page's text in a frame.</summary>
    private static bool IsTable(PdfGrid grid, Dictionary<int, List<PdfGlyph>> cells)
    {
        var filled = cells.Where(cell => cell.Value.Exists(glyph => !string.IsNullOrWhiteSpace(glyph.Text))).Select(cell => cell.Key).ToHashSet();
        var starts = Starts(grid).FindAll(cell => filled.Contains(cell.Id));
        return filled.Count >= CellsMin && cells.All(cell => cell.Value.Count <= CellCharactersMax)
            && starts.Select(cell => cell.Row).Distinct().Count() > 1 && starts.Select(cell => cell.Column).Distinct().Count() > 1
            && cells.Values.All(cell => InnerRows(cell) <= InnerRowsMax);
    }

    /// <summary>Counts the lines of a cell that have wide gaps, as rows of a table in it have.</summary>
    private static int InnerRows(List<PdfGlyph> cell) => PdfRows.Of(Spans(cell)).Count(row =>
    {
        var letters = PdfWords.Letters(row);
        return Array.IndexOf(PdfWords.Separators(letters, []), PdfLine.CellSeparator) >= 0;
    });

    private PdfGlyph Mark(PdfGrid grid, Dictionary<int, List<PdfGlyph>> cells)
    {
        var size = cells.Values.SelectMany(glyphs => glyphs).Select(glyph => glyph.Size).Order().ElementAt(cells.Values.Sum(glyphs => glyphs.Count) / 2);
        var look = new PdfFontLook("", IsBold: false, IsItalic: false, Ascent: 0, Descent: 0);
        tables.Add(look, new(grid, cells));
        return new("\uFFFC", grid.Xs[0], grid.Ys[0] + size, grid.Xs[^1] - grid.Xs[0], size, 0, IsVertical: false, look, int.MinValue);
    }

    /// <summary>Returns the cells of a grid by the row and column where they begin, in reading order.</summary>
    private static List<(int Id, int Row, int Column, int Rows, int Columns)> Starts(PdfGrid grid)
    {
        var extents = new Dictionary<int, (int Top, int Left, int Bottom, int Right)>();
        for (var row = 0; row < grid.Rows; row++)
        {
            for (var column = 0; column < grid.Columns; column++)
            {
                var id = grid.Cells[row, column];
                extents[id] = extents.TryGetValue(id, out var other)
                    ? (Math.Min(other.Top, row), Math.Min(other.Left, column), Math.Max(other.Bottom, row), Math.Max(other.Right, column))
                    : (row, column, row, column);
            }
        }

        return [.. extents.Select(cell => (cell.Key, cell.Value.Top, cell.Value.Left, cell.Value.Bottom - cell.Value.Top + 1, cell.Value.Right - cell.Value.Left + 1)).OrderBy(cell => cell.Item2).ThenBy(cell => cell.Item3)];
    }

    /// <summary>A table and the glyphs of its cells.</summary>
    internal sealed record Table(PdfGrid Grid, Dictionary<int, List<PdfGlyph>> Cells);
}
