using System.Net;
using AngleSharp.Dom;
using Microsoft.EntityFrameworkCore;
using Pybo.Data;
using Pybo.Tests.Attacks;

namespace Pybo.Tests.Pages.Users;

public sealed class ReputationTests
{
    private const string Question = "/questions/1";

    [Fact]
    public async Task Reputation_is_shown_next_to_the_author_and_on_the_profile()
    {
        await using var site = await StartAsync();
        var voter = await site.SignUpAsync("이영희");
        using var up = await voter.PostFormAsync($"{Question}?handler=VoteAnswer", [new("answer", "1")], Question);
        using var down = await voter.PostFormAsync($"{Question}?handler=Vote", [], Question);
        var page = await voter.SeeAsync(Question);
        Assert.Equal("평판 5", page.QuerySelector("article.question .reputation")!.TextContent);
        Assert.Equal("평판 10", page.QuerySelector("#answer_1 .reputation")!.TextContent);
        var link = (await site.Visit().SeeAsync("/users/김철수")).QuerySelector("main a[href='/reputation']")!;
        Assert.Equal("평판 10", link.TextContent);
        site.Execute("update AspNetUsers set Reputation = -7 where UserName = '김철수'");
        Assert.Equal("평판 1", (await voter.SeeAsync(Question)).QuerySelector("#answer_1 .reputation")!.TextContent);
        Assert.Equal("평판 1", (await site.Visit().SeeAsync("/users/김철수")).QuerySelector("main a[href='/reputation']")!.TextContent);
    }

    [Fact]
    public async Task The_page_of_rules_shows_points_privileges_and_the_readers_standing()
    {
        await using var site = await StartAsync();
        var visit = await site.Visit().SeeAsync("/reputation");
        Assert.Equal(["+15", "+10", "+5", "−2", "−1"], visit.QuerySelectorAll(".points")[0].QuerySelectorAll("tbody .points-number").Select(c => c.TextContent));
        Assert.Equal(["누구나", "50", "200", "1,000"], visit.QuerySelectorAll(".points")[1].QuerySelectorAll("tbody .points-number").Select(c => c.TextContent));
        Assert.Null(visit.QuerySelector(".reputation-own"));
        var member = site.Visit();
        using var login = await member.LogInAsync("김철수");
        foreach (var (reputation, text, yours) in new[]
        {
            (1, "내 평판은 1입니다. 평판 50에 할 수 있게 되는 일: 글을 비추천하기. 앞으로 49점 남았습니다.", 1),
            (60, "내 평판은 60입니다. 평판 200에 할 수 있게 되는 일: 다른 회원의 질문에 붙은 태그 고치기. 앞으로 140점 남았습니다.", 2),
            (1_200, "내 평판은 1,200입니다. 할 수 있는 일이 모두 열렸습니다.", 4),
        })
        {
            site.Execute($"update AspNetUsers set Reputation = {reputation} where UserName = '김철수'");
            var page = await member.SeeAsync("/reputation");
            Assert.Equal(text, string.Join(' ', page.QuerySelector(".reputation-own")!.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));
            Assert.Equal(yours, page.QuerySelectorAll(".points .badge-soft").Length);
        }

        Assert.Contains(visit.QuerySelectorAll("footer a"), a => a.GetAttribute("href") == "/reputation");
    }

    [Fact]
    public async Task Tags_of_others_are_edited_from_200_with_history_and_notice()
    {
        await using var site = await StartAsync();
        var member = await site.SignUpAsync("이영희");
        Assert.DoesNotContain(Actions(await member.SeeAsync(Question)), a => a.EndsWith("/tags", StringComparison.Ordinal));
        site.Execute("update AspNetUsers set Reputation = 199 where UserName = '이영희'");
        using (var refused = await member.PostFormAsync($"{Question}/tags", [new("Input.Tags", "새태그")], Question))
        {
            Assert.Equal("다른 회원의 질문에 붙은 태그를 고치려면 평판 200이 필요합니다. 지금은 199입니다.", (await member.SeeAsync(refused.Headers.Location!.OriginalString)).QuerySelector(".alert-danger")!.TextContent);
        }

        site.Execute("update AspNetUsers set Reputation = 200 where UserName = '이영희'");
        Assert.Contains($"{Question}/tags", Actions(await member.SeeAsync(Question)));
        Assert.DoesNotContain($"{Question}/edit", Actions(await member.SeeAsync(Question)));
        Assert.Equal("옛태그", (await member.SeeAsync($"{Question}/tags")).QuerySelector("#Input_Tags")!.GetAttribute("value"));
        using (var wrong = await member.PostFormAsync($"{Question}/tags", [new("Input.Tags", "a/b")]))
        {
            var page = await Visitor.ReadAsync(wrong);
            Assert.Equal(("a/b", "태그에는 글자와 숫자, - + # .만 쓸 수 있습니다: a/b"), (page.QuerySelector("#Input_Tags")!.GetAttribute("value"), page.QuerySelector("#Input_Tags-error")!.TextContent));
        }

        using var saved = await member.PostFormAsync($"{Question}/tags", [new("Input.Tags", "새태그, 둘")]);
        Assert.Equal(Question, saved.Headers.Location!.OriginalString);
        var shown = await member.SeeAsync(Question);
        Assert.Equal(["새태그", "둘"], shown.QuerySelectorAll("article.question .tag").Select(t => t.TextContent));
        Assert.Equal("내용", shown.QuerySelector("article.question .prose")!.TextContent.Trim());
        var versions = (await member.SeeAsync($"{Question}/history")).QuerySelectorAll(".version");
        Assert.Equal(["이영희", "홍길동"], versions.Select(v => v.QuerySelector(".post-meta a")!.TextContent));
        Assert.Equal(["이영희 님이 내 글을 고쳤습니다."], await SentencesAsync(site, "홍길동", NotificationKind.Edited));
        using var edited = await member.PostFormAsync($"{Question}/edit", [new("Input.Title", "빼앗은 제목"), new("Input.Body", "글")], Question);
        Assert.Equal("제목", (await member.SeeAsync(Question)).QuerySelector("h1")!.TextContent);
    }

    [Fact]
    public async Task Posts_of_others_are_edited_from_1000_under_the_editors_name_and_their_authors_are_told()
    {
        await using var site = await StartAsync();
        var member = await site.SignUpAsync("이영희");
        site.Execute("update AspNetUsers set Reputation = 1000 where UserName = '이영희'");
        await using (var db = site.CreateDbContext())
        {
            await db.AddCategoryAsync(new("둘째", "second", "", Audience.Members), default);
        }

        Assert.Superset(new HashSet<string> { $"{Question}/edit", "/answers/1/edit" }, Actions(await member.SeeAsync(Question)).ToHashSet());
        Assert.Null((await member.SeeAsync($"{Question}/edit")).QuerySelector("#Input_Category"));
        using var question = await member.PostFormAsync($"{Question}/edit", [new("Input.Title", "고친 제목"), new("Input.Body", "고친 내용"), new("Input.Tags", "옛태그"), new("Input.Category", "2")]);
        using var answer = await member.PostFormAsync("/answers/1/edit", [new("Input.Body", "고친 답")]);
        var shown = await member.SeeAsync(Question);
        Assert.Equal(("고친 제목", "홍길동"), (shown.QuerySelector("h1")!.TextContent, shown.QuerySelector("article.question [itemprop=name]:not(h1)")!.TextContent));
        Assert.Equal("고친 답", shown.QuerySelector("#answer_1 .prose")!.TextContent.Trim());
        Assert.Equal(["이영희", "홍길동"], (await member.SeeAsync($"{Question}/history")).QuerySelectorAll(".version .post-meta a").Select(a => a.TextContent));
        Assert.Equal(["이영희", "김철수"], (await member.SeeAsync("/answers/1/history")).QuerySelectorAll(".version .post-meta a").Select(a => a.TextContent));
        Assert.Equal(["이영희 님이 내 글을 고쳤습니다."], await SentencesAsync(site, "홍길동", NotificationKind.Edited));
        Assert.Equal(["이영희 님이 내 글을 고쳤습니다."], await SentencesAsync(site, "김철수", NotificationKind.Edited));

        // The readers are the asker's choice.
        await using var after = site.CreateDbContext();
        Assert.Equal(1, await after.Questions.Select(q => q.CategoryId).SingleAsync());

        // A second edit before the first is read tells no more.
        using var again = await member.PostFormAsync("/answers/1/edit", [new("Input.Body", "더 고친 답")]);
        Assert.Single(await SentencesAsync(site, "김철수", NotificationKind.Edited));
    }

    [Fact]
    public async Task Nothing_is_edited_that_the_editor_may_not_read()
    {
        await using var site = await StartAsync();
        var member = await site.SignUpAsync("이영희");
        site.Execute("update AspNetUsers set Reputation = 5000 where UserName = '이영희'; insert into Groups(Name) values ('모임'); insert into Categories(Name, Slug, Description, Position, Audience, QuestionCount) values ('닫힌', 'closed', '', 2, -3, 0); update Questions set CategoryId = 2;");
        foreach (var url in new[] { $"{Question}/edit", $"{Question}/tags", "/answers/1/edit" })
        {
            await member.SeeAsync(url, HttpStatusCode.NotFound);
            using var posted = await member.PostFormAsync(url, [new("Input.Title", "빼앗은 제목"), new("Input.Body", "빼앗은 글"), new("Input.Tags", "빼앗음")], "/questions/ask");
            Assert.Equal(HttpStatusCode.NotFound, posted.StatusCode);
        }

        await using var db = site.CreateDbContext();
        Assert.Equal(0, await db.PostRevisions.CountAsync());
    }

    private static List<string> Actions(IParentNode page) => [.. page.QuerySelectorAll(".post-actions > a").Select(a => a.GetAttribute("href")!)];

    private static async Task<List<string>> SentencesAsync(PyboSite site, string name, NotificationKind kind)
    {
        await using var db = site.CreateDbContext();
        var member = await db.Users.Where(u => u.UserName == name).Select(u => u.Id).SingleAsync();
        return [.. (await db.NotificationPageAsync(member, 1, default)).Rows.Where(row => row.Kind == kind).Select(Pybo.Pages.Notifications.Index.Sentence)];
    }

    /// <summary>A question by 홍길동 with a tag and an answer by 김철수; the administrator is 주인장.</summary>
    private static async Task<PyboSite> StartAsync()
    {
        var site = new PyboSite();
        await site.SignUpAsync("주인장");
        var (asker, helper) = (await site.SignUpAsync("홍길동"), await site.SignUpAsync("김철수"));
        using var asked = await asker.PostFormAsync("/questions/ask", [new("Input.Title", "제목"), new("Input.Body", "내용"), new("Input.Tags", "옛태그")]);
        using var answered = await helper.PostFormAsync($"{Question}/answer", [new("Input.Body", "답")], Question);
        return site;
    }
}
