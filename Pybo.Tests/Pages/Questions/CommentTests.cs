using System.Net;
using AngleSharp.Dom;
using Microsoft.EntityFrameworkCore;
using Pybo.Data;

namespace Pybo.Tests.Pages.Questions;

public sealed class CommentTests
{
    [Fact]
    public async Task Comments_are_shown_below_their_posts_with_author_time_and_anchor()
    {
        await using var site = new PyboSite();
        var (asker, helper) = (await site.SignUpAsync("홍길동"), await site.SignUpAsync("김철수"));
        await AskAndAnswerAsync(asker);
        Assert.Equal("/questions/1?comment=1#comment_1", await CommentAsync(helper, "/comments/new?question=1", "**어느** 층인지\n써 두면 좋습니다. <b>굵게</b>"));
        Assert.Equal("/questions/1?comment=2#comment_2", await CommentAsync(asker, "/comments/new?answer=1", "고맙습니다."));

        var page = await site.Visit().SeeAsync("/questions/1");
        var onQuestion = page.QuerySelector("article.question #comment_1")!;
        Assert.Equal("김철수", onQuestion.QuerySelector(".post-meta a")!.TextContent);
        Assert.NotNull(onQuestion.QuerySelector("time[datetime]"));
        Assert.Equal("<p><strong>어느</strong> 층인지<br>\n써 두면 좋습니다. &lt;b&gt;굵게&lt;/b&gt;</p>", onQuestion.QuerySelector(".prose")!.InnerHtml.Trim());
        Assert.NotNull(page.QuerySelector("#answer_1 #comment_2"));
        Assert.Equal(["댓글 1개", "댓글 1개"], page.QuerySelectorAll(".comments-title").Select(t => t.TextContent));
        Assert.Empty(page.QuerySelectorAll(".comment form, .comment a[href$='/edit']"));
    }

    [Fact]
    public async Task A_link_to_a_comment_opens_the_page_of_answers_that_has_it()
    {
        await using var site = new PyboSite();
        var asker = await site.SignUpAsync("홍길동");
        await AskAndAnswerAsync(asker);
        await using (var db = site.CreateDbContext())
        {
            for (var i = 2; i <= 15; i++)
            {
                await db.AnswerAsync(1, 1, $"답 {i}", default);
            }

            await db.CommentAsync(CommentedPost.Answer(15), 1, "마지막 답의 댓글", default);
            await db.AskAsync(1, "다른 질문", "글", default);
        }

        Assert.NotNull((await asker.SeeAsync("/questions/1?comment=1")).QuerySelector("#answer_15 #comment_1"));
        Assert.Null((await asker.SeeAsync("/questions/1")).QuerySelector("#comment_1"));
        Assert.Null((await asker.SeeAsync("/questions/2?comment=1")).QuerySelector("#comment_1"));
    }

    [Fact]
    public async Task Missing_and_overlong_comments_are_reported_and_the_text_is_kept()
    {
        await using var site = new PyboSite();
        var asker = await site.SignUpAsync("홍길동");
        await AskAndAnswerAsync(asker);
        foreach (var address in new[] { "/comments/new?question=1", "/comments/new?answer=1" })
        {
            Assert.Equal("댓글 내용은 필수입력 항목입니다.", (await ErrorPageAsync(asker, address, " \r\n ")).QuerySelector("#Input_Body-error")!.TextContent);
            var page = await ErrorPageAsync(asker, address, new string('가', Comment.BodyMax + 1));
            Assert.Equal("댓글은 1000자까지 쓸 수 있습니다.", page.QuerySelector("#Input_Body-error")!.TextContent);
            Assert.Contains("가가가", page.QuerySelector("textarea")!.TextContent, StringComparison.Ordinal);
        }

        // A browser counts a line end as one character and sends two.
        await CommentAsync(asker, "/comments/new?question=1", string.Join("\r\n", Enumerable.Repeat("가", Comment.BodyMax / 2)));
    }

    [Fact]
    public async Task A_visitor_is_sent_to_log_in_and_returns_to_the_form()
    {
        await using var site = new PyboSite();
        await AskAndAnswerAsync(await site.SignUpAsync("홍길동"));
        var visitor = site.Visit();
        var page = await visitor.SeeAsync("/questions/1");
        Assert.Empty(page.QuerySelectorAll("form[action^='/comments']"));
        foreach (var (address, link) in new[] { ("/comments/new?question=1", "article.question"), ("/comments/new?answer=1", "#answer_1") })
        {
            Assert.Equal(address, page.QuerySelector($"{link} .comment-add a")!.GetAttribute("href"));
            using var sent = await visitor.Http.GetAsync(new Uri(address, UriKind.Relative));
            Assert.Equal($"/account/login?next={Uri.EscapeDataString(address)}", sent.Headers.Location!.OriginalString);
        }

        using var logged = await visitor.LogInAsync("홍길동", next: "/comments/new?answer=1");
        Assert.Equal("/comments/new?answer=1", logged.Headers.Location!.OriginalString);
        Assert.Equal("/questions/1?comment=1#comment_1", await CommentAsync(visitor, "/comments/new?answer=1", "돌아왔습니다."));
        using var edit = await site.Visit().Http.GetAsync(new Uri("/comments/1/edit", UriKind.Relative));
        Assert.Equal($"/account/login?next={Uri.EscapeDataString("/comments/1/edit")}", edit.Headers.Location!.OriginalString);
    }

    [Fact]
    public async Task A_comment_on_nothing_on_two_posts_or_on_a_missing_one_is_not_found()
    {
        await using var site = new PyboSite();
        var asker = await site.SignUpAsync("홍길동");
        await AskAndAnswerAsync(asker);
        foreach (var address in new[] { "/comments/new", "/comments/new?question=1&answer=1", "/comments/new?question=9", "/comments/new?answer=9", "/comments/new?question=abc", "/comments/9/edit" })
        {
            await asker.SeeAsync(address, HttpStatusCode.NotFound);
            using var posted = await asker.PostFormAsync(address, [new("Input.Body", "글")], "/questions/1");
            Assert.Equal(HttpStatusCode.NotFound, posted.StatusCode);
        }

        using var deleted = await asker.PostFormAsync("/questions/1?handler=DeleteComment", [new("comment", "9")], "/questions/1");
        Assert.Equal(HttpStatusCode.NotFound, deleted.StatusCode);
    }

    [Fact]
    public async Task Authors_edit_and_delete_their_comments_and_an_administrator_deletes_any()
    {
        await using var site = new PyboSite();
        var (administrator, author, other) = (await site.SignUpAsync("주인장"), await site.SignUpAsync("홍길동"), await site.SignUpAsync("김철수"));
        await AskAndAnswerAsync(author);
        await CommentAsync(author, "/comments/new?answer=1", "처음 댓글");
        await CommentAsync(author, "/comments/new?question=1", "지울 댓글");

        using (var seen = await other.Http.GetAsync(new Uri("/comments/1/edit", UriKind.Relative)))
        {
            Assert.Equal("수정권한이 없습니다", await WarningAsync(other, seen));
        }

        using (var edited = await other.PostFormAsync("/comments/1/edit", [new("Input.Body", "빼앗은 글")], "/questions/1"))
        {
            Assert.Equal("수정권한이 없습니다", await WarningAsync(other, edited));
        }

        using (var deleted = await other.PostFormAsync("/questions/1?handler=DeleteComment", [new("comment", "1")], "/questions/1"))
        {
            Assert.Equal("삭제권한이 없습니다", await WarningAsync(other, deleted));
        }

        using (var saved = await author.PostFormAsync("/comments/1/edit", [new("Input.Body", "고친 댓글")]))
        {
            Assert.Equal("/questions/1?comment=1#comment_1", saved.Headers.Location!.OriginalString);
        }

        var page = await administrator.SeeAsync("/questions/1");
        Assert.Contains("고친 댓글", page.QuerySelector("#comment_1 .prose")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("수정", page.QuerySelector("#comment_1 .post-meta")!.TextContent, StringComparison.Ordinal);
        Assert.Empty(page.QuerySelectorAll(".comment a[href$='/edit']"));
        Assert.Equal("정말로 삭제하시겠습니까?", page.QuerySelector("#comment_1 form")!.GetAttribute("data-confirm"));
        using var byAdministrator = await administrator.PostFormAsync("/questions/1?handler=DeleteComment", [new("comment", "1")], "/questions/1");
        Assert.Equal("/questions/1?answer=1#answer_1", byAdministrator.Headers.Location!.OriginalString);
        using var byAuthor = await author.PostFormAsync("/questions/1?handler=DeleteComment", [new("comment", "2")], "/questions/1");
        Assert.Equal("/questions/1", byAuthor.Headers.Location!.OriginalString);
        Assert.Empty((await author.SeeAsync("/questions/1")).QuerySelectorAll(".comment"));
    }

    [Fact]
    public async Task Nothing_changes_by_GET_or_without_a_token()
    {
        await using var site = new PyboSite();
        var author = await site.SignUpAsync("홍길동");
        await AskAndAnswerAsync(author);
        await CommentAsync(author, "/comments/new?question=1", "처음 댓글");
        foreach (var address in new[] { "/comments/new?question=1", "/comments/1/edit" })
        {
            using var forged = await author.PostForgedAsync(address, [new("Input.Body", "몰래 쓴 글")]);
            Assert.NotNull((await Visitor.ReadAsync(forged)).QuerySelector("[role=alert]"));
            await author.SeeAsync($"{address}{(address.Contains('?', StringComparison.Ordinal) ? '&' : '?')}Input.Body=%EA%B8%80");
        }

        using var deleted = await author.PostForgedAsync("/questions/1?handler=DeleteComment", [new("comment", "1")]);
        Assert.Equal(HttpStatusCode.BadRequest, deleted.StatusCode);
        await author.SeeAsync("/questions/1?handler=DeleteComment&comment=1");
        await using var db = site.CreateDbContext();
        Assert.Equal(["처음 댓글"], await db.Comments.Select(c => c.Body).ToListAsync());
    }

    [Fact]
    public async Task A_full_post_offers_no_form_and_says_why()
    {
        await using var site = new PyboSite();
        var author = await site.SignUpAsync("홍길동");
        await AskAndAnswerAsync(author);
        await using (var db = site.CreateDbContext())
        {
            db.Comments.AddRange(Enumerable.Range(1, Comment.PerPostMax).Select(i => new Comment { QuestionId = 1, AuthorId = 1, Body = $"{i}" }));
            await db.SaveChangesAsync();
        }

        var page = await author.SeeAsync("/questions/1");
        Assert.Null(page.QuerySelector("article.question .comment-add"));
        Assert.NotNull(page.QuerySelector("#answer_1 .comment-add form"));
        using var refused = await author.PostFormAsync("/comments/new?question=1", [new("Input.Body", "하나 더")], "/questions/1");
        Assert.Equal("댓글은 글 하나에 100개까지 달 수 있습니다.", await WarningAsync(author, refused));
    }

    [Fact]
    public async Task Comments_count_against_the_rate_of_posts()
    {
        await using var site = new PyboSite().WithSetting("Pybo:PostsPerMinute", "3");
        var author = await site.SignUpAsync("홍길동");
        await AskAndAnswerAsync(author);
        await CommentAsync(author, "/comments/new?question=1", "하나");
        using var refused = await author.PostFormAsync("/comments/new?question=1", [new("Input.Body", "둘")], "/questions/1");
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
    }

    [Fact]
    public async Task A_comment_is_found_by_the_search_and_its_result_leads_to_it()
    {
        await using var site = new PyboSite();
        var author = await site.SignUpAsync("홍길동");
        await AskAndAnswerAsync(author);
        await CommentAsync(author, "/comments/new?answer=1", "자작나무 손잡이를 왼쪽으로 돌리면 열립니다.");
        await IndexedAsync(site);
        foreach (var kind in new[] { "", "&kind=comment" })
        {
            var found = (await author.SeeAsync($"/search?q={Uri.EscapeDataString("자작나무 손잡이")}{kind}")).QuerySelectorAll(".results > li").Single(r => r.QuerySelector(".kind-mark")!.TextContent == "댓글");
            Assert.Equal("/questions/1?comment=1#comment_1", found.QuerySelector(".result-title a")!.GetAttribute("href"));
            Assert.Contains("왼쪽으로", found.TextContent, StringComparison.Ordinal);
        }

        using var edited = await author.PostFormAsync("/comments/1/edit", [new("Input.Body", "지운 말")]);
        Assert.DoesNotContain("왼쪽으로", (await author.SeeAsync($"/search?q={Uri.EscapeDataString("자작나무 손잡이")}")).Body!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Recent_answers_and_comments_are_listed_newest_first_and_reached_from_the_questions()
    {
        await using var site = new PyboSite();
        var author = await site.SignUpAsync("홍길동");
        Assert.Equal(["답변이 없습니다.", "댓글이 없습니다."], (await author.SeeAsync("/questions/recent")).QuerySelectorAll(".recent .empty").Select(e => e.TextContent));
        await AskAndAnswerAsync(author);
        await CommentAsync(author, "/comments/new?question=1", "첫 댓글");
        await CommentAsync(author, "/comments/new?answer=1", "둘째 댓글");
        var page = await site.Visit().SeeAsync((await author.SeeAsync("/questions")).QuerySelector(".board-links a")!.GetAttribute("href")!);
        Assert.Equal(["최근 답변", "최근 댓글"], page.QuerySelectorAll(".recent h2").Select(h => h.TextContent));
        Assert.Equal(["/questions/1?answer=1#answer_1", "/questions/1?comment=2#comment_2", "/questions/1?comment=1#comment_1"], page.QuerySelectorAll(".recent li > a").Select(a => a.GetAttribute("href")));
        Assert.Equal("둘째 댓글", page.QuerySelectorAll(".recent-text")[1].TextContent);
        var profile = await site.Visit().SeeAsync($"/users/{Uri.EscapeDataString("홍길동")}?tab=comments");
        Assert.Equal("댓글 2", profile.QuerySelector(".tabs [aria-current]")!.TextContent);
        Assert.Equal(["/questions/1?comment=2#comment_2", "/questions/1?comment=1#comment_1"], profile.QuerySelectorAll(".post-list li > a").Select(a => a.GetAttribute("href")));
    }

    private static async Task AskAndAnswerAsync(Visitor asker)
    {
        using var asked = await asker.PostFormAsync("/questions/ask", [new("Input.Title", "창고 문이 안 열려요"), new("Input.Body", "내용")]);
        using var answered = await asker.PostFormAsync("/questions/1/answer", [new("Input.Body", "세게 미세요.")], "/questions/1");
        Assert.Equal("/questions/1?answer=1#answer_1", answered.Headers.Location?.OriginalString);
    }

    /// <summary>Comments with the form on the question's page.</summary>
    private static async Task<string> CommentAsync(Visitor author, string address, string body)
    {
        Assert.NotNull((await author.SeeAsync("/questions/1")).QuerySelector($"form[action='{address}'] textarea"));
        using var posted = await author.PostFormAsync(address, [new("Input.Body", body)], "/questions/1");
        Assert.True(posted.Headers.Location is not null, await posted.Content.ReadAsStringAsync());
        return posted.Headers.Location.OriginalString;
    }

    private static async Task<IDocument> ErrorPageAsync(Visitor author, string address, string body)
    {
        using var posted = await author.PostFormAsync(address, [new("Input.Body", body)], "/questions/1");
        Assert.Equal(HttpStatusCode.OK, posted.StatusCode);
        return await Visitor.ReadAsync(posted);
    }

    private static async Task<string?> WarningAsync(Visitor visitor, HttpResponseMessage redirect) =>
        (await visitor.SeeAsync(redirect.Headers.Location!.OriginalString.Split('#')[0])).QuerySelector(".alert-danger")?.TextContent;

    private static async Task IndexedAsync(PyboSite site)
    {
        const int TriesMax = 2_400;
        for (var i = 0; i < TriesMax; i++)
        {
            await using var db = site.CreateDbContext();
            if (await db.PendingCountAsync(default) == 0)
            {
                return;
            }

            await Task.Delay(50);
        }

        Assert.Fail("The worker did not index the posts.");
    }
}
