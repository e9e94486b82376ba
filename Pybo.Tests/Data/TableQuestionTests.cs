using Pybo.Data;

namespace Pybo.Tests.Data;

/// <summary>Questions that compute over a column, and the amounts in its cells.</summary>
public sealed class TableQuestionTests
{
    [Theory]
    [InlineData("가장 비싼 강습은?", TableOperation.Largest, "강습", true)]
    [InlineData("제일 저렴한 좌석은 어디인가요?", TableOperation.Smallest, "좌석", true)]
    [InlineData("좌석이 제일 많은 버스는?", TableOperation.Largest, "좌석 버스", false)]
    [InlineData("가장 너비가 좁은 산책로 알려줘", TableOperation.Smallest, "너비 산책로", false)]
    [InlineData("최고 기록은?", TableOperation.Largest, "기록", false)]
    [InlineData("회비를 모두 더하면?", TableOperation.Sum, "회비", false)]
    [InlineData("지출 합계는?", TableOperation.Sum, "지출", false)]
    [InlineData("지출의 총합이 얼마야?", TableOperation.Sum, "지출", true)]
    [InlineData("방문자는 모두 몇 명인가요?", TableOperation.Total, "방문자", false)]
    [InlineData("의자는 전부 몇 개야?", TableOperation.Total, "의자", false)]
    [InlineData("평균 방문자는?", TableOperation.Average, "방문자", false)]
    [InlineData("코스가 몇 개 있나요?", TableOperation.Count, "코스", false)]
    [InlineData("which is the most expensive ticket?", TableOperation.Largest, "ticket", true)]
    [InlineData("What is the average price?", TableOperation.Average, "price", false)]
    public void A_question_names_its_operation_and_its_columns(string question, TableOperation operation, string names, bool isMoney)
    {
        var asked = TableQuestion.Of(question);
        Assert.Equal((operation, names, isMoney), (asked?.Operation, string.Join(' ', asked?.Names.Select(name => name[^1]) ?? []), asked?.IsMoney));
    }

    [Theory]
    [InlineData("강습은 언제 시작하나요?")]
    [InlineData("정원은 몇 명인가요?")]
    [InlineData("최대 몇 명까지 신청할 수 있나요?")]
    [InlineData("회비를 모두 알려 주세요")]
    [InlineData("총무팀은 몇 층에 있나요?")]
    [InlineData("합격자는 언제 발표하나요?")]
    [InlineData("코스를 몇 개까지 고를 수 있나요?")]
    public void Other_questions_compute_nothing(string question) => Assert.Null(TableQuestion.Of(question));

    [Fact]
    public void A_follow_up_keeps_the_names_of_the_question_before_it()
    {
        var asked = TableQuestion.Of("가장 비싼 강습은?\n그럼 제일 싼 건?");
        Assert.Equal((TableOperation.Smallest, "강습"), (asked!.Operation, Assert.Single(asked.Names)[^1]));
    }

    [Fact]
    public void A_condition_stays_among_the_names() =>
        Assert.Equal(["5만원", "이상인", "강습은"], TableQuestion.Of("5만원 이상인 강습은 모두 몇 개인가요?")!.Names.Select(name => name[0]));

    [Theory]
    [InlineData("1,000원", 1_000, "", "원")]
    [InlineData("3만원", 30_000, "", "원")]
    [InlineData("3만 5천 원", 35_000, "", "원")]
    [InlineData("1.5억원", 150_000_000, "", "원")]
    [InlineData("2.5 kg", 2.5, "", "kg")]
    [InlineData("12명", 12, "", "명")]
    [InlineData("월 20,000원", 20_000, "월", "원")]
    [InlineData("30,000원(재료비 별도)", 30_000, "", "원")]
    [InlineData("△1,200", -1_200, "", "")]
    [InlineData("-3.5%", -3.5, "", "%")]
    [InlineData("$15", 15, "$", "")]
    [InlineData("4", 4, "", "")]
    [InlineData("무료", 0, "", null)]
    public void An_amount_is_read_exactly(string cell, double value, string before, string? after) => Assert.Equal(new Amount((decimal)value, before, after), Amount.Of(cell));

    [Theory]
    [InlineData("2026-03-02")]
    [InlineData("2026. 3. 2.")]
    [InlineData("3월 2일")]
    [InlineData("3월")]
    [InlineData("2026년")]
    [InlineData("10:30")]
    [InlineData("10~15명")]
    [InlineData("12명(대기 3명)")]
    [InlineData("약 12명")]
    [InlineData("02-345-6789")]
    [InlineData("3층")]
    [InlineData("1시간 30분")]
    [InlineData("별도 문의")]
    [InlineData("12,34원")]
    [InlineData("")]
    public void A_date_a_range_or_a_sentence_is_no_amount(string cell) => Assert.Null(Amount.Of(cell));

    [Fact]
    public void A_bare_number_has_the_unit_of_its_column()
    {
        Assert.Equal("천원", Amount.UnitIn("집행 (천원)"));
        Assert.Equal("명", Amount.UnitIn("정원(단위: 명)"));
        Assert.Equal("", Amount.UnitIn("비고(선택)"));
        Assert.Equal(new Amount(1_200, "", "천원"), Amount.Of("1,200", "천원"));
        Assert.Equal("1,234.57천원", Amount.Of("1", "천원")!.Value.Write(1_234.567m));
        Assert.Equal("월 1,000원", Amount.Of("월 1원")!.Value.Write(1_000));
        Assert.Equal("3 kg", Amount.Of("1kg")!.Value.Write(3));
    }

    [Theory]
    [InlineData("합계", RowSummary.Total)]
    [InlineData("총  계", RowSummary.Total)]
    [InlineData("계", RowSummary.Total)]
    [InlineData("합계(A+B)", RowSummary.Total)]
    [InlineData("소 계", RowSummary.Subtotal)]
    [InlineData("평균", RowSummary.Average)]
    [InlineData("합계기", RowSummary.None)]
    [InlineData("시계", RowSummary.None)]
    [InlineData("평균대", RowSummary.None)]
    public void A_row_that_sums_up_others_is_known_by_its_name(string cell, RowSummary summary) => Assert.Equal(summary, SummaryWords.Of(cell));
}
