namespace Pybo.Rag.Documents.Pdf.Visibility;

/// <summary>The painted areas so far, as rectangles: white text is read if its background is not white.</summary>
internal sealed class PdfBackground
{
    /// <summary>With more areas the page is a drawing: white text on it counts as visible.</summary>
    private const int AreasMax = 4_000;

    /// <summary>The most rectangles examined for one page; text after that counts as visible.</summary>
    private const int LooksMax = 50_000_000;

    private readonly List<(PdfArea Area, bool IsWhite)> areas = [];
    private int looks;
    private bool isFull;

    /// <summary>The area covered by images, in square points; overlaps count twice.</summary>
    public double ImageArea { get; private set; }

    /// <summary>True if something other than white was painted.</summary>
    public bool HasDrawings { get; private set; }

    /// <param name="isWhite">False also if unknown: patterns, images.</param>
    public void Paint(PdfArea area, bool isWhite)
    {
        HasDrawings = HasDrawings || (!isWhite && !area.IsNothing);
        isFull = isFull || areas.Count >= AreasMax;
        if (!isFull && !area.IsNothing)
        {
            areas.Add((area, isWhite));
        }
    }

    public void PaintImage(PdfArea area)
    {
        Paint(area, isWhite: false);
        ImageArea += !area.IsNothing && area.Width * area.Height is > 0 and var size ? size : 0;
    }

    /// <summary>True if white text would not be seen: on paper, or on an area last painted white.</summary>
    public bool IsWhite(double x, double y)
    {
        for (var at = areas.Count - 1; at >= 0 && !isFull; at--)
        {
            if (areas[at].Area.Contains(x, y))
            {
                return areas[at].IsWhite;
            }

            isFull = ++looks > LooksMax;
        }

        return !isFull;
    }
}
