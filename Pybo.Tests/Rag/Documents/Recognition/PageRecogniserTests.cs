using System.Globalization;
using Pybo.Rag.Documents;
using Pybo.Rag.Documents.Recognition;
using Pybo.Rag.Ingestion;

namespace Pybo.Tests.Rag.Documents.Recognition;

public sealed class PageRecogniserTests : IDisposable
{
    private const double RightMin = 0.95;

    /// <summary>The page as it was drawn, read once for all comparisons.</summary>
    private static readonly Lazy<Task<DocumentText>> Straight = new(async () =>
    {
        using var recogniser = new PageRecogniser();
        return await Scans.ReadAsync(Scans.Pdf(await Scans.PageAsync()), "곧은 쪽.pdf", recogniser);
    });

    private readonly PageRecogniser recogniser = new();

    [Theory]
    [InlineData(1.5, false)]
    [InlineData(-1.5, true)]
    public async Task A_scanned_page_is_read_with_its_places(double degrees, bool isNoisy)
    {
        await Scans.SkipUnlessRecognisedAsync();
        var page = await Scans.PageAsync();
        var turned = page.Turned(degrees);
        var document = await Scans.ReadAsync(Scans.Pdf(isNoisy ? turned.Noisy() : turned), "스캔.pdf", recogniser);
        Assert.InRange(Scans.Right(Scans.Korean, document.Text), RightMin, 1);
        Assert.Equal("1쪽 가운데 1쪽은 그림에서 알아본 글자라 틀린 곳이 있을 수 있습니다.", Assert.Single(document.Warnings.Said()));

        // Spaces are right too: whole words are found.
        Assert.Contains("한 사람이 다섯 권까지", document.Text, StringComparison.Ordinal);
        var (straight, found) = (Place(await Straight.Value, "회의실은 사용하기"), Place(document, "회의실은 사용하기"));
        var (x, y) = (straight.X + (straight.Width / 2), straight.Y + (straight.Height / 2));
        var (width, height) = (document.Pages[0].Width, document.Pages[0].Height);
        var (sine, cosine) = Math.SinCos(degrees * Math.PI / 180);
        var expected = (X: (width / 2) + ((x - (width / 2)) * cosine) - ((y - (height / 2)) * sine), Y: (height / 2) + ((x - (width / 2)) * sine) + ((y - (height / 2)) * cosine));
        Assert.InRange(found.Y + (found.Height / 2), expected.Y - 4, expected.Y + 4);
        Assert.InRange(found.X + (found.Width / 2), expected.X - 12, expected.X + 12);
    }

    [Fact]
    public async Task Only_pages_without_text_are_recognised_and_stay_in_order()
    {
        await Scans.SkipUnlessRecognisedAsync();
        var pages = new List<int>();
        var document = await Scans.ReadAsync(Scans.Pdf(null, await Scans.PageAsync(), null), "섞임.pdf", recogniser, new Progress(pages));
        Assert.StartsWith("Plain text.", document.Text, StringComparison.Ordinal);
        Assert.EndsWith("Plain text.", document.Text, StringComparison.Ordinal);
        Assert.Contains("마을 도서관", document.Text.Substring(document.Pages[1].Start, document.Pages[1].Length), StringComparison.Ordinal);
        Assert.Contains("3쪽 가운데 1쪽", Assert.Single(document.Warnings.Said()), StringComparison.Ordinal);
        Assert.Contains(1, pages);
    }

    [Fact]
    public async Task Pictures_of_all_kinds_are_read()
    {
        await Scans.SkipUnlessRecognisedAsync();
        var page = await Scans.PageAsync();
        var png = await Scans.ReadAsync(Scans.Png(page), "사진", recogniser);
        Assert.InRange(Scans.Right(Scans.Korean, png.Text), RightMin, 1);
        Assert.Equal("PNG", png.Format);

        // Held by a quarter to the left: the picture must be turned to the right.
        var jpeg = await Scans.ReadAsync(await Scans.JpegAsync(page.Turned(3), 6), "사진", recogniser);
        Assert.InRange(Scans.Right(Scans.Korean, jpeg.Text), RightMin, 1);
        Assert.True(jpeg.Pages[0].Height > jpeg.Pages[0].Width);

        var tiff = await Scans.ReadAsync(Scans.Tiff(page, page.Turned(0.5)), "팩스", recogniser);
        Assert.Equal(2, tiff.Pages.Count);
        Assert.All(tiff.Pages, sheet => Assert.InRange(Scans.Right(Scans.Korean, tiff.Text.Substring(sheet.Start, sheet.Length)), RightMin, 1));
    }

    [Theory]
    [InlineData("ko", "apt install tesseract-ocr tesseract-ocr-kor")]
    [InlineData("en", "apt install tesseract-ocr tesseract-ocr-kor")]
    public async Task Without_the_program_the_document_says_what_to_install(string language, string words)
    {
        using var missing = new PageRecogniser("/nowhere/tesseract");
        var document = await Scans.ReadAsync(Scans.Pdf(null, Blank), "스캔.pdf", missing);
        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(language);
        Assert.Equal(2, document.Warnings.Count);
        Assert.Contains(words, document.Warnings.Said()[1], StringComparison.Ordinal);
        Assert.Equal("Plain text.", document.Text);
    }

    [Theory]
    [InlineData("tesseract")]
    [InlineData("./tesseract")]
    public async Task A_program_is_never_looked_for_in_the_working_folder(string path)
    {
        using var relative = new PageRecogniser(path);
        Assert.NotNull(await relative.MissingAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_server_that_is_set_not_to_recognise_says_so()
    {
        using var off = new PageRecogniser(PageRecogniser.Off);
        Assert.Contains("Pybo:Tesseract", (await Scans.ReadAsync(Scans.Pdf(Blank), "스캔.pdf", off)).Warnings.Said()[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_document_beyond_its_time_says_how_many_pages_were_recognised()
    {
        await Scans.SkipUnlessRecognisedAsync();
        using var hasty = new PageRecogniser(limits: new() { DocumentTime = TimeSpan.FromMilliseconds(1) });
        var page = await Scans.PageAsync();
        var document = await Scans.ReadAsync(Scans.Pdf(page, page), "스캔.pdf", hasty);
        Assert.Contains("마을 도서관", document.Text, StringComparison.Ordinal);
        Assert.Contains(document.Warnings.Said(), warning => warning.Contains("그림 2쪽 가운데 앞의 1쪽만", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_page_beyond_its_time_is_left_out()
    {
        await Scans.SkipUnlessRecognisedAsync();
        using var hasty = new PageRecogniser(limits: new() { PageTime = TimeSpan.FromMilliseconds(20) });
        var document = await Scans.ReadAsync(Scans.Pdf(await Scans.PageAsync()), "스캔.pdf", hasty);
        Assert.Equal("", document.Text);
        Assert.Contains(document.Warnings.Said(), warning => warning.Contains("그림 1쪽은 글자를 알아보지 못했습니다", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_picture_that_cannot_be_decoded_is_counted()
    {
        await Scans.SkipUnlessRecognisedAsync();
        var png = Scans.Png(Blank);
        var document = await Scans.ReadAsync(png[..(png.Length / 2)], "깨진 그림.png", recogniser);
        Assert.Equal("", document.Text);
        Assert.Contains(document.Warnings.Said(), warning => warning.Contains("알아보지 못했습니다", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_folders_pictures_are_read_only_with_the_program()
    {
        using var missing = new PageRecogniser("/nowhere/tesseract");
        var folder = Directory.CreateTempSubdirectory("pybo-pictures-");
        try
        {
            await File.WriteAllBytesAsync(Path.Combine(folder.FullName, "사진.JPG"), [1], TestContext.Current.CancellationToken);
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "글.txt"), "글", TestContext.Current.CancellationToken);
            Assert.Equal(["글.txt", "사진.JPG"], FolderListing.Of(folder.FullName).Files);
            var without = FolderListing.Of(folder.FullName, await missing.MissingAsync(TestContext.Current.CancellationToken));
            Assert.Equal(["글.txt"], without.Files);
            Assert.Contains("RecognitionMissing", Assert.Single(without.Skipped).Reason, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    public void Dispose() => recogniser.Dispose();

    private static DrawnPage Blank => new(400, 300, Enumerable.Repeat((byte)255, 400 * 300).ToArray());

    /// <summary>The place of the line that contains these words.</summary>
    private static Pybo.Data.PageBox Place(DocumentText document, string words)
    {
        var at = document.Text.IndexOf(words, StringComparison.Ordinal);
        Assert.True(at >= 0, document.Text);
        return document.Pages[0].Lines.Last(line => line.Start <= at).Box;
    }

    private sealed class Progress(List<int> pages) : IProgress<int>
    {
        public void Report(int value)
        {
            lock (pages)
            {
                pages.Add(value);
            }
        }
    }
}
