namespace Pybo.Rag.Documents.Pdf;

/// <summary>Reads the glyphs of a file's pages; its fonts and layers are read once for all pages.</summary>
/// <example><code>
/// var reader = new PdfContentReader(file);
/// foreach (var page in file.Pages()) { var glyphs = reader.Read(page).Glyphs; }
/// </code></example>
internal sealed class PdfContentReader(PdfFile file)
{
    /// <summary>A page of which images cover at least this share is a picture.</summary>
    private const double PictureShareMin = 0.5;

    private readonly PdfFonts fonts = new(file);
    private readonly PdfOptionalContent layers = new(file);

    /// <summary>What a person sees as text on a page, its annotations last.</summary>
    public PdfGlyphPage Read(PdfPage page)
    {
        var isTurned = page.Rotation is 90 or 270;
        var (width, height) = isTurned ? (page.Box.Height, page.Box.Width) : (page.Box.Width, page.Box.Height);
        var start = new PdfGraphicsState(ToDisplay(page), new(0, 0, width, height));
        var content = file.Contents(page);
        var sink = new PdfGlyphSink(content.Length);
        var interpreter = new PdfContentInterpreter(file, fonts, layers, sink, start.Clip);
        interpreter.Run(content, page.Resources, start);
        new PdfAnnotations(file, layers).Run(page, interpreter, sink, start);
        IReadOnlyList<string> warnings = interpreter.IsTruncated || sink.IsFull ? [$"{page.Number}쪽은 내용이 너무 많아 앞부분만 읽었습니다."] : [];
        var glyphs = sink.Finish(isPicture: interpreter.ImageArea >= PictureShareMin * width * height);
        return new((float)width, (float)height, glyphs, warnings, sink.Unknown, HasImages: interpreter.ImageArea > 0);
    }

    // From default user space (y upwards, from any corner) to the page as displayed (turned, y downwards, from its upper left corner).
    private static PdfMatrix ToDisplay(PdfPage page)
    {
        var box = page.Box;
        return page.Rotation switch
        {
            90 => new(0, 1, 1, 0, -box.Bottom, -box.Left),
            180 => new(-1, 0, 0, 1, box.Right, -box.Bottom),
            270 => new(0, -1, -1, 0, box.Top, box.Right),
            _ => new(1, 0, 0, -1, -box.Left, box.Top),
        };
    }
}
