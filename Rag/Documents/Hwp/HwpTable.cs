using System.Text;

namespace Pybo.Rag.Documents.Hwp;

/// <summary>A cell: its position, its spans and its content.</summary>
internal sealed class HwpCell(int row, int column)
{
    public int Row { get; set; } = row;

    public int Column { get; set; } = column;

    public int RowSpan { get; set; } = 1;

    public List<BlockPart> Blocks { get; } = [];
}

/// <summary>
/// Makes readable rows from a table's cells. A short cell that spans rows is repeated in each of them, because a row is read (and
/// found) by itself. A row that is one cell with more than a paragraph in it, or that has long cells of several paragraphs, is a frame around
/// text: its content is written as separate blocks.
/// </summary>
internal static class HwpTable
{
    /// <summary>The length of a row's or group's label; longer cells are text and are not repeated.</summary>
    private const int RepeatedCharactersMax = 30;

    /// <summary>A cell of several paragraphs that is longer than this is page layout.</summary>
    private const int CellCharactersMax = 400;

    /// <summary>The total that a table may repeat: overlapping spans would multiply it.</summary>
    private const int RepeatedTotalMax = 100_000;

    /// <summary>A real table has no more cells than this that extend into one row.</summary>
    private const int SpansMax = 64;

    public static List<BlockPart> Blocks(List<HwpCell> cells)
    {
        var blocks = new List<BlockPart>();
        var rows = new List<List<string>>();
        var spans = new List<Span>();
        var repeated = 0;
        foreach (var row in cells.GroupBy(cell => cell.Row).OrderBy(row => row.Key))
        {
            var own = row.OrderBy(cell => cell.Column).ToList();
            spans.RemoveAll(span => span.EndRow <= row.Key);
            var texts = own.ConvertAll(cell => Text(cell.Blocks));
            if (IsFrame(own, texts) && !spans.Exists(span => span.Text.Length > 0))
            {
                AddRows(blocks, rows);
                blocks.AddRange(own.SelectMany(cell => cell.Blocks));
                continue;
            }

            rows.Add(Row(own, texts, spans));
            repeated += spans.Sum(span => span.Text.Length);
            AddSpans(spans, own, texts, repeated < RepeatedTotalMax);
        }

        AddRows(blocks, rows);
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

    /// <summary>Ends a table; if it has only one row, its empty cells are left out.</summary>
    private static void AddRows(List<BlockPart> blocks, List<List<string>> rows)
    {
        if (rows is [var single])
        {
            single.RemoveAll(string.IsNullOrWhiteSpace);
        }

        if (rows.Exists(row => row.Exists(cell => !string.IsNullOrWhiteSpace(cell))))
        {
            blocks.Add(BlockPart.Table([.. rows]));
        }

        rows.Clear();
    }

    /// <summary>Returns the row's own cells and those that extend into it from above, by column.</summary>
    private static List<string> Row(List<HwpCell> own, List<string> texts, List<Span> spans)
    {
        var placed = own.Select((cell, at) => (cell.Column, Text: texts[at])).Concat(spans.Select(span => (span.Column, span.Text)));
        return [.. placed.OrderBy(cell => cell.Column).Select(cell => cell.Text)];
    }

    private static void AddSpans(List<Span> spans, List<HwpCell> own, List<string> texts, bool mayRepeat)
    {
        for (var at = 0; at < own.Count && spans.Count < SpansMax; at++)
        {
            if (own[at].RowSpan > 1)
            {
                var repeatedText = mayRepeat && texts[at].Length <= RepeatedCharactersMax ? texts[at] : "";
                spans.Add(new(own[at].Column, own[at].Row + own[at].RowSpan, repeatedText));
            }
        }
    }

    private readonly record struct Span(int Column, int EndRow, string Text);
}
