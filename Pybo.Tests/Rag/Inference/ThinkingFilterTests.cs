using Pybo.Rag.Inference;

namespace Pybo.Tests.Rag.Inference;

public sealed class ThinkingFilterTests
{
    [Theory]
    [InlineData("<think>음…\n아마 서울</think>\n\n서울입니다.", "서울입니다.")]
    [InlineData("서울입니다.", "서울입니다.")]
    [InlineData("<think></think>서울", "서울")]
    [InlineData("답: <think>잠깐</think> 서울", "답: 서울")]
    [InlineData("<think>하나</think><think>둘</think>셋", "셋")]
    [InlineData("\n</think>\n\n서울", "\n서울")] // an end without a beginning
    [InlineData("<think>끝나지 않는 생각 <", "")]
    [InlineData("<think>a < b </thin 그리고</think>c", "c")]
    [InlineData("1 <thi 2 <<think>x</think>3", "1 <thi 2 <3")]
    [InlineData("a <b> c</d> <", "a <b> c</d> <")]
    [InlineData("", "")]
    public void Thoughts_are_left_out_however_they_are_split(string text, string expected)
    {
        for (var size = 1; size <= text.Length + 1; size++)
        {
            var filter = new ThinkingFilter();

            Assert.Equal(expected, string.Concat(text.Chunk(size).Select(piece => filter.Push(new(piece)))) + filter.Flush());
        }
    }

    [Fact]
    public void Only_text_that_may_become_a_mark_is_held_back()
    {
        var filter = new ThinkingFilter();

        Assert.Equal(["가", "<x", "", "", "", "나"], [filter.Push("가<"), filter.Push("x"), filter.Push("<thin"), filter.Push("k>생각"), filter.Push("</think"), filter.Push("> 나")]);
    }
}
