using Pybo.Rag.Documents.Tables;

namespace Pybo.Rag.Documents.Pdf.Layout;

/// <summary>Groups the lines of pages into headings, paragraphs, list items and tables. One object reads all pages in order, since paragraphs cross page ends.</summary>
/// <remarks>
/// A paragraph ends before a line that is further down than the column's line pitch, looks different, is indented, begins a list
/// item, or whose first word would have fitted on the previous line.
/// </remarks>
internal sealed class PdfBlocks(PdfHeadings headings, PdfWordBreaks breaks)
{
    /// <summary>A heading has at most this many lines; more are text set large or bold.</summary>
    private const int HeadingLinesMax = 3;

    /// <summary>Rows of a table are at most this many pitches apart.</summary>
    private const float TablePitch = 2.5f;

    /// <summary>Lines of one heading are at most this many sizes apart.</summary>
    private const float HeadingPitch = 1.7f;

    private const float IndentMin = 0.8f;

    /// <summary>The space before a word that would have fitted on the previous line, in sizes, with some tolerance.</summary>
    private const float WordSpace = 0.6f;

    /// <summary>If lines break inside words, a full line leaves at most this, in sizes.</summary>
    private const float LetterSpace = 1.1f;

    private readonly PdfTables tables = new(breaks);
    private readonly List<PdfLine> open = [];
    private Dictionary<PdfLine, PdfColumnShape> shapes = [];
    private int level;
    private char? letterMark;
    private BlockBreak separator;
    private BlockBreak continuation = BlockBreak.Paragraph;

    /// <summary>Counts the continued lines of a page, so that <see cref="PdfWordBreaks"/> has its statistics before blocks are built.</summary>
    public static void Count(IReadOnlyList<PdfLine> lines, PdfWordBreaks breaks)
    {
        var shapes = PdfColumnShape.Of(lines);
        foreach (var line in lines)
        {
            breaks.Learn(line);
        }

        char? mark = null;
        for (var at = 1; at < lines.Count; at++)
        {
            var (line, next) = (lines[at - 1], lines[at]);
            if (PdfListMarks.Letter(next.Text) is { } letter && PdfListMarks.Follows(letter, mark))
            {
                mark = letter;
                continue;
            }

            var shape = shapes[line];
            var room = Room(line, shape) / line.Size;
            if (line.Column == next.Column && !line.HasCells && !next.HasCells && PdfColumnShape.IsNear(line, next, shape.Pitch) && PdfColumnShape.AreAlike(line, next)
                && room * line.Size < next.FirstWordWidth + (WordSpace * line.Size)
                && PdfLineEnd.IsHangul(PdfLineEnd.Last(line.Text)) && PdfLineEnd.IsHangul(PdfLineEnd.First(next.Text)))
            {
                breaks.Count(line, next, room);
            }
        }
    }

    /// <summary>Returns the blocks of a page.</summary>
    /// <param name="following">The first line of the next page with text; null at the end.</param>
    public List<BlockPart> Read(IReadOnlyList<PdfLine> lines, PdfLine? following)
    {
        var blocks = new List<BlockPart>();
        shapes = PdfColumnShape.Of(lines);
        tables.NextPage();
        Append(blocks, lines.Where(line => !line.IsNote));
        continuation = BlockBreak.Paragraph;
        var goesOn = following is not null && open.Count > 0 && GoesOn(open[^1], following, headings.Level(following));
        Close(blocks, goesOn ? following : null);
        var next = continuation;
        // The next page goes on right after the last block, so notes come before that one.
        var place = goesOn ? blocks.Count - 1 : blocks.Count;
        var notes = new List<BlockPart>();
        (continuation, letterMark) = (BlockBreak.Paragraph, null);
        Append(notes, lines.Where(line => line.IsNote));
        Close(notes, null);
        blocks.InsertRange(place, notes);
        continuation = next;
        return blocks;
    }

    private void Append(List<BlockPart> blocks, IEnumerable<PdfLine> lines)
    {
        foreach (var line in lines)
        {
            var lineLevel = headings.Level(line);
            if (open.Count > 0 && Continues(open[^1], line, lineLevel))
            {
                open.Add(line);
                continue;
            }

            var isFirst = open.Count == 0;
            var next = isFirst ? continuation : Break(open[^1], line);
            Close(blocks, null);
            (level, separator) = (lineLevel, next);
            letterMark = PdfListMarks.Letter(line.Text) ?? letterMark;
            open.Add(line);
        }
    }

    /// <summary>Returns what is left at the end of the document.</summary>
    public BlockPart? End() => tables.End();

    /// <summary>Ends the open block; <paramref name="following"/> is the line that continues it on the next page.</summary>
    private void Close(List<BlockPart> blocks, PdfLine? following)
    {
        if (open.Count == 0)
        {
            return;
        }

        if (open[0].HasCells)
        {
            CloseTable(blocks);
            return;
        }

        var lines = new List<TextLine>(open.Count);
        for (var at = 0; at < open.Count; at++)
        {
            var next = at + 1 < open.Count ? open[at + 1] : following;
            var text = next is null ? open[at].Text : PdfLineEnd.Joined(open[at], next, breaks);
            tables.Pass(open[at].IsNote || open[at].IsRunning ? 0 : text.Length);
            lines.Add(new(text, open[at].Box));
        }

        if (following is not null)
        {
            continuation = lines[^1].Text.EndsWith(' ') ? BlockBreak.Space : BlockBreak.None;
        }

        var isHeading = level > 0 && open.Count <= HeadingLinesMax && open.Sum(l => l.Text.Length) <= PdfHeadings.CharactersMax;
        blocks.Add(new(isHeading ? level : 0, lines, separator));
        open.Clear();
    }

    /// <summary>Ends the open table. A line above it that states the unit of its figures belongs to it.</summary>
    private void CloseTable(List<BlockPart> blocks)
    {
        var title = blocks is [.., { Level: 0, Lines: [{ Box: { } box } line] }] && TableUnit.FieldOf(line.Text) is not null ? open[0] with { Text = line.Text, Box = box } : null;
        if (title is not null)
        {
            blocks.RemoveAt(blocks.Count - 1);
        }

        blocks.AddRange(tables.Write(open, title));
        open.Clear();
    }

    private bool Continues(PdfLine last, PdfLine next, int nextLevel)
    {
        if (last.HasCells || next.HasCells)
        {
            return last.HasCells && next.HasCells && last.Grid == next.Grid && last.Column == next.Column && (next.Grid is not null || next.Baseline - last.Baseline <= TablePitch * shapes[next].Pitch);
        }

        if (last.IsLabelled || next.IsLabelled || nextLevel != level || last.IsRunning || next.IsRunning || last.Frame != next.Frame || BeginsItem(last, next) || !PdfColumnShape.AreAlike(last, next))
        {
            return false;
        }

        if (last.Column != next.Column)
        {
            return GoesOn(last, next, nextLevel);
        }

        var shape = shapes[last];
        return level > 0
            ? last.IsBold == next.IsBold && next.Baseline > last.Baseline && next.Baseline - last.Baseline <= HeadingPitch * next.Size
            : PdfColumnShape.IsNear(last, next, shape.Pitch) && !IsIndented(last, next, shape) && IsFull(last, next, shape);
    }

    /// <summary>True if a paragraph continues at the top of the next column or page.</summary>
    private bool GoesOn(PdfLine last, PdfLine next, int nextLevel) =>
        level == 0 && nextLevel == 0 && !last.IsRunning && !next.IsRunning && !last.HasCells && !next.HasCells && last.Frame == next.Frame && last.IsBold == next.IsBold
        && PdfColumnShape.AreAlike(last, next) && !PdfLineEnd.EndsSentence(last.Text) && PdfLineEnd.BeginsInside(next.Text)
        && !BeginsItem(last, next) && IsFull(last, next, shapes[last]);

    /// <summary>True if a line begins with a list mark that is not the end of the previous line's sentence.</summary>
    private bool BeginsItem(PdfLine last, PdfLine next) => PdfListMarks.Begins(next.Text)
        && (PdfListMarks.Letter(next.Text) is not { } letter || PdfListMarks.Follows(letter, letterMark) || PdfLineEnd.EndsSentence(last.Text) || !PdfLineEnd.IsHangul(PdfLineEnd.Last(last.Text)));

    private BlockBreak Break(PdfLine last, PdfLine next)
    {
        if (level > 0 || last.Column != next.Column || !PdfColumnShape.IsNear(last, next, shapes[last].Pitch))
        {
            return BlockBreak.Paragraph;
        }

        return open.Count == 1 || last.HasCells || next.HasCells || last.IsLabelled || next.IsLabelled || BeginsItem(last, next) ? BlockBreak.Line : BlockBreak.Paragraph;
    }

    /// <summary>A first line is further in than the previous line; so are the second lines of list items and references, which are not first lines.</summary>
    private bool IsIndented(PdfLine last, PdfLine next, PdfColumnShape shape)
    {
        var indent = next.IsRightToLeft ? last.Extent.End - next.Extent.End : next.Extent.Start - last.Extent.Start;
        var isHanging = open.Count == 1 && (PdfListMarks.Begins(last.Text) || last.Extent.Start <= shape.Start + (IndentMin * last.Size));
        return indent > IndentMin * next.Size && !isHanging;
    }

    private bool IsFull(PdfLine last, PdfLine next, PdfColumnShape shape)
    {
        var isKorean = PdfLineEnd.IsHangul(PdfLineEnd.Last(last.Text)) && PdfLineEnd.IsHangul(PdfLineEnd.First(next.Text));
        return (isKorean && breaks.IsSurelyCut(last, next)) || Room(last, shape) <= (isKorean && breaks.AreFilled ? LetterSpace * last.Size : next.FirstWordWidth + (WordSpace * last.Size));
    }

    private static float Room(PdfLine line, PdfColumnShape shape) => line.IsRightToLeft ? line.Extent.Start - shape.Start : shape.End - line.Extent.End;
}
