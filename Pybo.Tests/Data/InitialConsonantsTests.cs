using Pybo.Data;

namespace Pybo.Tests.Data;

public sealed class InitialConsonantsTests
{
    [Theory]
    [InlineData("파이썬", "ㅍㅇㅆ")]
    [InlineData("c#", "c#")]
    [InlineData("자바script", "ㅈㅂscript")]
    [InlineData("까치", "ㄲㅊ")]
    public void Each_syllable_becomes_its_initial_consonant(string text, string initials) => Assert.Equal(initials, InitialConsonants.Of(text));

    [Theory]
    [InlineData("파이썬", "ㅍㅇㅆ")]
    [InlineData("파이썬", "ㅍ")]
    [InlineData("파이썬", "ㅇㅆ")]
    [InlineData("파이썬", "파ㅇ")]
    [InlineData("파이썬", "파이써")]
    [InlineData("파이썬", "이썬")]
    [InlineData("파이썬", "파있")]
    [InlineData("도서관", "도석")]
    [InlineData("도서관", "도서고")]
    [InlineData("도서관", "도서과")]
    [InlineData("값이", "갑")]
    [InlineData("파이썬", "\u1111\u110B\u110A")]
    [InlineData("데이터베이스", "ㄷㅇㅌㅂㅇㅅ")]
    [InlineData("c++", "+")]
    [InlineData("flask", "")]
    public void A_word_is_found_by_what_was_typed_of_it(string word, string typed) => Assert.True(InitialConsonants.Matches(word, typed));

    [Theory]
    [InlineData("파이썬", "ㅍㅆ")]
    [InlineData("파이썬", "ㅅ")]
    [InlineData("파이썬", "파이사")]
    [InlineData("파이썬", "파이서")]
    [InlineData("도서관", "도선")]
    [InlineData("도서관", "돗관")]
    [InlineData("파이썬", "퍼이썬")]
    [InlineData("파이썬", "바")]
    [InlineData("썰매", "써매")]
    [InlineData("파", "파이")]
    [InlineData("flask", "ㅍ")]
    public void Other_words_are_not(string word, string typed) => Assert.False(InitialConsonants.Matches(word, typed));
}
