namespace Pybo.Rag.Documents.Pdf;

/// <summary>A page of a file, its inherited attributes filled in.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Box">What is shown of it: the crop box within the media box, in default user space.</param>
/// <param name="Rotation">Clockwise degrees at which it is displayed: 0, 90, 180 or 270.</param>
internal sealed record PdfPage(int Number, PdfDictionary Dictionary, PdfDictionary Resources, PdfBox Box, int Rotation);

/// <summary>A rectangle in default user space (points, y upwards).</summary>
internal readonly record struct PdfBox(double Left, double Bottom, double Right, double Top)
{
    public double Width => Right - Left;

    public double Height => Top - Bottom;
}
