namespace Pybo.Rag.Documents.Pdf;

/// <summary>The current path as the rectangle around its points: paints the background, and narrows the clip.</summary>
internal sealed class PdfPathPen(PdfBackground background)
{
    /// <summary>A filled or stroked bar, in points; a line thinner than this is no background of text.</summary>
    private const double BarMin = 4;

    private PdfArea area = PdfArea.Nothing;
    private int points;
    private bool isClip;

    /// <summary><c>m</c>, <c>l</c>, <c>c</c>, <c>v</c>, <c>y</c>: a curve lies within its points.</summary>
    public void Add(PdfGraphicsState state, IReadOnlyList<PdfObject> operands)
    {
        for (var at = 0; at + 1 < operands.Count; at += 2)
        {
            area = area.With(state.Matrix.Apply(Number(operands[at]), Number(operands[at + 1])));
            points++;
        }
    }

    /// <summary><c>re</c>.</summary>
    public void AddRectangle(PdfGraphicsState state, IReadOnlyList<PdfObject> operands)
    {
        if (operands.Count >= 4)
        {
            var (x, y) = (Number(operands[0]), Number(operands[1]));
            area = area.With(state.Matrix.Apply(x, y, x + Number(operands[2]), y + Number(operands[3])));
            points += 4;
        }
    }

    /// <summary><c>W</c>, <c>W*</c>: the path becomes the clip once it is painted.</summary>
    public void MarkClip() => isClip = true;

    /// <summary>Every operator that ends a path.</summary>
    public void Paint(PdfGraphicsState state, bool isFilled, bool isStroked)
    {
        if (points > 0)
        {
            if (isFilled && !state.IsTransparent)
            {
                background.Paint(area.Within(state.Clip), state.FillIsWhite);
            }
            else if (isStroked && points == 2 && WidthOnPage(state) is >= BarMin and var width)
            {
                background.Paint(area.Grown(width / 2).Within(state.Clip), isWhite: false);
            }

            state.Clip = isClip ? state.Clip.Within(area) : state.Clip;
        }

        (area, points, isClip) = (PdfArea.Nothing, 0, false);
    }

    /// <summary>An image: the unit square of its own space.</summary>
    public void PaintImage(PdfGraphicsState state) => background.PaintImage(state.Matrix.Apply(0, 0, 1, 1).Within(state.Clip));

    /// <summary><c>sh</c>: all within the clip.</summary>
    public void PaintShading(PdfGraphicsState state) => background.Paint(state.Clip, isWhite: false);

    private static double WidthOnPage(PdfGraphicsState state) =>
        state.LineWidth * Math.Sqrt(Math.Abs((state.Matrix.A * state.Matrix.D) - (state.Matrix.B * state.Matrix.C)));

    private static double Number(PdfObject operand) => operand is PdfNumber { Value: var value } ? value : 0;
}
