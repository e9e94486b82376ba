using Microsoft.AspNetCore.WebUtilities;
using Pybo.Data;
using Pybo.Pages;
using Pybo.Rag.Chat;

namespace Pybo.Tests.Pages;

/// <summary>The link of a citation carries all its quotations, so that the source marks them.</summary>
public sealed class SourceUrlTests
{
    private const string Page = "/documents/7?passage=9&at=2#passage-9";

    [Fact]
    public void All_quotations_of_a_citation_are_marked_however_long_they_are()
    {
        var rows = Enumerable.Range(1, SourceUrl.QuotesMax).Select(at => $"반 이름: 물빛 {at}반 | 여는 요일: 화요일과 목요일 저녁 | 모이는 곳: 문화의집 {at}층 큰 연습실 | 준비물: 수건과 실내화, 마실 물 {at}병").ToList();
        Assert.All(rows, row => Assert.True(row.Length > 49));
        var text = string.Join('\n', rows.Prepend("강습 안내").Append("문의는 사무실로."));
        var url = SourceUrl.Quoted(Page, PassageKind.Document, string.Join('\n', rows));
        Assert.InRange(url.Length, 1, SourceUrl.UrlCharactersMax);
        Assert.StartsWith("/documents/7?passage=9&at=2&quote=", url, StringComparison.Ordinal);
        Assert.EndsWith("#quote", url, StringComparison.Ordinal);
        Assert.Equal(rows, QuotedWords.FindAll(text, QuotesIn(url)).Select(place => text.Substring(place.Start, place.Length)));
    }

    [Fact]
    public void The_longest_quotations_fit_the_limit_of_an_address()
    {
        // Nine characters of an address for each syllable, and a cut quotation ends with an ellipsis.
        var quote = string.Join('\n', Enumerable.Repeat(Quotes.Limited(new string('뷁', 2 * Quotes.QuoteCharactersMax)), SourceUrl.QuotesMax));
        var url = SourceUrl.Quoted(Page, PassageKind.Document, quote);
        Assert.InRange(url.Length, 1, SourceUrl.UrlCharactersMax);
        Assert.Equal(SourceUrl.QuotesMax, QuotesIn(url).Count);
    }

    [Fact]
    public void No_answerer_quotes_more_of_a_source_than_a_link_carries()
    {
        Assert.InRange(Quotes.QuotesMax, 1, SourceUrl.QuotesMax);
        Assert.InRange(WholeText.PartsMax, 1, SourceUrl.QuotesMax);
        Assert.InRange(ListedParts.PartsMax, 1, SourceUrl.QuotesMax);
    }

    [Theory]
    [InlineData("첫째 줄은 길고 길어서 끝이 멀리 있으며\n둘째 줄에서 이어진다. 그 사이에는 다른 말이 있고, 셋째 줄에서 끝난다.", "첫째 줄은 길고 길어서 끝이 멀리 있으며 둘째 줄에서 이어진다. 그 사이에는 다른 말이 있고, 셋째 줄에서 끝난다.")]
    [InlineData("말을 줄였다… 그리고 한참 뒤에 다시 이어서 말하기를 오늘은 여기까지만 하자고 했다… 모두 집으로 돌아갔다.", "말을 줄였다… 그리고 한참 뒤에 다시 이어서 말하기를 오늘은 여기까지만 하자고 했다… 모두 집으로 돌아갔다.")]
    [InlineData("그림글자 😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀 끝", "그림글자 😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀 끝")]
    public void A_shortened_quotation_is_found_whole(string text, string quote)
    {
        var shortened = QuotedWords.Shortened(quote);
        Assert.InRange(shortened.Length, 1, quote.Length - 1);
        Assert.Equal((0, text.Length), QuotedWords.Find($"{text}\n\n{text}", shortened));
    }

    [Fact]
    public void The_beginning_alone_is_not_the_quotation()
    {
        Assert.Null(QuotedWords.Find("강좌: 목판화 | 정원: 8명", "강좌: 목판화…여는 곳: 3층"));
        Assert.Null(QuotedWords.Find("강좌: 목판화", "…"));
        Assert.Equal("강좌: 목판화", QuotedWords.Beginning("강좌: 목판화…여는 곳: 3층"));
    }

    [Fact]
    public void The_nearest_end_belongs_to_a_beginning_that_occurs_twice() =>
        Assert.Equal((6, 4), QuotedWords.Find("가나 다라 가나 라", "가나…라"));

    private static List<string> QuotesIn(string url) => [.. QueryHelpers.ParseQuery(url.Split('?')[1].Split('#')[0])["quote"].OfType<string>()];
}
