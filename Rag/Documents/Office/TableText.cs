using System.Text;
using Pybo.Rag.Documents.Zip;

namespace Pybo.Rag.Documents.Office;

/// <summary>A table while it is read, including tables inside its cells, which become words of the cell.</summary>
internal sealed class TableText
{
    /// <summary>Rows are returned this many at a time, so that a long table is not held as a whole.</summary>
    public const int RowsMax = 500;

    /// <summary>A longer cell is cut here.</summary>
    private const int CellCharactersMax = 1_000_000;

    private readonly Stack<Table> tables = [];

    public bool IsOpen => tables.Count > 0;

    /// <summary>True once a cell had to be cut.</summary>
    public bool IsCut { get; private set; }

    public bool IsOutermost => tables.Count == 1;

    public int RowCount => tables.TryPeek(out var table) ? table.Rows.Count : 0;

    public void Start() => tables.Push(new([]));

    public void StartRow()
    {
        if (tables.TryPeek(out var table))
        {
            table.Rows.Add([]);
        }
    }

    public void EndCell()
    {
        if (tables.TryPeek(out var table) && table.Rows.Count > 0)
        {
            table.Rows[^1].Add(table.Cell.ToString());
            table.Cell.Clear();
        }
    }

    public void Add(string text)
    {
        var cell = tables.Peek().Cell;
        IsCut |= !BoundedText.Add(cell, cell.Length > 0 ? " " + text : text, CellCharactersMax);
    }

    /// <summary>Returns the rows read so far, except the last ones, which are kept.</summary>
    public BlockPart Take(int rowsLeft)
    {
        var rows = tables.Peek().Rows;
        var taken = rows[..^rowsLeft];
        rows.RemoveRange(0, taken.Count);
        return BlockPart.Table(taken);
    }

    /// <summary>Ends a table: the outermost becomes a block, an inner one becomes words of its cell.</summary>
    public BlockPart? End()
    {
        if (!tables.TryPop(out var table))
        {
            return null;
        }

        if (tables.Count == 0)
        {
            return BlockPart.Table(table.Rows);
        }

        var rows = table.Rows.Select(row => string.Join(' ', row.Where(cell => cell.Length > 0))).Where(row => row.Length > 0);
        Add(string.Join(" / ", rows));
        return null;
    }

    private sealed record Table(List<List<string>> Rows)
    {
        public StringBuilder Cell { get; } = new();
    }
}
