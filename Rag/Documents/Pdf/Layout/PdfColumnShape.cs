namespace Pybo.Rag.Documents.Pdf.Layout;

/// <summary>A column's edges and line pitch, which distinguish a paragraph's last line from the others.</summary>
/// <param name="Start">The edge at which most lines begin.</param>
/// <param name="End">The edge that full lines reach.</param>
/// <param name="Pitch">From baseline to baseline of closely spaced lines.</param>
internal readonly record struct PdfColumnShape(float Start, float End, float Pitch)
{
    /// <summary>Lines further apart than this, in sizes, do not count towards a column's pitch.</summary>
    private const float PitchMax = 2.4f;

    /// <summary>Columns of vertical writing are further apart than lines.</summary>
    private const float VerticalPitchMax = 3.2f;

    private const float PitchMin = 0.9f;

    /// <summary>More than this times a column's pitch is paragraph spacing.</summary>
    private const float ParagraphPitch = 1.3f;

    /// <summary>Fewer lines may all be short, so they use the shape of their column.</summary>
    private const int RunLinesMin = 4;

    private const float PitchDefault = 1.5f;

    private const float SizeRatioMax = 1.12f;

    /// <summary>Returns the shape around each line: that of its column, or of a long enough run of closely spaced lines (an indented abstract, a text box).</summary>
    public static Dictionary<PdfLine, PdfColumnShape> Of(IReadOnlyList<PdfLine> lines)
    {
        var shapes = new Dictionary<PdfLine, PdfColumnShape>(ReferenceEqualityComparer.Instance);
        foreach (var column in lines.GroupBy(l => l.Column).Select(c => c.ToArray()))
        {
            var shape = Of(column);
            for (var (first, at) = (0, 1); at <= column.Length; at++)
            {
                if (at < column.Length && AreAlike(column[at - 1], column[at]) && IsNear(column[at - 1], column[at], shape.Pitch))
                {
                    continue;
                }

                var near = at - first >= RunLinesMin ? Of(column[first..at]) : shape;
                foreach (var line in column.AsSpan(first, at - first))
                {
                    shapes[line] = near with { Pitch = shape.Pitch };
                }

                first = at;
            }
        }

        return shapes;
    }

    /// <summary>True if a line follows the other as closely as lines of a paragraph do.</summary>
    public static bool IsNear(PdfLine last, PdfLine next, float pitch) =>
        next.Baseline > last.Baseline && next.Baseline - last.Baseline <= ParagraphPitch * pitch;

    private static PdfColumnShape Of(PdfLine[] lines)
    {
        var size = lines[0].Size;
        var pitches = new List<float>();
        for (var at = 1; at < lines.Length; at++)
        {
            var pitch = lines[at].Baseline - lines[at - 1].Baseline;
            if (AreAlike(lines[at], lines[at - 1]) && pitch > PitchMin * lines[at].Size && pitch < (lines[at].Frame.IsVertical ? VerticalPitchMax : PitchMax) * lines[at].Size)
            {
                pitches.Add(pitch);
                size = lines[at].Size;
            }
        }

        pitches.Sort();
        var text = lines.Where(l => !l.HasCells).DefaultIfEmpty(lines[0]).ToList();
        return new(
            -Edge(text.ConvertAll(l => -l.Extent.Start), size), Edge(text.ConvertAll(l => l.Extent.End), size),
            pitches.Count > 0 ? pitches[pitches.Count / 2] : PitchDefault * size);
    }

    public static bool AreAlike(PdfLine first, PdfLine second) => first.Size <= second.Size * SizeRatioMax && second.Size <= first.Size * SizeRatioMax;

    /// <summary>Returns the furthest edge that two lines reach; a single line that sticks out does not count.</summary>
    private static float Edge(List<float> edges, float size)
    {
        edges.Sort();
        for (var at = edges.Count - 1; at > 0; at--)
        {
            if (edges[at] - edges[at - 1] <= size)
            {
                return edges[at];
            }
        }

        return edges[^1];
    }
}
