using Pybo.Rag.Documents.Tables;

namespace Pybo.Rag.Documents.Office;

/// <summary>Divides the rows of a sheet into tables: those that the workbook names, and regions between blank rows.</summary>
internal sealed class SheetTables(SheetLayout layout)
{
    /// <summary>Named tables in one row.</summary>
    private const int OpenMax = 64;

    private readonly Queue<(SheetArea Area, int HeaderRows)> named = new(layout.Tables.OrderBy(table => table.Area.Row));
    private readonly List<NamedTable> open = [];
    private SheetRegion region = new(layout.Filter?.Row ?? 0);
    private int lastRow;

    /// <summary>The last of the rows that stay when the sheet is scrolled; 0 if none do.</summary>
    public int FrozenRows { get; set; }

    private int HeaderRow => layout.Filter?.Row ?? FrozenRows;

    /// <summary>Adds a row with words, visible or not: one that is hidden separates nothing.</summary>
    public void Pass(int number) => lastRow = number;

    public IEnumerable<BlockPart> Add(SheetRow row)
    {
        foreach (var block in EndNamed(row.Number))
        {
            yield return block;
        }

        while (named.TryPeek(out var next) && next.Area.Row <= row.Number)
        {
            named.Dequeue();
            if (next.Area.LastRow >= row.Number && open.Count < OpenMax)
            {
                open.Add(new(next.Area, next.HeaderRows));
            }
        }

        foreach (var table in open)
        {
            bool IsInside(SheetCell cell) => cell.Column >= table.Area.Column && cell.Column <= table.Area.LastColumn;
            var cells = row.Cells.FindAll(IsInside);
            row.Cells.RemoveAll(IsInside);
            foreach (var block in table.Add(row.Number, cells))
            {
                yield return block;
            }
        }

        if (row.Cells.Count > 0)
        {
            foreach (var block in AddToRegion(row))
            {
                yield return block;
            }
        }
    }

    public IEnumerable<BlockPart> End()
    {
        foreach (var block in EndNamed(int.MaxValue).Concat(region.End()))
        {
            yield return block;
        }
    }

    private IEnumerable<BlockPart> AddToRegion(SheetRow row)
    {
        var isAfterBlank = row.Number > lastRow + 1;
        lastRow = row.Number;
        var isNext = (isAfterBlank && !region.Continues(row)) || (row.Number == layout.Filter?.Row && region.HasTable);
        if (isNext || region.IsEmpty)
        {
            foreach (var block in region.End())
            {
                yield return block;
            }

            region = new(HeaderRow);
        }

        foreach (var block in region.Add(row))
        {
            yield return block;
        }
    }

    private List<BlockPart> EndNamed(int row)
    {
        List<BlockPart> blocks = [.. open.Where(table => table.Area.LastRow < row).Select(table => table.Rows.End()).OfType<BlockPart>()];
        open.RemoveAll(table => table.Area.LastRow < row);
        return blocks;
    }

    /// <summary>A table that the workbook names, with its area and its header (ECMA-376 part 1, 18.5.1.2).</summary>
    private sealed record NamedTable(SheetArea Area, int HeaderRows)
    {
        private const int RowsPerBlock = 100;

        private int first = -1;
        private int waiting;

        public TableRows Rows { get; } = new();

        public List<BlockPart> Add(int number, List<SheetCell> cells)
        {
            if (cells.Count == 0)
            {
                return [];
            }

            first = first < 0 ? cells[0].Place - (cells[0].Column - Area.Column) : first;
            Rows.AddRow(
                [.. cells.Select(cell => new TableCell(SheetRegion.Text(cell), cell.ColumnSpan, Column: Math.Max(0, cell.Place - first)))],
                isHeader: number < Area.Row + HeaderRows);
            if (++waiting < RowsPerBlock)
            {
                return [];
            }

            waiting = 0;
            return Rows.TakeRows() is { } block ? [block] : [];
        }
    }
}
