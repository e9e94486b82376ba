using Pybo.Rag.Chat;

namespace Pybo.Tests.Rag.Chat;

public sealed class QuotableSentencesTests
{
    [Theory]
    // Questions and their writers' wishes.
    [InlineData("수영장은 언제 여나요?\n수영장은 오전 여섯 시에 연다.", "수영장은 오전 여섯 시에 연다.")]
    [InlineData("입장료가 얼마인지 궁금합니다.\n입장료는 삼천 원입니다.", "입장료는 삼천 원입니다.")]
    [InlineData("강아지도 들어갈 수 있는지요. 강아지는 들어갈 수 없습니다.", "강아지는 들어갈 수 없습니다.")]
    [InlineData("대관은 누가 승인합니까.\n\n대관은 관장이 승인합니다.", "대관은 관장이 승인합니다.")]
    // Labels and headings.
    [InlineData("어른\n\n하루 7,000원\n\n어린이\n\n하루 3,000원", "어른\n\n하루 7,000원|하루 7,000원|어린이\n\n하루 3,000원|하루 3,000원")]
    [InlineData("소계\n\n할인 대상:\n\n만 65세 이상은 절반만 낸다.", "만 65세 이상은 절반만 낸다.")]
    [InlineData("제3조 휴관일\n매주 수요일에 쉽니다.", "매주 수요일에 쉽니다.")]
    [InlineData("2. 반납 방법\n반납함에 넣으면 됩니다.", "반납함에 넣으면 됩니다.")]
    [InlineData("[이용 시간]\n평일 09:00~18:00", "[이용 시간]\n평일 09:00~18:00|평일 09:00~18:00")]
    [InlineData("담당 부서\n시설관리과", "담당 부서\n시설관리과")]
    [InlineData("준비물:\n- 수건\n- 수영모", "준비물:\n- 수건\n- 수영모|- 수건|- 수영모")]
    [InlineData("보증금:\n200,000원", "보증금:\n200,000원|200,000원")]
    [InlineData("제1장 총칙\n목적\n이 규칙은 공원의 이용을 정한다.", "이 규칙은 공원의 이용을 정한다.")]
    [InlineData("위쪽 제목\n\n아래 제목", "")]
    // The question of an examination with its number.
    [InlineData("1번 문항. 서울을 지나는 강은?\n\n문제 2) 가장 높은 산은 어디인가요?", "1번 문항. 서울을 지나는 강은?")]
    // A short statement without a verb is no heading.
    [InlineData("음식물 반입 금지", "음식물 반입 금지")]
    [InlineData("매주 화요일 휴관", "매주 화요일 휴관")]
    // Tables.
    [InlineData("품목 | 단가 | 수량\n의자 | 45,000원 | 3개\n책상 | 90,000원 | 1개", "의자 | 45,000원 | 3개|책상 | 90,000원 | 1개")]
    [InlineData("구분 | 2023년 | 2024년\n매출 | 310 | 420", "매출 | 310 | 420")]
    [InlineData("이름 | 부서 | 자리\n한가람 | 시설팀 | 북쪽", "한가람 | 시설팀 | 북쪽")]
    [InlineData("이름 | 한가람\n부서 | 시설팀", "이름 | 한가람|부서 | 시설팀")]
    [InlineData("품목 | 단가\n의자 | 45,000원\n\n품목 | 단가\n책상 | 90,000원", "의자 | 45,000원|책상 | 90,000원")]
    [InlineData("의자 | 45,000원\n책상 | 90,000원", "의자 | 45,000원|책상 | 90,000원")]
    public void Only_what_says_something_is_quoted(string text, string expected) =>
        Assert.Equal(expected, string.Join('|', QuotableSentences.Of(text, "아래 제목", "윗글 › 위쪽 제목").Select(range => text.Substring(range.Start, range.Length))));

    [Fact]
    public void A_label_takes_a_limited_number_of_lines()
    {
        var text = "준비물:\n" + string.Join('\n', Enumerable.Range(0, 40).Select(at => $"- 물건 {(char)('A' + (at % 26))}"));
        var labelled = QuotableSentences.Of(text, "", null)[0];
        Assert.Equal(1 + QuotableSentences.LabelledLinesMax, text.Substring(labelled.Start, labelled.Length).Split('\n').Length);
    }
}
