using Pybo.Data;
using Pybo.Rag.Documents.Pdf.Layout;

namespace Pybo.Rag.Documents.Recognition;

/// <summary>The size of a picture in pixels, as it is stored.</summary>
/// <param name="QuarterTurns">By how many quarters, clockwise, it must be turned to be upright, 0 to 3.</param>
internal readonly record struct PictureSize(long Width, long Height, int QuarterTurns = 0);

/// <summary>Reads a file that is a picture or several: a page for each, with the text that was recognised. It decodes no picture, only the sizes in its headers.</summary>
public abstract class PictureReader : DocumentReader
{
    /// <summary>A picture's text is laid out as if the picture were printed on A4; this is its longer side in points.</summary>
    private const float SidePoints = 842;

    public override IEnumerable<DocumentPart> Read(ReadOnlyMemory<byte> bytes, string fileName) => Read(bytes, fileName, []);

    public override IEnumerable<DocumentPart> Read(ReadOnlyMemory<byte> bytes, string fileName, IReadOnlyList<RecognisedPage> recognised)
    {
        var sizes = Sizes(bytes.Span);
        if (sizes.Count == 0)
        {
            throw new DocumentUnreadableException(Notice.Of(ReadingProblem.PictureBroken));
        }

        if (sizes.Exists(size => size.Width <= 0 || size.Height <= 0 || size.Width > RecognitionLimits.PicturePixelsMax / size.Height))
        {
            throw new DocumentUnreadableException(Notice.Of(ReadingProblem.PictureTooLarge, RecognitionLimits.PicturePixelsMax / 1_000_000));
        }

        var pages = new RecognisedPages(recognised);
        foreach (var part in new PdfComposer().Compose([.. sizes.Select((size, at) => Lines(size, at + 1, pages))], isLast: true))
        {
            yield return part;
        }

        foreach (var notice in pages.Notices(sizes.Count))
        {
            yield return new WarningPart(notice);
        }
    }

    /// <summary>Returns the sizes of the pictures in a file; none if it has no readable header.</summary>
    internal abstract List<PictureSize> Sizes(ReadOnlySpan<byte> bytes);

    private static PdfPageLines Lines(PictureSize size, int number, RecognisedPages pages)
    {
        var scale = SidePoints / Math.Max(size.Width, size.Height);
        var (width, height) = size.QuarterTurns % 2 == 0 ? (size.Width * scale, size.Height * scale) : (size.Height * scale, size.Width * scale);
        var lines = pages.Take(number, width, height);
        pages.Left += lines is null ? 1 : 0;
        return new(number, width, height, lines ?? []) { IsPicture = lines is null, QuarterTurns = size.QuarterTurns };
    }
}
