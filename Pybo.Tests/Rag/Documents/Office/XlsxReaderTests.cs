using Pybo.Rag.Documents;
using static Pybo.Tests.Rag.Documents.Office.OfficeFile;

namespace Pybo.Tests.Rag.Documents.Office;

/// <summary>A sheet as Excel shows it: visible rows and columns, tables with the names of their columns, formulas, merged cells, comments, links.</summary>
public sealed class XlsxReaderTests
{
    [Fact]
    public void Hidden_rows_columns_and_sheets_are_left_out_and_counted()
    {
        var rows = Row(1, "이름", "급여", "부서", "지역") + Row(2, "가람", "310만원", "재무", "1동") + Row(3, "나래", "290만원", "감사", "2동").Replace("<row ", "<row hidden=\"1\" ", StringComparison.Ordinal)
            + Row(4, "다솜", "305만원", "홍보", "3동") + Row(5, "라온", "300만원", "전산", "4동").Replace("<row ", "<row ht=\"0\" customHeight=\"1\" ", StringComparison.Ordinal);
        var document = Read(Xlsx(
            rows, workbook: "<sheets><sheet name=\"비밀\" r:id=\"s\" state=\"veryHidden\"/><sheet name=\"감춤\" r:id=\"s\" state=\"hidden\"/></sheets>", before: "<cols><col min=\"2\" max=\"2\" width=\"0\" customWidth=\"1\"/></cols>"));
        Assert.Equal("매출\n\n이름: 가람 | 부서: 재무 | 지역: 1동\n이름: 다솜 | 부서: 홍보 | 지역: 3동", document.Text);
        Assert.Equal(["숨긴 시트 2개는 읽지 않았습니다.", "숨기거나 걸러 낸 행 2개는 읽지 않았습니다.", "숨긴 열 1개는 읽지 않았습니다."], document.Warnings.Said());
    }

    [Fact]
    public void A_formula_without_a_value_is_shown_and_counted()
    {
        var document = Read(Xlsx(
            Row(1, "품목", "수", "값", "합") + "<row r=\"2\"><c r=\"A2\" t=\"str\"><v>붓</v></c><c r=\"B2\"><v>3</v></c><c r=\"C2\"><v>500</v></c><c r=\"D2\"><f t=\"shared\" ref=\"D2:D4\" si=\"0\">B2*$C$2&amp;\"B2\"</f></c></row>"
            + "<row r=\"3\"><c r=\"A3\" t=\"str\"><v>먹</v></c><c r=\"B3\"><v>4</v></c><c r=\"C3\"><v>700</v></c><c r=\"D3\"><f t=\"shared\" si=\"0\"/><v></v></c></row>"
            + "<row r=\"4\"><c r=\"A4\" t=\"str\"><v>벼루</v></c><c r=\"B4\"><v>5</v></c><c r=\"C4\"><v>900</v></c><c r=\"D4\" t=\"str\"><f>IF(B4&gt;9,1,\"\")</f><v></v></c></row>"));
        Assert.Equal("매출\n\n품목: 붓 | 수: 3 | 값: 500 | 합: =B2*$C$2&\"B2\"\n품목: 먹 | 수: 4 | 값: 700 | 합: =B3*$C$2&\"B2\"\n품목: 벼루 | 수: 5 | 값: 900", document.Text);
        Assert.Equal(
            "수식 2개는 계산한 값이 파일에 없어 수식 그대로 읽었습니다. Excel에서 열어 다시 저장하면 값을 읽을 수 있습니다.", Assert.Single(document.Warnings.Said()));
    }

    [Fact]
    public void Merged_cells_name_each_of_their_rows_and_what_they_cover_is_not_read()
    {
        var rows = Row(1, "구분", "요금", "") + Row(2, "", "어른", "아이") + Row(3, "평일", "4,000원", "2,000원") + Row(4, "덮인 글", "5,000원", "2,500원") + Row(5, "휴일", "6,000원", "덮인 값");
        Assert.Equal(
            "매출\n\n구분: 평일 | 요금 어른: 4,000원 | 요금 아이: 2,000원\n구분: 평일 | 요금 어른: 5,000원 | 요금 아이: 2,500원\n구분: 휴일 | 요금 어른: 6,000원 | 요금 아이: 6,000원",
            Read(Xlsx(rows, after: "<mergeCells><mergeCell ref=\"A1:A2\"/><mergeCell ref=\"B1:C1\"/><mergeCell ref=\"A3:A4\"/><mergeCell ref=\"B5:C5\"/></mergeCells>")).Text);
    }

    [Fact]
    public void A_long_merged_cell_names_rows_far_below()
    {
        const int count = 300;
        var rows = Row(1, "동", "호", "평수") + Row(2, "가동", "1호", "20평") + string.Concat(Enumerable.Range(3, count - 1).Select(at => Row(at, "", $"{at - 1}호", $"{at}평")));
        var lines = Read(Xlsx(rows, after: $"<mergeCells><mergeCell ref=\"A2:A{count + 1}\"/></mergeCells>")).Text.Split('\n')[2..];
        Assert.Equal(count, lines.Length);
        Assert.All(lines, line => Assert.StartsWith("동: 가동 | 호: ", line, StringComparison.Ordinal));
    }

    [Fact]
    public void Tables_one_below_the_other_have_their_own_names()
    {
        var rows = Row(1, "2027년 살림") + Row(3, "수입", "금액") + Row(4, "회비", "300원") + Row(5, "이자", "20원") + Row(7, "지출") + Row(8, "항목", "날짜", "금액") + Row(9, "종이", "3월 2일", "90원") + Row(10, "잉크", "4월 5일", "70원");
        Assert.Equal(
            "매출\n\n2027년 살림\n\n수입: 회비 | 금액: 300원\n수입: 이자 | 금액: 20원\n\n지출\n항목: 종이 | 날짜: 3월 2일 | 금액: 90원\n항목: 잉크 | 날짜: 4월 5일 | 금액: 70원",
            Read(Xlsx(rows)).Text);
    }

    [Fact]
    public void A_table_goes_on_below_a_blank_row() => Assert.Equal(
        "매출\n\n이름: 가 | 나이: 10살\n이름: 나 | 나이: 20살\n이름: 다 | 나이: 30살",
        Read(Xlsx(Row(1, "이름", "나이") + Row(2, "가", "10살") + Row(3, "나", "20살") + Row(5, "다", "30살"))).Text);

    [Fact]
    public void Tables_next_to_each_other_are_not_mixed() => Assert.Equal(
        "매출\n\n과일: 배 | 값: 900원\n과일: 감 | 값: 500원\n\n채소: 무 | 무게: 2kg\n채소: 파 | 무게: 1kg",
        Read(Xlsx(Row(1, "과일", "값", "", "채소", "무게") + Row(2, "배", "900원", "", "무", "2kg") + Row(3, "감", "500원", "", "파", "1kg"))).Text);

    [Fact]
    public void An_empty_column_inside_a_table_divides_nothing() => Assert.Equal(
        "매출\n\n이름: 가 | 1월: 3일 | 3월: 5일 | 4월: 6일\n이름: 나 | 1월: 4일 | 3월: 7일 | 4월: 8일",
        Read(Xlsx(Row(1, "이름", "1월", "", "3월", "4월") + Row(2, "가", "3일", "", "5일", "6일") + Row(3, "나", "4일", "", "7일", "8일"))).Text);

    [Fact]
    public void A_named_table_has_its_area_and_its_names() => Assert.Equal(
        "매출\n\n4월: 눈 | 5월: 비\n4월: 해 | 5월: 달\n\n바로 아래 글",
        Read(Xlsx(
            Row(1, "4월", "5월") + Row(2, "눈", "비") + Row(3, "해", "달") + Row(4, "바로 아래 글"),
            parts: [("xl/worksheets/_rels/a.xml.rels", Rels(("t", "table", "../tables/t.xml"))), ("xl/tables/t.xml", "<table ref=\"A1:B3\"/>")])).Text);

    [Theory]
    [InlineData("<sheetViews><sheetView><pane ySplit=\"2\" topLeftCell=\"A3\" state=\"frozen\"/></sheetView></sheetViews>", "")]
    [InlineData("", "<autoFilter ref=\"A2:B4\"/>")]
    public void A_frozen_pane_and_a_filter_show_where_the_names_are(string before, string after) => Assert.Equal(
        "매출\n\n날씨\n오전: 눈 | 오후: 비\n오전: 해 | 오후: 달",
        Read(Xlsx(Row(1, "날씨") + Row(2, "오전", "오후") + Row(3, "눈", "비") + Row(4, "해", "달"), before: before, after: after)).Text);

    [Theory]
    [InlineData("<sheetViews><sheetView><pane ySplit=\"2\" topLeftCell=\"A3\" state=\"frozen\"/></sheetView></sheetViews>")]
    [InlineData("")]
    public void What_a_sheet_says_about_itself_above_its_table_is_no_row_of_it(string before) => Assert.Equal(
        "매출\n\n쓴 이 | 오름\n\n이름: 가 | 동: 1동 | 호: 2호 | 값: 30원\n이름: 나 | 동: 4동 | 호: 5호 | 값: 60원",
        Read(Xlsx(Row(1, "쓴 이", "오름") + Row(2, "이름", "동", "호", "값") + Row(3, "가", "1동", "2호", "30원") + Row(4, "나", "4동", "5호", "60원"), before: before)).Text);

    [Fact]
    public void Comments_and_links_are_at_their_cells()
    {
        var comments = Xml("comments", "<commentList><comment ref=\"B3\"><text><r><t>검토함</t></r></text></comment><comment ref=\"D9\"><text><t>빈 칸</t></text></comment><comment ref=\"B1\"><text><t>세금 포함</t></text></comment></commentList>");
        var document = Read(Xlsx(
            Row(1, "품목", "값", "안내") + Row(2, "컵", "90원", "보기") + "<row r=\"3\"><c r=\"A3\" t=\"str\"><v>솥</v></c><c r=\"B3\" t=\"str\"><v>800원</v></c><c r=\"C3\" t=\"str\"><f>HYPERLINK(\"https://pot.example.kr\",\"누리집\")</f><v>누리집</v></c></row>",
            after: "<hyperlinks><hyperlink ref=\"C2\" r:id=\"h\"/></hyperlinks>",
            parts: [
                ("xl/worksheets/_rels/a.xml.rels", Xml("Relationships", LinkTo("h", "https://cup.example.kr") + RelationTo("c", "comments", "../c.xml"))),
                ("xl/c.xml", comments)]));
        Assert.Equal(
            "매출\n\n품목: 컵 | 값: 90원 | 안내: 보기 (https://cup.example.kr)\n품목: 솥 | 값: 800원 (메모: 검토함) | 안내: 누리집 (https://pot.example.kr)\n\n메모 값: 세금 포함\n\n메모 D9: 빈 칸",
            document.Text);
    }

    [Fact]
    public void Raised_runs_of_a_cell_keep_their_form() => Assert.Equal("매출\n\n10⁻² m³", Read(Xlsx(
        "<row><c t=\"s\"><v>0</v></c></row>",
        "<si><r><t>10</t></r><r><rPr><vertAlign val=\"superscript\"/></rPr><t>-2</t></r><r><rPr/><t xml:space=\"preserve\"> m</t></r><r><rPr><vertAlign val=\"superscript\"/></rPr><t>3</t></r></si>")).Text);

    [Fact]
    public void A_wide_sheet_with_many_merged_cells_is_read_in_linear_time()
    {
        const int columns = 16_000;
        var row = string.Concat(Enumerable.Repeat("<c><v>7</v></c>", columns));
        var merges = string.Concat(Enumerable.Range(1, 50).SelectMany(at => Enumerable.Range(0, 100).Select(c => $"<mergeCell ref=\"{(char)('A' + (c % 26))}{at}:XFD{at + 40}\"/>")));
        var clock = System.Diagnostics.Stopwatch.StartNew();
        Assert.NotEmpty(Read(Xlsx(string.Concat(Enumerable.Range(1, 60).Select(at => $"<row r=\"{at * 2}\">{row}</row>")), after: $"<mergeCells>{merges}</mergeCells>")).Text);
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 60);
    }

    private static string Row(int number, params string[] cells) => $"<row r=\"{number}\">{string.Concat(cells.Select((text, at) => text.Length == 0 ? "" : $"<c r=\"{(char)('A' + at)}{number}\" t=\"str\"><v>{text}</v></c>"))}</row>";

    private static DocumentText Read(byte[] bytes) => DocumentReader.ReadFile(bytes, "파일");
}
