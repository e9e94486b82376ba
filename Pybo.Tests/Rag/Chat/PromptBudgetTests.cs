using Pybo.Data;
using Pybo.Rag.Chat;
using Pybo.Rag.Inference;
using static Pybo.Tests.Rag.Chat.Sources;

namespace Pybo.Tests.Rag.Chat;

public sealed class PromptBudgetTests
{
    private const string Question = "서울의 인구는?";

    private static readonly ChatExchange[] History = [.. Enumerable.Range(0, 5).Select(n => new ChatExchange($"질문 {n}", new string('답', 300)))];
    private static readonly ChatSource[] Read = [.. Enumerable.Range(1, 5).Select(n => Source(n, string.Concat(Enumerable.Range(0, 40).Select(s => $"자료 {n}의 {s}번 문장이다. "))))];

    [Fact]
    public async Task A_prompt_that_fits_is_counted_once_and_loses_nothing()
    {
        var tokens = new ScriptedTokens(100_000);
        var prompt = await FitAsync(tokens);
        Assert.Equal((1, 12, 5), (tokens.Counts, prompt.Messages.Count, prompt.Sources.Count));
    }

    [Fact]
    public async Task Without_token_counts_nothing_is_cut() => Assert.Equal(12, (await FitAsync(null)).Messages.Count);

    [Fact]
    public async Task For_any_limit_the_longest_fitting_prompt_is_used_and_history_is_cut_before_sources()
    {
        var whole = ScriptedTokens.Length((await FitAsync(null)).Messages);
        var kept = new List<(int Exchanges, int Sources)>();
        for (var max = whole; max > 1_000; max -= 50)
        {
            var tokens = new ScriptedTokens(max);
            var prompt = await FitAsync(tokens);
            Assert.InRange(ScriptedTokens.Length(prompt.Messages), 1, max);
            Assert.InRange(tokens.Counts, 1, 11);
            Assert.Equal(prompt.Sources.Count, prompt.Messages[^1].Contents.Count - 2);
            Assert.Equal(ScriptedTokens.Length(prompt.Messages), Assert.IsType<EncodedPrompt>(prompt.Messages).TokenCount);
            kept.Add(((prompt.Messages.Count - 2) / 2, prompt.Sources.Count));
        }

        Assert.Equal([(5, 5), (3, 5), (1, 5), (0, 5), (0, 4), (0, 3), (0, 2), (0, 1)], kept.Distinct());
    }

    [Fact]
    public async Task The_newest_part_of_the_history_is_kept()
    {
        var whole = ScriptedTokens.Length((await FitAsync(null)).Messages);
        var prompt = await FitAsync(new ScriptedTokens(whole - 400));
        Assert.Equal("질문 2", prompt.Messages[1].Text);
    }

    [Fact]
    public async Task The_first_source_is_cut_to_whole_sentences_around_its_best_chunk()
    {
        var text = string.Concat(Enumerable.Range(0, 100).Select(n => $"문장 {n:00}이다. "));
        var best = text.IndexOf("문장 70", StringComparison.Ordinal);
        var source = Source(1, text) with { Passage = Hit(1, text, bestStart: best, bestLength: 9) };
        var prompt = await PromptBudget.FitAsync(new(Question, History, Viewer.Visitor), [source, Source(2, "다른 글")], new ScriptedTokens(700), default);
        var passage = Assert.Single(prompt.Sources).Passage;
        Assert.Matches("^문장 [0-9]{2}이다[.].*이다[.]$", passage.Text);
        Assert.Equal("문장 70이다.", passage.Text.Substring(passage.BestStart!.Value, passage.BestLength!.Value).Trim());
        Assert.Equal(passage.Text, text.Substring(passage.Start, passage.Text.Length));
        Assert.InRange(passage.Text.Length, 200, 600);
    }

    [Fact]
    public async Task A_source_without_sentences_is_cut_anywhere()
    {
        var prompt = await PromptBudget.FitAsync(new(Question, [], Viewer.Visitor), [Source(1, new string('가', 3_000))], new ScriptedTokens(700), default);
        Assert.InRange(Assert.Single(prompt.Sources).Passage.Text.Length, 200, 600);
    }

    [Fact]
    public async Task A_question_that_leaves_no_room_is_refused()
    {
        var question = new string('가', 900);
        var request = new ChatRequest(question, History, Viewer.Visitor);
        await Assert.ThrowsAsync<PromptTooLongException>(() => PromptBudget.FitAsync(request, Read, new ScriptedTokens(1_000), default));
        await Assert.ThrowsAsync<PromptTooLongException>(() => PromptBudget.FitAsync(request, [Source(1, "짧은 글")], new ScriptedTokens(1_000), default));
    }

    private static Task<Prompt> FitAsync(ScriptedTokens? tokens) =>
        PromptBudget.FitAsync(new(Question, History, Viewer.Visitor), Read, tokens, TestContext.Current.CancellationToken);
}
