using Pybo.Rag.Chat;
using static Pybo.Tests.Rag.Chat.Sources;

namespace Pybo.Tests.Rag.Chat;

public sealed class QuotesTests
{
    private const string Seoul = "서울은 대한민국의 수도이다. 인구는 약 940만 명이다. 한강이 도시를 가로지른다.";
    private const string Busan = "부산은 항구 도시이다. 해운대 해수욕장이 유명하다.";

    [Fact]
    public void Words_between_quotation_marks_are_the_quote_when_the_source_holds_them()
    {
        var citations = Quotes.Of("문서에는 “인구는 약  940만 명이다.”라고 적혀 있다 [1].", [Source(1, Seoul)]);
        Assert.Equal("인구는 약  940만 명이다.", Assert.Single(citations).Quote);
    }

    [Fact]
    public void Invented_quotations_are_replaced_by_the_sentence_that_shares_most_words()
    {
        var citations = Quotes.Of("“인구는 2,000만 명이다” [1]. 또 해수욕장은 해운대가 유명하다 [2].", [Source(1, Seoul), Source(2, Busan)]);
        Assert.Equal(["인구는 약 940만 명이다.", "해운대 해수욕장이 유명하다."], citations.Select(c => c.Quote));
    }

    [Fact]
    public void Sources_are_listed_once_in_the_order_of_their_first_markers()
    {
        var citations = Quotes.Of("해수욕장 [2]. 한강 [1]. 항구 도시 [2].", [Source(1, Seoul), Source(2, Busan)]);
        Assert.Equal([2, 1], citations.Select(c => c.Source.Number));
    }

    [Fact]
    public void Consecutive_markers_refer_to_the_same_words()
    {
        var citations = Quotes.Of("한강이 가로지르고 해운대가 유명하다 [1][2].", [Source(1, Seoul), Source(2, Busan)]);
        Assert.Equal(["한강이 도시를 가로지른다.", "해운대 해수욕장이 유명하다."], citations.Select(c => c.Quote));
    }

    [Theory]
    [InlineData("자료 [1]에 따르면 한강이 도시를 지나간다. 끝.")]
    [InlineData("부산은 항구이다 [2]. [1]의 글은 한강이 도시를 가로지른다고 한다.")]
    [InlineData("According to source [1], 한강 runs through the 도시.")]
    public void A_marker_at_the_start_of_a_sentence_refers_to_the_text_after_it(string answer) =>
        Assert.Equal("한강이 도시를 가로지른다.", Quotes.Of(answer, [Source(1, Seoul), Source(2, Busan)]).Single(c => c.Source.Number == 1).Quote);

    [Theory]
    [InlineData("인구는 약 940만 명이다. [1] 한강이 있다.")]
    [InlineData("서울시의 인구는 약 940만 명이라고 [1]에 적혀 있다.")]
    public void A_marker_after_a_sentence_refers_to_the_text_before_it(string answer) =>
        Assert.Equal("인구는 약 940만 명이다.", Assert.Single(Quotes.Of(answer, [Source(1, Seoul)])).Quote);

    [Theory]
    [InlineData("글에는 \"서울은 대한민국의 수도이다\"라고 있고 인구도 적혀 있다 [1].", "서울은 대한민국의 수도이다")]
    [InlineData("글에는 「서울은 대한민국의 수도이다」라고 있고 인구도 적혀 있다 [1].", "서울은 대한민국의 수도이다")]
    [InlineData("\"서울\"의 인구는 약 940만 명이다 [1].", "인구는 약 940만 명이다.")]
    public void Other_quotation_marks_count_if_they_enclose_more_than_a_name(string answer, string quote) =>
        Assert.Equal(quote, Assert.Single(Quotes.Of(answer, [Source(1, Seoul)])).Quote);

    [Fact]
    public void A_marker_at_the_very_beginning_still_has_a_quote()
    {
        Assert.False(string.IsNullOrWhiteSpace(Assert.Single(Quotes.Of("[1]", [Source(1, Seoul)])).Quote));
    }

    [Fact]
    public void Two_sentences_of_one_source_are_both_kept()
    {
        var sentences = Seoul.Split(". ", 3);
        var citations = Quotes.Of($"“{sentences[0]}” [1]\n\n“{sentences[1]}” [1]", [Source(1, Seoul)]);
        Assert.Equal($"{sentences[0]}\n{sentences[1]}", Assert.Single(citations).Quote);
    }

    [Fact]
    public void An_answer_without_markers_cites_nothing() => Assert.Empty(Quotes.Of("그냥 말한다.", [Source(1, Seoul)]));
}
