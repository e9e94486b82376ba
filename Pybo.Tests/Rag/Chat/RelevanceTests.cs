using Pybo.Data;
using Pybo.Rag.Chat;
using Pybo.Rag.Retrieval;

namespace Pybo.Tests.Rag.Chat;

public sealed class RelevanceTests(ChatCorpus corpus) : IClassFixture<ChatCorpus>
{
    private static readonly TermStatistics Counts = new(1_000, new Dictionary<string, long> { ["데이"] = 40, ["이터"] = 40, ["백업"] = 3 });

    [Fact]
    public void A_rare_term_counts_more_than_a_frequent_one()
    {
        var withRare = Of([Hit("백업 안내", null)], ["데이", "백업"], Counts);
        var withFrequent = Of([Hit("데이", null)], ["데이", "백업"], Counts);
        // ln(1 + 1500 / 4) = 5.93 and ln(1 + 1500 / 41) = 3.63.
        Assert.Equal(0.620, withRare.Share, 0.001);
        Assert.Equal(0.380, withFrequent.Share, 0.001);
    }

    [Fact]
    public void A_question_of_one_frequent_term_is_not_answered_by_any_passage_with_it()
    {
        // ln(1 + 1500 / 401) = 1.56 of at least 6.
        var statistics = new TermStatistics(1_000, new Dictionary<string, long> { ["하면"] = 400 });
        var relevance = Of([Hit("이렇게 하면 된다", 0.75)], ["하면"], statistics);
        Assert.Equal(0.260, relevance.Share, 0.001);
        Assert.False(relevance.Fits);
    }

    [Fact]
    public void A_term_that_no_passage_holds_counts_half()
    {
        // ln(1 + 1500 / 4) = 5.93 and half of ln(1 + 1500) = 3.66.
        Assert.Equal(0.618, Of([Hit("백업 안내", null)], ["백업", "위성"], Counts).Share, 0.001);
    }

    [Fact]
    public void The_passage_that_fits_best_decides()
    {
        var relevance = Of([Hit("주차", 0.72), Hit("백업", 0.88), Hit("주차", 0.75)], ["백업"], Counts);
        Assert.Equal(0.88, relevance.Cosine);
        Assert.True(relevance.Fits);
    }

    [Fact]
    public void Low_ranked_passages_are_not_judged() =>
        Assert.False(Of([.. Enumerable.Repeat(Hit("주차", 0.7), Relevance.PassagesMax), Hit("백업", 0.95)], ["백업"], Counts).Fits);

    [Fact]
    public void Nothing_found_does_not_fit() => Assert.False(Of([], ["백업"], Counts).Fits);

    [Fact]
    public void Equal_words_fit_without_a_vector_and_few_do_not()
    {
        Assert.True(Of([Hit("백업 안내", null)], ["백업"], Counts).Fits);
        Assert.False(Of([Hit("데이", null)], ["데이", "백업", "복구", "절차", "연습"], Counts).Fits);
    }

    [Fact]
    public void A_pasted_text_need_not_be_in_one_passage()
    {
        string[] asked = [.. Enumerable.Range(0, 120).Select(n => $"w{n}")];
        var passage = Hit(string.Join(' ', asked.Take(TermShare.TermsMax)), 0.8);
        Assert.Equal(1, Of([passage], asked, new(100, asked.ToDictionary(t => t, _ => 1L))).Share, 9);
    }

    [Fact]
    public void Terms_of_the_asking_sentences_count_but_question_words_do_not()
    {
        Assert.Equal(["택시", "시비", "청구", "구할", "수"], TermShare.Terms("어제 늦게 퇴근했습니다. 택시비를 청구할 수 있나요?"));
        Assert.Equal(["백업", "파일", "보관"], TermShare.Terms("백업 파일은 며칠 보관하나요?"));
        Assert.Equal(["books", "borrowed"], TermShare.Terms("How are the books borrowed?"));
        Assert.Equal(["나요"], TermShare.Terms("나요?"));
        Assert.Equal(["버스", "택시"], TermShare.Terms("버스와 택시 중에서 어느 것에 표시되어 있나요?"));
    }

    [Theory]
    [InlineData("백업")]
    [InlineData("탕비실")]
    [InlineData("rollback")]
    public async Task A_single_word_found_in_a_text_fits(string word)
    {
        foreach (var withVectors in new[] { true, false })
        {
            Assert.True((await JudgeAsync(word, withVectors)).Fits);
        }
    }

    [Theory]
    [InlineData("목성")]
    [InlineData("qwertyuiop")]
    [InlineData("!!!")]
    public async Task A_single_word_found_in_no_text_does_not_fit(string word)
    {
        foreach (var withVectors in new[] { true, false })
        {
            Assert.False((await JudgeAsync(word, withVectors)).Fits);
        }
    }

    [Fact]
    public async Task A_long_question_with_its_story_fits()
    {
        const string story = "안녕하세요. 지난달에 입사해서 이것저것 배우고 있는 신입입니다. 어제 거래처에 다녀오느라 늦게까지 밖에 있었는데 지하철이 끊겨서 결국 차를 불러 집에 갔습니다. "
            + "돈이 생각보다 많이 나와서 걱정입니다. 팀장님께 여쭤보기 부끄러워서 여기에 남깁니다. 이런 경우 택시비를 경비로 청구할 수 있나요?";
        Assert.True((await JudgeAsync(story, withVectors: true)).Fits);
    }

    private async Task<Relevance> JudgeAsync(string question, bool withVectors)
    {
        var found = await corpus.FindAsync(question, withVectors);
        return Relevance.Of(found.Hits, found);
    }

    private static Relevance Of(IEnumerable<PassageHit> hits, IReadOnlyList<string> askingTerms, TermStatistics statistics) =>
        Relevance.Of(hits, Sources.Retrieval("", askingTerms, statistics));

    private static PassageHit Hit(string text, double? cosine) =>
        new(1, PassageKind.Document, null, null, 1, "a.txt", "안내", null, text, 0, null, null, 1, cosine, 1);
}
