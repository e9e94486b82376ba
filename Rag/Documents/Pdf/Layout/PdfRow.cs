namespace Pybo.Rag.Documents.Pdf.Layout;

/// <summary>Spans side by side on one line, with their indices and exponents.</summary>
internal sealed class PdfRow
{
    public List<PdfSpan> Spans { get; } = [];

    public PdfExtent Extent { get; private set; } = PdfExtent.Nothing;

    /// <summary>The size of its largest letters.</summary>
    public float Size { get; private set; }

    public float Baseline { get; private set; }

    public int Letters { get; private set; }

    public void Add(PdfSpan span)
    {
        if (span.Size > Size)
        {
            (Size, Baseline) = (span.Size, span.Baseline);
        }

        Spans.Add(span);
        Letters += span.Letters.Count;
        Extent = Extent.With(span.Extent);
    }
}

/// <summary>Groups the spans of a column into rows, in order from the top.</summary>
internal static class PdfRows
{
    /// <summary>Spans whose baselines differ by less than this, in sizes, are on one line.</summary>
    public const float BaselineShiftMax = 0.25f;

    /// <summary>An index is at most this size relative to its letters.</summary>
    private const float IndexSizeMax = 0.85f;

    /// <summary>Smaller text is next to an initial that spans several lines.</summary>
    private const float IndexSizeMin = 0.4f;

    private const float ExponentRiseMax = 0.85f;
    private const float IndexDropMax = 0.35f;

    /// <summary>An index is at most this far, in sizes of the line, from the line's letters.</summary>
    private const float IndexGapMax = 0.4f;

    /// <summary>Rows before and after an index in which its line is searched: the next row, or the one after a row of another index.</summary>
    private const int NeighboursMax = 3;

    public static List<PdfRow> Of(IEnumerable<PdfSpan> spans)
    {
        var sorted = new List<PdfSpan>(spans);
        sorted.Sort(static (a, b) => a.Baseline.CompareTo(b.Baseline));
        var rows = new List<PdfRow>();
        foreach (var span in sorted)
        {
            if (rows.Count == 0 || Math.Abs(span.Baseline - rows[^1].Baseline) > BaselineShiftMax * Math.Min(span.Size, rows[^1].Size))
            {
                rows.Add(new());
            }

            rows[^1].Add(span);
        }

        return rows.Count < 2 ? rows : WithIndices(rows);
    }

    /// <summary>Moves every index and exponent into its line.</summary>
    private static List<PdfRow> WithIndices(List<PdfRow> rows)
    {
        var starts = new List<PdfSpan>[rows.Count];
        var moved = new HashSet<PdfSpan>();
        for (var at = 0; at < rows.Count; at++)
        {
            foreach (var span in rows[at].Spans)
            {
                for (var near = Math.Max(0, at - NeighboursMax); near <= Math.Min(rows.Count - 1, at + NeighboursMax); near++)
                {
                    var line = rows[near];
                    if (near != at && !moved.Contains(span) && span.Size <= IndexSizeMax * line.Size && span.Size >= IndexSizeMin * line.Size && IsBeside(span, line, starts[near] ??= Sorted(line)))
                    {
                        line.Add(span);
                        moved.Add(span);
                        break;
                    }
                }
            }
        }

        return moved.Count == 0 ? rows : Without(moved, rows, starts);
    }

    /// <summary>Rebuilds the rows: spans that moved are only in their new row.</summary>
    private static List<PdfRow> Without(HashSet<PdfSpan> moved, List<PdfRow> rows, List<PdfSpan>?[] before)
    {
        var kept = new List<PdfRow>();
        for (var at = 0; at < rows.Count; at++)
        {
            var own = before[at] is { } sorted ? sorted.ToHashSet() : null;
            var row = new PdfRow();
            foreach (var span in rows[at].Spans)
            {
                var isHome = own is null || own.Contains(span);
                if (!(isHome && moved.Contains(span)))
                {
                    row.Add(span);
                }
            }

            if (row.Spans.Count > 0)
            {
                kept.Add(row);
            }
        }

        return kept;
    }

    private static List<PdfSpan> Sorted(PdfRow row)
    {
        var spans = new List<PdfSpan>(row.Spans);
        spans.Sort(static (a, b) => a.Start.CompareTo(b.Start));
        return spans;
    }

    private static bool IsBeside(PdfSpan index, PdfRow line, List<PdfSpan> sorted)
    {
        var rise = line.Baseline - index.Baseline;
        if (rise > ExponentRiseMax * line.Size || rise < -IndexDropMax * line.Size)
        {
            return false;
        }

        // The first span that begins after the index and the previous span are its neighbours.
        var (low, high) = (0, sorted.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = sorted[middle].Start < index.Start ? (middle + 1, high) : (low, middle);
        }

        var reach = IndexGapMax * line.Size;
        return (low > 0 && index.Start - sorted[low - 1].End <= reach && index.Start - sorted[low - 1].End >= -reach)
            || (low < sorted.Count && sorted[low].Start - index.End <= reach && sorted[low].Start - index.End >= -reach);
    }
}
