using System.Net;
using AngleSharp.Dom;
using Microsoft.EntityFrameworkCore;
using Pybo.Data;
using Pybo.Tests.Attacks;

namespace Pybo.Tests.Pages.Questions;

public sealed class VoteTests
{
    private const string Question = "/questions/1";

    [Fact]
    public async Task A_down_vote_needs_reputation_is_changed_and_taken_back()
    {
        await using var site = await StartAsync();
        var voter = await site.SignUpAsync("이영희");
        var page = await voter.SeeAsync(Question);
        Assert.Equal(["추천 0", "추천 0"], page.QuerySelectorAll("form.votes button").Select(b => b.TextContent));
        await PostAsync(voter, "VoteDown");
        Assert.Equal("비추천하려면 평판 50이 필요합니다. 지금은 1입니다.", (await voter.SeeAsync(Question)).QuerySelector(".alert-danger")!.TextContent);
        Assert.Equal((0, 0), await CountsAsync(site));

        site.Execute("update AspNetUsers set Reputation = 50 where UserName = '이영희'");
        foreach (var (handler, question, answer) in new[] { ("VoteDown", -1, 0), ("VoteDown", -1, 0), ("VoteAnswerDown", -1, -1), ("Vote", 1, -1), ("VoteAnswer", 1, 1), ("VoteAnswerDown", 1, -1), ("UnvoteAnswer", 1, 0), ("Unvote", 0, 0) })
        {
            await PostAsync(voter, handler);
            Assert.Equal((question, answer), await CountsAsync(site));
        }

        await PostAsync(voter, "VoteDown");
        page = await voter.SeeAsync(Question);
        var buttons = page.QuerySelectorAll("#vote-question button");
        Assert.Equal(["false", "true"], buttons.Select(b => b.GetAttribute("aria-pressed")));
        Assert.Equal($"{Question}?handler=Unvote", buttons[1].GetAttribute("formaction"));
        Assert.Equal($"{Question}?handler=Vote", page.QuerySelector("#vote-question")!.GetAttribute("action"));
        Assert.Equal("-1", page.QuerySelector("meta[itemprop=upvoteCount]")!.GetAttribute("content"));

        // Who lost the reputation may still take the vote back.
        site.Execute("update AspNetUsers set Reputation = 1 where UserName = '이영희'");
        Assert.Equal(2, (await voter.SeeAsync(Question)).QuerySelectorAll("#vote-question button").Length);
        await PostAsync(voter, "Unvote");
        Assert.Equal((0, 0), await CountsAsync(site));
        Assert.Single((await voter.SeeAsync(Question)).QuerySelectorAll("#vote-question button"));
    }

    [Fact]
    public async Task The_threshold_is_a_setting_and_own_posts_get_no_down_vote()
    {
        await using var site = await StartAsync(new PyboSite().WithSetting("Pybo:VoteDownReputation", "1"));
        var voter = await site.SignUpAsync("이영희");
        await PostAsync(voter, "VoteAnswerDown");
        Assert.Equal((0, -1), await CountsAsync(site));
        var helper = site.Visit();
        using var login = await helper.LogInAsync("김철수");
        await PostAsync(helper, "VoteAnswerDown");
        Assert.Equal("본인이 작성한 글은 추천할수 없습니다", (await helper.SeeAsync(Question)).QuerySelector(".alert-danger")!.TextContent);
        Assert.Equal((0, -1), await CountsAsync(site));
    }

    [Theory]
    [InlineData(50, -1, null)]
    [InlineData(49, 0, "비추천하려면 평판 50이 필요합니다. 지금은 49입니다.")]
    public async Task A_visitors_down_vote_waits_for_the_log_in_and_its_rule(int reputation, int votes, string? refusal)
    {
        await using var site = await StartAsync();
        await site.SignUpAsync("이영희");
        site.Execute($"update AspNetUsers set Reputation = {reputation} where UserName = '이영희'");
        var visitor = site.Visit();
        await PostAsync(visitor, "VoteDown");
        using var login = await visitor.LogInAsync("이영희");
        Assert.Equal(Question, login.Headers.Location!.OriginalString);
        Assert.Equal((votes, 0), await CountsAsync(site));
        Assert.Equal(refusal, (await visitor.SeeAsync(Question)).QuerySelector(".alert-danger")?.TextContent);
    }

    [Fact]
    public async Task An_answer_below_zero_is_last_muted_and_not_first_even_if_accepted()
    {
        await using var site = await StartAsync();
        var asker = site.Visit();
        using var login = await asker.LogInAsync("홍길동");
        using var second = await asker.PostFormAsync($"{Question}/answer", [new("Input.Body", "둘째 답")], Question);
        using var third = await asker.PostFormAsync($"{Question}/answer", [new("Input.Body", "셋째 답")], Question);
        using var accepted = await asker.PostFormAsync($"{Question}?handler=Accept", [new("answer", "1")], Question);
        Assert.Equal(["answer_1", "answer_2", "answer_3"], await OrderAsync(site, ""));
        site.Execute("insert into AnswerVotes(AnswerId, UserId, Value) values (1, 1, -1)");
        Assert.Equal(["answer_2", "answer_3", "answer_1"], await OrderAsync(site, ""));
        Assert.Equal(["answer_3", "answer_2", "answer_1"], await OrderAsync(site, "?sort=newest"));
        var answer = (await asker.SeeAsync(Question)).QuerySelector("#answer_1")!;
        Assert.True(answer.ClassList.Contains("is-below-zero"));
        Assert.Contains("추천이 0보다 낮은 답변", answer.TextContent, StringComparison.Ordinal);
        Assert.Equal("답", answer.QuerySelector(".prose")!.TextContent.Trim());
        Assert.Equal("-1", answer.QuerySelector("meta[itemprop=upvoteCount]")!.GetAttribute("content"));
    }

    [Fact]
    public async Task The_list_sorts_and_the_search_filters_by_the_sum()
    {
        await using var site = await StartAsync();
        var asker = site.Visit();
        using var login = await asker.LogInAsync("홍길동");
        using var asked = await asker.PostFormAsync("/questions/ask", [new("Input.Title", "둘째 질문"), new("Input.Body", "글")]);
        site.Execute("insert into QuestionVotes(QuestionId, UserId, Value) values (2, 1, -1)");
        Assert.Equal(["제목", "둘째 질문"], await TitlesAsync("/questions?sort=votes"));
        Assert.Equal(["둘째 질문", "제목"], await TitlesAsync("/questions?q=user:홍길동"));
        Assert.Equal(["제목"], await TitlesAsync("/questions?q=score:0"));
        Assert.Equal(["둘째 질문", "제목"], await TitlesAsync("/questions?q=score:-1"));
        Assert.Empty(await TitlesAsync("/questions?q=score:1"));

        async Task<IEnumerable<string>> TitlesAsync(string url) => (await site.Visit().SeeAsync(url)).QuerySelectorAll(".question-title").Select(t => t.TextContent);
    }

    private static async Task<IEnumerable<string?>> OrderAsync(PyboSite site, string query) => (await site.Visit().SeeAsync(Question + query)).QuerySelectorAll("article.answer").Select(a => a.Id);

    private static async Task PostAsync(Visitor voter, string handler)
    {
        using var answer = await voter.PostFormAsync($"{Question}?handler={handler}", [new("answer", "1")], Question);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
    }

    private static async Task<(int Question, int Answer)> CountsAsync(PyboSite site)
    {
        await using var db = site.CreateDbContext();
        return (await db.Questions.Where(q => q.Id == 1).Select(q => q.VoteCount).SingleAsync(), await db.Answers.Where(a => a.Id == 1).Select(a => a.VoteCount).SingleAsync());
    }

    /// <summary>A question by 홍길동 with an answer by 김철수; the administrator is 주인장.</summary>
    private static async Task<PyboSite> StartAsync(PyboSite? made = null)
    {
        var site = made ?? new PyboSite();
        await site.SignUpAsync("주인장");
        var (asker, helper) = (await site.SignUpAsync("홍길동"), await site.SignUpAsync("김철수"));
        using var asked = await asker.PostFormAsync("/questions/ask", [new("Input.Title", "제목"), new("Input.Body", "내용")]);
        using var answered = await helper.PostFormAsync($"{Question}/answer", [new("Input.Body", "답")], Question);
        return site;
    }
}
