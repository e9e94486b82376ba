using Pybo.Pages;
using Pybo.Rag.Chat;
using static Pybo.Tests.Rag.Chat.Sources;

namespace Pybo.Tests.Rag.Chat;

public sealed class SourceSelectionTests
{
    [Fact]
    public void Sources_are_numbered_in_rank_order()
    {
        var sources = SourceSelection.Select([Hit(7, "가", 1), Hit(3, "나", 2)], [], isThreadFirst: false, SourceUrl.Of);
        Assert.Equal([(1, 7L), (2, 3L)], sources.Select(s => (s.Number, s.Passage.Id)));
        Assert.Equal("문서/1.txt", sources[0].Source);
        Assert.Equal("/documents/1?passage=7#passage-7", sources[0].Url);
    }

    [Fact]
    public void The_same_text_is_read_once() =>
        Assert.Equal([1L], SourceSelection.Select([Hit(1, "같은 글", 1), Hit(2, "같은 글 ", 2)], [], isThreadFirst: false, SourceUrl.Of).Select(s => s.Passage.Id));

    [Fact]
    public void A_neighbour_joins_the_better_passage_and_the_best_chunk_keeps_its_place()
    {
        var joined = Assert.Single(SourceSelection.Select([Hit(2, "둘째 문단.", start: 7, bestStart: 3, bestLength: 2), Hit(1, "첫 문단.", start: 0)], [], isThreadFirst: false, SourceUrl.Of)).Passage;
        Assert.Equal((2L, 0, "첫 문단.\n둘째 문단."), (joined.Id, joined.Start, joined.Text));
        Assert.Equal("문단", joined.Text.Substring(joined.BestStart!.Value, joined.BestLength!.Value));
    }

    [Fact]
    public void Overlapping_neighbours_repeat_nothing() =>
        Assert.Equal("하나 둘 셋 넷", Assert.Single(SourceSelection.Select([Hit(1, "하나 둘 셋", start: 0), Hit(2, "셋 넷", start: 5)], [], isThreadFirst: false, SourceUrl.Of)).Passage.Text);

    [Theory]
    [InlineData(1, 100, null)]
    [InlineData(2, 3, null)]
    [InlineData(1, 3, "다른 절")]
    public void Passages_apart_stay_apart(long documentId, int start, string? heading) =>
        Assert.Equal(2, SourceSelection.Select([Hit(1, "하나", start: 0), Hit(2, "둘", documentId, start, heading: heading)], [], isThreadFirst: false, SourceUrl.Of).Count);

    [Fact]
    public void The_budget_is_kept_and_the_last_source_is_cut_around_its_best_chunk()
    {
        var text = new string('가', SourceSelection.CharactersMax - 1_000);
        var filler = new string('나', 2_000);
        var sources = SourceSelection.Select([Hit(1, text, 1), Hit(2, filler + "바로여기" + filler, 2, bestStart: 2_000, bestLength: 4), Hit(3, "셋째", 3)], [], isThreadFirst: false, SourceUrl.Of);
        Assert.Equal(2, sources.Count);
        Assert.Equal(SourceSelection.CharactersMax, sources.Sum(s => s.Passage.Text.Length));
        var cut = sources[1].Passage;
        Assert.Equal("바로여기", cut.Text.Substring(cut.BestStart!.Value, cut.BestLength!.Value));
    }

    [Fact]
    public void No_more_than_the_most_sources_are_read() =>
        Assert.Equal(SourceSelection.SourcesMax, SourceSelection.Select([.. Enumerable.Range(1, 20).Select(i => Hit(i, $"글 {i}", i))], [], isThreadFirst: false, SourceUrl.Of).Count);
}
