using Pybo.Rag.Documents;
using static Pybo.Tests.Rag.Documents.Office.OfficeFile;

namespace Pybo.Tests.Rag.Documents.Office;

/// <summary>A slide as it is seen: its shapes from top to bottom and from left to right, what is close together together.</summary>
public sealed class PptxReaderTests
{
    [Fact]
    public void Cards_side_by_side_are_read_one_after_the_other() => Assert.Equal(["봄 여행", "남해", "7만원", "버스", "동해", "9만원", "기차"], Lines(
        Box("동해", 600, 200, 300, 50), Box("버스", 100, 320, 300, 80), Box("9만원", 600, 260, 300, 50), Title("봄 여행"), Box("남해", 100, 200, 300, 50), Box("기차", 600, 320, 300, 80), Box("7만원", 100, 260, 300, 50)));

    [Fact]
    public void Rows_that_are_close_side_by_side_are_read_across() => Assert.Equal(["이름", "홍단비", "부서", "총무", "전화", "031-1"], Lines(
        Box("031-1", 320, 400, 300, 50), Box("이름", 100, 100, 200, 50), Box("전화", 100, 400, 200, 50), Box("홍단비", 320, 100, 300, 50), Box("총무", 320, 250, 300, 50), Box("부서", 100, 250, 200, 50)));

    [Fact]
    public void What_a_shape_frames_stays_together() => Assert.Equal(["가 상품", "가 값", "나 상품", "나 값"], Lines(
        Box("", 90, 100, 220, 400), Box("", 320, 100, 220, 400), Box("나 값", 330, 400, 200, 50), Box("가 상품", 100, 110, 200, 50), Box("나 상품", 330, 110, 200, 50), Box("가 값", 100, 400, 200, 50)));

    [Fact]
    public void A_group_stays_together() => Assert.Equal(["머리", "묶음 위", "묶음 아래", "오른쪽"], Lines(
        Box("오른쪽", 500, 300, 100, 50),
        $"<p:grpSp><p:grpSpPr><a:xfrm><a:off x=\"100\" y=\"200\"/><a:ext cx=\"300\" cy=\"400\"/><a:chOff x=\"0\" y=\"0\"/><a:chExt cx=\"30\" cy=\"40\"/></a:xfrm></p:grpSpPr>{Box("묶음 아래", 0, 20, 20, 10)}{Box("묶음 위", 0, 0, 20, 10)}</p:grpSp>",
        Box("머리", 100, 50, 600, 50)));

    [Fact]
    public void Placeholders_take_their_places_from_the_layout_and_its_master()
    {
        const string place = "<p:spPr><a:xfrm><a:off x=\"{0}\" y=\"{1}\"/><a:ext cx=\"400\" cy=\"300\"/></a:xfrm></p:spPr>";
        static string Placeholder(string index, string text, string at = "") => $"<p:sp><p:nvSpPr><p:nvPr><p:ph type=\"body\" idx=\"{index}\"/></p:nvPr></p:nvSpPr>{at}<a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:sp>";
        static string At(int x, int y) => place.Replace("{0}", $"{x}", StringComparison.Ordinal).Replace("{1}", $"{y}", StringComparison.Ordinal);
        var deck = Package(
            ("_rels/.rels", Rels(("m", "officeDocument", "ppt/main.xml"))),
            ("ppt/main.xml", Xml("p:presentation", "<p:sldIdLst><p:sldId r:id=\"a\"/></p:sldIdLst>")),
            ("ppt/_rels/main.xml.rels", Rels(("a", "slide", "slides/1.xml"))),
            ("ppt/slides/1.xml", Xml("p:sld", Placeholder("2", "오른쪽") + Placeholder("1", "왼쪽") + Placeholder("3", "아래"))),
            ("ppt/slides/_rels/1.xml.rels", Rels(("l", "slideLayout", "../layouts/1.xml"))),
            ("ppt/layouts/1.xml", Xml("p:sldLayout", Placeholder("1", "누르십시오", At(0, 100)) + Placeholder("2", "누르십시오", At(500, 100)) + Placeholder("3", "누르십시오"))),
            ("ppt/layouts/_rels/1.xml.rels", Rels(("m", "slideMaster", "../masters/1.xml"))),
            ("ppt/masters/1.xml", Xml("p:sldMaster", Placeholder("3", "누르십시오", At(0, 600)))));
        Assert.Equal(["왼쪽", "오른쪽", "아래"], Words(deck));
    }

    [Fact]
    public void Hidden_shapes_and_decoration_are_not_read_and_pictures_are_described() => Assert.Equal(["보임", "현장 사진: 다리 위"], Lines(
        Box("보임", 0, 0, 100, 50),
        "<p:sp><p:nvSpPr><p:cNvPr hidden=\"1\"/></p:nvSpPr><a:p><a:r><a:t>숨김</a:t></a:r></a:p></p:sp>",
        "<p:pic><p:nvPicPr><p:cNvPr descr=\"현장 사진: 다리 위\"/></p:nvPicPr></p:pic><p:pic><p:nvPicPr><p:cNvPr descr=\"image3.jpeg\"/></p:nvPicPr></p:pic>"));

    [Fact]
    public void Scripts_equations_and_links_are_read()
    {
        const string runs = "<p:sp><a:p><a:r><a:t>면적 6 km</a:t></a:r><a:r><a:rPr baseline=\"30000\"/><a:t>2</a:t></a:r><a:r><a:t>, CO</a:t></a:r><a:r><a:rPr baseline=\"-25000\"/><a:t>2</a:t></a:r></a:p>"
            + "<a:p><a:r><a:rPr><a:hlinkClick r:id=\"w\"/></a:rPr><a:t>신청</a:t></a:r><a:r><a:rPr><a:hlinkClick r:id=\"w\"/></a:rPr><a:t>하기</a:t></a:r><a:r><a:t>에서</a:t></a:r></a:p>"
            + "<a:p><m:oMath><m:f><m:num><m:r><m:t>5</m:t></m:r></m:num><m:den><m:r><m:t>6</m:t></m:r></m:den></m:f></m:oMath></a:p></p:sp>";
        var deck = Package(
            ("_rels/.rels", Rels(("m", "officeDocument", "ppt/main.xml"))),
            ("ppt/main.xml", Xml("p:presentation", "<p:sldIdLst><p:sldId r:id=\"a\"/></p:sldIdLst>")),
            ("ppt/_rels/main.xml.rels", Rels(("a", "slide", "slides/1.xml"))),
            ("ppt/slides/1.xml", Xml("p:sld", runs)),
            ("ppt/slides/_rels/1.xml.rels", Links(("w", "https://join.example.com/b"))));
        Assert.Equal(["면적 6 km², CO₂", "신청하기 (https://join.example.com/b)에서", "5/6"], Words(deck));
    }

    [Fact]
    public void Merged_cells_of_a_table_name_their_rows_and_columns()
    {
        static string Cell(string text, string attributes = "") => $"<a:tc {attributes}><a:txBody><a:p><a:r><a:t>{text}</a:t></a:r></a:p></a:txBody></a:tc>";
        static string Row(params string[] cells) => $"<a:tr>{string.Concat(cells)}</a:tr>";
        Assert.Equal(["구역: 동 | 층: 1층 | 넓이: 30평", "구역: 동 | 층: 2층 | 넓이: 25평", "구역: 서 | 층: 없음 | 넓이: 없음"], Lines(
            "<p:graphicFrame><a:tbl><a:tblPr firstRow=\"1\"/>" + Row(Cell("구역"), Cell("층"), Cell("넓이")) + Row(Cell("동", "rowSpan=\"2\""), Cell("1층"), Cell("30평"))
            + Row(Cell("", "vMerge=\"1\""), Cell("2층"), Cell("25평")) + Row(Cell("서"), Cell("없음", "gridSpan=\"2\""), Cell("", "hMerge=\"1\"")) + "</a:tbl></p:graphicFrame>"));
    }

    private static string[] Lines(params string[] shapes) => Words(Pptx([Xml("p:sld", string.Concat(shapes))]));

    private static string[] Words(byte[] deck) => DocumentReader.ReadFile(deck, "파일").Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static string Title(string text) => Shape("title", text);

    private static string Box(string text, int x, int y, int width, int height) =>
        $"<p:sp><p:spPr><a:xfrm><a:off x=\"{x}\" y=\"{y}\"/><a:ext cx=\"{width}\" cy=\"{height}\"/></a:xfrm></p:spPr><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:sp>";
}
