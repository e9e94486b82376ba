namespace Pybo.Rag.Documents.Pdf.Visibility;

/// <summary>What was painted so far, as rectangles: white text is read where it stands on something that is not white.</summary>
internal sealed class PdfBackground
{
    /// <summary>Beyond these the page is a drawing: white text on it is taken for visible.</summary>
    private const int AreasMax = 4_000;

    /// <summary>Work for one page, as rectangles looked at; what comes after it is taken for visible.</summary>
    private const int LooksMax = 50_000_000;

    private readonly List<(PdfArea Area, bool IsWhite)> areas = [];
    private int looks;
    private bool isFull;

    /// <summary>How much of the page images cover, in square points; twice where they lie over each other.</summary>
    public double ImageArea { get; private set; }

    /// <param name="isWhite">False also for what is not known: patterns, images.</param>
    public void Paint(PdfArea area, bool isWhite)
    {
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

    /// <summary>True where white text would not be seen: on paper, or on what was last painted white.</summary>
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
