using Pybo.Rag.Chat;

namespace Pybo.Tests.Rag.Chat;

public sealed class CitationScannerTests
{
    private const int Sources = 3;

    [Theory]
    [InlineData("서울이다 [1].", "서울이다 [1].")]
    [InlineData("서울이다[2][3].", "서울이다[2][3].")]
    [InlineData("서울이다 [9].", "서울이다.")]
    [InlineData("서울이다 [0]. 끝", "서울이다. 끝")]
    [InlineData("서울이다 [99999999999999999999].", "서울이다.")]
    [InlineData("서울이다 [1, 3].", "서울이다 [1][3].")]
    [InlineData("서울이다 [1, 7].", "서울이다 [1].")]
    [InlineData("서울이다 [1, 1].", "서울이다 [1].")]
    [InlineData("서울이다 [1][2].", "서울이다 [1][2].")]
    [InlineData("서울이다［1］.", "서울이다[1].")]
    [InlineData("서울이다 ［１，３］.", "서울이다 [1][3].")]
    [InlineData("서울이다 【2】 【9】.", "서울이다 [2].")]
    [InlineData("서울이다 [1; 2、3·7].", "서울이다 [1][2][3].")]
    [InlineData("서울이다 [출처 1].", "서울이다 [1].")]
    [InlineData("서울이다 [출처: 1, 3]. 끝", "서울이다 [1][3]. 끝")]
    [InlineData("서울이다 [자료 1, 자료 2, 자료 8].", "서울이다 [1][2].")]
    [InlineData("서울이다 (자료 2번).", "서울이다 [2].")]
    [InlineData("서울이다（출처 9）.", "서울이다.")]
    [InlineData("Seoul [Source 1, Source 2, source 3].", "Seoul [1][2][3].")]
    [InlineData("Seoul [reference 2] (source: 3)", "Seoul [2] [3]")]
    [InlineData("(1) 첫째 (2) 둘째, f(1) (2024) ( 3 )", "(1) 첫째 (2) 둘째, f(1) (2024) ( 3 )")]
    [InlineData("[출처] (참고) [자료 셋] [1-3] [12번째] [출처 1 참고", "[출처] (참고) [자료 셋] [1-3] [12번째] [출처 1 참고")]
    [InlineData("(자료 [1])", "(자료 [1])")]
    [InlineData("[참고] 서울 [ ] [a1] [", "[참고] 서울 [ ] [a1] [")]
    [InlineData("두 칸  [7]  뒤", "두 칸  뒤")]
    [InlineData("`list[0]` 과 [1]", "`list[0]` 과 [1]")]
    [InlineData("```\nlist[7]\n```\n끝 [7]", "```\nlist[7]\n```\n끝")]
    [InlineData("``a ` b[8]`` [8]", "``a ` b[8]``")]
    [InlineData("“각주[12]가 있다” [1]", "“각주[12]가 있다” [1]")]
    [InlineData("닫지 않은 “말\n다음 줄 [8]", "닫지 않은 “말\n다음 줄")]
    public void Markers_without_a_source_are_dropped_however_they_are_split(string said, string shown)
    {
        foreach (var size in Enumerable.Range(1, said.Length))
        {
            var scanner = new CitationScanner(Sources);
            var streamed = string.Concat(said.Chunk(size).Select(part => scanner.Push(new string(part)))) + scanner.Flush();
            Assert.Equal(shown, streamed);
            Assert.Equal(shown, scanner.Answer);
            Assert.All(scanner.Marks, mark => Assert.Equal($"[{mark.Number}]", shown[mark.Start..mark.End]));
        }
    }

    [Fact]
    public void Scanning_an_answer_again_changes_nothing()
    {
        const string said = "가 [1, 2] 나 [9] “다 [3]” `라[1]` 마 [3]";
        var first = new CitationScanner(Sources);
        first.Push(said);
        first.Flush();
        var second = new CitationScanner(Sources);
        second.Push(first.Answer);
        second.Flush();
        Assert.Equal(first.Answer, second.Answer);
        Assert.Equal(first.Marks, second.Marks);
        Assert.Equal([1, 2, 3], first.Marks.Select(m => m.Number));
    }

    [Fact]
    public void Text_is_held_back_only_if_it_may_become_a_marker()
    {
        var scanner = new CitationScanner(Sources);
        Assert.Equal("서울", scanner.Push("서울 [1"));
        Assert.Equal(" [1]", scanner.Push("]"));
        Assert.Equal("", scanner.Push("["));
        Assert.Equal("[x", scanner.Push("x"));
        Assert.Equal("", scanner.Push(" [2"));
        Assert.Equal(" [2", scanner.Flush());
    }
}
