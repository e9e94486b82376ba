using Pybo.Data;

namespace Pybo.Tests.Data;

public sealed class QuotedWordsTests
{
    [Fact]
    public void Quotations_are_found_in_the_order_of_the_text_and_each_part_once()
    {
        const string Text = "하나 둘 셋 넷 다섯 여섯";
        var places = QuotedWords.FindAll(Text, ["다섯", "둘 셋", "셋\n넷", "없는 말", ""]);
        Assert.Equal(["둘 셋 넷", "다섯"], places.Select(place => Text.Substring(place.Start, place.Length)));
        Assert.Empty(QuotedWords.FindAll(Text, []));
    }
}
