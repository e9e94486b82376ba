using System.Globalization;
using System.Text;

namespace Pybo.Rag.Documents.Recognition;

/// <summary>Puts a JPEG picture, as it is, on the page of a PDF (ISO 32000-2, 7.4.8), so that poppler draws it.</summary>
internal static class JpegPage
{
    /// <summary>Returns the file; null if the picture has no readable header or is too large.</summary>
    public static byte[]? Pdf(Stream picture)
    {
        using var content = new MemoryStream();
        if (picture.Length - picture.Position > RecognitionLimits.PictureBytesMax)
        {
            return null;
        }

        picture.CopyTo(content);
        var bytes = content.GetBuffer().AsSpan(0, (int)content.Length);
        if (JpegReader.Frame(bytes, out var components) is not { } size)
        {
            return null;
        }

        var colours = components switch { 1 => "DeviceGray", 4 => "DeviceCMYK", _ => "DeviceRGB" };
        var draw = string.Create(CultureInfo.InvariantCulture, $"q {size.Width} 0 0 {size.Height} 0 0 cm /I Do Q");
        var head = string.Create(CultureInfo.InvariantCulture, $"""
            %PDF-1.4
            1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj
            2 0 obj <</Type/Pages/Kids[3 0 R]/Count 1>> endobj
            3 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 {size.Width} {size.Height}]/Contents 4 0 R/Resources<</XObject<</I 5 0 R>>>>>> endobj
            4 0 obj <</Length {draw.Length}>>stream
            {draw}
            endstream endobj
            5 0 obj <</Type/XObject/Subtype/Image/Width {size.Width}/Height {size.Height}/ColorSpace/{colours}/BitsPerComponent 8/Filter/DCTDecode/Length {bytes.Length}>>stream

            """);
        return [.. Encoding.ASCII.GetBytes(head), .. bytes, .. "\nendstream endobj\ntrailer <</Root 1 0 R>>\n%%EOF"u8];
    }
}
