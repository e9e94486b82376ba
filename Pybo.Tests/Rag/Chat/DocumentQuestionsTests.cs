using Pybo.Data;
using Pybo.Rag.Chat;

namespace Pybo.Tests.Rag.Chat;

public sealed class DocumentQuestionsTests
{
    private const string Summary = "이 문서를 요약해 주세요.";
    private const string KeyPoints = "핵심 세 가지를 알려 주세요.";
    private const string About = "무엇에 대한 문서인가요?";

    [Theory]
    [InlineData("배관 청소는 11월 3일에 시작합니다.", "배관 청소는 언제인가요?")]
    [InlineData("정기 총회는 매년 2월 20일이다.", "정기 총회는 언제인가요?")]
    [InlineData("동호회 회비는 한 달에 12,000원입니다.", "동호회 회비는 얼마인가요?")]
    [InlineData("지난 해 체육관 예산은 1,200만 원이고 올해는 줄었다.", "지난 해 체육관 예산은 얼마인가요?")]
    [InlineData("참가 정원은 모두 40명입니다.", "참가 정원은 몇 명인가요?")]
    [InlineData("공유 경제는 물건을 나누어 쓰는 거래 방식을 말한다.", "공유 경제는 무엇인가요?")]
    [InlineData("행사 사회자는 방송반 이수민 학생입니다.", "행사 사회자는 누구인가요?")]
    public void A_sentence_that_says_a_fact_of_its_topic_answers_a_question(string sentence, string question) =>
        Assert.Equal([question, Summary, KeyPoints], DocumentQuestions.Of([(null, sentence)]));

    [Theory]
    [InlineData("이것은 11월 3일에 시작합니다.")]
    [InlineData("김 과장은 서울에서 내려와 11월 3일 회의에서 의견을 냈다.")]
    [InlineData("접수가 끝난 뒤 결과는 나중에 알린다.")]
    [InlineData("사과은 열매이다.")]
    [InlineData("같은 옷을 입는 것이 오래된 전통이다.")]
    [InlineData("자리는 서른 곳이고 참가비는 3천 원이다.")]
    [InlineData("| 회비는 | 12,000원이다 |")]
    [InlineData("배관 청소는 11월 3일에 시작하나요?")]
    public void Other_sentences_do_not(string sentence) => Assert.Equal([Summary, KeyPoints, About], DocumentQuestions.Of([(null, sentence)]));

    [Fact]
    public void Facts_of_different_kinds_come_first_and_headings_fill_up()
    {
        Assert.Equal(["개학식은 언제인가요?", "급식비는 얼마인가요?", Summary], DocumentQuestions.Of([
            ("일정", "개학식은 3월 4일입니다. 방학식은 7월 20일입니다."), ("비용", "급식비는 5,200원입니다.")]));
        Assert.Equal(["입장료는 얼마인가요?", "‘찾아오는 길’에는 어떤 내용이 있나요?", Summary], DocumentQuestions.Of([
            ("찾아오는 길", "지하철역에서 걸어온다. 입장료는 3,000원이다.")]));
        Assert.Equal(["What does it say about “Opening hours”?", "Summarize this document.", "Give me the three main points."], DocumentQuestions.Of([("Opening hours", "Open daily.")]));
    }

    [Theory]
    [InlineData("가", Summary, KeyPoints, About)]
    [InlineData("Text", "Summarize this document.", "Give me the three main points.", "What is this document about?")]
    public void Questions_about_the_whole_are_recognised_as_such(string text, params string[] questions)
    {
        Assert.Equal(questions, DocumentQuestions.Of([(null, text)]));
        Assert.All(questions, question => Assert.True(WholeQuestion.Is(question), question));
    }

    [Fact]
    public void A_text_without_letters_has_none() => Assert.Empty(DocumentQuestions.Of([(null, "1 2 3"), ("가", "")]));
}
