using System.Runtime.InteropServices;
using System.Text;
using Pybo.Data;

namespace Pybo.Rag.Documents.Pdf.Layout;

/// <summary>Turns the glyphs of a page into lines in reading order: frames, spans, columns, rows, words.</summary>
internal static class PdfLayout
{
    /// <summary>A page of a newspaper has 50,000; more than this is an attack.</summary>
    public const int GlyphsMax = 500_000;

    private const float CommentSize = 10;

    /// <summary>A space in vertical writing, in sizes.</summary>
    private const float VerticalSpaceMax = 2;

    /// <summary>The longest list mark: <c>제1234조</c>, <c>10.10.10.10.</c></summary>
    private const int MarkLettersMax = 12;

    /// <summary>Returns the lines of a page: first those in its main direction, then stamps and captions in others.</summary>
    public static List<PdfLine> Lines(PdfGlyphPage page)
    {
        var lines = new List<PdfLine>();
        var column = 0;
        var glyphs = PdfStacks.Read(page.Glyphs.Count > GlyphsMax ? page.Glyphs[..GlyphsMax] : page.Glyphs);
        var tables = new PdfRuledTables();
        foreach (var frame in Frames(CollectionsMarshal.AsSpan(tables.Without(glyphs, page.Rules))))
        {
            foreach (var region in PdfColumns.Read(PdfCopies.Without(frame.Spans)))
            {
                column += region.GoesOn ? 0 : 1;
                foreach (var row in region.Rows)
                {
                    var table = tables.At(row);
                    if (row.Spans.Count > 0)
                    {
                        lines.Add(Line(row, region.Gutters, frame.Frame, column, page));
                    }

                    if (table is not null)
                    {
                        lines.AddRange(PdfRuledTables.Rows(table, ++column, spans => [.. PdfRows.Of(spans).Select(line => Line(line, [], frame.Frame, 0, page))], extent => frame.Frame.Box(extent, page.Width, page.Height)));
                        column++;
                    }
                }
            }
        }

        foreach (var (text, place) in page.Comments)
        {
            lines.Add(Comment(text, place, ++column));
        }

        return lines;
    }

    /// <summary>Returns a comment as a paragraph of its own, after the page's text.</summary>
    private static PdfLine Comment(string text, PageBox place, int column)
    {
        var words = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        var extent = new PdfExtent(place.X, place.Y, place.X + place.Width, place.Y + place.Height);
        return new(words, default, extent, extent.Bottom, column, CommentSize, IsBold: false, EndsWithSpace: true, place.Width, 0, IsRightToLeft: false, place) { IsNote = true };
    }

    private static List<PdfSpanBuilder> Frames(ReadOnlySpan<PdfGlyph> glyphs)
    {
        var frames = new List<PdfSpanBuilder>();
        var byFrame = new Dictionary<PdfFrame, PdfSpanBuilder>();
        var directions = Directions(glyphs);
        PdfFrame? direction = null;
        PdfSpanBuilder? current = null;
        foreach (ref readonly var glyph in glyphs)
        {
            if (current is null || direction != FrameOf(glyph))
            {
                direction = FrameOf(glyph);
                var frame = directions[direction.Value];
                if (!byFrame.TryGetValue(frame, out current))
                {
                    byFrame.Add(frame, current = new(frame));
                    frames.Add(current);
                }
            }

            current.Add(glyph);
        }

        return [.. frames.Where(f => f.Spans.Count > 0).OrderByDescending(f => f.Letters)];
    }

    private static PdfFrame FrameOf(in PdfGlyph glyph) => new(glyph.Angle, glyph.IsVertical);

    /// <summary>
    /// Returns the frame in which each direction is read: its own, or a more common one a degree away. Lines of a page that was scanned askew
    /// are tilted by 0.4 degrees here and by 0.6 there; they belong together.
    /// </summary>
    private static Dictionary<PdfFrame, PdfFrame> Directions(ReadOnlySpan<PdfGlyph> glyphs)
    {
        var counts = new Dictionary<PdfFrame, int>();
        for (var (at, start) = (1, 0); at <= glyphs.Length; at++)
        {
            // Nearly all glyphs have the direction of the previous one.
            if (at == glyphs.Length || FrameOf(glyphs[at]) != FrameOf(glyphs[start]))
            {
                var frame = FrameOf(glyphs[start]);
                counts[frame] = counts.GetValueOrDefault(frame) + at - start;
                start = at;
            }
        }

        var directions = new Dictionary<PdfFrame, PdfFrame>();
        foreach (var (frame, _) in counts.OrderByDescending(static count => count.Value))
        {
            if (directions.TryAdd(frame, frame))
            {
                directions.TryAdd(frame.Turned(1), frame);
                directions.TryAdd(frame.Turned(-1), frame);
            }
        }

        return directions;
    }

    private static PdfLine Line(PdfRow row, IReadOnlyList<PdfGap> gutters, PdfFrame frame, int column, PdfGlyphPage page)
    {
        var letters = PdfWords.Letters(row);
        var separators = PdfWords.Separators(letters, gutters);
        KeepMarks(letters, separators);
        if (frame.IsVertical)
        {
            KeepSpaces(letters, separators);
        }
        else
        {
            PdfScripts.Write(ref letters, ref separators, row);
        }

        var (isBold, isTurned) = (true, false);
        foreach (ref readonly var letter in CollectionsMarshal.AsSpan(letters))
        {
            isBold &= letter.Font.IsBold;
            isTurned |= VisualOrder.IsRightToLeft(letter.Text);
        }

        var isRightToLeft = false;
        var text = isTurned ? string.Concat(VisualOrder.Logical(Pieces(letters, separators), out isRightToLeft)) : Text(letters, separators);
        var endsWithSpace = (isRightToLeft ? row.Spans[0] : row.Spans[^1]).EndsWithSpace;
        var box = frame.Box(row.Extent, page.Width, page.Height);
        var firstWordWidth = FirstWordWidth(letters, separators, isRightToLeft);
        var cells = Cells(letters, separators, isTurned);
        var isLabelled = cells.Count == 2 && cells[0].EndsWithColon;
        return new(isLabelled ? text.Replace(PdfLine.CellSeparator, ' ') : text, frame, row.Extent, row.Baseline, column, Size(letters), isBold, endsWithSpace, firstWordWidth, WordGap(letters, separators), isRightToLeft, box)
        {
            Cells = isLabelled ? [] : cells,
            IsLabelled = isLabelled,
        };
    }

    /// <summary>Returns the cells of a row; none if it is one text.</summary>
    private static List<PdfCell> Cells(List<PdfLetter> letters, char[] separators, bool isTurned)
    {
        var cells = new List<PdfCell>();
        if (Array.IndexOf(separators, PdfLine.CellSeparator) < 0)
        {
            return cells;
        }

        for (var (first, at) = (0, 1); at <= letters.Count; at++)
        {
            if (at == letters.Count || separators[at] == PdfLine.CellSeparator)
            {
                var (own, between) = (letters.GetRange(first, at - first), separators[first..at]);
                between[0] = '\0';
                cells.Add(new(isTurned ? string.Concat(VisualOrder.Logical(Pieces(own, between), out _)) : Text(own, between), own[0].Start, own[^1].End));
                first = at;
            }
        }

        return cells;
    }

    private static string Text(List<PdfLetter> letters, char[] separators)
    {
        var text = new StringBuilder(2 * letters.Count);
        for (var at = 0; at < letters.Count; at++)
        {
            if (separators[at] != '\0')
            {
                text.Append(separators[at]);
            }

            text.Append(letters[at].Text);
        }

        return text.ToString();
    }

    private static List<string> Pieces(List<PdfLetter> letters, char[] separators)
    {
        var pieces = new List<string>(2 * letters.Count);
        for (var at = 0; at < letters.Count; at++)
        {
            if (separators[at] != '\0')
            {
                pieces.Add(separators[at].ToString());
            }

            pieces.Add(letters[at].Text);
        }

        return pieces;
    }

    /// <summary>In vertical writing a space is as high as a letter, and spaces of several columns meet by chance; they are no cells.</summary>
    private static void KeepSpaces(List<PdfLetter> letters, char[] separators)
    {
        for (var at = 1; at < letters.Count; at++)
        {
            if (separators[at] == PdfLine.CellSeparator && letters[at].Start - letters[at - 1].End <= VerticalSpaceMax * letters[at].Size)
            {
                separators[at] = ' ';
            }
        }
    }

    /// <summary>A number or bullet that hangs in the margin belongs to its text; it is not a cell.</summary>
    private static void KeepMarks(List<PdfLetter> letters, char[] separators)
    {
        var first = Array.FindIndex(separators, s => s != '\0');
        if (first > 0 && first <= MarkLettersMax && separators[first] == PdfLine.CellSeparator
            && PdfListMarks.IsMark(string.Concat(letters.GetRange(0, first).Select(l => l.Text))))
        {
            separators[first] = ' ';
        }
    }

    /// <summary>Returns the median letter size, which is neither an initial's nor an index's.</summary>
    private static float Size(List<PdfLetter> letters)
    {
        if (letters.TrueForAll(letter => letter.Size == letters[0].Size))
        {
            return letters[0].Size;
        }

        var sizes = letters.ConvertAll(static letter => letter.Size);
        sizes.Sort();
        return sizes[sizes.Count / 2];
    }

    /// <summary>Returns the mean space between words, in sizes; 0 for a single word.</summary>
    private static float WordGap(List<PdfLetter> letters, char[] separators)
    {
        var (sum, count) = (0f, 0);
        for (var at = 1; at < letters.Count; at++)
        {
            if (separators[at] == ' ')
            {
                sum += (letters[at].Start - letters[at - 1].End) / letters[at].Size;
                count++;
            }
        }

        return count == 0 ? 0 : sum / count;
    }

    private static float FirstWordWidth(List<PdfLetter> letters, char[] separators, bool isRightToLeft)
    {
        if (isRightToLeft)
        {
            var first = Math.Max(0, Array.FindLastIndex(separators, s => s != '\0'));
            return letters[^1].End - letters[first].Start;
        }

        var end = Array.FindIndex(separators, s => s != '\0');
        return letters[end < 0 ? ^1 : end - 1].End - letters[0].Start;
    }
}
