using System.Globalization;
using System.Text;
using Pybo.Rag.Documents;
using Pybo.Rag.Documents.Pdf;
using Pybo.Rag.Documents.Pdf.Source;

namespace Pybo.Tests.Rag.Documents.Pdf.Source;

public sealed class PdfFileTests
{
    private const string OnePage = """
        %PDF-1.4
        1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
        2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 200 100]/Rotate 90/CropBox[10 10 500 90]/Resources<</Font<</F 6 0 R>>>>>>endobj
        3 0 obj<</Type/Page/Parent 2 0 R/Contents[4 0 R 5 0 R]>>endobj
        4 0 obj<</Length 9999>>stream
        BT /F 10 Tf 20 50 Td (a) Tj
        endstream endobj
        5 0 obj<</Length 3>>stream
        (b) Tj ET
        endstream endobj
        6 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj
        """;

    [Fact]
    public void A_file_without_a_table_is_read_by_its_objects_and_inherits_its_boxes()
    {
        using var file = Open(OnePage);
        Assert.Equal(1, file.PageCount);
        var page = file.Read(1);
        Assert.Equal((80f, 190f, "ab"), (page.Width, page.Height, string.Concat(page.Glyphs.Select(glyph => glyph.Text))));
        Assert.All(page.Glyphs, glyph => Assert.Equal(90, glyph.Angle));
    }

    [Fact]
    public void A_rebuilt_table_uses_the_last_version_of_an_object()
    {
        using var file = Open(OnePage + "\n2 0 obj<</Type/Pages/Kids[3 0 R]/MediaBox[0 0 300 300]>>endobj\n");
        Assert.Equal((300f, 300f), (file.Read(1).Width, file.Read(1).Height));
    }

    [Fact]
    public void A_page_with_a_wrong_content_offset_is_found_by_its_objects()
    {
        var writer = new PdfFileWriter().OnePage("found");
        var offset = writer.OffsetOf(4);
        writer.Table();
        var text = Encoding.Latin1.GetString(writer.ToArray()).Replace(offset.ToString("D10", CultureInfo.InvariantCulture), "0000000012", StringComparison.Ordinal);
        Assert.Equal(["found"], PdfFileWriter.Texts(PdfFileWriter.Latin1(text)));
    }

    [Fact]
    public void A_repeated_object_stream_is_searched_once()
    {
        var file = new StringBuilder("%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Kids[3 0 R]>>endobj\n");
        file.Insert(file.Length, "9 0 obj<</Type/ObjStm>>endobj\n", 30_000);
        var numbers = string.Concat(Enumerable.Range(100, 100_000).Select(number => $"{number} 15 "));
        file.Append(CultureInfo.InvariantCulture, $"9 0 obj<</Type/ObjStm/N 100001/First {numbers.Length + 4}/Length {numbers.Length + 24}>>stream\n{numbers}3 0 <</Type/Page>> <<>>\nendstream endobj\n");
        using var opened = Open(file.ToString());
        Assert.Equal(1, opened.PageCount);
    }

    [Fact]
    public void A_page_tree_too_deep_for_recursion_is_flattened()
    {
        const int depth = PdfLimits.PageBranchesMax + 2_000;
        var file = new StringBuilder("%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n");
        for (var number = 2; number < depth; number++)
        {
            file.Append(CultureInfo.InvariantCulture, $"{number} 0 obj<</Type/Pages/Kids[{number + 1} 0 R]/Count 1>>endobj\n");
        }

        file.Append(CultureInfo.InvariantCulture, $"{depth} 0 obj<</Type/Page/MediaBox[0 0 50 60]>>endobj\n");
        using var opened = Open(file.ToString());
        Assert.Equal((1, 50f), (opened.PageCount, opened.Read(1).Width));
    }

    [Fact]
    public void Content_that_is_too_long_is_cut_with_a_warning()
    {
        var writer = new PdfFileWriter().Object(1, PdfFileWriter.Catalog).Object(2, PdfFileWriter.Branch).Object(3, PdfFileWriter.Page);
        var content = new byte[PdfLimits.StreamBytesMax + 100];
        content.AsSpan().Fill((byte)' ');
        PdfFileWriter.Shows("first").CopyTo(content, 0);
        PdfFileWriter.Shows("last").CopyTo(content, content.Length - 60);
        writer.Stream(4, PdfFileWriter.Zlib(content), "/Filter/FlateDecode").Table();
        using var file = PdfFile.Open(writer.ToArray());
        Assert.Equal("first", string.Concat(file.Read(1).Glyphs.Select(glyph => glyph.Text)));
        Assert.True(file.IsTruncated);
    }

    [Theory]
    [InlineData("")]
    [InlineData("%PDF-1.7")]
    [InlineData("%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 1 0 R>>endobj trailer<</Root 1 0 R>>")]
    [InlineData("%PDF-1.7\ntrailer<</Root 1 0 R/Prev 0>>\nstartxref\n9\n%%EOF")]
    public void A_file_without_a_page_is_refused(string text) =>
        Assert.Contains("쪽을 찾지 못했습니다", Assert.Throws<DocumentUnreadableException>(() => Open(text)).Said(), StringComparison.Ordinal);

    [Theory]
    [InlineData(new byte[] { 0xFE, 0xFF, 0xD5, 0x5C, 0xAE, 0x00 }, "한글")]
    [InlineData(new byte[] { 0xC7, 0xD1, 0xB1, 0xDB }, "한글")]
    [InlineData(new byte[] { 0xED, 0x95, 0x9C }, "한")]
    [InlineData(new byte[] { 0x43, 0x61, 0x66, 0xE9 }, "Café")]
    [InlineData(new byte[] { 0x80, 0x20, 0x61 }, "• a")]
    public void A_text_string_is_read_in_its_own_encoding(byte[] bytes, string text) => Assert.Equal(text, PdfTextString.Decode(bytes));

    [Theory]
    [InlineData("corpus/pdf", 414)]
    [InlineData("corpus/pdf-ko", 4)]
    [InlineData("corpus/pdf-ko-synth", 16)]
    public void Pages_are_found_in_real_files(string folder, int withPages)
    {
        var found = Directory.EnumerateFiles(Repository.Shared(folder), "*.pdf").Count(file => CountPages(File.ReadAllBytes(file)) > 0);
        Assert.True(found >= withPages, $"{found} files have a page");
    }

    /// <summary>The number of pages; 0 if the file needs a password.</summary>
    private static int CountPages(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            using var file = PdfFile.Open(bytes);
            return file.PageCount;
        }
        catch (DocumentUnreadableException)
        {
            return 0;
        }
    }

    private static PdfFile Open(string text) => PdfFile.Open(Encoding.Latin1.GetBytes(text));
}
