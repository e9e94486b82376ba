using System.Globalization;
using AngleSharp.Html.Parser.Tokens;
using Pybo.Rag.Documents.Tables;

namespace Pybo.Rag.Documents.Html;

/// <summary>A table that is being read: decides whether it only lays out the page, and hands the rows of a real one to <see cref="TableRows"/>.</summary>
internal sealed class HtmlTable
{
    /// <summary>Rows are returned this many at a time, so that a long table is partly kept if its end is never reached.</summary>
    public const int RowsPerBlock = 200;

    /// <summary>A cell with more text than this is part of a layout table.</summary>
    public const int CellCharactersMax = 2_000;

    /// <summary>Browsers' limit for columns (HTML, 4.9.11).</summary>
    private const int ColumnSpanMax = 1_000;

    /// <summary>Browsers' limit for rows; a span of 0, the rest of the section, is read as this.</summary>
    private const int RowSpanMax = 65_534;

    private readonly List<TableCell> row = [];
    private TableRows rows = new();
    private TableCell cell;
    private int ready;

    /// <summary>The words of the open cell; null between cells.</summary>
    public HtmlLine? Cell { get; private set; }

    /// <summary>True for a layout table, whose cells hold tables, headings or long text: they are read as blocks.</summary>
    public bool IsLayout { get; private set; }

    /// <summary>True within <c>thead</c>.</summary>
    public bool IsInHead { get; set; }

    public bool IsBlockFull => ready >= RowsPerBlock;

    public void OpenCell(HtmlTagToken tag)
    {
        if (!IsLayout)
        {
            Cell = new();
            cell = new("", Span(tag, "colspan", 1, ColumnSpanMax), Span(tag, "rowspan", RowSpanMax, RowSpanMax), IsHeader: tag.Name == "th" && !NamesRow(tag));
        }
    }

    public void CloseCell()
    {
        if (Cell is { } words)
        {
            row.Add(cell with { Text = words.Take() });
            Cell = null;
        }
    }

    public void CloseRow()
    {
        CloseCell();
        if (row.Count > 0)
        {
            rows.AddRow([.. row], IsInHead);
            row.Clear();
            ready++;
        }
    }

    /// <summary>Returns the rows that are ready; null if there are none.</summary>
    public BlockPart? TakeRows()
    {
        ready = 0;
        return rows.TakeRows();
    }

    /// <summary>Returns the rest of the rows; null if there is none.</summary>
    public BlockPart? End()
    {
        CloseRow();
        var last = rows.End();
        rows = new();
        return last;
    }

    /// <summary>Reads further cells as blocks; returns the text of the open cell. The earlier rows must still be taken with <see cref="End"/>.</summary>
    public HtmlWords TurnIntoLayout()
    {
        var words = Cell?.TakeWords() ?? new("", []);
        Cell = null;
        IsLayout = true;
        return words;
    }

    private static bool NamesRow(HtmlTagToken tag) => tag.GetAttribute("scope")?.Trim().ToLowerInvariant() is "row" or "rowgroup";

    private static int Span(HtmlTagToken tag, string name, int zero, int max) =>
        !int.TryParse(tag.GetAttribute(name), NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var span) || span < 0 ? 1
        : span == 0 ? zero : Math.Min(span, max);
}
