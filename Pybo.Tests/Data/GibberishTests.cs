using Pybo.Data;

namespace Pybo.Tests.Data;

public sealed class GibberishTests
{
    [Theory]
    [InlineData("qwrtplkjhg", true)]
    [InlineData("qwrtplkjhg는 무엇인가요?", true)]
    [InlineData("뛟쬻퓱", true)]
    [InlineData("뛟쬻퓱 qwrtplkjhg", true)]
    [InlineData("qwrtplkjhg 설정", false)]
    [InlineData("HTTPS", false)]
    [InlineData("rhythm", false)]
    [InlineData("뷔페 예약", false)]
    [InlineData("꿰맨 곳", false)]
    [InlineData("펩시", false)]
    [InlineData("E-4032", false)]
    [InlineData("ㅋㅋㅋ", false)]
    [InlineData("", false)]
    public void Letters_that_no_word_has_are_told_from_words(string question, bool isGibberish) => Assert.Equal(isGibberish, Gibberish.Is(question));

    /// <summary>The most frequent words of the sample texts are words.</summary>
    [Fact]
    public void No_word_of_a_real_text_is_gibberish()
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Repository.Root, "Pybo.Tests", "Samples", "tour"), "*.*"))
        {
            foreach (var word in File.ReadAllText(file).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            {
                Assert.False(Gibberish.Is(word), word);
            }
        }
    }
}
