using Pybo.Rag.Chat;
using Pybo.Rag.Retrieval;

namespace Pybo.Tests.Rag.Chat;

public sealed class FollowUpTests
{
    private const string Deploy = "플라스크 서버는 어떻게 배포하나요?";

    [Theory]
    [InlineData("그럼 가격은?")]
    [InlineData("가격은?")]
    [InlineData("왜?")]
    [InlineData("그건 리눅스에서도 되나요?")]
    [InlineData("다른 방법은 없을까요?")]
    [InlineData("How does it work on Linux?")]
    [InlineData("what about the price of hosting")]
    public void A_follow_up_question_is_searched_with_the_previous_one(string question) =>
        Assert.Equal($"{Deploy}\n{question}", FollowUp.Searched(question, [Deploy]));

    [Theory]
    [InlineData("파이썬에서 가상 환경을 만드는 방법이 무엇인가요?")]
    [InlineData("How do I sort a list in Python?")]
    [InlineData("그림판에서 원을 그리는 방법을 알려주세요")]
    [InlineData("리미티드 에디션 가격 알려줘")]
    public void A_standalone_question_is_searched_alone(string question) => Assert.Equal(question, FollowUp.Searched(question, [Deploy]));

    [Theory]
    [InlineData("강당 대관은요?", "시민회관 강당 대관은 하루에 얼마인가요?")]
    [InlineData("그럼 작은 강당은?", "시민회관 작은 강당은 하루에 얼마인가요?")]
    [InlineData("그 회관의 주차장은 몇 시까지 여나요?", "시민회관 주차장은 몇 시까지 여나요?")]
    public void A_shortened_question_keeps_the_subject_and_changes_the_aspect(string question, string whole)
    {
        const string first = "시민회관 회의실 이용 요금은 하루에 얼마인가요?";
        Assert.Equal(whole, FollowUp.Searched(question, [first]));
        Assert.Equal(whole, FollowUp.Searched(question, [first, "큰 회의실은요?"]));
    }

    [Theory]
    // One word: another aspect, or another subject of the same kind.
    [InlineData("관리비는요?", "시민회관 관리비는 하루에 얼마인가요?")]
    [InlineData("그럼 보증금은?", "시민회관 보증금은 하루에 얼마인가요?")]
    [InlineData("구민회관은요?", "구민회관 회의실 이용 요금은 하루에 얼마인가요?")]
    // The subject by another name, and an aspect without a predicate.
    [InlineData("그 회관의 강당은?", "시민회관 강당은 하루에 얼마인가요?")]
    public void One_word_is_completed_if_the_question_before_it_only_asks(string question, string whole) =>
        Assert.Equal(whole, FollowUp.Searched(question, ["시민회관 회의실 이용 요금은 하루에 얼마인가요?"]));

    [Theory]
    [InlineData("둘 중 더 싼 곳은?")]
    [InlineData("그럼 두 곳 가운데 어디가 더 넓어요?")]
    [InlineData("어느 쪽이 더 싸요?")]
    public void Two_alternatives_come_from_the_two_questions_before(string question)
    {
        const string first = "시민회관 회의실 요금은 얼마인가요?";
        Assert.Equal($"{first}\n구민회관 회의실 요금은 얼마인가요?\n{question}", FollowUp.Searched(question, ["옛 질문은 무엇인가요?", first, "구민회관은요?"]));
        Assert.Equal(question, FollowUp.Searched(question, []));
    }

    [Fact]
    public void A_word_that_only_points_is_searched_with_the_question_before() =>
        Assert.Equal("시민회관 대관은 언제인가요?\n그것은?", FollowUp.Searched("그것은?", ["시민회관 대관은 언제인가요?"]));

    [Theory]
    [InlineData("구민회관의 강당은?")]
    [InlineData("강당 대관은 누가 하나요?")]
    public void A_question_with_its_own_subject_or_predicate_is_searched_alone(string question) =>
        Assert.Equal(question, FollowUp.Searched(question, ["시민회관 회의실 이용 요금은 하루에 얼마인가요?"]));

    [Theory]
    [InlineData("부산의 인구는 몇 명인가요?", "그럼 면적은?", "부산의 인구는 몇 명인가요?\n그럼 면적은?")]
    [InlineData("부산관의 전시는 몇 시까지인가요?", "강연은요?", "부산관 강연은 몇 시까지인가요?")]
    public void Another_aspect_has_another_unit_unless_it_is_a_time(string first, string question, string searched) =>
        Assert.Equal(searched, FollowUp.Searched(question, [first]));

    [Theory]
    // A person by a title, a role or an acting name.
    [InlineData("박물관을 세운 사람은 누구야?", "“초대 관장 윤서하가 박물관을 세웠다.” [1]", "그 사람은 몇 년에 태어났어?", "윤서하는 몇 년에 태어났어?")]
    [InlineData("자료 담당자는 누구인가요?", "“자료 담당: 민가온” [1]", "그분 연락처는?", "민가온 연락처는?")]
    [InlineData("누가 나무를 심었나요?", "“노하람이 첫 나무를 심었다.” [1]", "그 사람이 심은 건 무슨 나무야?", "노하람이 심은 건 무슨 나무야?")]
    // A place in the answer; otherwise the one in the question.
    [InlineData("전시는 어디에서 해?", "“전시는 강변미술관에서 한다.” [1]", "거기는 몇 시에 닫아?", "강변미술관은 몇 시에 닫아?")]
    [InlineData("솔숲도서관은 언제 열어?", "“아홉 시에 연다.” [1]", "거기서 복사도 되나요?", "솔숲도서관에서 복사도 되나요?")]
    // A day.
    [InlineData("김장은 언제 하나요?", "“김장은 11월 22일에 한다.” [1]", "그날은 뭐 해?", "11월 22일은 뭐 해?")]
    public void A_word_that_points_to_the_one_thing_named_before_is_replaced_by_its_name(string first, string answer, string question, string completed) =>
        Assert.Equal(completed, FollowUp.Completed(question, [(first, answer)]));

    [Theory]
    // Two people, two places, two days; no one at all; and a question that points to nothing.
    [InlineData("누가 발표해?", "“윤서하 관장과 민가온 사서가 발표한다.” [1]", "그 사람은 어디에서 일해?")]
    [InlineData("어디에서 모여?", "“솔숲도서관에서 모여 강변미술관으로 간다.” [1]", "거기는 몇 시에 닫아?")]
    [InlineData("언제 해?", "“3월 2일과 3월 9일에 한다.” [1]", "그날은 뭐 해?")]
    [InlineData("정기권은 얼마야?", "“정기권은 신청자가 직접 산다.” [1]", "그 사람은 누구야?")]
    [InlineData("관장은 누구야?", "“관장은 윤서하이다.” [1]", "주차장은 어디야?")]
    public void What_is_not_certain_is_searched_as_before(string first, string answer, string question) => Assert.Null(FollowUp.Completed(question, [(first, answer)]));

    [Fact]
    public void A_chain_of_questions_keeps_its_person_and_a_new_person_replaces_it()
    {
        var first = ("누가 세웠어?", "“초대 관장 윤서하가 세웠다.” [1]");
        Assert.Equal("윤서하 연락처는?", FollowUp.Completed("그분 연락처는?", [first, ("그 사람은 몇 년에 태어났어?", "“1961년에 태어났다.” [1]")]));
        Assert.Null(FollowUp.Completed("그분 연락처는?", [first, ("주차 요금은 얼마야?", "“한 시간에 천 원이다.” [1]")]));
        Assert.Equal("민가온 연락처는?", FollowUp.Completed("그분 연락처는?", [first, ("사서는 누구야?", "“사서 민가온은 화요일에 나온다.” [1]")]));
    }

    [Fact]
    public void A_first_question_is_never_a_follow_up() => Assert.Equal("그럼 가격은?", FollowUp.Searched("그럼 가격은?", []));

    [Fact]
    public void Chains_reach_back_to_their_first_question_but_only_up_to_the_limit()
    {
        Assert.Equal($"{Deploy}\n가격은?\n그럼 기간은?", FollowUp.Searched("그럼 기간은?", ["옛 질문이 하나 있었다", Deploy, "가격은?"]));
        Assert.Equal("둘은?\n셋은?\n넷은?", FollowUp.Searched("넷은?", ["하나는?", "둘은?", "셋은?"]));
    }
}
