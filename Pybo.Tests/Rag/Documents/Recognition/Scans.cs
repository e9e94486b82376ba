using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Pybo.Rag.Documents;
using Pybo.Rag.Documents.Isolation;
using Pybo.Rag.Documents.Recognition;
using Pybo.Tests.Pages;
using Pybo.Tests.Rag.Documents.Pdf;

namespace Pybo.Tests.Rag.Documents.Recognition;

/// <summary>A Korean page, drawn and then treated as a scanner treats it; and files that contain nothing but its pictures.</summary>
internal static class Scans
{
    public const string Korean =
        """
        마을 도서관 이용 안내
        제1조(목적) 이 안내는 마을 도서관의 자료와 시설을 이용하는 데 필요한 사항을 정한다.
        제2조(이용 시간) 평일에는 아침 아홉 시부터 저녁 여덟 시까지, 토요일에는 오후 다섯 시까지 문을 연다. 월요일과 공휴일에는 쉰다.
        제3조(대출) 한 사람이 다섯 권까지 두 주 동안 빌릴 수 있으며, 예약한 사람이 없으면 한 주 더 연장할 수 있다.
        제4조(연체) 기한을 넘기면 넘긴 날수만큼 자료를 빌릴 수 없다. 자료를 잃어버리면 같은 자료로 갚아야 한다.
        제5조(회의실) 회의실은 사용하기 사흘 전까지 신청하고, 사용한 뒤에는 책상과 의자를 제자리에 돌려 놓는다.
        """;

    private const int Dots = 300;
    private static readonly Lazy<Task<DrawnPage>> Drawn = new(DrawAsync);

    public static async Task SkipUnlessRecognisedAsync()
    {
        Assert.SkipUnless(Browser.Executable is not null, "Chromium is not installed (apt install chromium).");
        using var recogniser = new PageRecogniser();
        Assert.SkipUnless(await recogniser.MissingAsync(TestContext.Current.CancellationToken) is null, "Tesseract is not installed (apt install tesseract-ocr tesseract-ocr-kor poppler-utils).");
    }

    /// <summary>The page at 300 dots per inch, straight and clean.</summary>
    public static Task<DrawnPage> PageAsync() => Drawn.Value;

    /// <summary>The page with the noise of a sensor.</summary>
    public static DrawnPage Noisy(this DrawnPage page)
    {
        const int reach = 40;
        var random = new Random(1);
        var pixels = page.Pixels.ToArray();
        for (var at = 0; at < pixels.Length; at++)
        {
            pixels[at] = (byte)Math.Clamp(pixels[at] + random.Next(-reach, reach + 1) + random.Next(-reach, reach + 1), 0, 255);
        }

        return page with { Pixels = pixels };
    }

    /// <summary>A PDF whose pages are pictures; null for a page with a line of text instead.</summary>
    public static byte[] Pdf(params DrawnPage?[] pages)
    {
        var writer = new PdfFileWriter().Object(1, PdfFileWriter.Catalog);
        writer.Object(2, $"<</Type/Pages/Kids[{string.Join(' ', pages.Select((_, at) => $"{10 * (at + 1)} 0 R"))}]/Count {pages.Length}/MediaBox[0 0 595 842]>>");
        for (var at = 0; at < pages.Length; at++)
        {
            var number = 10 * (at + 1);
            if (pages[at] is not { } page)
            {
                writer.Object(number, $"<</Type/Page/Parent 2 0 R/Contents {number + 1} 0 R/Resources<</Font<</F {PdfDraft.Helvetica}>>>>>>").Stream(number + 1, PdfFileWriter.Shows("Plain text."));
                continue;
            }

            var size = string.Create(CultureInfo.InvariantCulture, $"{Points(page.Width)} {Points(page.Height)}");
            var content = string.Create(CultureInfo.InvariantCulture, $"q {Points(page.Width)} 0 0 {Points(page.Height)} 0 0 cm /I Do Q");
            writer.Object(number, $"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {size}]/Contents {number + 1} 0 R/Resources<</XObject<</I {number + 2} 0 R>>>>>>");
            writer.Stream(number + 1, PdfFileWriter.Latin1(content));
            writer.Stream(number + 2, PdfFileWriter.Zlib(page.Pixels.Span), $"/Type/XObject/Subtype/Image/Width {page.Width}/Height {page.Height}/ColorSpace/DeviceGray/BitsPerComponent 8/Filter/FlateDecode");
        }

        writer.Table();
        return writer.ToArray();
    }

    public static byte[] Png(DrawnPage page)
    {
        var rows = new byte[(page.Width + 1) * page.Height];
        for (var y = 0; y < page.Height; y++)
        {
            page.Pixels.Slice(y * page.Width, page.Width).CopyTo(rows.AsMemory((y * (page.Width + 1)) + 1));
        }

        return [0x89, .. "PNG\r\n\u001A\n"u8, .. Chunk("IHDR", [.. Big(page.Width), .. Big(page.Height), 8, 0, 0, 0, 0]), .. Chunk("IDAT", PdfFileWriter.Zlib(rows)), .. Chunk("IEND", [])];
    }

    /// <summary>A TIFF file with a directory for each page, without compression.</summary>
    public static byte[] Tiff(params DrawnPage[] pages)
    {
        const int entries = 9;
        using var file = new MemoryStream();
        using var writer = new BinaryWriter(file);
        writer.Write("II*\0"u8);
        writer.Write(8);
        for (var at = 0; at < pages.Length; at++)
        {
            var page = pages[at];
            var pixels = (int)file.Position + 2 + (entries * 12) + 4;
            writer.Write((short)entries);
            foreach (var (tag, value) in new (short, int)[] { (256, page.Width), (257, page.Height), (258, 8), (259, 1), (262, 1), (273, pixels), (277, 1), (278, page.Height), (279, page.Pixels.Length) })
            {
                writer.Write(tag);
                writer.Write((short)4);
                writer.Write(1);
                writer.Write(value);
            }

            writer.Write(at + 1 < pages.Length ? pixels + page.Pixels.Length : 0);
            writer.Write(page.Pixels.Span);
        }

        return file.ToArray();
    }

    /// <summary>A JPEG file whose camera was held so that its picture must be turned as its orientation (TIFF 6.0, tag 274) says.</summary>
    public static async Task<byte[]> JpegAsync(DrawnPage page, byte orientation)
    {
        using var pdf = new MemoryStream(Pdf(page));
        var plain = await ConfinedProgram.RunAsync("/usr/bin/pdftoppm", ["-jpeg", "-gray", "-r", $"{Dots}", "-singlefile", "-"], pdf, 100_000_000, TimeSpan.FromMinutes(2), [], TestContext.Current.CancellationToken);
        Assert.NotNull(plain);
        byte[] exif = [.. "Exif\0\0MM\0*"u8, 0, 0, 0, 8, 0, 1, 1, 18, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0];
        return [.. plain[..2], 0xFF, 0xE1, 0, (byte)(exif.Length + 2), .. exif, .. plain[2..]];
    }

    /// <summary>The share of the characters that were read right, spaces apart: 1 less the edits that make one text the other.</summary>
    public static double Right(string expected, string read)
    {
        var (wanted, found) = (Letters(expected), Letters(read));
        var previous = Enumerable.Range(0, found.Length + 1).ToArray();
        for (var at = 1; at <= wanted.Length; at++)
        {
            var row = new int[found.Length + 1];
            row[0] = at;
            for (var next = 1; next <= found.Length; next++)
            {
                row[next] = Math.Min(Math.Min(previous[next], row[next - 1]) + 1, previous[next - 1] + (wanted[at - 1] == found[next - 1] ? 0 : 1));
            }

            previous = row;
        }

        return 1 - ((double)previous[^1] / wanted.Length);
    }

    public static async Task<DocumentText> ReadAsync(byte[] bytes, string fileName, PageRecogniser recogniser, IProgress<int>? pages = null)
    {
        await using var reader = new IsolatedDocumentReader(new() { Time = TimeSpan.FromMinutes(2) }, recogniser: recogniser);
        using var content = new MemoryStream(bytes);
        return await reader.ReadAsync(content, bytes.Length, fileName, pages, TestContext.Current.CancellationToken);
    }

    private static double Points(int pixels) => pixels * 72.0 / Dots;

    private static string Letters(string text) => string.Concat(text.Normalize().Where(character => !char.IsWhiteSpace(character)));

    private static async Task<DrawnPage> DrawAsync()
    {
        var folder = Directory.CreateTempSubdirectory("pybo-scans-").FullName;
        try
        {
            var (page, pdf) = (Path.Combine(folder, "page.html"), Path.Combine(folder, "page.pdf"));
            var lines = Korean.Split('\n').Select(line => $"<p>{line}</p>");
            await File.WriteAllTextAsync(page, $"<!doctype html><html lang=ko><meta charset=utf-8><body style='font:12pt serif;margin:10mm'>{string.Concat(lines)}");
            using var chromium = Process.Start(new ProcessStartInfo(Browser.Executable!, ["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer", $"--user-data-dir={folder}", $"--print-to-pdf={pdf}", page]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
            await Task.WhenAll(chromium.StandardError.ReadToEndAsync(), chromium.StandardOutput.ReadToEndAsync(), chromium.WaitForExitAsync());
            await using var content = File.OpenRead(pdf);
            var drawn = await ConfinedProgram.RunAsync("/usr/bin/pdftoppm", ["-gray", "-r", $"{Dots}", "-singlefile", "-"], content, 100_000_000, TimeSpan.FromMinutes(2), [], default);
            return DrawnPage.Parse(drawn) ?? throw new InvalidOperationException("The page was not drawn.");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static byte[] Chunk(string name, byte[] content)
    {
        byte[] named = [.. Encoding.ASCII.GetBytes(name), .. content];
        return [.. Big(content.Length), .. named, .. Big((int)Check(named))];
    }

    /// <summary>CRC-32 as PNG wants it.</summary>
    private static uint Check(byte[] bytes)
    {
        var check = uint.MaxValue;
        foreach (var one in bytes)
        {
            check ^= one;
            for (var bit = 0; bit < 8; bit++)
            {
                check = (check >> 1) ^ ((check & 1) * 0xEDB8_8320);
            }
        }

        return ~check;
    }

    private static byte[] Big(int number)
    {
        var bytes = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(bytes, number);
        return bytes;
    }
}
