using Pybo.Rag.Documents;
using Pybo.Rag.Documents.Tables;

namespace Pybo.Tests.Rag.Documents.Tables;

/// <summary>Every row of a table is understood by itself.</summary>
public sealed class TableRowsTests
{
    [Fact]
    public void Rows_are_pairs_of_the_columns_names_and_their_values() => Assert.Equal(
        ["강좌: 수채화 | 요일: 화 | 참가비: 30,000원", "강좌: 서예 | 요일: 목 | 참가비: 25,000원"],
        Texts(["강좌", "요일", "참가비"], ["수채화", "화", "30,000원"], ["서예", "목", "25,000원"]));

    [Fact]
    public void Values_keep_their_columns_where_cells_are_empty() => Assert.Equal(
        ["이름: 나하늘 | 3월: 2일", "이름: 도라지 | 1월: 4일 | 2월: 1일"],
        Texts(["이름", "1월", "2월", "3월"], ["나하늘", "", "", "2일"], ["도라지", "4일", "1일", ""]));

    [Fact]
    public void A_cell_over_several_rows_names_each_of_them() => Assert.Equal(
        ["시설: 체육관 | 시간: 오전 | 요금: 1,000원", "시설: 체육관 | 시간: 오후 | 요금: 1,500원"],
        Lines(Row("시설", "시간", "요금"), [new("체육관", RowSpan: 2), new("오전"), new("1,000원")], Row("오후", "1,500원")));

    [Fact]
    public void A_cell_over_several_columns_counts_for_each_of_them() => Assert.Equal(
        ["층: 1층 | 월: 09시 | 화: 10시", "층: 2층 | 월: 11시 | 화: 11시"],
        Lines(Row("층", "월", "화"), Row("1층", "09시", "10시"), [new("2층"), new("11시", ColumnSpan: 2)]));

    [Fact]
    public void Header_rows_that_group_columns_are_joined() => Assert.Equal(
        ["구분: 주간 | 요금 어른: 5,000원 | 요금 어린이: 2,000원", "구분: 야간 | 요금 어른: 7,000원 | 요금 어린이: 3,000원"],
        Lines([new("구분", RowSpan: 2), new("요금", ColumnSpan: 2)], Row("어른", "어린이"), Row("주간", "5,000원", "2,000원"), Row("야간", "7,000원", "3,000원")));

    [Fact]
    public void A_header_that_appears_again_is_dropped() => Assert.Equal(
        ["장비: 톱 | 점검: 3개월", "장비: 송곳 | 점검: 6개월", "장비: 끌 | 점검: 9개월"],
        Texts(["장비", "점검"], ["톱", "3개월"], ["송곳", "6개월"], ["장비", "점검"], ["끌", "9개월"]));

    [Fact]
    public void A_label_left_blank_is_that_of_the_row_above() => Assert.Equal(
        ["구: 동구 | 시설: 도서관 | 수: 3곳", "구: 동구 | 시설: 공원 | 수: 5곳", "시설: 합계 | 수: 8곳"],
        Texts(["구", "시설", "수"], ["동구", "도서관", "3곳"], ["", "공원", "5곳"], ["", "합계", "8곳"]));

    [Fact]
    public void A_name_across_the_table_belongs_to_the_rows_below_it() => Assert.Equal(
        ["평일 | 종목: 수영 | 요금: 4,000원", "주말 | 종목: 수영 | 요금: 6,000원", "주말 | 종목: 탁구 | 요금: 3,000원"],
        Lines(Row("종목", "요금"), [new("평일", ColumnSpan: 2)], Row("수영", "4,000원"), [new("주말", ColumnSpan: 2)], Row("수영", "6,000원"), Row("탁구", "3,000원")));

    [Fact]
    public void Remarks_across_the_table_are_lines_of_their_own() => Assert.Equal(
        ["종목: 수영 | 요금: 4,000원", "종목: 탁구 | 요금: 2,000원", "※ 경로 우대는 절반만 받는다."],
        Lines(Row("종목", "요금"), Row("수영", "4,000원"), Row("탁구", "2,000원"), [new("※ 경로 우대는 절반만 받는다.", ColumnSpan: 2)]));

    [Fact]
    public void The_unit_above_the_names_is_in_every_row_with_figures() => Assert.Equal(
        ["(단위: 천원)", "항목: 인건비 | 예산: 3,200 | 단위: 천원", "항목: 재료비 | 예산: 900 | 단위: 천원"],
        Lines([new("(단위: 천원)", ColumnSpan: 2)], Row("항목", "예산"), Row("인건비", "3,200"), Row("재료비", "900")));

    [Fact]
    public void The_unit_in_the_paragraph_above_the_table_is_too()
    {
        var rows = new TableRows();
        foreach (var row in (string[][])[["항목", "예산"], ["인건비", "3,200"], ["재료비", "900"]])
        {
            rows.AddRow(Row(row));
        }

        var text = DocumentBuilder.Collect([BlockPart.Paragraph("2026년 예산 (단위 : 백만원)"), rows.End()!, BlockPart.Paragraph("끝 1")], "예산.txt").Text;
        Assert.Equal("2026년 예산 (단위 : 백만원)\n\n항목: 인건비 | 예산: 3,200 | 단위: 백만원\n항목: 재료비 | 예산: 900 | 단위: 백만원\n\n끝 1", text);
    }

    [Fact]
    public void What_the_format_marks_as_names_counts_whatever_it_is() => Assert.Equal(
        ["10시: 국어 | 11시: 수학"],
        Lines([new("10시", IsHeader: true), new("11시", IsHeader: true)], Row("국어", "수학")));

    [Fact]
    public void The_name_of_a_row_is_no_name_of_its_column() => Assert.Equal(
        ["이름 | 한가람", "전화 | 031-1234-5678"],
        Lines([new("이름", IsHeader: true), new("한가람")], [new("전화", IsHeader: true), new("031-1234-5678")]));

    [Theory]
    [InlineData("사과,1,000원", "배,2,000원")]
    [InlineData("성명,홍길동,생년월일,1990. 1. 1.", "주소,서울,전화,02-123-4567")]
    [InlineData("이름,홍길동", "나이,서른", "전화,031-1234-5678")]
    [InlineData("2026-10-03,오류 3건", "2026-10-04,오류 5건")]
    public void A_table_without_names_has_none(params string[] rows) => Assert.DoesNotContain(": ", string.Join('\n', Texts([.. rows.Select(row => row.Replace(",0", ".0", StringComparison.Ordinal).Split(','))])), StringComparison.Ordinal);

    [Fact]
    public void Years_name_columns() => Assert.Equal(
        ["시설: 미술관 | 2025년: 1,200명 | 2026년: 1,400명"], Texts(["시설", "2025년", "2026년"], ["미술관", "1,200명", "1,400명"]));

    [Fact]
    public void A_table_of_names_alone_is_one_row() => Assert.Equal(["날짜 | 이름 | 서명"], Lines(new TableCell[] { new("날짜", IsHeader: true), new("이름", IsHeader: true), new("서명", IsHeader: true) }));

    [Fact]
    public void Rows_of_a_long_table_are_returned_as_they_come_and_keep_their_header()
    {
        var (rows, texts) = (new TableRows(), new List<string>());
        rows.AddRow(Row("번호", "이름"));
        for (var number = 1; number <= 1_000; number++)
        {
            rows.AddRow(Row($"{number}", $"회원{number:000}"));
            texts.AddRange(rows.TakeRows()?.Lines.Select(line => line.Text.TrimEnd()) ?? []);
        }

        Assert.Null(rows.End());
        Assert.Equal(1_000, texts.Count);
        Assert.Equal("번호: 777 | 이름: 회원777", texts[776]);
    }

    [Fact]
    public void Overlapping_spans_do_not_multiply_a_table()
    {
        var rows = new TableRows();
        for (var row = 0; row < 2_000; row++)
        {
            rows.AddRow([.. Enumerable.Repeat(new TableCell(new string('가', 60), ColumnSpan: 1_000, RowSpan: 1_000), 40)]);
        }

        Assert.InRange(rows.End()!.Lines.Sum(line => line.Text.Length), 1, 6_000_000);
    }

    [Fact]
    public void A_line_is_read_back_into_its_fields()
    {
        var fields = TableRow.Fields("수영장 | 시간: 야간 | 비고: 주의: 미끄럼");
        Assert.Equal([("", "수영장", 0), ("시간", "야간", 10), ("비고", "주의: 미끄럼", 19)], fields.Select(field => (field.Header, field.Value, field.ValueStart)));
    }

    [Fact]
    public void What_separates_cells_does_not_occur_in_them() => Assert.Equal("a / b", TableRow.Clean(" a |\n b "));

    [Fact]
    public void Numbers_raised_and_lowered_do_not_run_into_the_line()
    {
        Assert.Equal(["⁶", "⁻³", "³⁾", "^(a+b)", "th"], new[] { "6", "-3", "3)", "a+b", "th" }.Select(ScriptText.Raised));
        Assert.Equal(["₂", "_(ij)"], new[] { "2", "ij" }.Select(ScriptText.Lowered));
    }

    private static TableCell[] Row(params string[] cells) => [.. cells.Select(cell => new TableCell(cell))];

    private static List<string> Texts(params string[][] rows) => Lines([.. rows.Select(Row)]);

    private static List<string> Lines(params TableCell[][] rows)
    {
        var table = new TableRows();
        foreach (var row in rows)
        {
            table.AddRow(row);
        }

        return [.. table.End()!.Lines.Select(line => line.Text.TrimEnd())];
    }
}
