using System.Globalization;
using System.Text;
using Pybo.Rag.Documents;
using Pybo.Rag.Documents.Pdf;

namespace Pybo.Tests.Rag.Documents.Pdf;

public sealed class PdfReaderTests
{
    private const string Image = "<</Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8/Length 1>>stream\nA\nendstream";

    /// <summary>A file without a cross-reference table, which is read by its objects.</summary>
    private static byte[] Pdf(string info, params string[] contents)
    {
        var file = new StringBuilder("%PDF-1.4\n");
        void Object(int number, string value) => file.Append(CultureInfo.InvariantCulture, $"{number} 0 obj {value} endobj\n");
        Object(1, "<</Type/Catalog/Pages 2 0 R>>");
        Object(2, $"<</Type/Pages/Count {contents.Length}/Kids[{string.Join(' ', contents.Select((_, at) => $"{10 + (2 * at)} 0 R"))}]>>");
        Object(3, "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>");
        Object(4, Image);
        Object(5, info);
        Object(6, "<</Type/XObject/Subtype/Form/BBox[0 0 300 400]/Resources<</XObject<</I 4 0 R>>>>/Length 26>>stream\n300 0 0 400 0 0 cm /I Do\nendstream");
        Object(7, "<</Type/Font/Subtype/Type0/Encoding/Identity-H/DescendantFonts[<</Subtype/CIDFontType2/FontDescriptor<</FontFile2 8 0 R>>>>]>>");
        Object(8, "<</Length 19>>stream\n\0\u0001\0\0 without a table\nendstream");
        for (var at = 0; at < contents.Length; at++)
        {
            Object(10 + (2 * at), $"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 400]/Contents {11 + (2 * at)} 0 R/Resources<</Font<</F 3 0 R/U 7 0 R>>/XObject<</I 4 0 R/X 6 0 R>>>>>>");
            Object(11 + (2 * at), $"<</Length {contents[at].Length}>>stream\n{contents[at]}\nendstream");
        }

        return Encoding.Latin1.GetBytes(file.Append("trailer <</Root 1 0 R/Info 5 0 R>>\n%%EOF").ToString());
    }

    private static DocumentText Read(byte[] bytes) => DocumentReader.ReadFile(bytes, "파일 이름.pdf");

    [Fact]
    public void A_file_becomes_pages_of_text_with_places()
    {
        var document = Read(Pdf("<</Title(Annual Report)>>", "BT /F 12 Tf 30 350 Td (First page.) Tj ET", "BT /F 12 Tf 30 350 Td (Second page.) Tj ET"));
        Assert.Equal("Annual Report", document.Title);
        Assert.Equal("First page.\n\nSecond page.", document.Text);
        Assert.Equal([(1, 300f, 400f), (2, 300f, 400f)], document.Pages.Select(p => (p.Number, p.Width, p.Height)));
        var box = document.Pages[0].Lines[0].Box;
        Assert.Equal(30f, box.X);
        Assert.InRange(50f, box.Y, box.Y + box.Height);
        Assert.Empty(document.Warnings);
    }

    [Fact]
    public void Pages_with_only_images_are_counted_in_a_warning()
    {
        var warning = Assert.Single(Read(Pdf("<<>>", "BT /F 12 Tf 30 350 Td (Text.) Tj ET", "/I Do", "/I Do")).Warnings.Said());
        Assert.Contains("3쪽 가운데 2쪽", warning, StringComparison.Ordinal);
    }

    [Fact]
    public void Images_in_forms_and_inline_images_count_but_unused_images_do_not()
    {
        const string Inline = "q 200 0 0 100 0 0 cm BI /W 1 /H 1 /BPC 8 /CS /G ID 0 EI Q";
        Assert.Contains("4쪽 가운데 2쪽", Assert.Single(Read(Pdf("<<>>", "BT /F 12 Tf 30 350 Td (Text.) Tj ET", Inline, "/X Do", "")).Warnings.Said()), StringComparison.Ordinal);
        Assert.Empty(Read(Pdf("<<>>", "BT /F 12 Tf 30 350 Td (Text.) Tj ET", "")).Warnings);
    }

    [Fact]
    public void Pages_with_fonts_that_do_not_map_their_glyphs_are_counted_in_a_warning()
    {
        const string Text = "BT /F 12 Tf 30 350 Td (Text.) Tj ET";
        const string Unknown = "BT /U 12 Tf 30 350 Td <000100020003000400050006000700080009000A000B000C000D000E000F00100011001200130014> Tj ET";
        var document = Read(Pdf("<<>>", Text, Unknown, Text + "BT /U 12 Tf 30 300 Td <00010002> Tj ET"));
        Assert.Equal("Text.\n\nText.", document.Text);
        Assert.Contains("3쪽 가운데 1쪽은 글꼴에 문자 정보가 없어", Assert.Single(document.Warnings.Said()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_with_too_many_pages_is_cut_with_a_warning_whatever_count_it_declares()
    {
        static DocumentText Pages(int count) => Read(Encoding.Latin1.GetBytes(
            $"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Count 1>>endobj {string.Concat(Enumerable.Range(3, count).Select(number => $"{number} 0 obj<</Type/Page>>endobj "))}\n%%EOF"));
        Assert.Equal((DocumentBuilder.PagesMax, false), Pages(DocumentBuilder.PagesMax) is var whole ? (whole.Pages.Count, whole.Truncated) : default);
        var cut = Pages(DocumentBuilder.PagesMax + 1);
        Assert.Equal((DocumentBuilder.PagesMax, true), (cut.Pages.Count, cut.Truncated));
        Assert.Contains("앞의 5,000쪽만", Assert.Single(cut.Warnings.Said()), StringComparison.Ordinal);
    }

    [Fact]
    public void Damaged_data_causes_a_warning()
    {
        var packed = PdfFileWriter.Zlib(Encoding.Latin1.GetBytes("BT /F 12 Tf 30 350 Td (Text.) Tj ET " + string.Concat(Enumerable.Range(0, 9_000).Select(n => $"{n} w "))));
        packed.AsSpan(packed.Length / 2, 200).Fill(0xFF);
        var writer = new PdfFileWriter().Object(1, PdfFileWriter.Catalog).Object(2, PdfFileWriter.Branch).Object(3, "<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F<<>>>>>>/MediaBox[0 0 300 400]>>");
        writer.Stream(4, packed, "/Filter/FlateDecode").Table();
        var document = Read(writer.ToArray());
        Assert.Equal("Text.", document.Text);
        Assert.Contains("손상", Assert.Single(document.Warnings.Said()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_truncated_file_yields_its_remaining_text_with_a_warning()
    {
        var whole = Pdf("null", "BT /F 12 Tf 30 350 Td (First page.) Tj ET", "BT /F 12 Tf 30 350 Td (Second page.) Tj ET");
        Assert.False(Read(whole).Truncated);
        var cut = Read(whole[..whole.AsSpan().IndexOf("Second page"u8)]);
        Assert.StartsWith("First page.", cut.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Second", cut.Text, StringComparison.Ordinal);
        Assert.True(cut.Truncated);
        Assert.Contains("뒷부분이 잘려", Assert.Single(cut.Warnings.Said()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj")]
    [InlineData("%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj trailer<</Root 1 0 R>>")]
    public void A_file_without_a_page_is_refused(string file) =>
        Assert.Contains("쪽을 찾지 못했습니다", Assert.Throws<DocumentUnreadableException>(() => Read(Encoding.Latin1.GetBytes(file))).Said(), StringComparison.Ordinal);

    [Theory]
    [InlineData("%PDF-1.7\n", true)]
    [InlineData("\u001b%-12345X@PJL JOB\n%PDF-1.7\n1 0 obj", true)]
    [InlineData("A text that speaks of %PDF-1.7.", false)]
    [InlineData("PK", false)]
    [InlineData("", false)]
    public void The_signature_must_be_within_the_first_kilobyte(string text, bool isPdf)
    {
        Assert.Equal(isPdf, new PdfReader().Recognises(Encoding.Latin1.GetBytes(text), "a.txt"));
        Assert.False(new PdfReader().Recognises(Encoding.Latin1.GetBytes(new string(' ', 1_024) + text), "a.pdf"));
    }

    [Fact]
    public void The_first_pages_arrive_before_the_last_are_read()
    {
        var file = Pdf("<<>>", [.. Enumerable.Range(1, 100).Select(number => $"BT /F 12 Tf 30 350 Td (Page {number}.) Tj ET")]);
        using var parts = new PdfReader().Read(file, "a.pdf").GetEnumerator();
        var first = 0;
        while (first < 30 && parts.MoveNext())
        {
            first += parts.Current is PagePart ? 1 : 0;
        }

        Assert.Equal(30, first);
        Assert.Equal(100, Read(file).Pages.Count);
    }
}
