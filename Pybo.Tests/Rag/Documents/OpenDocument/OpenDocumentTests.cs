using Pybo.Rag.Documents;
using Pybo.Rag.Documents.Html;
using Pybo.Rag.Documents.OpenDocument;
using static Pybo.Tests.Rag.Documents.OpenDocument.OpenDocumentFile;

namespace Pybo.Tests.Rag.Documents.OpenDocument;

/// <summary>OpenDocument files and books are read as a person sees them.</summary>
public sealed class OpenDocumentTests
{
    [Fact]
    public void A_text_has_headings_lists_notes_links_and_raised_characters()
    {
        var document = DocumentReader.ReadFile(Of("text", """
            <text:h text:outline-level="1">이용 수칙</text:h>
            <text:p>세균은 1 mL에 10<text:span text:style-name="T1">6</text:span>개까지이다.<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>해마다 고친다.</text:p></text:note-body></text:note></text:p>
            <text:list><text:list-item><text:p>신분증</text:p></text:list-item><text:list-item><text:p>신청서<text:s text:c="2"/>두 장</text:p></text:list-item></text:list>
            <text:p><text:span text:style-name="T2">보이지 않는 글</text:span><text:a xlink:href="https://example.org/신청">신청하기</text:a></text:p>
            """, Style("T1", "<style:text-properties style:text-position=\"super 58%\"/>") + Style("T2", "<style:text-properties text:display=\"none\"/>"), "도서관 수칙"), "수칙.odt");
        Assert.Equal(("도서관 수칙", "ODT"), (document.Title, document.Format));
        Assert.Equal("이용 수칙\n\n세균은 1 mL에 10⁶개까지이다.\n\n각주: 해마다 고친다.\n\n- 신분증\n- 신청서  두 장\n\n신청하기 (https://example.org/신청)", document.Text);
        Assert.Equal("이용 수칙", Assert.Single(document.Sections).Heading);
    }

    [Fact]
    public void Tracked_deletions_stay_out_and_are_counted()
    {
        var document = DocumentReader.ReadFile(Of("text", """
            <text:tracked-changes><text:changed-region><text:deletion><text:p>위약금은 10 %이다.</text:p></text:deletion></text:changed-region></text:tracked-changes>
            <text:p>위약금은 15 %이다.</text:p>
            """), "계약.odt");
        Assert.Equal("위약금은 15 %이다.", document.Text);
        Assert.Contains("1", Assert.Single(document.Warnings.Said()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_sheet_is_a_table_under_its_name_and_what_is_hidden_stays_out()
    {
        var rows = Row("이름", "부서", "결석") + Row("나하늘", "총무", "2일")
            + "<table:table-row table:visibility=\"collapse\">" + Cell("숨은이") + "</table:table-row>"
            + $"<table:table-row>{Cell("도라지")}<table:table-cell table:number-columns-repeated=\"1\"/>{Cell("4일")}</table:table-row><table:table-row table:number-rows-repeated=\"1048570\"><table:table-cell table:number-columns-repeated=\"16384\"/></table:table-row>";
        var document = DocumentReader.ReadFile(Of("spreadsheet", $"<table:table table:name=\"출석부\">{rows}</table:table><table:table table:name=\"비밀\" table:style-name=\"ta2\">{Row("비밀", "글")}</table:table>",
            Style("ta2", "<style:table-properties table:display=\"false\"/>")), "출석.ods");
        Assert.Equal("출석부\n\n이름: 나하늘 | 부서: 총무 | 결석: 2일\n이름: 도라지 | 결석: 4일", document.Text);
        Assert.Equal(2, document.Warnings.Count);
    }

    [Fact]
    public void Spanned_cells_of_a_table_name_every_row()
    {
        var body = $"""
            <table:table table:name="표1"><table:table-header-rows>{Row("시설", "시간", "요금")}</table:table-header-rows>
            <table:table-row><table:table-cell table:number-rows-spanned="2"><text:p>체육관</text:p></table:table-cell>{Cell("오전")}{Cell("1,000원")}</table:table-row>
            <table:table-row><table:covered-table-cell/>{Cell("오후")}{Cell("1,500원")}</table:table-row></table:table>
            """;
        Assert.Equal("시설: 체육관 | 시간: 오전 | 요금: 1,000원\n시설: 체육관 | 시간: 오후 | 요금: 1,500원", DocumentReader.ReadFile(Of("text", body), "요금.odt").Text);
    }

    [Fact]
    public void Slides_are_pages_and_hidden_ones_stay_out()
    {
        const string frame = "<draw:frame><draw:text-box><text:p>{0}</text:p></draw:text-box><svg:desc>{1}</svg:desc></draw:frame>";
        var body = $"<draw:page draw:name=\"p1\">{string.Format(null, frame, "첫 장", "붉은 선은 대피로")}</draw:page><draw:page draw:style-name=\"dp2\"><text:p>숨은 장</text:p></draw:page><draw:page><text:p>끝 장</text:p></draw:page>";
        var document = DocumentReader.ReadFile(Of("presentation", body, Style("dp2", "<style:drawing-page-properties presentation:visibility=\"hidden\"/>")), "발표.odp");
        Assert.Equal("첫 장\n\n붉은 선은 대피로\n\n끝 장", document.Text);
        Assert.Equal(2, document.Pages.Count);
        Assert.Single(document.Warnings);
    }

    [Fact]
    public void An_encrypted_file_is_refused()
    {
        var file = OpenDocumentFile.Zip("application/vnd.oasis.opendocument.text", ("META-INF/manifest.xml", "<manifest><file-entry><encryption-data/></file-entry></manifest>"), ("content.xml", "x"));
        Assert.Contains("암호", Assert.Throws<DocumentUnreadableException>(() => DocumentReader.ReadFile(file, "글.odt")).Said(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_book_is_read_in_the_order_of_its_spine()
    {
        var document = DocumentReader.ReadFile(Epub("숲의 책", "<h1>둘째 장</h1><p>숲은 넓다.</p>", "<h1>첫째 장</h1><p>숲은 깊다.</p>"), "숲.epub");
        Assert.Equal(("숲의 책", "EPUB"), (document.Title, document.Format));
        Assert.Equal("첫째 장\n\n숲은 깊다.\n\n둘째 장\n\n숲은 넓다.", document.Text);
        Assert.Equal(["첫째 장", "둘째 장"], document.Sections.Select(section => section.Heading));
    }
}

public sealed class OdtContractTests() : DocumentReaderContract(new OdtReader())
{
    protected override IEnumerable<Sample> Samples => [new("글.odt", Of("text", "<text:h text:outline-level=\"1\">제목</text:h>" + string.Concat(Enumerable.Repeat("<text:p>본문 <text:span>가운데</text:span> 글이다.</text:p>", 20)), title: "제목"))];
}

public sealed class OdsContractTests() : DocumentReaderContract(new OdsReader())
{
    protected override IEnumerable<Sample> Samples =>
        [new("표.ods", Of("spreadsheet", $"<table:table table:name=\"표\">{Row("이름", "값")}{string.Concat(Enumerable.Range(1, 20).Select(n => Row($"이름{n}", $"{n}원")))}</table:table>"))];
}

public sealed class OdpContractTests() : DocumentReaderContract(new OdpReader())
{
    protected override IEnumerable<Sample> Samples =>
        [new("발표.odp", Of("presentation", string.Concat(Enumerable.Range(1, 5).Select(n => $"<draw:page><draw:frame><draw:text-box><text:p>{n}번째 장의 글이다.</text:p></draw:text-box></draw:frame></draw:page>"))))];
}

public sealed class EpubContractTests() : DocumentReaderContract(new EpubReader())
{
    protected override IEnumerable<Sample> Samples => [new("책.epub", Epub("책", "<h1>하나</h1><p>첫 글이다.</p>", "<h1>둘</h1><p>다음 글이다.</p>", "<p>끝</p>"))];
}
