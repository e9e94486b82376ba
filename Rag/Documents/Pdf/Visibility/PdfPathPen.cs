namespace Pybo.Rag.Documents.Pdf.Visibility;

/// <summary>The current path as the rectangle around its points, on the page as displayed: paints the background, and narrows the clip.</summary>
internal sealed class PdfPathPen(PdfBackground background)
{
    /// <summary>A filled or stroked bar, in points; a line thinner than this is no background of text.</summary>
    private const double BarMin = 4;

    private PdfArea area = PdfArea.Nothing;
    private int points;
    private bool isClip;

    /// <summary>A point of a line or a curve: a curve lies within its points.</summary>
    public void Add((double X, double Y) point)
    {
        area = area.With(point);
        points++;
    }

    /// <summary><c>re</c>.</summary>
    public void AddRectangle(PdfArea rectangle)
    {
        area = area.With(rectangle);
        points += 4;
    }

    /// <summary><c>W</c>, <c>W*</c>: the path becomes the clip once it is painted.</summary>
    public void MarkClip() => isClip = true;

    /// <summary>Fills the path, and ends it.</summary>
    /// <returns>The clip from now on.</returns>
    public PdfArea Fill(PdfArea clip, bool isWhite)
    {
        if (points > 0)
        {
            background.Paint(area.Within(clip), isWhite);
        }

        return End(clip);
    }

    /// <summary>Strokes the path, and ends it: a single thick line is a bar.</summary>
    /// <param name="width">Of the line on the page, points.</param>
    /// <returns>The clip from now on.</returns>
    public PdfArea Stroke(PdfArea clip, double width)
    {
        if (points == 2 && width >= BarMin)
        {
            background.Paint(area.Grown(width / 2).Within(clip), isWhite: false);
        }

        return End(clip);
    }

    /// <summary>Every operator that ends a path.</summary>
    /// <returns>The clip from now on.</returns>
    public PdfArea End(PdfArea clip)
    {
        var next = isClip && points > 0 ? clip.Within(area) : clip;
        (area, points, isClip) = (PdfArea.Nothing, 0, false);
        return next;
    }
}
