using Pybo.Data;
using Pybo.Rag.Chat;
using Pybo.Rag.Retrieval;

namespace Pybo.Tests.Rag.Chat;

public sealed class SnippetTests
{
    [Theory]
    [InlineData("서울의 인구는 940만 명이다.", "서울에서 인구", "[서울]의 [인구]는 940만 명이다.")]
    [InlineData("the internet and .NET", "net", "the internet and .[NET]")]
    [InlineData("줄\r\n바꿈은   한 칸", "바꿈", "줄 [바꿈]은 한 칸")]
    [InlineData("아무 것도 없다", "다른말", "아무 것도 없다")]
    [InlineData("", "말", "")]
    public void Words_are_marked(string text, string question, string expected) => Assert.Equal(expected, Marked(Snippet.Make(text, KoreanText.Words(question), null, 200)));

    [Fact]
    public void The_window_holds_most_of_the_words()
    {
        var text = string.Concat(Enumerable.Repeat("채움 글자가 길게 이어진다. ", 40)) + "플라스크 설치는 파이썬 다음이다. " + string.Concat(Enumerable.Repeat("뒤에도 글이 있다. ", 40));
        var snippet = Snippet.Make("파이썬 이야기. " + text, ["플라스크", "파이썬"], null, 100);
        Assert.Contains("[플라스크] 설치는 [파이썬]", Marked(snippet), StringComparison.Ordinal);
        Assert.StartsWith("…", snippet.Text, StringComparison.Ordinal);
        Assert.EndsWith("…", snippet.Text, StringComparison.Ordinal);
        Assert.InRange(snippet.Text.Length, 50, 130);
    }

    [Fact]
    public void Without_words_the_best_chunk_is_shown()
    {
        var text = new string('가', 300) + " 바로 이 문장이다. " + new string('나', 300);
        Assert.StartsWith("…바로 이 문장이다.", Snippet.Make(text, [], (301, 12), 80).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Characters_of_two_units_are_not_cut()
    {
        var text = string.Concat(Enumerable.Repeat("😀", 200));
        for (var length = 40; length < 44; length++)
        {
            var snippet = Snippet.Make(text, [], (101, 10), length).Text.Trim('…');
            Assert.Equal(snippet.Length, snippet.EnumerateRunes().Count(r => r.Value == 0x1F600) * 2);
        }
    }

    private static string Marked(Snippet snippet) => string.Concat(snippet.Parts.Select(p => p.IsMarked ? $"[{p.Text}]" : p.Text));
}
