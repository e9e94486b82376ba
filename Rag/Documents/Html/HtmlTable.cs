namespace Pybo.Rag.Documents.Html;

/// <summary>A table that is being read: the rows that are not handed on yet, and the cell that is open.</summary>
internal sealed class HtmlTable
{
    /// <summary>Rows are handed on this many at a time, so that a long table is kept in part where its end is never reached.</summary>
    public const int RowsPerBlock = 200;

    /// <summary>A cell with more text than this is no cell but a piece of the page that a table places.</summary>
    public const int CellCharactersMax = 2_000;

    private readonly List<List<string>> rows = [];
    private List<string> row = [];
    private bool isContinued;

    /// <summary>The words of the open cell; null between cells.</summary>
    public HtmlLine? Cell { get; private set; }

    /// <summary>True for a table that only places other tables, headings or long text: its cells are read as blocks.</summary>
    public bool IsLayout { get; private set; }

    public bool IsBlockFull => rows.Count >= RowsPerBlock;

    public void OpenCell()
    {
        if (!IsLayout)
        {
            Cell = new();
        }
    }

    public void CloseCell()
    {
        if (Cell is { } cell)
        {
            row.Add(cell.Take());
            Cell = null;
        }
    }

    public void CloseRow()
    {
        CloseCell();
        if (row.Count > 0)
        {
            rows.Add(row);
            row = [];
        }
    }

    /// <summary>The rows so far; null where there are none.</summary>
    public BlockPart? TakeRows()
    {
        var block = BlockPart.Table(rows) with { Break = isContinued ? BlockBreak.Line : BlockBreak.Paragraph };
        rows.Clear();
        isContinued |= block.Lines.Count > 0;
        return block.Lines.Count > 0 ? block : null;
    }

    /// <summary>From here on its cells are blocks; returns the text of the open cell. The rows before are still to be taken.</summary>
    public string TurnIntoLayout()
    {
        var words = Cell?.Take() ?? "";
        Cell = null;
        CloseRow();
        IsLayout = true;
        return words;
    }
}
