using Pybo.Data;
using Pybo.Rag.Documents.Pdf.Layout;
using Pybo.Rag.Documents.Pdf.Source;
using Pybo.Rag.Documents.Recognition;

namespace Pybo.Rag.Documents.Pdf;

/// <summary>
/// Reads PDF text from the positions of its glyphs, in reading order, with headings, paragraphs, list items and table rows; every line with its place on
/// the page. Running headers, footers and page numbers are kept only on their first page (<see cref="PdfRunningLines"/>).
/// </summary>
/// <remarks>
/// Pages are read in windows: running lines are found within one, and a killed reader leaves all previous windows. At most one
/// window's lines are in memory. Pages that are pictures, whose text is recognised or missing, are counted in warnings.
/// </remarks>
public sealed class PdfReader : DocumentReader
{
    /// <summary>Enough pages to find running lines, few enough to yield the first within a second.</summary>
    private const int WindowPages = 32;

    /// <summary>The most fonts that a warning names.</summary>
    private const int FontNamesMax = 3;

    /// <summary>Other bytes, such as a printer's job header, may precede the signature.</summary>
    private const int HeaderBytesMax = 1_024;

    public override DocumentFormat Format { get; } = new("PDF", "application/pdf", [".pdf"]);

    public override bool Recognises(ReadOnlySpan<byte> bytes, string fileName) => IsPdf(bytes);

    /// <summary>Requires the signature at the beginning, or after other bytes if objects follow: a text may mention <c>%PDF-</c>.</summary>
    internal static bool IsPdf(ReadOnlySpan<byte> bytes) =>
        bytes[..Math.Min(bytes.Length, HeaderBytesMax)].IndexOf("%PDF-"u8) is var at and >= 0 && (at == 0 || bytes[at..].IndexOf(" obj"u8) >= 0);

    public override IEnumerable<DocumentPart> Read(ReadOnlyMemory<byte> bytes, string fileName) => Read(bytes, fileName, []);

    public override IEnumerable<DocumentPart> Read(ReadOnlyMemory<byte> bytes, string fileName, IReadOnlyList<RecognisedPage> recognised)
    {
        using var file = PdfFile.Open(bytes);
        if (DocumentTitle.Of(file.Title) is { } title)
        {
            yield return new TitlePart(title);
        }

        var composer = new PdfComposer();
        var window = new List<PdfPageLines>();
        var pictures = new RecognisedPages(recognised);
        var (unknown, unknownFonts) = (0, new HashSet<string>(StringComparer.Ordinal));
        var count = 0;
        while (count < Math.Min(file.PageCount, DocumentBuilder.PagesMax))
        {
            var number = ++count;
            var glyphs = file.Read(number);
            var lines = PdfLayout.Lines(glyphs);
            var isPicture = lines.Count == 0 && (glyphs.HasDrawings || glyphs.IsUnreadable);
            if (isPicture && pictures.Take(number, glyphs.Width, glyphs.Height) is { } recognisedLines)
            {
                (lines, isPicture) = (recognisedLines, false);
            }
            else if (glyphs.IsUnreadable)
            {
                unknown++;
                unknownFonts.UnionWith(glyphs.UnknownFonts);
            }

            pictures.Left += isPicture && glyphs.HasImages && !glyphs.IsUnreadable ? 1 : 0;
            foreach (var warning in Warnings(number, glyphs))
            {
                yield return new WarningPart(warning);
            }

            window.Add(new(number, glyphs.Width, glyphs.Height, lines) { IsPicture = isPicture });
            if (window.Count > WindowPages)
            {
                foreach (var part in composer.Compose(window, isLast: false))
                {
                    yield return part;
                }
            }
        }

        foreach (var part in composer.Compose(window, isLast: true).Concat(Endings(file, count, pictures, unknown, unknownFonts)))
        {
            yield return part;
        }
    }

    private static IEnumerable<DocumentPart> Endings(PdfFile file, int count, RecognisedPages pictures, int unknown, HashSet<string> unknownFonts)
    {
        foreach (var notice in pictures.Notices(count))
        {
            yield return new WarningPart(notice);
        }

        if (unknown > 0)
        {
            var names = string.Join(", ", unknownFonts.Where(name => name.Length > 0).Order(StringComparer.Ordinal).Take(FontNamesMax));
            yield return new WarningPart(
                Notice.Of(ReadingProblem.PdfUnknownFont, count, unknown, (names.Length > 0 ? $"({names})" : "")));
        }

        if (file.IsDamaged)
        {
            yield return new WarningPart(Notice.Of(ReadingProblem.PdfPartBroken));
        }

        if (file.IsCutOff)
        {
            yield return new TruncatedPart(Notice.Of(ReadingProblem.EndMissing));
        }

        if (file.PageCount > count)
        {
            yield return new TruncatedPart(Notice.Of(ReadingProblem.TooManyPages, count));
        }
        else if (file.IsTruncated)
        {
            yield return new TruncatedPart(Notice.Of(ReadingProblem.PdfTooLargeUnpacked));
        }
    }

    private static IReadOnlyList<Notice> Warnings(int number, PdfGlyphPage glyphs) => glyphs.Glyphs.Count > PdfLayout.GlyphsMax
        ? [.. glyphs.Warnings, Notice.Of(ReadingProblem.PdfTooManyGlyphs, number, PdfLayout.GlyphsMax)]
        : glyphs.Warnings;
}
