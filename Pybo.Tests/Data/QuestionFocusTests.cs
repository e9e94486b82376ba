using Pybo.Data;

namespace Pybo.Tests.Data;

public sealed class QuestionFocusTests
{
    [Theory]
    [InlineData("정수기 필터는 몇 개월마다 가나요?", "필터는 6개월마다 바꾸세요.", true)]
    [InlineData("정수기 필터는 몇 개월마다 가나요?", "필터는 대리점에서 삽니다.", false)]
    [InlineData("연체되면 며칠 뒤에 정지되나요?", "보름이 지나면 정지됩니다.", true)]
    [InlineData("연체되면 며칠 뒤에 정지되나요?", "연체하지 마세요.", false)]
    [InlineData("몇 시까지 여나요?", "저녁 아홉 시까지 엽니다.", true)]
    [InlineData("몇 시까지 여나요?", "2시간 동안 엽니다.", false)]
    [InlineData("몇 시간 걸리나요?", "저녁 9시에 갑니다.", false)]
    [InlineData("대관 수수료가 얼마인가요?", "주민은 무료입니다.", true)]
    [InlineData("대관 수수료가 얼마인가요?", "요금의 10%입니다.", true)]
    [InlineData("대관 수수료가 얼마인가요?", "신청서를 내세요.", false)]
    [InlineData("소금은 얼마나 넣나요?", "두 숟갈 넣으세요.", true)]
    [InlineData("대관은 어떻게 하나요?", "신청서를 내세요.", true)]
    public void A_text_without_the_amount_asked_for_does_not_answer(string question, string text, bool has) => Assert.Equal(has, QuestionFocus.HasAmounts(text, question));

    [Theory]
    [InlineData("프린터 E4032 오류", "E-4032는 종이가 걸렸다는 뜻입니다.", true)]
    [InlineData("프린터 E-4032 오류", "화면에 e4032 가 뜨면", true)]
    [InlineData("프린터 E4032 오류", "E4033은 토너가 없다는 뜻입니다.", false)]
    [InlineData("프린터 오류 2026", "오류가 나면 껐다 켜세요.", true)]
    [InlineData("2025년 3월 9일 회의", "일시: 2025. 3. 9. 10:00", true)]
    [InlineData("2025년 3월 9일 회의", "일시: 2025. 9. 3. 10:00", false)]
    [InlineData("2025년 3월 9일 회의", "3월 9일에 모였다", true)]
    [InlineData("2025년 3월 9일 회의", "2024년 3월 9일에 모였다", false)]
    [InlineData("사업자번호 1234567890", "123-45-67890", true)]
    [InlineData("사업자번호 1234567890", "123-45-67891", false)]
    [InlineData("8만 원까지 되나요?", "10만 원 이하는 됩니다.", true)]
    public void A_code_a_date_or_a_number_is_exact_however_it_is_written(string question, string text, bool has) => Assert.Equal(has, QuestionFocus.HasExactTerms(text, question));

    [Theory]
    [InlineData("회원권 양도는 수수료가 붙나요?", "회원권을 해지하면 수수료가 붙습니다.", false)]
    [InlineData("회원권 양도는 수수료가 붙나요?", "회원권을 양도하면 수수료가 붙습니다.", true)]
    [InlineData("회원권 양도 방법", "다른 글", true)]
    public void A_noun_marked_as_subject_is_looked_for(string question, string text, bool has) => Assert.Equal(has, QuestionFocus.HasSubjects(text, question));

    [Fact]
    public void A_pasted_text_costs_little()
    {
        var question = string.Concat(Enumerable.Repeat("요금 ", 200_000));
        Assert.True(QuestionFocus.HasAmounts("글", question));
        Assert.True(QuestionFocus.HasSubjects("글", question));
        Assert.True(QuestionFocus.HasExactTerms("글", question));
    }
}
