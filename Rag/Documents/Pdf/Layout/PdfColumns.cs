namespace Pybo.Rag.Documents.Pdf.Layout;

/// <summary>
/// Finds the reading order: cuts a page into regions, each read from the top. Bands that share a gutter form columns, which are read
/// in turn and cut again; a band across the gutter (a heading, a wide figure's caption) ends them.
/// </summary>
/// <remarks>
/// A gutter between the cells of a table does not separate columns, because a table is read row by row. <see cref="AreColumns"/>
/// distinguishes the two.
/// </remarks>
internal static class PdfColumns
{
    /// <summary>Nesting depth of columns: no page has more, and the recursion must end.</summary>
    private const int DepthMax = 8;

    /// <summary>More gaps belong to a table or to scattered letters; each costs a scan of all rows next to it.</summary>
    private const int GuttersMax = 64;

    /// <summary>A narrower gap, in sizes, is a space between words.</summary>
    private const float GutterMin = 0.8f;

    /// <summary>A space between blocks, in sizes, that is wider than line spacing.</summary>
    private const float BlockSpaceMin = 1.2f;

    private const int ColumnRowsMin = 2;

    /// <summary>In fewer lines, wide spaces align by chance and are not a table's gutter.</summary>
    private const int TableRowsMin = 3;

    /// <summary>Rows of a column are longer, in sizes, than the cells of a table.</summary>
    private const float ColumnWidthMin = 6;

    /// <summary>Baselines of rows that were set together differ by less than this, in sizes; those of unrelated columns match only by chance.</summary>
    private const float AlignedShiftMax = 0.1f;

    /// <summary>If most baselines of two columns match, only rows this long, and as full, are running text.</summary>
    private const float AlignedWidthMin = 11;
    private const float AlignedShareMin = 0.65f;
    private const float AlignedFillMin = 0.7f;
    private const int AlignedRowsMin = 4;

    public static List<PdfRegion> Read(IReadOnlyList<PdfSpan> spans)
    {
        var regions = new List<PdfRegion>();
        if (spans.Count > 0)
        {
            var sizes = spans.Select(s => s.Size).Order().ToArray();
            Read(spans, sizes[sizes.Length / 2], depth: 0, regions);
        }

        return regions;
    }

    private static void Read(IReadOnlyList<PdfSpan> spans, float size, int depth, List<PdfRegion> regions)
    {
        var (start, end) = (spans.Min(s => s.Start), spans.Max(s => s.End));
        var isFlow = false;
        foreach (var group in Groups(PdfBand.Of(spans), start, end, size))
        {
            var content = group.Bands.SelectMany(b => b.Spans).ToList();
            var gutters = group.Gutters;
            var columns = depth < DepthMax && gutters.Count is > 0 and <= GuttersMax ? Split(content, gutters) : [content];
            if (columns.Count == 1)
            {
                regions.Add(new(PdfRows.Of(content), group.Bands.Count >= TableRowsMin ? gutters : [], isFlow));
                isFlow = true;
                continue;
            }

            isFlow = false;
            foreach (var column in columns)
            {
                Read(column, size, depth + 1, regions);
            }
        }
    }

    /// <summary>Groups neighbouring bands that share a gutter, or that have no gutter.</summary>
    private static List<Group> Groups(List<PdfBand> bands, float start, float end, float size)
    {
        var groups = new List<Group>();
        foreach (var band in bands)
        {
            var gaps = band.Gaps(start, end, GutterMin * size);
            if (groups.Count > 0 && groups[^1].Take(band, gaps, GutterMin * size))
            {
                continue;
            }

            var next = new Group(band, gaps);
            if (groups.Count > 0 && groups[^1].Gutters.Count > 0 && groups[^1].GiveBack(band, BlockSpaceMin * size) is { } heading)
            {
                next = new Group(heading, heading.Gaps(start, end, GutterMin * size));
                if (!next.Take(band, gaps, GutterMin * size))
                {
                    groups.Add(next);
                    next = new Group(band, gaps);
                }
            }

            groups.Add(next);
        }

        return groups;
    }

    /// <summary>Splits at the gutters that separate columns; returns one column if none does.</summary>
    private static List<List<PdfSpan>> Split(List<PdfSpan> content, List<PdfGap> gutters)
    {
        var cells = gutters.Select(_ => new List<PdfSpan>()).Append([]).ToList();
        foreach (var span in content)
        {
            var at = 0;
            while (at < gutters.Count && span.Start >= gutters[at].End)
            {
                at++;
            }

            cells[at].Add(span);
        }

        var columns = new List<List<PdfSpan>>();
        foreach (var cell in cells.Where(c => c.Count > 0))
        {
            if (columns.Count > 0 && !AreColumns(columns[^1], cell))
            {
                columns[^1].AddRange(cell);
            }
            else
            {
                columns.Add([.. cell]);
            }
        }

        return columns;
    }

    private static bool AreColumns(List<PdfSpan> left, List<PdfSpan> right)
    {
        var (leftRows, rightRows) = (PdfRows.Of(left), PdfRows.Of(right));
        var rows = Math.Min(leftRows.Count, rightRows.Count);
        var width = Math.Min(RowWidth(leftRows), RowWidth(rightRows));
        if (rows < ColumnRowsMin || width < ColumnWidthMin)
        {
            return false;
        }

        var isAligned = Aligned(leftRows, rightRows) >= AlignedShareMin * rows;
        return !isAligned || (rows >= AlignedRowsMin && width >= AlignedWidthMin && Math.Min(Fill(leftRows), Fill(rightRows)) >= AlignedFillMin) || PdfProse.Is(leftRows, rightRows);
    }

    /// <summary>Returns how much text a row has: the mean width of its spans, in sizes.</summary>
    private static float RowWidth(List<PdfRow> rows) => rows.Average(row => row.Spans.Sum(s => s.End - s.Start) / row.Size);

    /// <summary>Returns the share of the column's width that the row of median width takes.</summary>
    private static float Fill(List<PdfRow> rows)
    {
        var widths = rows.Select(r => r.Extent.End - r.Extent.Start).Order().ToArray();
        var width = rows.Max(r => r.Extent.End) - rows.Min(r => r.Extent.Start);
        return width > 0 ? widths[widths.Length / 2] / width : 1;
    }

    /// <summary>Counts rows on the left that have a row on the right on the same baseline.</summary>
    private static int Aligned(List<PdfRow> left, List<PdfRow> right)
    {
        var (aligned, at) = (0, 0);
        foreach (var row in left)
        {
            var shift = AlignedShiftMax * row.Size;
            while (at < right.Count && right[at].Baseline < row.Baseline - shift)
            {
                at++;
            }

            aligned += at < right.Count && right[at].Baseline <= row.Baseline + shift ? 1 : 0;
        }

        return aligned;
    }

    private sealed class Group(PdfBand first, List<PdfGap> gaps)
    {
        private List<PdfGap> gaps = gaps;
        private float start = first.Start;
        private float end = first.End;

        public List<PdfBand> Bands { get; } = [first];

        /// <summary>The gaps with text on both sides.</summary>
        public List<PdfGap> Gutters => Between(gaps, start, end);

        /// <summary>Adds a band unless the group would lose its gutters, or a band with gutters would join a group without any.</summary>
        public bool Take(PdfBand band, List<PdfGap> others, float widthMin)
        {
            var common = Common(gaps, others, widthMin);
            var (commonStart, commonEnd) = (Math.Min(start, band.Start), Math.Max(end, band.End));
            var hasGutters = Gutters.Count > 0 || Between(others, band.Start, band.End).Count > 0;
            if (hasGutters && Between(common, commonStart, commonEnd).Count == 0)
            {
                return false;
            }

            (gaps, start, end) = (common, commonStart, commonEnd);
            Bands.Add(band);
            return true;
        }

        /// <summary>Before a band across the columns: returns the last band as its heading, if that is in one column only and nearer to the next band than to the columns.</summary>
        public PdfBand? GiveBack(PdfBand next, float spaceMin)
        {
            if (Bands is not [.., var before, var last] || before.Bottom > last.Top - spaceMin || next.Top - last.Bottom >= last.Top - before.Bottom
                || Gutters.Exists(g => g.Start >= last.Start && g.End <= last.End))
            {
                return null;
            }

            Bands.RemoveAt(Bands.Count - 1);
            return last;
        }

        private static List<PdfGap> Between(List<PdfGap> gaps, float start, float end) => gaps.FindAll(g => g.Start > start && g.End < end);

        private static List<PdfGap> Common(List<PdfGap> first, List<PdfGap> second, float widthMin)
        {
            var common = new List<PdfGap>();
            for (var (a, b) = (0, 0); a < first.Count && b < second.Count;)
            {
                var gap = new PdfGap(Math.Max(first[a].Start, second[b].Start), Math.Min(first[a].End, second[b].End));
                if (gap.Width >= widthMin)
                {
                    common.Add(gap);
                }

                (a, b) = first[a].End < second[b].End ? (a + 1, b) : (a, b + 1);
            }

            return common;
        }
    }
}
