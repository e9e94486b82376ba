using Pybo.Data;

namespace Pybo.Tests.Data;

public sealed class AskingSentenceTests
{
    [Theory]
    [InlineData("어떤 기종을 쓰세요")]
    [InlineData("언제 사셨어요.")]
    [InlineData("오류 화면을 올려 주세요.")]
    [InlineData("몇 번 눌렀는지 알려주실 수 있을까요?")]
    [InlineData("Could you post the log")]
    [InlineData("왜 그런 거죠")]
    public void A_sentence_that_asks_in_talk_is_recognised(string sentence) => Assert.True(AskingSentence.IsInTalk(sentence));

    [Theory]
    [InlineData("전원을 껐다가 켜 보세요.")]
    [InlineData("어디서든 되는 방법입니다.")]
    [InlineData("관리실 옆 창고에 있어요.")]
    [InlineData("The blue lever comes first.")]
    public void A_sentence_that_says_something_asks_nothing(string sentence) => Assert.False(AskingSentence.IsInTalk(sentence));

    [Theory]
    [InlineData("저도 같은 증상입니다.", true)]
    [InlineData("저도요!", true)]
    [InlineData("저희 동도 같은 증상이라 잠을 못 잡니다.", true)]
    [InlineData("같은 문제네요", true)]
    [InlineData("저는 똑같이 안 되네요", true)]
    [InlineData("Same problem here.", true)]
    [InlineData("저도 지난달에 필터를 갈아서 고쳤습니다.", false)]
    [InlineData("같은 층 복사기는 레버가 왼쪽에 있어요.", false)]
    public void A_writer_with_the_same_question_answers_nothing(string sentence, bool isEcho) => Assert.Equal(isEcho, AskingSentence.IsEcho(sentence));

    [Theory]
    [InlineData("케이블을 바꾸니 해결됐습니다.", true)]
    [InlineData("재시작했더니 잘 됩니다.", true)]
    [InlineData("참고로 윈도우 11입니다.", false)]
    public void A_solution_is_recognised(string sentence, bool tells) => Assert.Equal(tells, Courtesy.TellsSolution(sentence));
}
