using Pybo.Data;

namespace Pybo.Rag.Documents.Tables;

/// <summary>
/// Writes a table as lines that are understood one by one: each row is a <see cref="TableRow"/> with the names of its columns, its group and its unit. All formats
/// with tables use it.
/// </summary>
/// <remarks>
/// Spanned cells are repeated in the rows and columns they cover; header rows one below the other are joined; a header that appears again (on the next page, slide or
/// screen) is dropped; a label left blank because it equals the one above is filled in. Rows are held until the header is known, so memory is bounded.
/// </remarks>
public sealed class TableRows
{
    /// <summary>The rows that decide what the header is.</summary>
    public const int RowsMeasuredMax = 40;

    /// <summary>A longer text over the whole width is a remark, not the name of the rows below it.</summary>
    public const int GroupCharactersMax = 40;

    private readonly TableGrid grid = new();
    private readonly List<GridRow> measured = [];
    private readonly List<TextLine> lines = [];
    private List<GridRow> headers = [];
    private Dictionary<int, string> names = [];
    private GridRow? last;
    private GridRow? group;
    private bool isGroupUsed;
    private bool isDecided;
    private bool isContinued;
    private string? unit;

    /// <summary>Adds a row from left to right. Cells that rows above cover are not repeated by the caller.</summary>
    /// <param name="cells">The row's own cells.</param>
    /// <param name="isHeader">True if the format marks the whole row as a header.</param>
    /// <param name="box">The row's place on its page.</param>
    public void AddRow(IReadOnlyList<TableCell> cells, bool isHeader = false, PageBox? box = null)
    {
        var row = grid.Place(cells, isHeader, box);
        if (isDecided)
        {
            Write(row);
            return;
        }

        measured.Add(row);
        if (measured.Count >= RowsMeasuredMax)
        {
            Decide();
        }
    }

    /// <summary>Returns the rows that are ready; null if there are none yet.</summary>
    /// <param name="isPageEnd">True to return all of them, at a page's end: the table may continue on the next page under the same header.</param>
    public BlockPart? TakeRows(bool isPageEnd = false)
    {
        if (isPageEnd)
        {
            Decide();
        }

        if (lines.Count == 0)
        {
            return null;
        }

        var block = new BlockPart(0, [.. lines], isContinued ? BlockBreak.Line : BlockBreak.Paragraph);
        lines.Clear();
        isContinued = true;
        return block;
    }

    /// <summary>Returns the rest of the table; null if there is nothing more.</summary>
    public BlockPart? End()
    {
        Decide();
        EndGroup();
        return TakeRows();
    }

    private void Decide()
    {
        if (isDecided || measured.Count == 0)
        {
            return;
        }

        isDecided = true;
        // Titles and units above the names.
        var first = 0;
        while (first < measured.Count - 1 && IsAcross(measured[first]) && measured[first] is { Cells: [{ Text: var title }, ..] })
        {
            unit = TableUnit.FieldOf(title) ?? unit;
            lines.Add(new(title + "\n", measured[first].Box));
            first++;
        }

        var rows = measured[first..].FindAll(row => row.Cells.Count > 0);
        var ordinary = rows.FindAll(row => !IsAcross(row));
        ordinary = [.. ordinary.Where((row, at) => at == 0 || !row.HasSameWords(ordinary[0]))];
        var count = rows.Count > 0 && IsAcross(rows[0]) ? 0 : TableHeader.RowsOf(ordinary, isMarked: true);
        headers = ordinary[..count];
        names = Names(headers);
        foreach (var row in rows.Where(row => !headers.Contains(row)))
        {
            Write(row);
        }

        if (headers.Count > 0 && rows.TrueForAll(row => headers.Exists(row.HasSameWords)))
        {
            // Names without a row below them are all that the table says.
            headers.ForEach(row => Add(row, [.. row.Cells.Select(cell => cell.Text)]));
        }

        measured.Clear();
    }

    private void Write(GridRow row)
    {
        if (row.Cells.Count == 0 || headers.Exists(row.HasSameWords))
        {
            return;
        }

        // A label whose values are blank names no other rows.
        if (IsAcross(row) && (row.Cells[0].Width > 1 || headers.Count == 0))
        {
            EndGroup();
            var text = row.Cells[0].Text;
            if (TableUnit.FieldOf(text) is { } stated)
            {
                unit = stated;
            }

            (group, isGroupUsed) = (row, false);
            if (text.Length > GroupCharactersMax || !TableLabels.IsGroup(text))
            {
                EndGroup();
            }

            return;
        }

        var cells = Filled(row);
        var fields = cells.Where((cell, at) => !IsRepeated(cells, at)).Select(cell => TableRow.Field(names.GetValueOrDefault(cell.Column, ""), cell.Text)).ToList();
        if (group is { } above && !TableLabels.IsTotal(cells[0].Text))
        {
            isGroupUsed = true;
            fields.Insert(0, above.Cells[0].Text);
        }

        Add(row, fields);
        last = row with { Cells = cells };
    }

    /// <summary>True for a cell that repeats the one on its left under the same name; equal values of different cells are all kept.</summary>
    private bool IsRepeated(List<GridCell> cells, int at) => at > 0 && cells[at].Width == 0 && cells[at].Text == cells[at - 1].Text
        && names.GetValueOrDefault(cells[at].Column) == names.GetValueOrDefault(cells[at - 1].Column);

    /// <summary>Ends a group; its name is written if no row has it.</summary>
    private void EndGroup()
    {
        if (group is { } ended && !isGroupUsed)
        {
            lines.Add(new(ended.Cells[0].Text + "\n", ended.Box));
        }

        group = null;
    }

    private void Add(GridRow row, List<string> fields) => lines.Add(new(TableUnit.With(string.Join(TableRow.CellSeparator, fields), unit) + "\n", row.Box));

    /// <summary>Returns the row's cells, with the labels that it left blank on its left because the row above has them.</summary>
    private List<GridCell> Filled(GridRow row)
    {
        var first = row.Cells[0].Column;
        if (first == 0 || last is not { } above || row.Cells.Count < 2 || TableLabels.IsTotal(row.Cells[0].Text))
        {
            return row.Cells;
        }

        var labels = above.Cells.FindAll(cell => cell.Column < first && cell.Text.Length <= TableGrid.RepeatedCharactersMax);
        return [.. labels, .. row.Cells];
    }

    /// <summary>Returns whether one cell fills the whole row, or is alone in a row of a wide table.</summary>
    private bool IsAcross(GridRow row) =>
        grid.Columns > 1 && row.Cells is [var first, .. var rest] && rest.TrueForAll(cell => cell.Width == 0 && cell.Text == first.Text)
        && (first.Width >= grid.Columns || (rest.Count == 0 && first.Column == 0 && grid.Columns > 2));

    private static Dictionary<int, string> Names(List<GridRow> headers)
    {
        var names = new Dictionary<int, string>();
        foreach (var cell in headers.SelectMany(row => row.Cells))
        {
            var name = TableRow.Header(cell.Text);
            names[cell.Column] = names.TryGetValue(cell.Column, out var above) && above != name && !above.EndsWith(" " + name, StringComparison.Ordinal)
                ? TableRow.Header($"{above} {name}")
                : name;
        }

        return names;
    }
}
