using Pybo.Rag.Inference;

namespace Pybo.Tests.Rag.Inference;

public sealed class StopStringsTests
{
    [Theory]
    [InlineData("답입니다.\n질문: 또", "답입니다.\n", "질문:")]
    [InlineData("질문: 또", "", "질문:")] // at the start
    [InlineData("끝", "", "끝")]
    [InlineData("질문질문:x", "질문", "질문:")] // begins again inside its own beginning
    [InlineData("aaab", "a", "aab")]
    [InlineData("abcabd!", "abc", "abd", "abce")]
    [InlineData("xabcd", "x", "ab", "abcd")] // complete first
    [InlineData("xabcd", "x", "bcd", "abcd")] // complete together: the longer
    [InlineData("xyabz", "xy", "xyabc", "ab")] // text held back for the longer one is shown
    [InlineData("가나다", "가", "나", "나")]
    [InlineData("웃음 😀", "웃음 ", "😀")]
    public void An_answer_ends_before_a_stop_string_however_it_is_split(string text, string expected, params string[] strings)
    {
        foreach (var size in Enumerable.Range(1, text.Length))
        {
            var stops = new StopStrings(strings);

            Assert.Equal(expected, string.Concat(Pieces(text, size).Select(stops.Push)));
            Assert.True(stops.IsStopped);
            Assert.Equal("", stops.Push("more") + stops.Flush());
        }
    }

    [Fact]
    public void Only_text_that_may_become_a_stop_string_is_held_back()
    {
        var stops = new StopStrings(["<끝>", "질문:"]);

        Assert.Equal(["1 ", "", "<2", "", "", "질문 ", "3", "<끝"], [stops.Push("1 <"), stops.Push(""), stops.Push("2"), stops.Push("질"), stops.Push("문"), stops.Push(" "), stops.Push("3<끝"), stops.Flush()]);
        Assert.False(stops.IsStopped);
    }

    [Fact]
    public void Another_emoji_with_the_same_first_half_is_not_a_stop_string()
    {
        var stops = new StopStrings(["😀"]);

        Assert.Equal("😁", stops.Push("😁"));
    }

    [Fact]
    public void Without_stop_strings_all_text_passes()
    {
        var stops = new StopStrings([]);

        Assert.Equal("<end_of_turn>", stops.Push("<end_of_turn>") + stops.Flush());
    }

    [Fact]
    public void Any_split_text_is_cut_where_a_plain_search_cuts_it()
    {
        var random = new Random(12);
        var stopped = 0;
        for (var round = 0; round < 3_000; round++)
        {
            string[] strings = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Any(random, 1, 5))];
            var text = Any(random, 0, 20);
            var stops = new StopStrings(strings);
            var shown = "";
            foreach (var piece in Pieces(text, random.Next(1, 6)))
            {
                shown += stops.Push(piece);
                Assert.StartsWith(shown, text, StringComparison.Ordinal);
            }

            Assert.Equal(Cut(text, strings), stops.IsStopped ? shown : null);
            Assert.Equal(stops.IsStopped ? shown : text, shown + stops.Flush());
            stopped += stops.IsStopped ? 1 : 0;
        }

        Assert.InRange(stopped, 300, 2_700);
    }

    [Fact]
    public void Limits_are_enforced()
    {
        _ = new StopStrings(Enumerable.Repeat(new string('a', StopStrings.LengthMax), StopStrings.CountMax));

        Assert.Throws<ArgumentException>(() => new StopStrings(Enumerable.Repeat("a", StopStrings.CountMax + 1)));
        Assert.Throws<ArgumentException>(() => new StopStrings([new string('a', StopStrings.LengthMax + 1)]));
        Assert.Throws<ArgumentException>(() => new StopStrings(["a", ""]));
    }

    /// <summary>The text before the stop string that ends first; null if it has no stop string.</summary>
    private static string? Cut(string text, string[] strings) => Enumerable.Range(1, text.Length)
        .SelectMany(end => strings.Where(s => text[..end].EndsWith(s, StringComparison.Ordinal)).OrderByDescending(s => s.Length).Select(s => text[..(end - s.Length)]))
        .FirstOrDefault();

    private static string Any(Random random, int lengthMin, int lengthMax) => string.Concat(Enumerable.Range(0, random.Next(lengthMin, lengthMax + 1)).Select(_ => "가나"[random.Next(2)]));

    private static IEnumerable<string> Pieces(string text, int size) => text.Chunk(size).Select(piece => new string(piece));
}
