using System.Net;
using AngleSharp.Dom;
using Microsoft.EntityFrameworkCore;
using Pybo.Data;

namespace Pybo.Tests.Pages.Notifications;

public sealed class NotificationTests
{
    private const string Question = "/questions/1";

    [Fact]
    public async Task The_asker_is_told_of_an_answer_and_a_comment_and_its_author_is_not()
    {
        await using var site = new PyboSite();
        var (asker, answerer) = (await site.SignUpAsync("홍길동"), await site.SignUpAsync("김철수"));
        await AskAsync(asker);
        await AnswerAsync(answerer, "답입니다.");
        await CommentAsync(answerer, "덧붙입니다.");

        Assert.Equal(["김철수 님이 댓글을 남겼습니다.", "김철수 님이 답변했습니다."], await SentencesAsync(asker));
        Assert.Empty(await SentencesAsync(answerer));
        Assert.Equal("읽지 않은 알림 2개", (await asker.SeeAsync("/questions")).QuerySelector(".bell .visually-hidden")!.TextContent);
        Assert.Null((await site.Visit().SeeAsync("/questions")).QuerySelector(".bell"));

        // The answerer follows the thread now, and is told of the asker's comment.
        await CommentAsync(asker, "고맙습니다.");
        Assert.Equal(["홍길동 님이 댓글을 남겼습니다."], await SentencesAsync(answerer));
    }

    [Fact]
    public async Task Opening_a_notification_leads_to_its_post_and_marks_it_read()
    {
        await using var site = new PyboSite();
        var (asker, answerer) = (await site.SignUpAsync("홍길동"), await site.SignUpAsync("김철수"));
        await AskAsync(asker);
        await AnswerAsync(answerer, "답입니다.");
        await CommentAsync(answerer, "덧붙입니다.");

        using var opened = await asker.PostFormAsync("/notifications?handler=Open", [new("id", "1")], "/notifications");
        Assert.Equal($"{Question}?answer=1#answer_1", opened.Headers.Location!.OriginalString);
        Assert.Equal(1, await UnreadAsync(site));
        using var all = await asker.PostFormAsync("/notifications?handler=ReadAll", [], "/notifications");
        Assert.Equal(0, await UnreadAsync(site));
        Assert.Equal("알림", (await asker.SeeAsync("/questions")).QuerySelector(".bell .visually-hidden")!.TextContent);
    }

    [Fact]
    public async Task Others_neither_see_nor_open_nor_mark_ones_notifications()
    {
        await using var site = new PyboSite();
        var (asker, answerer) = (await site.SignUpAsync("홍길동"), await site.SignUpAsync("김철수"));
        await AskAsync(asker);
        await AnswerAsync(answerer, "답입니다.");
        using var opened = await answerer.PostFormAsync("/notifications?handler=Open", [new("id", "1")], "/notifications");
        Assert.Equal("/notifications", opened.Headers.Location!.OriginalString);
        using var all = await answerer.PostFormAsync("/notifications?handler=ReadAll", [], Question);
        Assert.Equal(1, await UnreadAsync(site));
        foreach (var url in new[] { "/notifications", "/bookmarks" })
        {
            using var visit = await site.Visit().Http.GetAsync(new Uri(url, UriKind.Relative));
            Assert.StartsWith("/account/login", visit.Headers.Location!.OriginalString, StringComparison.Ordinal);
        }

        Assert.Equal(HttpStatusCode.BadRequest, (await asker.PostForgedAsync("/notifications?handler=ReadAll", [])).StatusCode);
        Assert.Equal(1, await UnreadAsync(site));
    }

    [Fact]
    public async Task A_member_who_is_named_is_told_once_even_as_a_follower()
    {
        await using var site = new PyboSite();
        var (asker, answerer, named) = (await site.SignUpAsync("홍길동"), await site.SignUpAsync("김철수"), await site.SignUpAsync("이영희"));
        await AskAsync(asker);
        await AnswerAsync(answerer, "@이영희님이 더 잘 아십니다. @홍길동은 기다려 주세요. @김철수");
        Assert.Equal(["김철수 님이 글에서 나를 불렀습니다."], await SentencesAsync(named));
        Assert.Equal(["김철수 님이 글에서 나를 불렀습니다."], await SentencesAsync(asker));
        Assert.Empty(await SentencesAsync(answerer));
    }

    [Fact]
    public async Task An_accepted_answers_author_is_told_once()
    {
        await using var site = new PyboSite();
        var (asker, answerer) = (await site.SignUpAsync("홍길동"), await site.SignUpAsync("김철수"));
        await AskAsync(asker);
        await AnswerAsync(answerer, "답입니다.");
        foreach (var handler in new[] { "Accept", "Unaccept", "Accept" })
        {
            using var accepted = await asker.PostFormAsync($"{Question}?handler={handler}", [new("answer", "1")], Question);
        }

        Assert.Equal(["홍길동 님이 내 답변을 채택했습니다."], await SentencesAsync(answerer));
    }

    [Fact]
    public async Task Followers_of_a_question_or_a_tag_are_told_until_they_no_longer_follow()
    {
        await using var site = new PyboSite();
        var (asker, reader) = (await site.SignUpAsync("홍길동"), await site.SignUpAsync("이영희"));
        await AskAsync(asker);
        using (await reader.PostFormAsync($"{Question}?handler=Follow", [], Question))
        using (await reader.PostFormAsync("/tags/파이썬?handler=Follow", [], "/tags/파이썬"))
        {
            Assert.Equal("true", (await reader.SeeAsync(Question)).QuerySelector(".keep")!.GetAttribute("aria-pressed"));
        }

        await AnswerAsync(asker, "스스로 찾았습니다.");
        await AskAsync(asker, "다른 질문", "파이썬, 플라스크");
        await AskAsync(asker, "태그가 다른 질문", "플라스크");
        Assert.Equal(["홍길동 님이 따르는 태그로 질문했습니다.", "홍길동 님이 답변했습니다."], await SentencesAsync(reader));

        using (await reader.PostFormAsync($"{Question}?handler=Unfollow", [], Question))
        using (await reader.PostFormAsync("/tags/파이썬?handler=Unfollow", [], "/tags/파이썬"))
        {
            await AnswerAsync(asker, "하나 더 찾았습니다.");
            await AskAsync(asker, "또 다른 질문", "파이썬");
            Assert.Equal(2, (await SentencesAsync(reader)).Count);
        }
    }

    [Fact]
    public async Task Notifications_go_with_their_post_and_their_number_is_bounded()
    {
        await using var site = new PyboSite();
        var (asker, answerer) = (await site.SignUpAsync("홍길동"), await site.SignUpAsync("김철수"));
        await AskAsync(asker);
        await using var db = site.CreateDbContext();
        for (var n = 0; n < Notification.PerMemberMax + 5; n++)
        {
            db.Notifications.Add(new() { UserId = 1, ActorId = 2, Kind = NotificationKind.Answered, QuestionId = 1 });
        }

        await db.SaveChangesAsync();
        await AnswerAsync(answerer, "답입니다.");
        Assert.Equal(Notification.PerMemberMax, await db.Notifications.CountAsync(n => n.UserId == 1));
        Assert.Equal("99+", (await asker.SeeAsync("/questions")).QuerySelector(".bell-count")!.TextContent);

        await db.Answers.ExecuteDeleteAsync();
        Assert.Equal(Notification.PerMemberMax - 1, await db.Notifications.CountAsync());
        await db.Questions.ExecuteDeleteAsync();
        Assert.Equal(0, await db.Notifications.CountAsync());
    }

    [Fact]
    public async Task A_question_is_bookmarked_listed_and_taken_out()
    {
        await using var site = new PyboSite();
        var (asker, reader) = (await site.SignUpAsync("홍길동"), await site.SignUpAsync("이영희"));
        await AskAsync(asker, "<b>제목</b>");
        using var added = await reader.PostFormAsync($"{Question}?handler=Bookmark", [], Question);
        using var again = await reader.PostFormAsync($"{Question}?handler=Bookmark", [], Question);
        Assert.Equal("<b>제목</b>", (await reader.SeeAsync("/bookmarks")).QuerySelectorAll(".bookmarks a").Single().TextContent);
        Assert.Empty((await asker.SeeAsync("/bookmarks")).QuerySelectorAll(".bookmarks a"));
        using var theirs = await asker.PostFormAsync("/bookmarks?handler=Remove", [new("question", "1")], Question);
        Assert.NotEmpty((await reader.SeeAsync("/bookmarks")).QuerySelectorAll(".bookmarks a"));
        using var removed = await reader.PostFormAsync("/bookmarks?handler=Remove", [new("question", "1")], "/bookmarks");
        Assert.Empty((await reader.SeeAsync("/bookmarks")).QuerySelectorAll(".bookmarks a"));
    }

    [Fact]
    public async Task A_full_list_of_bookmarks_takes_no_more_and_says_so()
    {
        await using var site = new PyboSite();
        var reader = await site.SignUpAsync("이영희");
        await using var db = site.CreateDbContext();
        db.Questions.AddRange(Enumerable.Range(0, Bookmark.PerMemberMax + 1).Select(n => new Question { AuthorId = 1, Title = $"질문 {n}", Body = "글" }));
        await db.SaveChangesAsync();
        db.Bookmarks.AddRange(Enumerable.Range(2, Bookmark.PerMemberMax).Select(n => new Bookmark { UserId = 1, QuestionId = n }));
        await db.SaveChangesAsync();
        using var refused = await reader.PostFormAsync($"{Question}?handler=Bookmark", [], Question);
        Assert.Contains("1,000개까지", (await reader.SeeAsync(Question)).Body!.TextContent, StringComparison.Ordinal);
        Assert.Equal(Bookmark.PerMemberMax, await db.Bookmarks.CountAsync());
    }

    private static async Task AskAsync(Visitor member, string title = "제목", string tags = "파이썬")
    {
        using var asked = await member.PostFormAsync("/questions/ask", [new("Input.Title", title), new("Input.Tags", tags), new("Input.Body", "내용")]);
        Assert.True(asked.StatusCode == HttpStatusCode.Redirect, await asked.Content.ReadAsStringAsync());
    }

    private static async Task AnswerAsync(Visitor member, string body)
    {
        using var answered = await member.PostFormAsync($"{Question}/answer", [new("Input.Body", body)], Question);
        Assert.True(answered.StatusCode == HttpStatusCode.Redirect, await answered.Content.ReadAsStringAsync());
    }

    private static async Task CommentAsync(Visitor member, string body)
    {
        using var commented = await member.PostFormAsync("/comments/new?question=1", [new("Input.Body", body)], Question);
        Assert.True(commented.StatusCode == HttpStatusCode.Redirect, await commented.Content.ReadAsStringAsync());
    }

    private static async Task<List<string>> SentencesAsync(Visitor member) =>
        [.. (await member.SeeAsync("/notifications")).QuerySelectorAll(".notification > span:not(.badge-soft):not(.notification-title)").Select(s => s.TextContent)];

    private static async Task<int> UnreadAsync(PyboSite site)
    {
        await using var db = site.CreateDbContext();
        return await db.Notifications.CountAsync(n => n.UserId == 1 && !n.IsRead);
    }
}
