namespace Pybo.Rag.Documents.Office;

/// <summary>Cells merged into one: the words of the first are repeated in the rows below.</summary>
internal sealed record SheetMerge(SheetArea Area)
{
    public SheetCell? First { get; set; }
}

/// <summary>A visible cell of a sheet with its words.</summary>
/// <param name="Column">As in the file, from 0.</param>
/// <param name="Place">Its place among the visible columns.</param>
/// <param name="Text">As Excel shows it.</param>
/// <param name="Style">The number of its format.</param>
internal sealed record SheetCell(int Column, int Place, string Text, string? Style)
{
    /// <summary>A comment on the cell.</summary>
    public string? Note { get; init; }

    /// <summary>The visible columns that it covers.</summary>
    public int ColumnSpan { get; init; } = 1;

    /// <summary>The merged cells that it begins, if they reach into rows below, or continues there.</summary>
    public SheetMerge? Merge { get; init; }

    public bool IsRepeated { get; init; }
}

/// <summary>A visible row of a sheet.</summary>
/// <param name="Number">As in the file, from 1.</param>
/// <param name="Cells">Only those with words, from left to right.</param>
internal sealed record SheetRow(int Number, List<SheetCell> Cells)
{
    public bool IsAlone => Cells.Count == 1;

    public Dictionary<int, SheetCell> ByColumn()
    {
        var cells = new Dictionary<int, SheetCell>();
        Cells.ForEach(cell => cells.TryAdd(cell.Column, cell));
        return cells;
    }
}
