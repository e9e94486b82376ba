using Markdig.Extensions.Tables;
using Markdig.Helpers;
using Markdig.Syntax;

namespace Pybo.Rag.Documents.MarkdownParsing;

/// <summary>
/// GitHub-style Markdown tables, made of a paragraph's lines when it is closed: a line with bars, a line of dashes and bars, and every line after them
/// is a row. Each cell is a block of its own, so that no emphasis or link crosses from one into another.
/// </summary>
/// <remarks>
/// As on GitHub, a bar after a backslash is part of the cell, and a row without bars has one cell. More lenient: bars in code spans are part of the cell,
/// lines before the table are a paragraph, and the row of dashes may have another number of cells; rows are padded to the widest.
/// </remarks>
internal static class PipeTable
{
    /// <summary>More than the longest post has if every row writes its own cells.</summary>
    private const long CellsMax = 500_000;

    /// <summary>The cost of a padding cell: two blocks, and an element of HTML with its attributes.</summary>
    private const int StepsPerFilledCell = 200;

    /// <summary>Replaces a paragraph with the table that its lines make, or puts the table after the text that precedes it.</summary>
    /// <exception cref="MarkdownRefusedException">It has too many cells.</exception>
    public static void Replace(ParagraphBlock paragraph, MarkdownSteps steps)
    {
        var lines = paragraph.Lines;
        for (var header = 0; header < lines.Count - 1; header++)
        {
            if (Columns(lines.Lines[header + 1].Slice.AsSpan()) is { } columns && Cells(lines.Lines[header].Slice) is { HasBar: true, Ranges.Count: > 0 })
            {
                Place(Make(lines, header, columns, paragraph, steps), paragraph, header);
                return;
            }
        }
    }

    private static Table Make(StringLineGroup lines, int header, List<TableColumnDefinition> columns, ParagraphBlock paragraph, MarkdownSteps steps)
    {
        var table = new Table { Line = paragraph.Line + header, Column = paragraph.Column, Span = new(lines.Lines[header].Slice.Start, paragraph.Span.End) };
        table.ColumnDefinitions.AddRange(columns);
        for (var at = header; at < lines.Count; at++)
        {
            if (at != header + 1)
            {
                table.Add(Row(lines.Lines[at], isHeader: at == header));
            }
        }

        FillUp(table, steps);
        return table;
    }

    /// <summary>Returns the alignments from a row of dashes; null for any other line.</summary>
    private static List<TableColumnDefinition>? Columns(ReadOnlySpan<char> line)
    {
        if (line.ContainsAnyExcept("|:- \t") || Bars(line, null) is not { HasBar: true, Ranges: var cells })
        {
            return null;
        }

        var columns = new List<TableColumnDefinition>();
        foreach (var range in cells)
        {
            var dashes = line[range].Trim(" \t");
            var (isLeft, isRight) = (dashes.StartsWith(':'), dashes.EndsWith(':'));
            dashes = dashes[(isLeft ? 1 : 0)..^(isRight && dashes.Length > 1 ? 1 : 0)];
            if (dashes.IsEmpty || dashes.ContainsAnyExcept('-'))
            {
                return null;
            }

            columns.Add(new() { Alignment = (isLeft, isRight) switch { (true, true) => TableColumnAlign.Center, (true, _) => TableColumnAlign.Left, (_, true) => TableColumnAlign.Right, _ => null } });
        }

        return columns.Count > 0 ? columns : null;
    }

    private static TableRow Row(StringLine line, bool isHeader)
    {
        var row = new TableRow { IsHeader = isHeader, Line = line.Line, Column = line.Column, Span = new(line.Slice.Start, line.Slice.End) };
        foreach (var range in Cells(line.Slice).Ranges)
        {
            row.Add(Cell(line, range));
        }

        return row;
    }

    private static TableCell Cell(StringLine line, Range range)
    {
        var (offset, length) = range.GetOffsetAndLength(line.Slice.Length);
        var slice = new StringSlice(line.Slice.Text, line.Slice.Start + offset, line.Slice.Start + offset + length - 1);
        slice.Trim();
        if (slice.AsSpan().Contains("\\|", StringComparison.Ordinal))
        {
            slice = new(slice.ToString().Replace("\\|", "|", StringComparison.Ordinal));
        }

        var words = new ParagraphBlock { IsOpen = false, Line = line.Line, Column = line.Column + offset, Span = new(slice.Start, slice.End), Lines = new(1) };
        if (!slice.IsEmpty)
        {
            words.Lines.Add(slice);
        }

        return [words];
    }

    /// <summary>Pads every row to as many cells as the widest, so that the borders are complete.</summary>
    private static void FillUp(Table table, MarkdownSteps steps)
    {
        var widest = table.Max(row => ((TableRow)row).Count);
        var missing = table.Sum(row => (long)widest - ((TableRow)row).Count);
        if ((long)widest * table.Count > CellsMax)
        {
            throw new MarkdownRefusedException(MarkdownFault.LargeTable);
        }

        steps.Take(missing * StepsPerFilledCell);
        table.NormalizeUsingMaxWidth();
    }

    private static void Place(Table table, ParagraphBlock paragraph, int header)
    {
        var parent = paragraph.Parent!;
        var at = ReferenceEquals(parent.LastChild, paragraph) ? parent.Count - 1 : parent.IndexOf(paragraph);
        if (header == 0)
        {
            parent.RemoveAt(at);
            parent.Insert(at, table);
            return;
        }

        var before = new StringLineGroup(header);
        for (var line = 0; line < header; line++)
        {
            before.Add(ref paragraph.Lines.Lines[line]);
        }

        before.Lines[header - 1].Slice.TrimEnd();
        paragraph.Lines = before;
        parent.Insert(at + 1, table);
    }

    private static (List<Range> Ranges, bool HasBar) Cells(StringSlice line)
    {
        var text = line.AsSpan();
        return Bars(text, text.Contains('`') ? new BacktickRuns(text, 0) : null);
    }

    /// <summary>Returns the cells between a line's bars; a bar at either end is a border, and one after a backslash or in a code span does not count.</summary>
    private static (List<Range> Ranges, bool HasBar) Bars(ReadOnlySpan<char> line, BacktickRuns? backticks)
    {
        var cells = new List<Range>();
        var start = line.Length - line.TrimStart(" \t").Length;
        var hasBar = start < line.Length && line[start] == '|';
        start += hasBar ? 1 : 0;
        for (var at = start; at < line.Length; at++)
        {
            switch (line[at])
            {
                case '\\':
                    at++;
                    break;
                case '`':
                    at = backticks!.EndOfCode(line, at) - 1;
                    break;
                case '|':
                    cells.Add(start..at);
                    (start, hasBar) = (at + 1, true);
                    break;
            }
        }

        if (start < line.Length && !line[start..].Trim(" \t").IsEmpty)
        {
            cells.Add(start..line.Length);
        }

        return (cells, hasBar);
    }
}
