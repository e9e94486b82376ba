using System.Globalization;
using System.Text;
using Pybo.Rag.Documents;
using Pybo.Rag.Documents.Pdf;
using Pybo.Rag.Documents.Pdf.Source;

namespace Pybo.Tests.Rag.Documents.Pdf.Source;

/// <summary>Tables, streams, both, updates, and recovery when they are wrong.</summary>
public sealed class PdfTableTests
{
    [Fact]
    public void A_table_leads_to_the_objects()
    {
        // The table lacks the decoy after the end: only a rebuilt table would find it.
        var writer = new PdfFileWriter().OnePage("first");
        writer.Table();
        Assert.Equal(["first"], Contents(writer.Stream(4, PdfFileWriter.Shows("decoy"))));
    }

    [Fact]
    public void An_update_replaces_the_objects_it_changes()
    {
        var writer = new PdfFileWriter().OnePage("old");
        var previous = writer.Table();
        writer.Stream(4, PdfFileWriter.Shows("new")).Table(Invariant($"/Root 1 0 R/Prev {previous}"));
        Assert.Equal(["new"], Contents(writer));
    }

    [Fact]
    public void A_cross_reference_stream_leads_into_object_streams()
    {
        var writer = new PdfFileWriter();
        writer.ObjectStream(5, Zlib, "/Filter/FlateDecode", (1, PdfFileWriter.Catalog), (2, PdfFileWriter.Branch), (3, PdfFileWriter.Page)).Stream(4, PdfFileWriter.Shows("packed"));
        var (container, content) = (writer.OffsetOf(5), writer.OffsetOf(4));
        var start = writer.CrossReferences(6, "/Root 1 0 R", (1, 2, 5, 0), (2, 2, 5, 1), (3, 2, 5, 2), (4, 1, content, 0), (5, 1, container, 0));
        Assert.Equal(["packed"], Contents(writer.StartsAt(start)));
    }

    [Fact]
    public void An_index_that_is_wrong_about_an_object_stream_does_not_matter()
    {
        var writer = new PdfFileWriter();
        writer.ObjectStream(5, null, "", (1, PdfFileWriter.Catalog), (2, PdfFileWriter.Branch), (3, PdfFileWriter.Page)).Stream(4, PdfFileWriter.Shows("packed"));
        var (container, content) = (writer.OffsetOf(5), writer.OffsetOf(4));
        var start = writer.CrossReferences(6, "/Root 1 0 R", (1, 2, 5, 2), (2, 2, 5, 0), (3, 2, 5, 900), (4, 1, content, 0), (5, 1, container, 0));
        Assert.Equal(["packed"], Contents(writer.StartsAt(start)));
    }

    [Fact]
    public void A_hybrid_file_keeps_new_objects_in_a_stream_although_the_table_marks_them_free()
    {
        var writer = new PdfFileWriter().Object(1, PdfFileWriter.Catalog).Object(2, PdfFileWriter.Branch);
        var (catalog, branch) = (writer.OffsetOf(1), writer.OffsetOf(2));
        writer.ObjectStream(5, null, "", (3, PdfFileWriter.Page)).Stream(4, PdfFileWriter.Shows("hybrid"));
        var (container, content) = (writer.OffsetOf(5), writer.OffsetOf(4));
        var stream = writer.CrossReferences(6, "", (3, 2, 5, 0), (4, 1, content, 0));
        var table = writer.Length;
        writer.Write(Invariant($"xref\n0 6\n0000000000 65535 f \n{catalog:D10} 00000 n \n{branch:D10} 00000 n \n0000000000 00000 f \n0000000000 00000 f \n{container:D10} 00000 n \n"));
        writer.Write(Invariant($"trailer\n<</Size 7/Root 1 0 R/XRefStm {stream}>>\n"));
        Assert.Equal(["hybrid"], Contents(writer.StartsAt(table)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Offsets_may_or_may_not_count_bytes_before_the_header(bool offsetsCountThem)
    {
        const string job = "@PJL ENTER LANGUAGE=PDF\r\n";
        var writer = new PdfFileWriter(job + "%PDF-1.4\n").OnePage("job");
        writer.Table(origin: offsetsCountThem ? 0 : job.Length);
        Assert.Equal(["job"], Contents(writer));
    }

    [Fact]
    public void Sections_that_name_each_other_end()
    {
        var writer = new PdfFileWriter().OnePage("loop");
        var start = writer.Length;
        writer.Table(Invariant($"/Root 1 0 R/Prev {start}"));
        Assert.Equal(["loop"], Contents(writer));
    }

    [Theory]
    [InlineData("startxref\n999999\n%%EOF")]
    [InlineData("startxref\n-5\n%%EOF")]
    [InlineData("startxref\n3\n%%EOF")]
    [InlineData("startxref\nnowhere")]
    [InlineData("")]
    public void A_misplaced_table_is_rebuilt(string end) =>
        Assert.Equal(["found"], Contents(new PdfFileWriter().OnePage("found").Write("trailer<</Root 1 0 R>>\n" + end)));

    [Fact]
    public void An_object_with_a_wrong_table_offset_is_found()
    {
        var writer = new PdfFileWriter().OnePage("right");
        var offset = writer.OffsetOf(3);
        writer.Table();
        var text = Encoding.Latin1.GetString(writer.ToArray()).Replace(Invariant($"{offset:D10}"), "0000000007", StringComparison.Ordinal);
        Assert.Equal(["right"], Contents(PdfFileWriter.Latin1(text)));
    }

    [Fact]
    public void Rebuilding_finds_object_streams_and_prefers_the_last_version()
    {
        var writer = new PdfFileWriter().Object(1, PdfFileWriter.Catalog).Object(2, "<</Type/Pages/Kids[3 0 R 6 0 R]>>").Stream(4, PdfFileWriter.Shows("content"));
        writer.Object(3, "<</Type/Page/Parent 2 0 R/Contents 77 0 R>>");
        writer.ObjectStream(5, Zlib, "/Filter/FlateDecode", (3, PdfFileWriter.Page), (6, "<</Type/Page/Contents 77 0 R>>")).Object(6, PdfFileWriter.Page);
        Assert.Equal(["content", "content"], Contents(writer));
    }

    [Fact]
    public void Lost_pages_of_a_broken_tree_are_found_among_all_objects()
    {
        var writer = new PdfFileWriter().Object(1, PdfFileWriter.Catalog).Object(2, "<</Type/Pages/Kids[3 0 R 77 0 R]/MediaBox[0 0 200 100]>>");
        writer.Object(3, PdfFileWriter.Page).Stream(4, PdfFileWriter.Shows("kept")).Object(5, PdfFileWriter.Page.Replace("4 0 R", "6 0 R", StringComparison.Ordinal)).Stream(6, PdfFileWriter.Shows("lost")).Table();
        Assert.Equal(["kept", "lost"], Contents(writer));
        using var file = PdfFile.Open(writer.ToArray());
        Assert.All([file.Read(1), file.Read(2)], page => Assert.Equal((200f, 100f), (page.Width, page.Height)));
    }

    [Fact]
    public void Nodes_that_share_a_hundred_thousand_kids_cost_little()
    {
        var kids = string.Concat(Enumerable.Repeat("<</Kids 5 0 R>>", 100_000));
        var writer = new PdfFileWriter().Object(1, PdfFileWriter.Catalog).Object(2, "<</Type/Pages/Kids 5 0 R>>").Object(5, $"[{kids}]");
        writer.Table();
        Assert.Throws<DocumentUnreadableException>(() => PdfFile.Open(writer.ToArray()));
    }

    [Theory]
    [InlineData("trailer<<(")]
    [InlineData("1 0 obj<</Type/XRef(")]
    [InlineData("2 0 obj<</Type/ObjStm/N 9/First 9>>stream\n")]
    public void Repeated_beginnings_without_an_end_cost_little(string beginning) =>
        Assert.Throws<DocumentUnreadableException>(() => PdfFile.Open(PdfFileWriter.Latin1("%PDF-1.4\n" + string.Concat(Enumerable.Repeat(beginning, 100_000)))));

    [Fact]
    public void A_stream_with_a_wrong_length_ends_at_its_end()
    {
        foreach (var length in new[] { "0", "1", "99999", "-4", "4 0 R", "(x)" })
        {
            var writer = new PdfFileWriter().Object(1, PdfFileWriter.Catalog).Object(2, PdfFileWriter.Branch).Object(3, PdfFileWriter.Page);
            Assert.Equal(["whole"], Contents(writer.Write($"4 0 obj<</Length {length}>>stream\r\n{Encoding.Latin1.GetString(PdfFileWriter.Shows("whole"))}\r\nendstream\nendobj\n")));
        }
    }

    private static byte[] Zlib(byte[] plain) => PdfFileWriter.Zlib(plain);

    private static List<string> Contents(PdfFileWriter writer) => PdfFileWriter.Texts(writer.ToArray());

    private static List<string> Contents(byte[] bytes) => PdfFileWriter.Texts(bytes);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
