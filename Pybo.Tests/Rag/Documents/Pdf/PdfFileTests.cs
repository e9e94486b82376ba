using System.Globalization;
using System.Text;
using Pybo.Rag.Documents;
using Pybo.Rag.Documents.Pdf;

namespace Pybo.Tests.Rag.Documents.Pdf;

public sealed class PdfFileTests
{
    private const string OnePage = """
        %PDF-1.4
        1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
        2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 200 100]/Rotate 90>>endobj
        3 0 obj<</Type/Page/Parent 2 0 R/Contents[4 0 R 5 0 R]/CropBox[10 10 500 90]>>endobj
        4 0 obj<</Length 9999>>stream
        BT (a) Tj
        endstream endobj
        5 0 obj<</Length 3>>stream
        ET
        endstream endobj
        """;

    [Fact]
    public void A_file_without_a_table_is_read_by_its_objects()
    {
        var file = Open(OnePage);
        var page = Assert.Single(file.Pages());
        Assert.Equal(new PdfBox(10, 10, 200, 90), page.Box);
        Assert.Equal(90, page.Rotation);
        Assert.Equal("BT (a) Tj\nET\n\n", Encoding.Latin1.GetString(file.Contents(page).Span));
    }

    [Fact]
    public void The_last_of_several_versions_of_an_object_counts_when_the_table_is_made_anew()
    {
        var file = Open(OnePage + "\n2 0 obj<</Type/Pages/Kids[3 0 R]/MediaBox[0 0 300 300]>>endobj\n");
        Assert.Equal(new PdfBox(10, 10, 300, 90), file.Pages().Single().Box);
    }

    [Fact]
    public void A_page_that_the_table_forgot_is_found_and_one_that_it_calls_deleted_is_not()
    {
        var writer = new PdfFileWriter().Write("5 0 obj<</Type/Page/Contents 4 0 R>>endobj\n6 0 obj<</Type/Page/Contents 4 0 R>>endobj\n");
        writer.Object(1, PdfFileWriter.Catalog).Object(2, "<</Type/Pages/Kids[3 0 R 5 0 R 6 0 R]/Count 3>>").Object(3, PdfFileWriter.Page).Stream(4, "BT ET"u8.ToArray());
        writer.Table(free: [6]);
        Assert.Equal(2, PdfFile.Open(writer.ToArray()).Pages().Count());
    }

    [Fact]
    public void An_object_stream_that_stands_there_many_times_is_looked_through_once()
    {
        var file = new StringBuilder("%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Kids[3 0 R]>>endobj\n");
        file.Insert(file.Length, "9 0 obj<</Type/ObjStm>>endobj\n", 30_000);
        var numbers = string.Concat(Enumerable.Range(100, 100_000).Select(number => $"{number} 0 "));
        file.Append(CultureInfo.InvariantCulture, $"9 0 obj<</Type/ObjStm/N 100001/First {numbers.Length + 4}/Length {numbers.Length + 16}>>stream\n{numbers}3 0 <</Type/Page>>\nendstream endobj\n");
        Assert.Single(Open(file.ToString()).Pages());
    }

    [Fact]
    public void A_page_tree_or_a_content_of_too_many_parts_is_cut_and_says_so()
    {
        var nodes = Open($"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Kids[3 0 R{string.Concat(Enumerable.Repeat(" null", PdfLimits.PageNodesMax))}]>>endobj 3 0 obj<</Type/Page>>endobj");
        Assert.False(nodes.IsTruncated);
        Assert.Single(nodes.Pages());
        Assert.True(nodes.IsTruncated);
        var parts = Open($"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Kids[3 0 R]>>endobj 3 0 obj<</Type/Page/Contents[{string.Concat(Enumerable.Repeat(" null", PdfLimits.ContentStreamsMax + 1))}]>>endobj");
        Assert.Empty(parts.Contents(parts.Pages().Single()).ToArray());
        Assert.True(parts.IsTruncated);
    }

    [Theory]
    [InlineData("")]
    [InlineData("%PDF-1.7")]
    [InlineData("%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 1 0 R>>endobj trailer<</Root 1 0 R>>")]
    [InlineData("%PDF-1.7\ntrailer<</Root 1 0 R/Prev 0>>\nstartxref\n9\n%%EOF")]
    public void A_file_without_a_page_opens_and_has_none(string text) => Assert.Empty(Open(text).Pages());

    [Theory]
    [InlineData(new byte[] { 0xFE, 0xFF, 0xD5, 0x5C, 0xAE, 0x00 }, "한글")]
    [InlineData(new byte[] { 0xC7, 0xD1, 0xB1, 0xDB }, "한글")]
    [InlineData(new byte[] { 0xED, 0x95, 0x9C }, "한")]
    [InlineData(new byte[] { 0x43, 0x61, 0x66, 0xE9 }, "Café")]
    [InlineData(new byte[] { 0x80, 0x20, 0x61 }, "• a")]
    public void A_text_string_is_read_in_the_encoding_that_it_is_in(byte[] bytes, string text) => Assert.Equal(text, PdfTextString.Decode(bytes));

    [Theory]
    [InlineData("corpus/pdf", 414)]
    [InlineData("corpus/pdf-ko", 4)]
    [InlineData("corpus/pdf-ko-synth", 16)]
    [InlineData("corpus/hostile", 35)]
    public void Pages_are_found_in_real_and_hostile_files(string folder, int withPages)
    {
        var found = Directory.EnumerateFiles(Repository.Shared(folder), "*.pdf").Count(file => CountPages(File.ReadAllBytes(file)) > 0);
        Assert.True(found >= withPages, $"{found} files have a page");
    }

    /// <summary>Reads every page's operators; a file that needs a password has none.</summary>
    private static int CountPages(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            var file = PdfFile.Open(bytes);
            var count = 0;
            foreach (var page in file.Pages())
            {
                var content = new PdfContentParser(file.Contents(page), file.Names);
                while (content.Read())
                {
                    Assert.NotNull(content.Operator);
                }

                count++;
            }

            return count;
        }
        catch (DocumentUnreadableException)
        {
            return 0;
        }
    }

    private static PdfFile Open(string text) => PdfFile.Open(Encoding.Latin1.GetBytes(text));
}
