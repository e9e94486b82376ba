using AngleSharp.Dom;
using Microsoft.EntityFrameworkCore;
using Pybo.Data;

namespace Pybo.Tests.Pages.Users;

public sealed class DetailsTests
{
    [Fact]
    public async Task A_profile_shows_the_members_questions_and_answers_ten_per_page_newest_first()
    {
        await using var site = new PyboSite();
        await site.SignUpAsync("홍길동");
        await site.SignUpAsync("다른이");
        await using (var db = site.CreateDbContext())
        {
            var author = await db.Users.SingleAsync(u => u.UserName == "홍길동");
            var other = await db.Users.SingleAsync(u => u.UserName == "다른이");
            for (var i = 1; i <= 12; i++)
            {
                var question = new Question { AuthorId = author.Id, Title = $"질문 {i}", Body = "내용" };
                db.Questions.Add(question);
                await db.SaveChangesAsync();
                db.Answers.Add(new Answer { QuestionId = question.Id, AuthorId = other.Id, Body = "답변" });
                await db.SaveChangesAsync();
            }
        }

        var visitor = site.Visit();
        var first = await visitor.SeeAsync("/users/홍길동");
        Assert.Equal(Enumerable.Range(3, 10).Reverse().Select(i => $"질문 {i}"), Titles(first));
        Assert.Equal("질문 12", first.QuerySelector(".tabs [aria-current]")!.TextContent);
        var second = await visitor.SeeAsync(first.QuerySelector("a[rel=next]")!.GetAttribute("href")!);
        Assert.Equal(["질문 2", "질문 1"], Titles(second));
        var beyond = await visitor.SeeAsync("/users/홍길동?page=99");
        Assert.Equal(Titles(second), Titles(beyond));

        var answers = await visitor.SeeAsync("/users/다른이?tab=answers&page=2");
        Assert.Equal(["질문 2", "질문 1"], Titles(answers));
        Assert.Equal("/questions/1?answer=1#answer_1", answers.QuerySelectorAll(".post-list a")[^1].GetAttribute("href"));
    }

    [Fact]
    public async Task The_day_of_joining_is_shown_in_Korean_time_with_its_moment_for_the_readers_zone()
    {
        await using var site = new PyboSite();
        await site.SignUpAsync("홍길동");
        await using var db = site.CreateDbContext();
        await db.Users.ExecuteUpdateAsync(set => set.SetProperty(u => u.CreatedAt, new DateTime(2026, 11, 21, 20, 0, 0, DateTimeKind.Utc)));
        var page = await site.Visit().SeeAsync("/users/홍길동");
        var time = page.QuerySelector("main time")!;
        Assert.Equal("2026-11-21T20:00:00Z", time.GetAttribute("datetime"));
        Assert.Equal("2026년 11월 22일", time.TextContent);
    }

    private static List<string> Titles(IParentNode page) => [.. page.QuerySelectorAll(".post-list a").Select(a => a.TextContent)];
}
