using System.Net;
using Microsoft.EntityFrameworkCore;
using Pybo.Data;
using Pybo.Pages.Questions;

namespace Pybo.Tests.Pages.Questions;

public sealed class HistoryTests
{
    [Fact]
    public async Task The_edited_mark_leads_to_versions_with_editor_time_and_marked_words()
    {
        await using var site = new PyboSite();
        var asker = await StartAsync(site);
        var page = await site.Visit().SeeAsync("/questions/1");
        Assert.Empty(page.QuerySelectorAll("a[href$='/history']"));
        await EditAsync(asker, "/questions/1/edit", ("Title", "창고 문이 잘 안 열려요"), ("Body", "비가 온 뒤로 몹시 뻑뻑합니다."), ("Tags", "시설, 창고"));
        await EditAsync(asker, "/answers/1/edit", ("Body", "문을 살살 미세요."));

        page = await site.Visit().SeeAsync("/questions/1");
        var question = await site.Visit().SeeAsync(page.QuerySelector("article.question .post-meta a[href$='/history']")!.GetAttribute("href")!);
        Assert.Equal(["2번째 판 지금 글", "처음 글"], question.QuerySelectorAll(".version h2").Select(h => string.Join(' ', h.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))));
        var newest = question.QuerySelector("#version_2")!;
        Assert.Equal("홍길동", newest.QuerySelector(".post-meta a")!.TextContent);
        Assert.NotNull(newest.QuerySelector("time[datetime]"));
        Assert.Equal([" [넣음: 잘 ] ", " [넣음: 시설, ] ", " [넣음: 몹시 ] "], newest.QuerySelectorAll("ins").Select(i => i.TextContent));
        Assert.Empty(newest.QuerySelectorAll("del"));
        Assert.Contains("비가 온 뒤로 뻑뻑합니다.", question.QuerySelector("#version_1 div.diff")!.TextContent, StringComparison.Ordinal);
        Assert.Empty(question.QuerySelectorAll("article form"));

        var answer = await site.Visit().SeeAsync(page.QuerySelector("#answer_1 .post-meta a[href$='/history']")!.GetAttribute("href")!);
        Assert.Equal(" [뺌: 세게] ", answer.QuerySelector("#version_2 del")!.TextContent);
        Assert.Equal(" [넣음: 살살] ", answer.QuerySelector("#version_2 ins")!.TextContent);
        Assert.Equal("/questions/1?answer=1#answer_1", answer.QuerySelector("main p a")!.GetAttribute("href"));
    }

    [Fact]
    public async Task The_author_restores_a_version_which_is_then_found_again()
    {
        await using var site = new PyboSite();
        var asker = await StartAsync(site);
        await EditAsync(asker, "/questions/1/edit", ("Title", "다른 제목"), ("Body", "다른 글"), ("Tags", ""));
        await EditAsync(asker, "/answers/1/edit", ("Body", "다른 답"));
        using var restored = await asker.PostFormAsync("/questions/1/history?handler=Restore", [new("number", "1")], "/questions/1/history");
        Assert.Equal("/questions/1/history", restored.Headers.Location!.OriginalString);
        Assert.Equal("1번째 판으로 되돌렸습니다.", (await asker.SeeAsync("/questions/1/history")).QuerySelector(".alert-success")!.TextContent);
        using var answer = await asker.PostFormAsync("/answers/1/history?handler=Restore", [new("number", "1")], "/answers/1/history");
        var page = await site.Visit().SeeAsync("/questions/1");
        Assert.Equal("창고 문이 안 열려요", page.QuerySelector("h1")!.TextContent);
        Assert.Equal(["비가 온 뒤로 뻑뻑합니다.", "문을 세게 미세요."], page.QuerySelectorAll(".prose").Select(p => p.TextContent.Trim()));
        Assert.Equal(["창고"], page.QuerySelectorAll(".tag").Select(t => t.TextContent.Trim()));
        Assert.Equal(3, (await asker.SeeAsync("/questions/1/history")).QuerySelectorAll(".version").Length);
    }

    [Fact]
    public async Task Another_member_and_a_visitor_change_nothing_and_an_administrator_may()
    {
        await using var site = new PyboSite();
        var administrator = await site.SignUpAsync("주인장");
        var asker = await StartAsync(site);
        var other = await site.SignUpAsync("김철수");
        await EditAsync(asker, "/questions/1/edit", ("Title", "다른 제목"), ("Body", "다른 글"), ("Tags", ""));
        await EditAsync(asker, "/answers/1/edit", ("Body", "다른 답"));
        foreach (var address in new[] { "/questions/1/history", "/answers/1/history" })
        {
            foreach (var handler in new[] { "Restore", "Erase" })
            {
                using var foreign = await other.PostFormAsync($"{address}?handler={handler}", [new("number", "1")], "/questions/1");
                Assert.Equal(HttpStatusCode.NotFound, foreign.StatusCode);
                using var forged = await asker.PostForgedAsync($"{address}?handler={handler}", [new("number", "1")]);
                Assert.Equal(HttpStatusCode.BadRequest, forged.StatusCode);
                using var missing = await asker.PostFormAsync($"{address}?handler={handler}", [new("number", "9")], "/questions/1");
                Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
                using var absent = await asker.PostFormAsync($"{address.Replace('1', '9')}?handler={handler}", [new("number", "1")], "/questions/1");
                Assert.Equal(HttpStatusCode.NotFound, absent.StatusCode);
                await asker.SeeAsync($"{address}?handler={handler}&number=1");
            }

            Assert.Empty((await other.SeeAsync(address)).QuerySelectorAll("article form"));
            await other.SeeAsync(address.Replace('1', '9'), HttpStatusCode.NotFound);
        }

        await using var db = site.CreateDbContext();
        Assert.Equal(4, await db.PostRevisions.CountAsync());
        using var present = await asker.PostFormAsync("/questions/1/history?handler=Erase", [new("number", "2")], "/questions/1");
        Assert.Equal(HttpStatusCode.NotFound, present.StatusCode);
        using var restored = await administrator.PostFormAsync("/questions/1/history?handler=Restore", [new("number", "1")], "/questions/1/history");
        Assert.Equal("주인장", (await other.SeeAsync("/questions/1/history")).QuerySelector("#version_3 .post-meta a")!.TextContent);
        using var erased = await asker.PostFormAsync("/questions/1/history?handler=Erase", [new("number", "2")], "/questions/1/history");
        Assert.Null((await other.SeeAsync("/questions/1/history")).QuerySelector("#version_2"));
    }

    [Fact]
    public async Task Hostile_text_in_an_old_version_is_encoded()
    {
        await using var site = new PyboSite();
        var asker = await StartAsync(site);
        const string Hostile = "<script>alert(1)</script> \"><img src=x onerror=alert(2)> </del></ins> [누르세요](javascript:alert(3))";
        await EditAsync(asker, "/questions/1/edit", ("Title", "<img src=x onerror=alert(4)>"), ("Body", Hostile), ("Tags", ""));
        await EditAsync(asker, "/answers/1/edit", ("Body", Hostile));
        await EditAsync(asker, "/answers/1/edit", ("Body", "나은 답"));
        foreach (var address in new[] { "/questions/1/history", "/answers/1/history" })
        {
            var page = await site.Visit().SeeAsync(address);
            Assert.Empty(page.QuerySelectorAll("main script, main img, main [onerror], main a[href^=javascript]"));
            Assert.Contains("<script>alert(1)</script>", page.QuerySelector("main")!.TextContent, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Many_and_long_versions_are_shown_page_by_page()
    {
        await using var site = new PyboSite();
        var asker = await StartAsync(site);
        await using (var db = site.CreateDbContext())
        {
            for (var i = 0; i < HistoryPage.PageSize + 1; i++)
            {
                await db.EditAnswerAsync(1, 1, string.Join(' ', Enumerable.Repeat($"말{i}", 4_000)), default);
            }
        }

        var first = await asker.SeeAsync("/answers/1/history");
        Assert.Equal(HistoryPage.PageSize, first.QuerySelectorAll(".version").Length);
        Assert.Contains("글이 길어", first.QuerySelector(".version")!.TextContent, StringComparison.Ordinal);
        var last = await asker.SeeAsync("/answers/1/history?page=99");
        Assert.Equal(["2번째 판", "처음 글"], last.QuerySelectorAll(".version h2").Select(h => h.TextContent.Trim()));
        Assert.Equal(2, last.QuerySelectorAll("form[action$='Restore']").Length);
    }

    [Fact]
    public async Task A_post_that_was_never_edited_says_so_and_search_engines_are_told_to_leave()
    {
        await using var site = new PyboSite();
        var asker = await StartAsync(site);
        var page = await asker.SeeAsync("/answers/1/history");
        Assert.Equal("고치기 전의 글이 남아 있지 않습니다.", page.QuerySelector(".empty")!.TextContent);
        Assert.Equal("noindex", page.QuerySelector("meta[name=robots]")!.GetAttribute("content"));
    }

    private static async Task<Visitor> StartAsync(PyboSite site)
    {
        var asker = await site.SignUpAsync("홍길동");
        using var asked = await asker.PostFormAsync("/questions/ask", [new("Input.Title", "창고 문이 안 열려요"), new("Input.Body", "비가 온 뒤로 뻑뻑합니다."), new("Input.Tags", "창고")]);
        using var answered = await asker.PostFormAsync("/questions/1/answer", [new("Input.Body", "문을 세게 미세요.")], "/questions/1");
        return asker;
    }

    private static async Task EditAsync(Visitor author, string address, params (string Field, string Value)[] fields)
    {
        using var saved = await author.PostFormAsync(address, fields.Select(f => KeyValuePair.Create($"Input.{f.Field}", f.Value)));
        Assert.True(saved.Headers.Location is not null, await saved.Content.ReadAsStringAsync());
    }
}
