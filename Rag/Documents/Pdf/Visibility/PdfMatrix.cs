using UglyToad.PdfPig.Core;

namespace Pybo.Rag.Documents.Pdf.Visibility;

/// <summary>A transformation of the plane: x' = A·x + C·y + E, y' = B·x + D·y + F (ISO 32000-2, 8.3.3).</summary>
internal readonly record struct PdfMatrix(double A, double B, double C, double D, double E, double F)
{
    public static PdfMatrix Identity { get; } = new(1, 0, 0, 1, 0, 0);

    /// <summary>Applies this one, then the next.</summary>
    public PdfMatrix Then(in PdfMatrix next) => new(
        (A * next.A) + (B * next.C),
        (A * next.B) + (B * next.D),
        (C * next.A) + (D * next.C),
        (C * next.B) + (D * next.D),
        (E * next.A) + (F * next.C) + next.E,
        (E * next.B) + (F * next.D) + next.F);

    public (double X, double Y) Apply(double x, double y) => ((A * x) + (C * y) + E, (B * x) + (D * y) + F);

    /// <summary>Returns the upright rectangle around a transformed one.</summary>
    public PdfArea Apply(double left, double bottom, double right, double top)
    {
        var area = PdfArea.Nothing;
        area = area.With(Apply(left, bottom));
        area = area.With(Apply(right, bottom));
        area = area.With(Apply(right, top));
        return area.With(Apply(left, top));
    }

    public TransformationMatrix ToPig() => TransformationMatrix.FromValues(A, B, C, D, E, F);
}
