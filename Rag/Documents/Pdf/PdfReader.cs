using System.Security.Cryptography;

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

    /// <summary>Other bytes may stand before the signature, such as a printer's job header.</summary>
    private const int HeaderBytesMax = 1_024;

    public override DocumentFormat Format { get; } = new("PDF", "application/pdf", [".pdf"]);

    /// <summary>The signature at the beginning, or behind other bytes where objects follow: a text may speak of <c>%PDF-</c>.</summary>
    public override bool Recognises(ReadOnlySpan<byte> bytes, string fileName) =>
        bytes[..Math.Min(bytes.Length, HeaderBytesMax)].IndexOf("%PDF-"u8) is var at and >= 0 && (at == 0 || bytes[at..].IndexOf(" obj"u8) >= 0);

    public override IEnumerable<DocumentPart> Read(ReadOnlyMemory<byte> bytes, string fileName)
    {
        var file = Open(bytes);
        if (DocumentTitle.Of(file.Title) is { } title)
        {
            yield return new TitlePart(title);
        }

        var composer = new PdfComposer();
        var content = new PdfContentReader(file);
        var window = new List<PdfPageLines>();
        var (count, scanned, unknown, isCut) = (0, 0, 0, false);
        foreach (var page in file.Pages())
        {
            if (count == PdfLimits.PagesMax)
            {
                isCut = true;
                break;
            }

            count++;
            var glyphs = content.Read(page);
            var lines = PdfLayout.Lines(glyphs);
            unknown += glyphs.IsUnreadable ? 1 : 0;
            scanned += lines.Count == 0 && glyphs.HasImages && !glyphs.IsUnreadable ? 1 : 0;
            foreach (var warning in Warnings(page, glyphs))
            {
                yield return new WarningPart(warning);
            }

            window.Add(new(page.Number, glyphs.Width, glyphs.Height, lines));
            if (window.Count > WindowPages)
            {
                foreach (var part in composer.Compose(window, isLast: false))
                {
                    yield return part;
                }
            }
        }

        foreach (var part in composer.Compose(window, isLast: true).Concat(Endings(file, count, scanned, unknown, isCut)))
        {
            yield return part;
        }
    }

    private static IEnumerable<DocumentPart> Endings(PdfFile file, int count, int scanned, int unknown, bool isCut)
    {
        if (count == 0)
        {
            throw new DocumentUnreadableException("PDF에서 쪽을 찾지 못했습니다. 파일이 손상되었거나 끝까지 받지 못한 것일 수 있으니 다시 올려 주세요.");
        }

        if (scanned > 0)
        {
            yield return new WarningPart(
                $"{count:N0}쪽 가운데 {scanned:N0}쪽은 그림만 있고 글이 없어 읽지 못했습니다. 그림 속 글자를 알아보는 기능(OCR)은 들어 있지 않으니, 글자를 인식한 PDF로 다시 올려 주세요.");
        }

        if (unknown > 0)
        {
            yield return new WarningPart(
                $"{count:N0}쪽 가운데 {unknown:N0}쪽은 글꼴에 문자 정보가 없어 글을 읽지 못했습니다. 원본 문서나 글자를 인식한 PDF로 다시 올려 주세요.");
        }

        if (file.IsDamaged)
        {
            yield return new WarningPart("파일 일부가 손상되어 읽지 못한 글이 있을 수 있습니다.");
        }

        if (file.IsCutOff)
        {
            yield return new TruncatedPart("파일의 뒷부분이 잘려 있어 남은 부분만 읽었습니다.");
        }

        if (isCut)
        {
            yield return new TruncatedPart($"쪽이 너무 많아 앞의 {count:N0}쪽만 읽었습니다.");
        }
        else if (file.IsTruncated)
        {
            yield return new TruncatedPart("파일을 풀면 너무 커져 일부만 읽었습니다.");
        }
    }

    private static PdfFile Open(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            return PdfFile.Open(bytes);
        }
        catch (CryptographicException broken)
        {
            throw new DocumentUnreadableException("PDF의 암호를 풀지 못했습니다. 암호 없이 저장한 뒤 다시 올려 주세요.", broken);
        }
    }

    private static IReadOnlyList<string> Warnings(PdfPage page, PdfGlyphPage glyphs) => glyphs.Glyphs.Count > PdfLayout.GlyphsMax
        ? [.. glyphs.Warnings, $"{page.Number}쪽은 글자가 너무 많아 앞의 {PdfLayout.GlyphsMax:N0}자만 읽었습니다."]
        : glyphs.Warnings;
}
