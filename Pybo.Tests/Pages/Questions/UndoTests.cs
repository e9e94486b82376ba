using System.Net;
using Microsoft.EntityFrameworkCore;
using Pybo.Data;

namespace Pybo.Tests.Pages.Questions;

public sealed class UndoTests
{
    /// <summary>The searches repeat none of the words that are looked for.</summary>
    private static readonly string[] Places = ["/search?q=그늘 삶습니다 덮어", "/questions?kw=담그나요", "/questions", "/questions/recent", "/questions/1", "/tags", "/users/홍길동", "/users/홍길동?tab=answers", "/users/홍길동?tab=comments", "/feed", "/questions/1/feed", "/sitemap.xml", "/questions/1/history", "/answers/1/history"];

    [Theory]
    [InlineData("Delete", "", "Question", "/questions/1", "장독대")]
    [InlineData("DeleteAnswer", "answer", "Answer", "/questions/1?answer=1#answer_1", "메주콩")]
    [InlineData("DeleteComment", "comment", "Comment", "/questions/1?comment=1#comment_1", "솔가지")]
    public async Task A_deleted_post_disappears_everywhere_and_undo_brings_it_back(string handler, string field, string kind, string address, string word)
    {
        await using var site = new PyboSite();
        await site.SignUpAsync("주인장");
        var author = await StartAsync(site);
        var before = await SeenAsync(site, word);
        Assert.Contains(Places[0], before);

        using var deleted = await author.PostFormAsync($"/questions/1?handler={handler}", field.Length > 0 ? [new(field, "1")] : [], "/questions/1");
        Assert.Empty(await SeenAsync(site, word));
        var page = await author.SeeAsync(deleted.Headers.Location!.OriginalString.Split('#')[0]);
        Assert.Equal("글을 지웠습니다. 30일 안에는 되돌릴 수 있습니다.", page.QuerySelector(".alert-success")!.TextContent);
        Assert.Equal((kind, "1"), (page.QuerySelector("form.undo [name=kind]")!.GetAttribute("value"), page.QuerySelector("form.undo [name=id]")!.GetAttribute("value")));

        using var undone = await author.PostFormAsync("/questions/undo", [new("kind", kind), new("id", "1")], "/questions/ask");
        Assert.Equal(address, undone.Headers.Location!.OriginalString);
        Assert.Equal(before, await SeenAsync(site, word));
        using var again = await author.PostFormAsync("/questions/undo", [new("kind", kind), new("id", "1")], "/questions/ask");
        Assert.Equal(HttpStatusCode.NotFound, again.StatusCode);
    }

    [Fact]
    public async Task Another_member_cannot_undo_and_the_author_not_what_an_administrator_deleted()
    {
        await using var site = new PyboSite();
        var administrator = await site.SignUpAsync("주인장");
        var author = await StartAsync(site);
        var other = await site.SignUpAsync("김철수");
        using var byAuthor = await author.PostFormAsync("/questions/1?handler=DeleteComment", [new("comment", "1")], "/questions/1");
        using var byAdministrator = await administrator.PostFormAsync("/questions/1?handler=DeleteAnswer", [new("answer", "1")], "/questions/1");
        foreach (var (visitor, kind) in new[] { (other, "Comment"), (other, "Answer"), (author, "Answer"), (author, "Document"), (author, "99") })
        {
            using var refused = await visitor.PostFormAsync("/questions/undo", [new("kind", kind), new("id", "1")], "/questions/ask");
            Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
        }

        using var forged = await author.PostForgedAsync("/questions/undo", [new("kind", "Comment"), new("id", "1")]);
        Assert.Equal(HttpStatusCode.BadRequest, forged.StatusCode);
        await author.SeeAsync("/questions/undo?kind=Comment&id=1", HttpStatusCode.NotFound);
        using var visiting = await site.Visit().PostFormAsync("/questions/undo", [new("kind", "Comment"), new("id", "1")], "/account/login");
        Assert.StartsWith("/account/login", visiting.Headers.Location!.OriginalString, StringComparison.Ordinal);
        await using var db = site.CreateDbContext();
        Assert.Equal((0, 0), (await db.Comments.CountAsync(), await db.Answers.CountAsync()));

        using var early = await author.PostFormAsync("/questions/undo", [new("kind", "Comment"), new("id", "1")], "/questions/ask");
        Assert.Equal("이 글이 달린 글도 지워져 되돌릴 수 없습니다. 그 글을 먼저 되돌려 주세요.", (await author.SeeAsync("/questions")).QuerySelector(".alert-danger")!.TextContent);
    }

    [Fact]
    public async Task An_administrator_lists_restores_and_erases_deleted_posts()
    {
        await using var site = new PyboSite();
        var administrator = await site.SignUpAsync("주인장");
        Assert.Equal("지운 글이 없습니다.", (await administrator.SeeAsync("/admin/deleted")).QuerySelector(".empty")!.TextContent);
        var author = await StartAsync(site);
        using var comment = await author.PostFormAsync("/questions/1?handler=DeleteComment", [new("comment", "1")], "/questions/1");
        using var answer = await author.PostFormAsync("/questions/1?handler=DeleteAnswer", [new("answer", "1")], "/questions/1");
        var page = await administrator.SeeAsync((await administrator.SeeAsync("/questions")).QuerySelector(".account-items a[href='/admin/deleted']")!.GetAttribute("href")!);
        Assert.Equal(["Answer-1", "Comment-1"], page.QuerySelectorAll(".post-list li").Select(l => l.Id));
        Assert.Equal("메주콩을 삶습니다.", page.QuerySelector("#Answer-1 .recent-text")!.TextContent);
        Assert.StartsWith("홍길동 님이 지움", page.QuerySelector("#Answer-1 .post-meta span")!.TextContent, StringComparison.Ordinal);

        foreach (var handler in new[] { "Restore", "Erase" })
        {
            using var foreign = await author.PostFormAsync($"/admin/deleted?handler={handler}", [new("kind", "Answer"), new("id", "1")], "/questions/ask");
            Assert.Equal(HttpStatusCode.Forbidden, foreign.StatusCode);
            using var forged = await administrator.PostForgedAsync($"/admin/deleted?handler={handler}", [new("kind", "Answer"), new("id", "1")]);
            Assert.Equal(HttpStatusCode.BadRequest, forged.StatusCode);
            using var missing = await administrator.PostFormAsync($"/admin/deleted?handler={handler}", [new("kind", "Question"), new("id", "1")], "/admin/deleted");
            Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
            await administrator.SeeAsync($"/admin/deleted?handler={handler}&kind=Answer&id=1");
        }

        using var early = await administrator.PostFormAsync("/admin/deleted?handler=Restore", [new("kind", "Comment"), new("id", "1")], "/admin/deleted");
        Assert.NotNull((await administrator.SeeAsync("/admin/deleted")).QuerySelector(".alert-danger"));
        using var restored = await administrator.PostFormAsync("/admin/deleted?handler=Restore", [new("kind", "Answer"), new("id", "1")], "/admin/deleted");
        Assert.Equal("/questions/1?answer=1#answer_1", restored.Headers.Location!.OriginalString);
        using var erased = await administrator.PostFormAsync("/admin/deleted?handler=Erase", [new("kind", "Comment"), new("id", "1")], "/admin/deleted");
        await using var db = site.CreateDbContext();
        Assert.Equal((1, 0), (await db.Answers.CountAsync(), await db.DeletedPosts.CountAsync()));
    }

    [Fact]
    public async Task An_asker_is_told_that_an_answered_question_stays()
    {
        await using var site = new PyboSite();
        var administrator = await site.SignUpAsync("주인장");
        var author = await StartAsync(site);
        using var answered = await administrator.PostFormAsync("/questions/1/answer", [new("Input.Body", "다른 답")], "/questions/1");
        using var refused = await author.PostFormAsync("/questions/1?handler=Delete", [], "/questions/1");
        var page = await author.SeeAsync(refused.Headers.Location!.OriginalString);
        Assert.Equal("다른 회원이 답변한 질문은 지울 수 없습니다.", page.QuerySelector(".alert-danger")!.TextContent);
        using var deleted = await administrator.PostFormAsync("/questions/1?handler=Delete", [], "/questions/1");
        await author.SeeAsync("/questions/1", HttpStatusCode.NotFound);
    }

    /// <summary>Returns the public places that contain a word, also in the search once the posts are indexed.</summary>
    private static async Task<List<string>> SeenAsync(PyboSite site, string word)
    {
        const int TriesMax = 1_200;
        for (var i = 0; i < TriesMax; i++)
        {
            await using var db = site.CreateDbContext();
            if (await db.PendingCountAsync(default) == 0)
            {
                break;
            }

            await Task.Delay(50);
        }

        List<string> seen = [];
        var http = site.Visit().Http;
        foreach (var place in Places)
        {
            using var answer = await http.GetAsync(new Uri(place, UriKind.Relative));
            if ((await Visitor.ReadAsync(answer)).DocumentElement.TextContent.Contains(word, StringComparison.Ordinal))
            {
                seen.Add(place);
            }
        }

        return seen;
    }

    private static async Task<Visitor> StartAsync(PyboSite site)
    {
        var author = await site.SignUpAsync("홍길동");
        using var asked = await author.PostFormAsync("/questions/ask", [new("Input.Title", "장독대에서 된장을 어떻게 담그나요"), new("Input.Body", "장독대가 그늘에 있습니다."), new("Input.Tags", "장독대")]);
        using var answered = await author.PostFormAsync("/questions/1/answer", [new("Input.Body", "메주콩을 삶습니다.")], "/questions/1");
        using var commented = await author.PostFormAsync("/comments/new?answer=1", [new("Input.Body", "솔가지로 덮어 둡니다.")], "/questions/1");
        Assert.NotNull(commented.Headers.Location);
        return author;
    }
}
