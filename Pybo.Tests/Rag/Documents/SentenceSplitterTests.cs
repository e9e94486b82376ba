using Pybo.Rag.Documents;

namespace Pybo.Tests.Rag.Documents;

public sealed class SentenceSplitterTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("  \n\n ", "")]
    [InlineData("마침표가 없다", "마침표가 없다")]
    [InlineData("하나다. 둘이에요. 셋일까? 넷이죠! 다섯", "하나다.|둘이에요.|셋일까?|넷이죠!|다섯")]
    [InlineData("했다.그러나 뭐야?그래 그만!", "했다.|그러나 뭐야?|그래 그만!")]
    [InlineData("정말?! 그래요... 글쎄… 그건 아니다. 아직...", "정말?!|그래요...|글쎄… 그건 아니다.|아직...")]
    [InlineData("그는 \"간다. 온다.\"라고 말했다. 끝.", "그는 \"간다. 온다.\"라고 말했다.|끝.")]
    [InlineData("그는 \"간다.\" 그리고 온다.", "그는 \"간다.\"|그리고 온다.")]
    [InlineData("‘왜?’ 하고 물었다. (답은 없다. 아직.) 끝.", "‘왜?’ 하고 물었다.|(답은 없다. 아직.)|끝.")]
    [InlineData("열기만 \"했다. 닫지 않았다.", "열기만 \"했다.|닫지 않았다.")]
    [InlineData("원주율은 3.14이다. 판은 v1.2.3 이다.", "원주율은 3.14이다.|판은 v1.2.3 이다.")]
    [InlineData("https://example.org/a.b?c=d! 를 보라. node.js. 끝", "https://example.org/a.b?c=d!|를 보라.|node.js.|끝")]
    [InlineData("U.S. 정부와 J. 로널드, e.g. 이것. Mr. Kim came. He left.", "U.S. 정부와 J. 로널드, e.g. 이것.|Mr. Kim came.|He left.")]
    [InlineData("2024. 1. 2. 에 했다. 1. 아니다", "2024. 1. 2. 에 했다.|1. 아니다")]
    [InlineData("1. 하나\n2. 둘\n가. 셋", "1. 하나|2. 둘|가. 셋")]
    [InlineData("목록\n- 하나\n- 둘\n\n문단", "목록|- 하나|- 둘|문단")]
    [InlineData("これは文です。次の文！最後？", "これは文です。|次の文！|最後？")]
    [InlineData("이 줄은 서른 글자보다 길어서 다음 줄로 넘어가며 문장이 계속\n이어진다. 끝.", "이 줄은 서른 글자보다 길어서 다음 줄로 넘어가며 문장이 계속\n이어진다.|끝.")]
    [InlineData("....", "....")]
    [InlineData("don't stop. it's 'fine. really' ok.", "don't stop.|it's 'fine. really' ok.")]
    public void Text_is_cut_into_sentences(string text, string sentences) =>
        Assert.Equal(sentences, string.Join('|', SentenceSplitter.Split(text).Select(s => text.Substring(s.Start, s.Length))));

    [Fact]
    public void A_quotation_beyond_the_limit_is_split_into_sentences()
    {
        var text = "\"" + string.Concat(Enumerable.Repeat("문장이다. ", 100)) + "\"";
        Assert.InRange(SentenceSplitter.Split(text).Count, 100, 101);
    }

    [Theory]
    [InlineData(".")]
    [InlineData(". ")]
    [InlineData("\"")]
    [InlineData(".)")]
    [InlineData("가")]
    [InlineData("\n")]
    [InlineData(" ")]
    [InlineData("a.")]
    [InlineData("1. ")]
    [InlineData("(")]
    [InlineData("(다. ")]
    [InlineData("\U0001F600")]
    [InlineData("서른 글자가 넘는 줄을 끝없이 이어 가는 글이라면 어떻게 될까\n")]
    public void A_hostile_text_is_covered_by_bounded_sentences(string part)
    {
        var text = string.Concat(Enumerable.Repeat(part, 1_000_000 / part.Length));
        var at = 0;
        foreach (var sentence in SentenceSplitter.Split(text))
        {
            Assert.InRange(sentence.Length, 1, SentenceSplitter.SentenceCharactersMax);
            Assert.True(text.AsSpan(at, sentence.Start - at).IsWhiteSpace());
            Assert.False(char.IsLowSurrogate(text[sentence.Start]));
            at = sentence.End;
        }

        Assert.True(text.AsSpan(at).IsWhiteSpace());
    }
}
