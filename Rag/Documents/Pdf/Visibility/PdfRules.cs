namespace Pybo.Rag.Documents.Pdf.Visibility;

/// <summary>Collects the rules of a page: straight strokes along its edges, thin filled bars, and the sides of stroked rectangles.</summary>
internal sealed class PdfRules
{
    /// <summary>A page with more is a drawing or a map.</summary>
    private const int RulesMax = 20_000;

    /// <summary>A path with more parts is a drawing.</summary>
    private const int PartsMax = 4_000;

    /// <summary>The thickest rule, in points.</summary>
    private const double ThickMax = 3;

    /// <summary>The shortest rule, in points.</summary>
    private const double LengthMin = 4;

    /// <summary>The deviation of a rule from its direction, in points.</summary>
    private const double SlantMax = 1;

    private readonly List<PdfRule> rules = [];
    private readonly List<PdfArea> strokes = [];
    private readonly List<PdfArea> bars = [];
    private (double X, double Y) start;
    private (double X, double Y) last;
    private PdfArea bounds = PdfArea.Nothing;

    public IReadOnlyList<PdfRule> Found => rules.Count < RulesMax ? rules : [];

    public void MoveTo((double X, double Y) point)
    {
        EndSubpath();
        (start, last, bounds) = (point, point, PdfArea.Nothing.With(point));
    }

    /// <param name="isStraight">False for a curve, which is no rule.</param>
    public void LineTo((double X, double Y) point, bool isStraight)
    {
        if (isStraight && strokes.Count < PartsMax)
        {
            strokes.Add(PdfArea.Nothing.With(last).With(point));
        }

        (last, bounds) = (point, bounds.With(point));
    }

    public void Close() => LineTo(start, isStraight: true);

    public void Rectangle(PdfArea area)
    {
        EndSubpath();
        if (bars.Count < PartsMax && strokes.Count < PartsMax)
        {
            bars.Add(area);
            strokes.AddRange([area with { Bottom = area.Top }, area with { Top = area.Bottom }, area with { Right = area.Left }, area with { Left = area.Right }]);
        }
    }

    public void Stroke(PdfArea clip) => AddAll(strokes, clip, SlantMax);

    public void Fill(PdfArea clip)
    {
        EndSubpath();
        AddAll(bars, clip, ThickMax);
    }

    public void End()
    {
        strokes.Clear();
        bars.Clear();
        bounds = PdfArea.Nothing;
    }

    private void EndSubpath()
    {
        if (!bounds.IsNothing && bars.Count < PartsMax)
        {
            bars.Add(bounds);
        }

        bounds = PdfArea.Nothing;
    }

    private void AddAll(List<PdfArea> parts, PdfArea clip, double thickMax)
    {
        foreach (var part in parts)
        {
            var shown = part.Within(clip);
            if (rules.Count < RulesMax && !shown.IsNothing && Math.Min(part.Width, part.Height) <= thickMax && Math.Max(shown.Width, shown.Height) >= LengthMin)
            {
                var (x, y) = ((float)(shown.Left + shown.Right) / 2, (float)(shown.Top + shown.Bottom) / 2);
                rules.Add(shown.Width > shown.Height ? new((float)shown.Left, y, (float)shown.Right, y) : new(x, (float)shown.Top, x, (float)shown.Bottom));
            }
        }
    }
}
