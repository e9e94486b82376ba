namespace Pybo.Rag.Documents.Pdf.Layout;

/// <summary>Rows that are read from top to bottom: a column, or a stretch of the page as wide as its text.</summary>
/// <param name="Gutters">White space that all its rows leave free, as between the columns of a table.</param>
/// <param name="GoesOn">True if it is below the previous region, in the same column.</param>
internal sealed record PdfRegion(IReadOnlyList<PdfRow> Rows, IReadOnlyList<PdfGap> Gutters, bool GoesOn);

/// <summary>White space along a line.</summary>
internal readonly record struct PdfGap(float Start, float End)
{
    public float Width => End - Start;
}

/// <summary>Spans side by side, without white space across the page between them: usually a line, or lines of columns without common baselines.</summary>
internal sealed class PdfBand(List<PdfSpan> spans, float top, float bottom)
{
    /// <summary>More gaps are not gutters, and each would be compared with those of every other band.</summary>
    private const int GapsMax = 256;

    public IReadOnlyList<PdfSpan> Spans => spans;

    public float Top => top;

    public float Bottom => bottom;

    public float Start { get; } = spans.Min(s => s.Start);

    public float End { get; } = spans.Max(s => s.End);

    /// <summary>Returns the white space between its spans and up to the bounds of the region; empty if there are too many gaps.</summary>
    public List<PdfGap> Gaps(float start, float end, float widthMin)
    {
        var sorted = new List<PdfSpan>(spans);
        sorted.Sort(static (a, b) => a.Start.CompareTo(b.Start));
        var gaps = new List<PdfGap>();
        var reached = start;
        foreach (var span in sorted)
        {
            if (span.Start - reached >= widthMin)
            {
                gaps.Add(new(reached, span.Start));
            }

            reached = Math.Max(reached, span.End);
        }

        if (end - reached >= widthMin)
        {
            gaps.Add(new(reached, end));
        }

        return gaps.Count <= GapsMax ? gaps : [];
    }

    public static List<PdfBand> Of(IEnumerable<PdfSpan> spans)
    {
        var sorted = new List<PdfSpan>(spans);
        sorted.Sort(static (a, b) => a.CoreTop.CompareTo(b.CoreTop));
        var bands = new List<PdfBand>();
        var first = 0;
        var bottom = float.MinValue;
        for (var at = 0; at < sorted.Count; at++)
        {
            if (at > first && sorted[at].CoreTop > bottom)
            {
                bands.Add(new(sorted[first..at], sorted[first].CoreTop, bottom));
                first = at;
            }

            bottom = Math.Max(bottom, sorted[at].Baseline);
        }

        if (sorted.Count > 0)
        {
            bands.Add(new(sorted[first..], sorted[first].CoreTop, bottom));
        }

        return bands;
    }
}
