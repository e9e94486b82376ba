using System.IO.Compression;
using System.Text;
using Pybo.Rag.Documents;
using Pybo.Rag.Documents.Hwp;
using Pybo.Rag.Documents.Zip;
using Pybo.Tests.Rag.Documents.Enclosed;

namespace Pybo.Tests.Rag.Documents.Hwp;

public sealed class HwpxReaderTests
{
    private const string Paragraph2011 = "http://www.hancom.co.kr/hwpml/2011/paragraph";

    [Fact]
    public void A_paragraph_keeps_its_characters_and_loses_its_controls()
    {
        const string text = """
            <p><run><ctrl><fieldBegin type="CLICK_HERE"><parameters><stringParam>안내문</stringParam></parameters><subList><p><run><t>메모</t></run></p></subList></fieldBegin></ctrl>
            <t>가<tab/>나<lineBreak/>다<hyphen/>라<hypen/>마<nbSpace/>바<fwSpace/><markpenBegin/>사<markpenEnd/><titleMark/></t><ctrl><fieldEnd/></ctrl><t>아<deleteBegin/>지운 글<deleteEnd/></t></run></p>
            """;
        Assert.Equal("가\t나\n다-라-마 바 사아", Read(text).Text);
        Assert.Equal("가", Read("<p><run><t>가</t></run></p>", "http://www.hancom.co.kr/hwpml/2016/paragraph").Text);
    }

    [Fact]
    public void A_table_becomes_readable_rows()
    {
        const string table = """
            <p><run><tbl><caption><subList><p><run><t>표 제목</t></run></p></subList></caption>
            <tr><tc><subList><p><run><t>구분</t></run></p></subList><cellAddr colAddr="0" rowAddr="0"/><cellSpan colSpan="1" rowSpan="2"/></tc>
            <tc><subList><p><run><t>첫</t></run></p><p><run><t>줄</t></run></p></subList><cellAddr colAddr="1" rowAddr="0"/><cellSpan colSpan="1" rowSpan="1"/></tc></tr>
            <tr><tc><subList><p><run><t>둘</t></run></p></subList><cellAddr colAddr="1" rowAddr="1"/><cellSpan colSpan="1" rowSpan="1"/></tc></tr>
            </tbl></run></p>
            """;
        Assert.Equal("표 제목\n\n구분 | 첫 줄\n구분 | 둘", Read(table).Text);
    }

    [Fact]
    public void Anchored_content_follows_its_sentence()
    {
        const string text = """
            <p><run><ctrl><header><subList><p><run><t>머리말</t></run></p></subList></header></ctrl><ctrl><header><subList><p><run><t>머리말</t></run></p></subList></header></ctrl>
            <t>앞</t><ctrl><footNote><subList><p><run><ctrl><autoNum num="3" numType="FOOTNOTE"><autoNumFormat type="DIGIT" suffixChar=")"/></autoNum></ctrl><t> 각주</t></run></p></subList></footNote></ctrl>
            <ctrl><hiddenComment><subList><p><run><t>숨은 설명</t></run></p></subList></hiddenComment></ctrl>
            <switch><case><rect><drawText><subList><p><run><t>글상자</t></run></p></subList></drawText></rect></case><default><rect><drawText><subList><p><run><t>글상자</t></run></p></subList></drawText></rect></default></switch>
            <t> 뒤</t><equation><shapeComment>수식입니다.</shapeComment><script>a over b</script></equation><dutmal><mainText>본말</mainText><subText>덧말</subText></dutmal></run></p>
            """;
        Assert.Equal("머리말\n\n앞 뒤a/b본말(덧말)\n\n3) 각주\n\n글상자", Read(text).Text);
    }

    [Fact]
    public void Headings_numbers_title_and_pages_come_from_the_package()
    {
        const string header = """
            <head><numberings><numbering id="1"><paraHead level="1" start="1" numFormat="DIGIT">제^1조</paraHead><paraHead level="2" start="1" numFormat="HANGUL_SYLLABLE">^2.</paraHead></numbering></numberings>
            <paraProperties><paraPr id="1"><heading type="OUTLINE" idRef="0" level="0"/></paraPr><paraPr id="2"><heading type="NUMBER" idRef="1" level="1"/></paraPr></paraProperties>
            <styles><style id="7" name="개요 3"/></styles></head>
            """;
        const string section = """
            <p><run><secPr outlineShapeIDRef="1"><pagePr landscape="NARROWLY" width="59528" height="84188"/></secPr></run><linesegarray><lineseg textpos="0" vertpos="0"/></linesegarray></p>
            <p paraPrIDRef="1"><run><t>목적</t></run><linesegarray><lineseg textpos="0" vertpos="900"/></linesegarray></p>
            <p paraPrIDRef="2"><run><t>항목</t></run><linesegarray><lineseg textpos="0" vertpos="0"/></linesegarray></p>
            <p styleIDRef="7" pageBreak="1"><run><t>붙임</t></run><linesegarray><lineseg textpos="0" vertpos="0"/></linesegarray></p>
            """;
        var document = Read(Package(("Contents/section0.xml", Section(section)), ("Contents/header.xml", header), ("Contents/content.hpf", "<package><metadata><title>문서 제목</title></metadata></package>")));
        Assert.Equal("문서 제목", document.Title);
        Assert.Equal([("제1조 목적", 1), ("붙임", 3)], document.Sections.Select(s => (s.Heading, s.Level)));
        Assert.Equal("제1조 목적¦\n\n가. 항목¦\n\n붙임", string.Join('¦', document.Pages.Select(page => document.Text.Substring(page.Start, page.Length))));
        Assert.Equal((841.88f, 595.28f), (document.Pages[0].Width, document.Pages[0].Height));
    }

    [Fact]
    public void Sections_are_read_in_the_order_of_their_numbers()
    {
        var document = Read(Package(Numbered(10), Numbered(2), Numbered(0)));
        Assert.Equal("0째\n\n2째\n\n10째", document.Text);

        static (string Name, string Text) Numbered(int number) => ($"Contents/section{number}.xml", Section($"<p><run><t>{number}째</t></run></p>"));
    }

    [Fact]
    public void An_encrypted_document_is_refused_with_advice()
    {
        var file = Package(("Contents/section0.xml", "\u0001\u0002"), ("META-INF/manifest.xml", "<manifest><file-entry><encryption-data/></file-entry></manifest>"));
        Assert.Contains("암호를 풀고", Assert.Throws<DocumentUnreadableException>(() => Read(file)).Said(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<!DOCTYPE a [<!ENTITY a \"하\"><!ENTITY b \"&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;\">]><sec><p><run><t>&c;</t></run></p></sec>")]
    [InlineData("<?xml version=\"1.0\" encoding=\"없음\"?><sec/>")]
    [InlineData("글")]
    public void A_section_that_is_not_plain_XML_is_refused(string section)
    {
        Assert.Throws<DocumentUnreadableException>(() => Read(Package(("Contents/section0.xml", section))));
    }

    [Fact]
    public void A_section_that_breaks_off_yields_the_text_before()
    {
        var document = Read(Package(("Contents/section0.xml", "<sec><p><run><t>앞</t></run></p><p><run><t>가운데</t></run></x></sec>")));
        Assert.Equal("앞\n\n가운데", document.Text);
        Assert.True(document.Truncated);
    }

    [Fact]
    public void A_broken_section_does_not_affect_the_others()
    {
        var broken = ("Contents/section0.xml", "<sec><p><run></x>");
        var document = Read(Package(broken, ("Contents/section1.xml", Section("<p><run><t>둘째</t></run></p>"))));
        Assert.Equal(("둘째", true), (document.Text, document.Truncated));
        var refused = Assert.Throws<DocumentUnreadableException>(() => Read(Package(broken)));
        Assert.Equal("파일이 깨져 있어 본문을 읽을 수 없습니다. 한글에서 다시 저장한 뒤 올려 주세요.", refused.Said());
        Assert.Throws<DocumentUnreadableException>(() => DocumentReader.ReadFile(Encoding.UTF8.GetBytes("<HWPML><BODY><SECTION></x>"), "문서.hml"));

        // Saving the file again would not make it smaller.
        var bomb = Assert.Throws<DocumentUnreadableException>(() => Read(Package(("Contents/section0.xml", "<sec>" + new string(' ', 2_000_000)))));
        Assert.Contains("너무 커지는", bomb.Said(), StringComparison.Ordinal);
    }

    [Fact]
    public void Sections_beyond_the_limit_are_counted()
    {
        const int sections = HwpSectionNames.SectionsMax + 1;
        var document = Read(Package([.. Enumerable.Range(0, sections).Select(at => ($"Contents/section{at}.xml", Section($"<p><run><t>{at}째</t></run></p>")))]));
        Assert.EndsWith("\n\n999째", document.Text, StringComparison.Ordinal);
        Assert.Equal((true, "구역이 너무 많아 앞의 1,000개만 읽었습니다."), (document.Truncated, Assert.Single(document.Warnings.Said())));
    }

    [Fact]
    public void Cut_text_causes_a_warning_but_a_picture_does_not()
    {
        var text = string.Concat(Enumerable.Range(1_000_000, (XmlScanner.TextCharactersMax + 10_000) / 7));
        var document = Read($"<p><run><t>{text}</t></run></p>");
        Assert.Equal((true, XmlScanner.CutReason.Said()), (document.Truncated, Assert.Single(document.Warnings.Said())));
        var picture = $"<HWPML><BODY><SECTION><P><TEXT><CHAR>글</CHAR></TEXT></P></SECTION></BODY><TAIL><BINDATA>{text}</BINDATA></TAIL></HWPML>";
        Assert.Empty(DocumentReader.ReadFile(Encoding.UTF8.GetBytes(picture), "문서.hml").Warnings);
    }

    [Fact]
    public void Deeply_nested_tables_are_read_to_a_limit()
    {
        const string open = "<p><run><t>층</t><tbl><tr><tc><subList>", close = "</subList></tc></tr></tbl></run></p>";
        var shallow = Read(string.Concat(Enumerable.Repeat(open, 200)) + string.Concat(Enumerable.Repeat(close, 200)) + "<p><run><t>뒤</t></run></p>");
        Assert.EndsWith("뒤", shallow.Text, StringComparison.Ordinal);
        Assert.Single(shallow.Warnings.Said());
        var deep = Read("<p><run><t>앞</t></run></p>" + string.Concat(Enumerable.Repeat(open, 100_000)));
        Assert.StartsWith("앞", deep.Text, StringComparison.Ordinal);
        Assert.True(deep.Truncated);
    }

    [Fact]
    public void Millions_of_empty_paragraphs_are_read_to_a_limit()
    {
        var paragraphs = new StringBuilder("<p><run><t>앞</t></run></p>").Insert(0, "<p/>", 3_000_000).ToString();
        var exception = Record.Exception(() => Assert.Equal("앞", Read(paragraphs).Text));
        Assert.True(exception is null or DocumentUnreadableException, exception?.ToString());
    }

    [Fact]
    public void Names_that_leave_the_package_are_not_read()
    {
        Assert.Throws<DocumentUnreadableException>(() => Read(Package(("../Contents/section0.xml", Section("<p><run><t>밖</t></run></p>")))));
    }

    [Fact]
    public void An_Office_file_that_contains_an_hwpx_is_not_recognised_as_hwpx()
    {
        var file = Package(("Contents/section0.xml", Section("<p/>")));
        var office = ZipDraft.Of(null, CompressionLevel.NoCompression, ("[Content_Types].xml", "<Types/>"u8.ToArray()), ("word/embeddings/안.hwpx", file));
        Assert.False(new HwpxReader().Recognises(office, "문서.hwpx"));
        Assert.True(new HwpxReader().Recognises(file, "문서.docx"));
    }

    [Fact]
    public void Hwpml_is_read_like_hwpx()
    {
        const string xml = """
            <?xml version="1.0" encoding="UTF-16"?><HWPML Version="2.8"><HEAD><DOCSUMMARY><TITLE>문서 제목</TITLE></DOCSUMMARY><MAPPINGTABLE>
            <NUMBERINGLIST><NUMBERING Id="1"><PARAHEAD Level="1" NumFormat="HangulSyllable" Start="1">^1.</PARAHEAD></NUMBERING></NUMBERINGLIST>
            <PARASHAPELIST><PARASHAPE Id="4" HeadingType="Outline" Heading="0" Level="0"/></PARASHAPELIST></MAPPINGTABLE></HEAD>
            <BODY><SECTION Id="0"><P ParaShape="4" Style="0"><TEXT CharShape="0"><SECDEF OutlineShape="1"/><CHAR>첫<TAB/>줄</CHAR></TEXT></P>
            <P ParaShape="0"><TEXT><TABLE><ROW><CELL ColAddr="0" RowAddr="0" RowSpan="2"><PARALIST><P><TEXT><CHAR>구분</CHAR></TEXT></P></PARALIST></CELL>
            <CELL ColAddr="1" RowAddr="0"><PARALIST><P><TEXT><CHAR>값</CHAR></TEXT></P></PARALIST></CELL></ROW>
            <ROW><CELL ColAddr="1" RowAddr="1"><PARALIST><P><TEXT><CHAR>둘</CHAR></TEXT></P></PARALIST></CELL></ROW></TABLE></TEXT></P></SECTION></BODY></HWPML>
            """;
        byte[] file = [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(xml)];
        Assert.IsType<HwpmlReader>(DocumentReader.For(file, "이름.txt"));
        var document = DocumentReader.ReadFile(file, "이름.hwp");
        Assert.Equal("가. 첫 줄\n\n구분 | 값\n구분 | 둘", document.Text.Replace('\t', ' '));
        Assert.Equal("문서 제목", document.Title);
        Assert.Equal("가. 첫 줄", document.Sections[0].Heading);
    }

    [Fact]
    public void A_text_that_mentions_Hwpml_is_not_Hwpml()
    {
        Assert.IsType<MarkdownReader>(DocumentReader.For(Encoding.UTF8.GetBytes("# HWPML 정리\n\n루트는 <HWPML Version=\"2.8\">이다."), "정리.md"));
        Assert.IsType<HwpmlReader>(DocumentReader.For([.. Encoding.UTF8.GetPreamble(), .. "\r\n <?xml version=\"1.0\"?>\n<HWPML Version=\"2.8\"/>"u8], "문서.md"));
    }

    internal static byte[] Package(params (string Name, string Text)[] entries)
    {
        using var bytes = new MemoryStream();
        using (var archive = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, text) in entries.Prepend(("mimetype", "application/hwp+zip")))
            {
                using var stream = archive.CreateEntry(name, name == "mimetype" ? CompressionLevel.NoCompression : CompressionLevel.Optimal).Open();
                stream.Write(Encoding.UTF8.GetBytes(text));
            }
        }

        return bytes.ToArray();
    }

    private static string Section(string paragraphs, string names = Paragraph2011) => $"<sec xmlns=\"{names}\">{paragraphs}</sec>";

    private static DocumentText Read(string paragraphs, string names = Paragraph2011) => Read(Package(("Contents/section0.xml", Section(paragraphs, names))));

    private static DocumentText Read(byte[] file)
    {
        Assert.IsType<HwpxReader>(DocumentReader.For(file, "이름.txt"));
        return DocumentReader.ReadFile(file, "문서.hwpx");
    }
}
