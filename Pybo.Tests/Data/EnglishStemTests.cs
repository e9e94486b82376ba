using Pybo.Data;

namespace Pybo.Tests.Data;

public sealed class EnglishStemTests
{
    [Theory]
    [InlineData("approve", "approves", "approved", "approving")]
    [InlineData("plan", "plans", "planned", "planning")]
    [InlineData("policy", "policies")]
    [InlineData("box", "boxes", "boxed")]
    [InlineData("class", "classes")]
    [InlineData("install", "installed", "installing")]
    public void The_forms_of_a_word_have_one_stem(params string[] forms) => Assert.Single(forms.Select(Stem).Distinct());

    [Theory]
    [InlineData("string", "str")]
    [InlineData("status", "statu")]
    [InlineData("bed", "b")]
    [InlineData("설정ed", "설정")]
    public void Other_words_keep_their_ends(string word, string wrong) => Assert.NotEqual(wrong, Stem(word));

    private static string Stem(string word) => EnglishStem.Has(word) ? EnglishStem.Of(word) : word;
}
