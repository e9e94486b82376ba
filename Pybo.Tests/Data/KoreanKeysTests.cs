using Pybo.Data;

namespace Pybo.Tests.Data;

public sealed class KoreanKeysTests
{
    [Theory]
    [InlineData("qnfrhrl", "불고기")]
    [InlineData("Rhcqkx", "꽃밭")]
    [InlineData("dksw", "앉")]
    [InlineData("dkswdk", "앉아")]
    [InlineData("dkswk", "안자")]
    [InlineData("dmldml", "의의")]
    [InlineData("rkqt", "값")]
    [InlineData("rkqtl", "갑시")]
    [InlineData("DKSSud", "안녕")]
    public void Keys_type_syllables(string keys, string hangul) => Assert.Equal(hangul, KoreanKeys.Hangul(keys));

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    [InlineData("network")]
    [InlineData("gksr1")]
    [InlineData("dkssudg")]
    public void Keys_that_type_no_whole_syllables_are_no_word(string keys) => Assert.Null(KoreanKeys.Hangul(keys));

    [Fact]
    public void What_is_typed_without_Shift_is_read_back() =>
        Assert.All("값을 읽고 앉은 왜가리의 쾌활한 웬일".Split(' '), word => Assert.Equal(word, KoreanKeys.Hangul(KoreanKeys.Of(word))));
}
