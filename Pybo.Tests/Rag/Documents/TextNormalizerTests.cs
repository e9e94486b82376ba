using Pybo.Rag.Documents;

namespace Pybo.Tests.Rag.Documents;

public sealed class TextNormalizerTests
{
    [Theory]
    [InlineData("승\u200B강\u2060기 공\u00ADsa", "승강기 공sa")]
    [InlineData("앞\u202E뒤\u202C\u2066안\u2069", "앞뒤안")]
    [InlineData("보이는 글\U000E0049\U000E0067\U000E006E\U000E007F", "보이는 글")]
    [InlineData("가족 👨\u200D👩\u200D👧", "가족 👨\u200D👩\u200D👧")]
    public void Invisible_characters_are_removed_except_joiners(string text, string expected) => Assert.Equal(expected, TextNormalizer.Normalize(text));

    [Theory]
    [InlineData("\u302E", "\u1B44")]
    [InlineData("\u302F", "\uA953")]
    [InlineData("\u302E", "\u1BAA")]
    [InlineData("\u0315", "\u0300")]
    public void A_run_of_combining_marks_is_cut_spacing_or_not(string first, string second)
    {
        const int times = 500_000;
        var marks = TextNormalizer.Normalize("가" + string.Concat(Enumerable.Repeat(first, times)) + string.Concat(Enumerable.Repeat(second, times)));
        Assert.InRange(marks.Length, 2, 40);
    }

    [Theory]
    [InlineData("나\u302E랏〮말\u302F싸미")]
    [InlineData("हिन्दी में काफ़ी कुछ")]
    [InlineData("தமிழ் மொழி")]
    [InlineData("ꦲꦏ꧀ꦱꦫ ᬅᬓ᭄ᬱᬭ ᮃᮊ᮪ᮞᮛ")]
    [InlineData("1\u20E3")]
    public void The_combining_marks_of_a_script_are_kept(string text) => Assert.Equal(text.Normalize(), TextNormalizer.Normalize(text));
}
