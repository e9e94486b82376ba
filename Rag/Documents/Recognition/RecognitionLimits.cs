namespace Pybo.Rag.Documents.Recognition;

/// <summary>The resources that recognising the text of a document's pictures may use. One picture is recognised at a time.</summary>
public sealed record RecognitionLimits
{
    /// <summary>Pages of one document; a page takes 3 to 10 seconds of one core.</summary>
    public const int PagesMax = 200;

    /// <summary>The resolution at which Tesseract's models were trained.</summary>
    public const int DotsPerInch = 300;

    /// <summary>The longer side of a page that is drawn: A3 at <see cref="DotsPerInch"/>. A larger page is drawn smaller.</summary>
    public const int SidePixelsMax = 5_000;

    /// <summary>The pixels of an uploaded picture: A3 at 600 dots per inch, a photo of any phone.</summary>
    public const int PicturePixelsMax = 100_000_000;

    /// <summary>A picture as a PDF of one page.</summary>
    public const int PictureBytesMax = 128_000_000;

    /// <summary>Tesseract's tables for one page; a newspaper's page has half as much.</summary>
    public const int TableBytesMax = 2_000_000;

    /// <summary>The memory of a program that draws or recognises a page.</summary>
    public const long MemoryBytesMax = 2L << 30;

    public const int PageSecondsDefault = 120;

    public const int DocumentMinutesDefault = 15;

    /// <summary>The time for each program on one page.</summary>
    public TimeSpan PageTime { get; init; } = TimeSpan.FromSeconds(PageSecondsDefault);

    /// <summary>No page is begun after this time.</summary>
    public TimeSpan DocumentTime { get; init; } = TimeSpan.FromMinutes(DocumentMinutesDefault);
}
