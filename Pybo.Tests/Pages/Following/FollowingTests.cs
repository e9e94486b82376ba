using AngleSharp.Dom;
using Microsoft.EntityFrameworkCore;
using Pybo.Data;
using Pybo.Tests.Attacks;

namespace Pybo.Tests.Pages.Following;

public sealed class FollowingTests
{
    private const string Profile = "/users/홍길동";

    [Fact]
    public async Task A_follower_is_told_of_new_questions_that_they_may_read_and_of_nothing_else()
    {
        await using var site = new PyboSite();
        await site.SignUpAsync("주인장");
        var (asker, reader) = (await site.SignUpAsync("홍길동"), await site.SignUpAsync("이영희"));
        await FollowAsync(reader, "Follow");
        var button = (await reader.SeeAsync(Profile)).QuerySelector(".profile button")!;
        Assert.Equal(("알림 받기", "true"), (button.TextContent, button.GetAttribute("aria-pressed")));
        await AskAsync(asker, "첫 질문");
        using var answered = await asker.PostFormAsync("/questions/1/answer", [new("Input.Body", "혼자 찾은 답")], "/questions/1");
        Assert.Equal(["홍길동 님이 새 질문을 올렸습니다."], await SentencesAsync(reader));

        site.Execute("insert into Groups(Name) values ('모임'); insert into GroupMembers(GroupId, UserId) select 1, Id from AspNetUsers where UserName = '홍길동'; insert into Categories(Name, Slug, Description, Position, Audience, QuestionCount) values ('닫힌', 'closed', '', 2, -3, 0);");
        await AskAsync(asker, "숨은 질문", category: "2");
        Assert.Single(await SentencesAsync(reader));

        // Who also follows the tag, or is named, is told once.
        await AskAsync(asker, "태그 질문", "파이썬");
        using var tag = await reader.PostFormAsync("/tags/파이썬?handler=Follow", [], "/tags/파이썬");
        await AskAsync(asker, "또 태그 질문", "파이썬");
        await AskAsync(asker, "부르는 질문", body: "@이영희 님께");
        Assert.Equal(["홍길동 님이 글에서 나를 불렀습니다.", "홍길동 님이 따르는 태그로 질문했습니다.", "홍길동 님이 새 질문을 올렸습니다.", "홍길동 님이 새 질문을 올렸습니다."], await SentencesAsync(reader));

        await FollowAsync(reader, "Unfollow");
        await AskAsync(asker, "마지막 질문");
        Assert.Equal(4, (await SentencesAsync(reader)).Count);
        Assert.Empty(await SentencesAsync(asker));
    }

    [Fact]
    public async Task Followed_tags_and_members_are_listed_and_taken_off()
    {
        await using var site = new PyboSite();
        var (asker, reader) = (await site.SignUpAsync("홍길동"), await site.SignUpAsync("이영희"));
        Assert.Equal(["알림을 받는 태그가 없습니다.", "알림을 받는 회원이 없습니다."], (await reader.SeeAsync("/following")).QuerySelectorAll(".empty").Select(p => p.TextContent));
        await AskAsync(asker, "하나", "파이썬");
        await FollowAsync(reader, "Follow");
        using var tag = await reader.PostFormAsync("/tags/파이썬?handler=Follow", [], "/tags/파이썬");
        Assert.Equal(["파이썬", "홍길동"], (await reader.SeeAsync("/following")).QuerySelectorAll(".followed a").Select(a => a.TextContent));
        Assert.Empty((await asker.SeeAsync("/following")).QuerySelectorAll(".followed a"));
        using var noTag = await reader.PostFormAsync("/following?handler=UnfollowTag", [new("tag", "파이썬")], "/following");
        using var noMember = await reader.PostFormAsync("/following?handler=UnfollowMember", [new("member", "홍길동")], "/following");
        Assert.Equal(2, (await reader.SeeAsync("/following")).QuerySelectorAll(".empty").Length);
        using var visit = await site.Visit().Http.GetAsync(new Uri("/following", UriKind.Relative));
        Assert.StartsWith("/account/login", visit.Headers.Location!.OriginalString, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_cannot_follow_oneself_a_visitor_or_more_members_than_the_limit()
    {
        await using var site = new PyboSite();
        var (asker, reader) = (await site.SignUpAsync("홍길동"), await site.SignUpAsync("이영희"));
        await using var db = site.CreateDbContext();
        Assert.Null((await asker.SeeAsync(Profile)).QuerySelector(".profile button"));
        using var self = await asker.PostFormAsync($"{Profile}?handler=Follow", [], "/questions/ask");
        Assert.Equal("자기 자신은 따를 수 없습니다.", (await asker.SeeAsync(Profile)).QuerySelector(".alert-danger")!.TextContent);
        using var visit = await site.Visit().PostFormAsync($"{Profile}?handler=Follow", [], "/account/login");
        Assert.StartsWith("/account/login?next=", (await site.Visit().SeeAsync(Profile)).QuerySelectorAll("main a").Single(a => a.TextContent == "알림 받기").GetAttribute("href"), StringComparison.Ordinal);
        Assert.StartsWith("/account/login", visit.Headers.Location!.OriginalString, StringComparison.Ordinal);
        Assert.Equal(0, await db.MemberFollows.CountAsync());

        db.Users.AddRange(Enumerable.Range(1, MemberFollow.PerMemberMax).Select(i => new User { UserName = $"u{i}", NormalizedUserName = $"U{i}" }));
        await db.SaveChangesAsync();
        site.Execute("insert into MemberFollows(MemberId, UserId) select Id, 2 from AspNetUsers where Id > 2");
        await FollowAsync(reader, "Follow");
        Assert.Equal("회원은 1,000명까지 따를 수 있습니다.", (await reader.SeeAsync(Profile)).QuerySelector(".alert-danger")!.TextContent);
        Assert.Equal(MemberFollow.PerMemberMax, await db.MemberFollows.CountAsync());
    }

    private static async Task FollowAsync(Visitor reader, string handler)
    {
        using var answer = await reader.PostFormAsync($"{Profile}?handler={handler}", [], Profile);
        Assert.Equal(Profile, Uri.UnescapeDataString(answer.Headers.Location!.OriginalString));
    }

    private static async Task<List<string>> SentencesAsync(Visitor member) =>
        [.. (await member.SeeAsync("/notifications")).QuerySelectorAll(".notification > span:nth-last-child(2)").Select(s => s.TextContent)];

    private static async Task AskAsync(Visitor member, string title, string tags = "", string body = "글", string category = "1")
    {
        using var posted = await member.PostFormAsync("/questions/ask", [new("Input.Title", title), new("Input.Body", body), new("Input.Tags", tags), new("Input.Category", category)]);
        Assert.True(posted.Headers.Location is not null, await posted.Content.ReadAsStringAsync());
    }
}
