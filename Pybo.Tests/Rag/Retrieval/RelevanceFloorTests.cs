using Pybo.Data;
using Pybo.Rag.Retrieval;
using Pybo.Tests.Rag.Chat;

namespace Pybo.Tests.Rag.Retrieval;

public sealed class RelevanceFloorTests
{
    private static readonly TermStatistics Counts = new(1_000, new Dictionary<string, long> { ["자전"] = 30, ["전거"] = 30, ["보험"] = 20 });

    [Theory]
    [InlineData("자전거 보험은 지자체가 든다.", 0.70, 1, true)]
    [InlineData("두 바퀴 탈것의 사고 보상", 0.80, 1, true)]
    [InlineData("된장은 볕이 드는 곳에 둔다.", 0.74, 1, false)]
    [InlineData("자전거 도로", 0.72, 1, true)]
    [InlineData("두 바퀴 탈것의 사고 보상", 0.80, 0.19, false)]
    public void A_hit_is_listed_if_words_and_meaning_together_are_near_enough(string text, double cosine, double score, bool isListed) =>
        Assert.Equal(isListed, Listed("자전거 보험", (text, cosine, score)));

    [Fact]
    public void A_text_with_every_word_is_listed_however_far_its_meaning_and_however_common_its_words()
    {
        var common = new TermStatistics(1_000, new Dictionary<string, long> { ["보험"] = 900 });
        Assert.True(Listed("보험", ("보험", 0.5, 1), common));
        Assert.False(Listed("보험", ("적금", 0.5, 1), common));
    }

    [Theory]
    [InlineData(3, true)]
    [InlineData(300, false)]
    public void A_text_with_a_rare_name_of_a_pasted_log_is_listed(int passages, bool isListed)
    {
        const string log = "E 10:31 결제 승인 요청 중 시간 초과 재시도 실패 대기열 처리 중단 담당자 호출 paygate 응답 없음";
        Assert.Equal(isListed, Listed(log, ("paygate 점검 안내", 0.6, 1), new TermStatistics(1_000, new Dictionary<string, long> { ["paygate"] = passages })));
    }

    [Fact]
    public void Without_a_model_a_part_of_the_words_is_enough()
    {
        Assert.True(Listed("자전거 보험", ("자전거 도로", null, 1)));
        Assert.False(Listed("자전거 보험", ("된장", null, 1)));
    }

    [Fact]
    public void Nothing_found_stays_nothing() => Assert.Empty(Sources.Retrieval("자전거 보험").AboveFloor().Hits);

    private static bool Listed(string question, (string Text, double? Cosine, double Score) hit, TermStatistics? statistics = null)
    {
        var best = Sources.Hit(1, question, title: "") with { Cosine = 0.95, Score = 1 };
        var other = Sources.Hit(2, hit.Text, title: "") with { Cosine = hit.Cosine, Score = hit.Score };
        var kept = (Sources.Retrieval(question, statistics: statistics ?? Counts) with { Hits = [best, other] }).AboveFloor().Hits;
        Assert.Contains(best, kept);
        return kept.Contains(other);
    }
}
