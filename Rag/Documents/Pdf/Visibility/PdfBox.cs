namespace Pybo.Rag.Documents.Pdf.Visibility;

/// <summary>A rectangle in default user space (points, y upwards).</summary>
internal readonly record struct PdfBox(double Left, double Bottom, double Right, double Top)
{
    public double Width => Right - Left;

    public double Height => Top - Bottom;
}
