using Pybo.Data;

namespace Pybo.Tests.Data;

public sealed class HanjaReadingsTests
{
    [Theory]
    [InlineData("博物館은 月曜日에 쉰다", "박물관은 월요일에 쉰다")]
    [InlineData("老人, 女子, 來年, 年金", "노인, 여자, 내년, 연금")]
    [InlineData("男女, 養老, 未來", "남녀, 양로, 미래")]
    [InlineData("比率과 合格率, 系列과 行列", "비율과 합격률, 계열과 행렬")]
    [InlineData("住宅과 稅金", "주택과 세금")]
    [InlineData("한글만", "한글만")]
    [InlineData("龘字", "龘자")]
    public void Hanja_are_read_as_at_their_place_in_a_word(string text, string read) => Assert.Equal(read, HanjaReadings.Read(text));

    [Theory]
    [InlineData("東京大学の図書館", "東京大学の図書館")]
    [InlineData("北京大學", "北京大學")]
    [InlineData("大學 도서관", "대학 도서관")]
    public void Only_Korean_texts_are_read(string text, string read) => Assert.Equal(read, HanjaReadings.ReadMixed(text));

    [Theory]
    [InlineData("車庫", "차고")]
    [InlineData("自轉車", "자전거")]
    [InlineData("樂器", "악기")]
    [InlineData("娛樂", "오락")]
    public void A_word_shares_its_terms_with_every_reading(string hanja, string hangul) =>
        Assert.Subset(KoreanText.Terms(hanja).ToHashSet(StringComparer.Ordinal), KoreanText.Terms(hangul).ToHashSet(StringComparer.Ordinal));
}
