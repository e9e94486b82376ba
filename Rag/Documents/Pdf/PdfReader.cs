using Pybo.Rag.Documents.Pdf.Layout;
using Pybo.Rag.Documents.Pdf.Source;

namespace Pybo.Rag.Documents.Pdf;

/// <summary>
/// PDF: text by where its glyphs stand, in reading order, with headings, paragraphs, list items and the rows of tables; every line with its place on
/// the page. Running headers, footers and page numbers stay on the first page that has them only (<see cref="PdfRunningLines"/>).
/// </summary>
/// <remarks>
/// Pages are read in windows: what runs over pages is found within one, and a reader that is killed leaves all windows before. No more than a
/// window's lines are in memory. Scanned pages without recognised text are counted in a warning.
/// </remarks>
public sealed class PdfReader : DocumentReader
{
    /// <summary>Enough pages to tell what runs over them, few enough to yield the first within a second.</summary>
    private const int WindowPages = 32;

    /// <summary>Fonts that a warning names.</summary>
    private const int FontNamesMax = 3;

    /// <summary>Other bytes may stand before the signature, such as a printer's job header.</summary>
    private const int HeaderBytesMax = 1_024;

    public override DocumentFormat Format { get; } = new("PDF", "application/pdf", [".pdf"]);

    /// <summary>The signature at the beginning, or behind other bytes where objects follow: a text may speak of <c>%PDF-</c>.</summary>
    public override bool Recognises(ReadOnlySpan<byte> bytes, string fileName) =>
        bytes[..Math.Min(bytes.Length, HeaderBytesMax)].IndexOf("%PDF-"u8) is var at and >= 0 && (at == 0 || bytes[at..].IndexOf(" obj"u8) >= 0);

    public override IEnumerable<DocumentPart> Read(ReadOnlyMemory<byte> bytes, string fileName)
    {
        using var file = PdfFile.Open(bytes);
        if (DocumentTitle.Of(file.Title) is { } title)
        {
            yield return new TitlePart(title);
        }

        var composer = new PdfComposer();
        var window = new List<PdfPageLines>();
        var (scanned, unknown, unknownFonts) = (0, 0, new HashSet<string>(StringComparer.Ordinal));
        var count = 0;
        while (count < Math.Min(file.PageCount, DocumentBuilder.PagesMax))
        {
            var number = ++count;
            var glyphs = file.Read(number);
            var lines = PdfLayout.Lines(glyphs);
            if (glyphs.IsUnreadable)
            {
                unknown++;
                unknownFonts.UnionWith(glyphs.UnknownFonts);
            }

            scanned += lines.Count == 0 && glyphs.HasImages && !glyphs.IsUnreadable ? 1 : 0;
            foreach (var warning in Warnings(number, glyphs))
            {
                yield return new WarningPart(warning);
            }

            window.Add(new(number, glyphs.Width, glyphs.Height, lines));
            if (window.Count > WindowPages)
            {
                foreach (var part in composer.Compose(window, isLast: false))
                {
                    yield return part;
                }
            }
        }

        foreach (var part in composer.Compose(window, isLast: true).Concat(Endings(file, count, scanned, unknown, unknownFonts)))
        {
            yield return part;
        }
    }

    private static IEnumerable<DocumentPart> Endings(PdfFile file, int count, int scanned, int unknown, HashSet<string> unknownFonts)
    {
        if (scanned > 0)
        {
            yield return new WarningPart(
                $"{count:N0}쪽 가운데 {scanned:N0}쪽은 그림만 있고 글이 없어 읽지 못했습니다. 그림 속 글자를 알아보는 기능(OCR)은 들어 있지 않으니, 글자를 인식한 PDF로 다시 올려 주세요.");
        }

        if (unknown > 0)
        {
            var names = string.Join(", ", unknownFonts.Where(name => name.Length > 0).Order(StringComparer.Ordinal).Take(FontNamesMax));
            yield return new WarningPart(
                $"{count:N0}쪽 가운데 {unknown:N0}쪽은 글꼴{(names.Length > 0 ? $"({names})" : "")}에 문자 정보가 없어 글을 읽지 못했습니다. 원본 문서나 글자를 인식한 PDF로 다시 올려 주세요.");
        }

        if (file.IsDamaged)
        {
            yield return new WarningPart("파일 일부가 손상되어 읽지 못한 글이 있을 수 있습니다.");
        }

        if (file.IsCutOff)
        {
            yield return new TruncatedPart("파일의 뒷부분이 잘려 있어 남은 부분만 읽었습니다.");
        }

        if (file.PageCount > count)
        {
            yield return new TruncatedPart($"쪽이 너무 많아 앞의 {count:N0}쪽만 읽었습니다.");
        }
        else if (file.IsTruncated)
        {
            yield return new TruncatedPart("파일을 풀면 너무 커져 일부만 읽었습니다.");
        }
    }

    private static IReadOnlyList<string> Warnings(int number, PdfGlyphPage glyphs) => glyphs.Glyphs.Count > PdfLayout.GlyphsMax
        ? [.. glyphs.Warnings, $"{number}쪽은 글자가 너무 많아 앞의 {PdfLayout.GlyphsMax:N0}자만 읽었습니다."]
        : glyphs.Warnings;
}
