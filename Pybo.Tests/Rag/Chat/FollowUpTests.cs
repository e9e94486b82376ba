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

    [Fact]
    public void A_first_question_is_never_a_follow_up() => Assert.Equal("그럼 가격은?", FollowUp.Searched("그럼 가격은?", []));

    [Fact]
    public void Chains_reach_back_to_their_first_question_but_only_up_to_the_limit()
    {
        Assert.Equal($"{Deploy}\n가격은?\n그럼 기간은?", FollowUp.Searched("그럼 기간은?", ["옛 질문이 하나 있었다", Deploy, "가격은?"]));
        Assert.Equal("둘은?\n셋은?\n넷은?", FollowUp.Searched("넷은?", ["하나는?", "둘은?", "셋은?"]));
    }
}
