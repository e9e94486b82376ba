namespace Pybo.Rag.Documents.Html;

/// <summary>A table that is being read: the rows not yet returned, and the open cell.</summary>
internal sealed class HtmlTable
{
    /// <summary>Rows are returned this many at a time, so that a long table is partly kept if its end is never reached.</summary>
    public const int RowsPerBlock = 200;

    /// <summary>A cell with more text than this is part of a layout table.</summary>
    public const int CellCharactersMax = 2_000;

    private readonly List<List<string>> rows = [];
    private List<string> row = [];
    private bool isContinued;

    /// <summary>The words of the open cell; null between cells.</summary>
    public HtmlLine? Cell { get; private set; }

    /// <summary>True for a layout table, whose cells hold tables, headings or long text: they are read as blocks.</summary>
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

    /// <summary>Returns the rows so far; null if there are none.</summary>
    public BlockPart? TakeRows()
    {
        var block = BlockPart.Table(rows) with { Break = isContinued ? BlockBreak.Line : BlockBreak.Paragraph };
        rows.Clear();
        isContinued |= block.Lines.Count > 0;
        return block.Lines.Count > 0 ? block : null;
    }

    /// <summary>Reads further cells as blocks; returns the text of the open cell. The earlier rows must still be taken.</summary>
    public string TurnIntoLayout()
    {
        var words = Cell?.Take() ?? "";
        Cell = null;
        CloseRow();
        IsLayout = true;
        return words;
    }
}
