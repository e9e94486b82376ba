using Pybo.Data;

namespace Pybo.Rag.Documents.Pdf.Layout;

/// <summary>A writing direction of a page. In its frame text runs along and lines follow each other across, both growing, so layout works at any rotation.</summary>
/// <param name="Angle">Degrees clockwise. Vertical writing runs down the page (90), so that its columns follow each other from right to left.</param>
/// <param name="IsVertical">Glyphs are upright below each other, their middle on the baseline.</param>
internal readonly record struct PdfFrame(short Angle, bool IsVertical)
{
    private const double DegreesHalfTurn = 180;

    private const int DegreesTurn = 360;

    private double Radians => Angle * Math.PI / DegreesHalfTurn;

    /// <param name="degrees">Clockwise, less than a turn.</param>
    public PdfFrame Turned(int degrees) => this with { Angle = (short)((Angle + degrees + DegreesTurn) % DegreesTurn) };

    /// <summary>Maps a point of the page into the frame.</summary>
    public (float Along, float Across) Place(float x, float y)
    {
        if (Angle == 0)
        {
            return (x, y);
        }

        var (sine, cosine) = Math.SinCos(Radians);
        return ((float)((x * cosine) + (y * sine)), (float)((y * cosine) - (x * sine)));
    }

    /// <summary>Returns the upright rectangle on the page around a rectangle of the frame, clipped to the page.</summary>
    public PageBox Box(PdfExtent extent, float pageWidth, float pageHeight)
    {
        var (sine, cosine) = Math.SinCos(Radians);
        Span<(float Along, float Across)> corners = [(extent.Start, extent.Top), (extent.End, extent.Top), (extent.Start, extent.Bottom), (extent.End, extent.Bottom)];
        var (left, top, right, bottom) = (double.MaxValue, double.MaxValue, double.MinValue, double.MinValue);
        foreach (var (along, across) in corners)
        {
            var (x, y) = ((along * cosine) - (across * sine), (along * sine) + (across * cosine));
            (left, right) = (Math.Min(left, x), Math.Max(right, x));
            (top, bottom) = (Math.Min(top, y), Math.Max(bottom, y));
        }

        (left, right) = (Math.Clamp(left, 0, pageWidth), Math.Clamp(right, 0, pageWidth));
        (top, bottom) = (Math.Clamp(top, 0, pageHeight), Math.Clamp(bottom, 0, pageHeight));
        return new((float)left, (float)top, (float)(right - left), (float)(bottom - top));
    }
}

/// <summary>A rectangle in a frame.</summary>
/// <param name="Start">The edge where its text begins.</param>
/// <param name="Top">The side towards the previous line.</param>
internal readonly record struct PdfExtent(float Start, float Top, float End, float Bottom)
{
    public static PdfExtent Nothing { get; } = new(float.MaxValue, float.MaxValue, float.MinValue, float.MinValue);

    public PdfExtent With(in PdfExtent other) => new(
        Math.Min(Start, other.Start), Math.Min(Top, other.Top), Math.Max(End, other.End), Math.Max(Bottom, other.Bottom));
}
