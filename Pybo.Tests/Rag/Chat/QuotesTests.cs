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
    public void Invented_quotations_give_way_to_the_sentence_that_shares_most_words()
    {
        var citations = Quotes.Of("“인구는 2,000만 명이다” [1]. 또 해수욕장은 해운대가 유명하다 [2].", [Source(1, Seoul), Source(2, Busan)]);
        Assert.Equal(["인구는 약 940만 명이다.", "해운대 해수욕장이 유명하다."], citations.Select(c => c.Quote));
    }

    [Fact]
    public void Sources_stand_in_the_order_of_their_first_markers_and_once()
    {
        var citations = Quotes.Of("해수욕장 [2]. 한강 [1]. 항구 도시 [2].", [Source(1, Seoul), Source(2, Busan)]);
        Assert.Equal([2, 1], citations.Select(c => c.Source.Number));
    }

    [Fact]
    public void Markers_in_a_row_rest_on_the_same_words()
    {
        var citations = Quotes.Of("한강이 가로지르고 해운대가 유명하다 [1][2].", [Source(1, Seoul), Source(2, Busan)]);
        Assert.Equal(["한강이 도시를 가로지른다.", "해운대 해수욕장이 유명하다."], citations.Select(c => c.Quote));
    }

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
