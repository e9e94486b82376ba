using System.Text;
using Pybo.Rag.Documents.Tables;
using Pybo.Rag.Documents.Zip;

namespace Pybo.Rag.Documents.Office;

/// <summary>
/// A table of a text or a slide while it is read, including tables inside its cells, which become words of the cell. Cells merged downwards are known only
/// when the rows below are read, so such rows are held back (ECMA-376 part 1, 17.4.84).
/// </summary>
internal sealed class OfficeTable
{
    /// <summary>Rows held back for cells merged downwards; a longer merged cell is repeated in the rows that follow.</summary>
    private const int RowsHeldMax = TableRows.RowsMeasuredMax;

    /// <summary>Rows are returned this many at a time, so that a long table is not held as a whole.</summary>
    private const int RowsMax = 200;

    /// <summary>A longer cell is cut here.</summary>
    private const int CellCharactersMax = 1_000_000;

    /// <summary>Fewer columns may be names and values, although a style sets off the first row of every new table.</summary>
    private const int StyledColumnsMin = 3;

    private readonly Stack<Table> tables = [];

    public bool IsOpen => tables.Count > 0;

    public bool IsOutermost => tables.Count == 1;

    /// <summary>True once a cell had to be cut.</summary>
    public bool IsCut { get; private set; }

    /// <summary>True if rows should be taken.</summary>
    public bool HasRows => tables.TryPeek(out var table) && IsOutermost && table.Ready >= RowsMax;

    public void Start() => tables.Push(new());

    /// <summary>Remembers that the table's style sets off the first row.</summary>
    public void StyleFirstRow()
    {
        if (tables.TryPeek(out var table))
        {
            table.IsFirstRowStyled = true;
        }
    }

    public void StartRow()
    {
        if (tables.TryPeek(out var table))
        {
            table.Row = new();
        }
    }

    /// <summary>The row that is read now; null outside of one.</summary>
    public Row? CurrentRow => tables.TryPeek(out var table) ? table.Row : null;

    public void StartCell()
    {
        if (tables.TryPeek(out var table))
        {
            table.Cell = new();
        }
    }

    /// <summary>The cell that is read now; null outside of one.</summary>
    public Cell? CurrentCell => tables.TryPeek(out var table) ? table.Cell : null;

    public void EndCell()
    {
        if (tables.TryPeek(out var table) && table is { Row: { } row, Cell: { } cell })
        {
            cell.Words = table.Text.ToString();
            table.Text.Clear();
            table.Cell = null;
            row.Add(cell);
        }
    }

    public void EndRow()
    {
        if (!tables.TryPeek(out var table) || table.Row is not { } row)
        {
            return;
        }

        table.Row = null;
        if (!row.IsLeftOut)
        {
            row.IsHeader |= table is { IsFirstRowStyled: true, Count: 0 } && row.Cells.Count >= StyledColumnsMin;
            table.Count++;
            table.Hold(row);
            if (IsOutermost && (!row.Cells.Exists(cell => cell.IsMerged) || table.Held.Count >= RowsHeldMax))
            {
                table.Send();
            }
        }
    }

    /// <summary>Adds words to the cell.</summary>
    public void Add(string text)
    {
        var words = tables.Peek().Text;
        IsCut |= !BoundedText.Add(words, words.Length > 0 ? " " + text : text, CellCharactersMax);
    }

    /// <summary>Returns the rows that are ready; at a page's end, all.</summary>
    public BlockPart? Take(bool isPageEnd)
    {
        if (!tables.TryPeek(out var table))
        {
            return null;
        }

        if (isPageEnd)
        {
            table.Send();
        }

        table.Ready = 0;
        return table.Rows.TakeRows(isPageEnd);
    }

    /// <summary>Ends a table: the outermost becomes a block, an inner one becomes words of its cell.</summary>
    public BlockPart? End()
    {
        EndCell();
        EndRow();
        if (!tables.TryPop(out var table))
        {
            return null;
        }

        if (tables.Count == 0)
        {
            table.Send();
            return table.Rows.End();
        }

        var rows = table.Held.Select(row => string.Join(' ', row.Cells.Select(cell => cell.Words).Where(words => words.Length > 0))).Where(row => row.Length > 0);
        Add(string.Join(" / ", rows));
        return null;
    }

    internal sealed class Cell
    {
        public string Words { get; set; } = "";

        public int Column { get; set; }

        public int ColumnSpan { get; set; } = 1;

        public int RowSpan { get; set; } = 1;

        /// <summary>The columns to the next cell, if they are not those that it covers: on a slide, covered cells are in the file too.</summary>
        public int? Step { get; set; }

        /// <summary>True if another cell covers it whose size the file states.</summary>
        public bool IsHollow { get; set; }

        /// <summary>True if the cell is merged with others above or below.</summary>
        public bool IsMerged { get; set; }

        /// <summary>True if the cell above goes on in it.</summary>
        public bool IsCovered { get; set; }

        /// <summary>True if the cell on the left goes on in it.</summary>
        public bool IsCoveredFromLeft { get; set; }

        public bool IsDeleted { get; set; }

        public bool IsSent { get; set; }
    }

    internal sealed class Row
    {
        private int column;

        public List<Cell> Cells { get; } = [];

        public bool IsHeader { get; set; }

        /// <summary>True if the row is deleted or hidden.</summary>
        public bool IsLeftOut { get; set; }

        public bool IsDeleted { get; set; }

        /// <summary>Skips columns before the next cell.</summary>
        public void Skip(int columns) => column = Math.Clamp(column + columns, 0, TableGrid.ColumnsMax);

        public void Add(Cell cell)
        {
            if (cell.IsDeleted)
            {
                return;
            }

            cell.Column = column;
            cell.ColumnSpan = Math.Clamp(cell.ColumnSpan, 1, TableGrid.ColumnsMax);
            Skip(cell.Step ?? cell.ColumnSpan);
            if (cell.IsHollow)
            {
                return;
            }

            if (cell.IsCoveredFromLeft && Cells is [.., var before])
            {
                before.ColumnSpan = Math.Max(before.ColumnSpan, column - before.Column);
            }
            else if (!cell.IsCoveredFromLeft && Cells.Count < TableGrid.ColumnsMax)
            {
                Cells.Add(cell);
            }
        }
    }

    private sealed class Table
    {
        private readonly Dictionary<int, Cell> open = [];

        public TableRows Rows { get; } = new();

        public List<Row> Held { get; } = [];

        public StringBuilder Text { get; } = new();

        public Row? Row { get; set; }

        public Cell? Cell { get; set; }

        public bool IsFirstRowStyled { get; set; }

        public int Count { get; set; }

        public int Ready { get; set; }

        /// <summary>Holds a row back; its covered cells lengthen the cell above, or repeat its words if that was sent.</summary>
        public void Hold(Row row)
        {
            row.Cells.RemoveAll(Continues);
            foreach (var cell in row.Cells.Where(cell => !cell.IsCovered))
            {
                if (cell.IsMerged)
                {
                    open[cell.Column] = cell;
                }
                else
                {
                    open.Remove(cell.Column);
                }
            }

            Held.Add(row);
        }

        public void Send()
        {
            foreach (var row in Held)
            {
                Rows.AddRow([.. row.Cells.Select(cell => new TableCell(cell.Words, cell.ColumnSpan, cell.RowSpan, Column: cell.Column))], row.IsHeader);
                row.Cells.ForEach(cell => cell.IsSent = true);
                Ready++;
            }

            Held.Clear();
        }

        private bool Continues(Cell cell)
        {
            if (!cell.IsCovered || !open.TryGetValue(cell.Column, out var above))
            {
                return false;
            }

            if (above.IsSent)
            {
                cell.Words = above.Words.Length <= TableGrid.RepeatedCharactersMax ? above.Words : "";
                return false;
            }

            above.RowSpan++;
            return true;
        }
    }
}
