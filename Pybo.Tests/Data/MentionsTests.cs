using Pybo.Data;

namespace Pybo.Tests.Data;

public sealed class MentionsTests
{
    [Theory]
    [InlineData("@홍길동 봐 주세요", "홍길동")]
    [InlineData("이건 @홍길동님이 압니다", "홍길동님이,홍길동님,홍길동")]
    [InlineData("(@Kim-chul.su)에게", "KIM-CHUL.SU")]
    [InlineData("@홍길동의 답이 맞습니다.", "홍길동의,홍길동")]
    [InlineData("@홍길동전은 고전이다", "홍길동전은,홍길동전")]
    [InlineData("@홍길동.", "홍길동.,홍길동")]
    [InlineData("둘 다: @홍길동, @Lee_씨", "홍길동|LEE_씨,LEE_")]
    public void A_name_is_found_with_what_follows_it_in_the_word(string text, string names) =>
        Assert.Equal(names, string.Join('|', Mentions.In(text).Select(place => string.Join(',', place))));

    [Theory]
    [InlineData("hong@example.com")]
    [InlineData("`@app.route`를 쓴다")]
    [InlineData("```\n@홍길동\n```")]
    [InlineData("@ 홍길동")]
    [InlineData("@김")]
    [InlineData("@@")]
    public void Mail_addresses_code_and_short_words_name_no_one(string text) => Assert.Empty(Mentions.In(text));

    [Fact]
    public void Only_the_first_of_many_names_are_looked_for() =>
        Assert.Equal(Mentions.PerTextMax, Mentions.In(string.Concat(Enumerable.Range(0, 10_000).Select(n => $"@member{n} "))).Count);
}
