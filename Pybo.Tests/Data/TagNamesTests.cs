using Pybo.Data;

namespace Pybo.Tests.Data;

public sealed class TagNamesTests
{
    [Theory]
    [InlineData("파이썬, Flask", "파이썬|flask")]
    [InlineData("C# c++  .NET node.js", "c#|c++|.net|node.js")]
    [InlineData("#파이썬 ##웹", "파이썬|웹")]
    [InlineData("파이썬，웹、서버;디비\t끝", "파이썬|웹|서버|디비|끝")]
    [InlineData("flask,FLASK, Flask", "flask")]
    [InlineData("\u1111\u1161\u110B\u1175", "파이")]
    [InlineData("圖書館 été", "圖書館|été")]
    [InlineData(" , ;", "")]
    [InlineData(null, "")]
    public void Tags_are_separated_by_commas_or_spaces_and_normalised(string? typed, string names)
    {
        var read = TagNames.Read(typed);
        Assert.Equal((names, TagFault.None), (string.Join('|', read.Names), read.Fault));
    }

    [Theory]
    [InlineData("가 나 다 라 마 바", TagFault.TooMany, "바")]
    [InlineData("괜찮은 a/b", TagFault.WrongCharacter, "a/b")]
    [InlineData("<script>", TagFault.WrongCharacter, "<script>")]
    [InlineData("..", TagFault.WrongCharacter, "..")]
    [InlineData("+++", TagFault.WrongCharacter, "+++")]
    [InlineData("#", TagFault.WrongCharacter, "#")]
    [InlineData("snake_case", TagFault.WrongCharacter, "snake_case")]
    [InlineData("보이\u200B지", TagFault.WrongCharacter, "보이\u200B지")]
    [InlineData("\u3164", TagFault.WrongCharacter, "\u3164")]
    [InlineData("가나다라마바사아자차카타파하가나다라마바사아자차카타파하가나다", TagFault.TooLong, "가나다라마바사아자차카타파하가나다라마바사아자차카타파하가나다")]
    public void A_wrong_tag_is_named(string typed, TagFault fault, string faulty)
    {
        var read = TagNames.Read(typed);
        Assert.Equal((fault, faulty), (read.Fault, read.Faulty));
    }

    [Fact]
    public void A_repeated_tag_does_not_count_and_the_longest_name_fits()
    {
        Assert.Equal(TagFault.None, TagNames.Read("가 나 다 라 마 가 마").Fault);
        Assert.Equal(new string('가', Tag.NameMax), Assert.Single(TagNames.Read(new string('가', Tag.NameMax)).Names));
        Assert.Null(TagNames.Of(new string('가', 100_000)));
        Assert.Equal("c#", TagNames.Of(" C# "));
        Assert.Null(TagNames.Of("a b"));
    }
}
