using System.Text;
using Pybo.Data;
using Pybo.Pages.Account;
using Pybo.Rag.Documents;

namespace Pybo.Tests.Data;

/// <summary>U+FFFE is not a character, but arrives all the same, and .NET throws when it normalises it.</summary>
public sealed class UnicodeTextTests
{
    private const string Hostile = "서버\uFFFE오류";

    [Fact]
    public void Text_with_a_noncharacter_is_normalised_searched_and_read_but_refused_as_a_name()
    {
        Assert.Throws<ArgumentException>(() => Hostile.Normalize(NormalizationForm.FormC));
        Assert.Equal("서버\uFFFD오류", Hostile.Normalized(NormalizationForm.FormC));
        Assert.Equal(["서버", "오류"], KoreanText.Words(Hostile));
        Assert.Contains("서버", TextNormalizer.Normalize(Hostile), StringComparison.Ordinal);
        Assert.NotEmpty(UserNameRules.Clean(Hostile));
    }

    [Theory]
    [InlineData("서버 오류", 5, "", "서버 오류")]
    [InlineData("서버 오류", 4, "", "서버 오")]
    [InlineData("서버 오류", 4, "…", "서버 …")]
    [InlineData("a😀b", 2, "", "a")]
    [InlineData("a😀b", 3, "", "a😀")]
    [InlineData("a😀b", 3, "…", "a…")]
    [InlineData("글", 0, "", "")]
    public void A_cut_keeps_its_length_limit_and_splits_no_surrogate_pair(string text, int charactersMax, string mark, string cut) => Assert.Equal(cut, text.Cut(charactersMax, mark));
}
