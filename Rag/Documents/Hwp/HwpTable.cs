using System.Text;
using Pybo.Rag.Documents.Tables;

namespace Pybo.Rag.Documents.Hwp;

/// <summary>A cell: its position, its spans and its content.</summary>
internal sealed class HwpCell(int row, int column)
{
    public int Row { get; set; } = row;

    public int Column { get; set; } = column;

    public int RowSpan { get; set; } = 1;

    public int ColumnSpan { get; set; } = 1;

    /// <summary>True if the author marked it as a header (제목 셀).</summary>
    public bool IsHeader { get; init; }

    public List<BlockPart> Blocks { get; } = [];
}

/// <summary>
/// Hands the rows of a table to <see cref="TableRows"/>. A row that is one cell with more than a paragraph in it, or that has long cells of several paragraphs, is a
/// frame around text: its content is written as separate blocks.
/// </summary>
internal static class HwpTable
{
    /// <summary>A cell of several paragraphs that is longer than this is page layout.</summary>
    private const int CellCharactersMax = 400;

    /// <summary>A table with more rows that have no cell of their own is broken.</summary>
    private const int CoveredRowsMax = 100;

    public static List<BlockPart> Blocks(List<HwpCell> cells)
    {
        var blocks = new List<BlockPart>();
        var table = new TableRows();
        var (next, coveredEnd) = (0, 0);
        foreach (var row in cells.GroupBy(cell => cell.Row).OrderBy(row => row.Key))
        {
            var own = row.OrderBy(cell => cell.Column).ToList();
            var texts = own.ConvertAll(cell => Text(cell.Blocks));
            if (row.Key >= coveredEnd && IsFrame(own, texts))
            {
                End(table, blocks);
                table = new();
                blocks.AddRange(own.SelectMany(cell => cell.Blocks));
                next = row.Key + 1;
                continue;
            }

            for (next = Math.Max(next, row.Key - CoveredRowsMax); next < Math.Min(row.Key, coveredEnd); next++)
            {
                // Cells from above cover the whole row.
                table.AddRow([]);
            }

            table.AddRow([.. own.Select((cell, at) => new TableCell(texts[at], cell.ColumnSpan, cell.RowSpan, cell.IsHeader, cell.Column))]);
            next = row.Key + 1;
            coveredEnd = Math.Max(coveredEnd, own.Max(cell => row.Key + Math.Min(cell.RowSpan, ushort.MaxValue)));
            if (table.TakeRows() is { } ready)
            {
                blocks.Add(ready);
            }
        }

        End(table, blocks);
        return blocks;
    }

    /// <summary>Returns the words of blocks on one line.</summary>
    public static string Text(IEnumerable<BlockPart> blocks)
    {
        var text = new StringBuilder();
        foreach (var block in blocks)
        {
            text.Append(text.Length > 0 ? " " : "").AppendJoin("", block.Lines.Select(line => line.Text));
        }

        return text.ToString();
    }

    private static bool IsFrame(List<HwpCell> row, List<string> texts)
    {
        var isLong = texts.Where((text, at) => text.Length > CellCharactersMax && row[at].Blocks.Count > 1).Any();
        return isLong || row is [{ Blocks: [_, _, ..] or [{ Level: > 0 } or { Lines.Count: > 1 }] }];
    }

    private static void End(TableRows table, List<BlockPart> blocks)
    {
        if (table.End() is { } rows)
        {
            blocks.Add(rows);
        }
    }
}
