using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Pybo.Pages.Account;
using Pybo.Tests.Rag.Chat;

namespace Pybo.Tests.Pages.Account;

public sealed class PendingActsTests
{
    private const string Question = "/questions/1";

    [Fact]
    public async Task A_visitors_vote_counts_once_they_log_in()
    {
        await using var site = await StartAsync();
        await site.SignUpAsync("김철수");
        var visitor = site.Visit();
        using var voted = await visitor.PostFormAsync($"{Question}?handler=VoteAnswer", [new("answer", "1")], Question);
        Assert.StartsWith("/account/login?next=", voted.Headers.Location!.OriginalString, StringComparison.Ordinal);
        Assert.Contains("추천이 반영됩니다", (await visitor.SeeAsync("/account/login")).Body!.TextContent, StringComparison.Ordinal);
        Assert.Equal(0, await VotesAsync(site));

        using var loggedIn = await visitor.LogInAsync("김철수");
        Assert.Equal($"{Question}?answer=1#answer_1", loggedIn.Headers.Location!.OriginalString);
        Assert.Equal(1, await VotesAsync(site));

        // It is done once: another log-in leads where it always does.
        using var again = await site.Visit().LogInAsync("김철수");
        Assert.Equal("/questions", again.Headers.Location!.OriginalString);
        Assert.Equal(1, await VotesAsync(site));
    }

    [Fact]
    public async Task Authors_who_vote_for_themselves_before_they_log_in_are_told_why_it_does_not_count()
    {
        await using var site = await StartAsync();
        var visitor = site.Visit();
        using var voted = await visitor.PostFormAsync($"{Question}?handler=Vote", [], Question);
        using var loggedIn = await visitor.LogInAsync("홍길동");
        Assert.Equal(Question, loggedIn.Headers.Location!.OriginalString);
        Assert.Contains("본인이 작성한 글은 추천할수 없습니다", (await visitor.SeeAsync(Question)).Body!.TextContent, StringComparison.Ordinal);
        Assert.Equal(0, await VotesAsync(site));
    }

    [Fact]
    public async Task A_visitors_answer_waits_in_its_form_for_the_new_member()
    {
        const string Body = "쓰던 **답변**\n둘째 줄";
        await using var site = await StartAsync();
        var visitor = site.Visit();
        using var sent = await visitor.PostFormAsync($"{Question}/answer", [new("Input.Body", Body)], Question);
        Assert.StartsWith("/account/login?next=", sent.Headers.Location!.OriginalString, StringComparison.Ordinal);

        using var signedUp = await visitor.SignUpAsync("이영희");
        Assert.Equal($"{Question}#answer-body", signedUp.Headers.Location!.OriginalString);
        Assert.Equal(Body, (await visitor.SeeAsync(Question)).QuerySelector("#answer-body")!.TextContent.Trim());
        await using var db = site.CreateDbContext();
        Assert.Equal(1, await db.Answers.CountAsync());

        using var posted = await visitor.PostFormAsync($"{Question}/answer", [new("Input.Body", Body)], Question);
        Assert.Equal(2, await db.Answers.CountAsync());
        Assert.Equal("", (await visitor.SeeAsync(Question)).QuerySelector("#answer-body")!.TextContent.Trim());
    }

    [Fact]
    public async Task A_forged_form_waits_for_no_log_in()
    {
        await using var site = await StartAsync();
        var visitor = site.Visit();
        using var voted = await visitor.PostForgedAsync($"{Question}?handler=Vote", []);
        using var answered = await visitor.PostForgedAsync($"{Question}/answer", [new("Input.Body", "남의 글")]);
        using var signedUp = await visitor.SignUpAsync("이영희");
        Assert.Equal("/questions", signedUp.Headers.Location!.OriginalString);
        Assert.Equal(0, await VotesAsync(site));
    }

    [Fact]
    public void Acts_are_forgotten_after_a_while_and_have_bounded_room()
    {
        var time = new ManualTime();
        var acts = new PendingActs(time);
        var http = Keep(new PendingAnswer(1, new('가', PendingActs.CharactersMax - 10)));
        Assert.NotNull(acts.Of(http));
        Assert.False(acts.TryKeep(new DefaultHttpContext(), new PendingAnswer(1, new('나', 11))));
        Assert.Null(acts.Of(new DefaultHttpContext()));

        // The same browser's next act takes the place of its last.
        Assert.True(acts.TryKeep(http, new PendingVote(1, null, Question)));
        Assert.Null(acts.Of(http));

        for (var n = 1; n < PendingActs.CountMax; n++)
        {
            Keep(new PendingVote(n, null, Question));
        }

        Assert.False(acts.TryKeep(new DefaultHttpContext(), new PendingVote(1, null, Question)));
        time.Advance(PendingActs.Lifetime);
        var next = Keep(new PendingVote(1, null, Question));
        time.Advance(PendingActs.Lifetime);
        Assert.Null(acts.Of(next));

        HttpContext Keep(PendingAct act)
        {
            var first = new DefaultHttpContext();
            Assert.True(acts.TryKeep(first, act));
            var name = first.Response.Headers.SetCookie.ToString().Split(';')[0].Split('=')[1];
            return new DefaultHttpContext { Request = { Headers = { Cookie = $"{PendingActs.CookieName}={name}" } } };
        }
    }

    /// <summary>A question and an answer by 홍길동.</summary>
    private static async Task<PyboSite> StartAsync()
    {
        var site = new PyboSite();
        var author = await site.SignUpAsync("홍길동");
        using var asked = await author.PostFormAsync("/questions/ask", [new("Input.Title", "제목"), new("Input.Body", "내용")]);
        using var answered = await author.PostFormAsync($"{Question}/answer", [new("Input.Body", "답")], Question);
        return site;
    }

    private static async Task<int> VotesAsync(PyboSite site)
    {
        await using var db = site.CreateDbContext();
        return await db.QuestionVotes.CountAsync() + await db.AnswerVotes.CountAsync();
    }
}
