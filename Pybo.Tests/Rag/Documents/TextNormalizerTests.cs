using Pybo.Rag.Documents;

namespace Pybo.Tests.Rag.Documents;

public sealed class TextNormalizerTests
{
    [Theory]
    [InlineData("승\u200B강\u2060기 공\u00ADsa", "승강기 공sa")]
    [InlineData("앞\u202E뒤\u202C\u2066안\u2069", "앞뒤안")]
    [InlineData("보이는 글\U000E0049\U000E0067\U000E006E\U000E007F", "보이는 글")]
    [InlineData("가족 👨\u200D👩\u200D👧", "가족 👨\u200D👩\u200D👧")]
    public void What_nobody_sees_is_left_out_but_for_joiners(string text, string expected) => Assert.Equal(expected, TextNormalizer.Normalize(text));
}
