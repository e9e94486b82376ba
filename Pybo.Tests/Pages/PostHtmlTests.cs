using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Pybo.Data;
using Pybo.Pages;

namespace Pybo.Tests.Pages;

public sealed class PostHtmlTests
{
    private const string Stored = "<p>저장된 <em>그대로</em></p>";

    [Fact]
    public async Task Saving_a_post_stores_its_html_and_reading_shows_the_stored_html()
    {
        await using var site = new PyboSite();
        var member = await site.SignUpAsync("홍길동");
        using var asked = await member.PostFormAsync("/questions/ask", [new("Input.Title", "제목"), new("Input.Body", "# 머리\n\n**굵게**")]);
        var question = asked.Headers.Location!.OriginalString;
        using var answered = await member.PostFormAsync($"{question}/answer", [new("Input.Body", "# 머리\n\n*기울임*")], question);
        await using var db = site.CreateDbContext();
        Assert.Equal("<h2>머리</h2>\n<p><strong>굵게</strong></p>\n", (await db.Questions.SingleAsync()).Html);
        Assert.Equal("<h4>머리</h4>\n<p><em>기울임</em></p>\n", (await db.Answers.SingleAsync()).Html);

        await db.Questions.ExecuteUpdateAsync(set => set.SetProperty(q => q.Html, Stored));
        await db.Answers.ExecuteUpdateAsync(set => set.SetProperty(a => a.Html, Stored));
        Assert.Equal([Stored, Stored], (await member.SeeAsync(question)).QuerySelectorAll("article .prose").Select(p => p.InnerHtml));
    }

    [Fact]
    public async Task Editing_a_post_renders_it_again()
    {
        await using var site = new PyboSite();
        var member = await site.SignUpAsync("홍길동");
        using var asked = await member.PostFormAsync("/questions/ask", [new("Input.Title", "제목"), new("Input.Body", "처음")]);
        var question = asked.Headers.Location!.OriginalString;
        using var answered = await member.PostFormAsync($"{question}/answer", [new("Input.Body", "처음")], question);
        using var edited = await member.PostFormAsync($"{question}/edit", [new("Input.Title", "제목"), new("Input.Body", "**나중** 질문")]);
        using var editedAnswer = await member.PostFormAsync("/answers/1/edit", [new("Input.Body", "**나중** 답")]);
        Assert.Equal(
            ["<p><strong>나중</strong> 질문</p>", "<p><strong>나중</strong> 답</p>"],
            (await member.SeeAsync(question)).QuerySelectorAll("article .prose").Select(p => p.InnerHtml.Trim()));
    }

    [Fact]
    public async Task Html_of_an_older_renderer_is_replaced_by_the_page_and_stored_in_the_background()
    {
        await using var site = new PyboSite();
        var member = await site.SignUpAsync("홍길동");
        using var asked = await member.PostFormAsync("/questions/ask", [new("Input.Title", "제목"), new("Input.Body", "**굵게**")]);
        var question = asked.Headers.Location!.OriginalString;
        using var answered = await member.PostFormAsync($"{question}/answer", [new("Input.Body", "*기울임*")], question);
        await using var db = site.CreateDbContext();
        await db.Questions.ExecuteUpdateAsync(set => set.SetProperty(q => q.Html, (string?)null).SetProperty(q => q.HtmlVersion, 0));
        await db.Answers.ExecuteUpdateAsync(set => set.SetProperty(a => a.Html, Stored).SetProperty(a => a.HtmlVersion, MarkdownRenderer.Version - 1));

        var shown = (await member.SeeAsync(question)).QuerySelectorAll("article .prose").Select(p => p.InnerHtml.Trim());
        Assert.Equal(["<p><strong>굵게</strong></p>", "<p><em>기울임</em></p>"], shown);
        for (var waited = 0; waited < 600 && (await db.StalePostsAsync(MarkdownRenderer.Version, 1, default)).Count > 0; waited++)
        {
            await Task.Delay(50);
        }

        Assert.Equal("<p><strong>굵게</strong></p>\n", (await db.Questions.AsNoTracking().SingleAsync()).Html);
        Assert.Equal("<p><em>기울임</em></p>\n", (await db.Answers.AsNoTracking().SingleAsync()).Html);
    }

    [Fact]
    public async Task All_posts_of_an_older_site_are_rendered_after_the_start_without_being_indexed_again()
    {
        await using var site = new PyboSite();
        await site.SignUpAsync("홍길동");
        await using (var db = site.CreateDbContext())
        {
            var author = await db.Users.Select(u => u.Id).SingleAsync();
            for (var at = 0; at < PostHtml.BatchMax + 5; at++)
            {
                var id = await db.AskAsync(author, $"제목 {at}", $"**{at}**", default);
                await db.AnswerAsync(id, author, $"*{at}*", default);
            }
        }

        var posts = site.Services.GetRequiredService<PostHtml>();
        while (await posts.RenderBatchAsync(default) > 0)
        {
        }

        await using var after = site.CreateDbContext();
        Assert.All(await after.Questions.ToListAsync(), q => Assert.Equal($"<p><strong>{q.Body.Trim('*')}</strong></p>\n", q.Html));
        Assert.All(await after.Answers.ToListAsync(), a => Assert.Equal($"<p><em>{a.Body.Trim('*')}</em></p>\n", a.Html));
        Assert.All(await after.Questions.ToListAsync(), q => Assert.Equal(0, q.Revision));
    }

    [Fact]
    public async Task Html_of_a_text_that_has_since_changed_is_not_kept()
    {
        await using var site = new PyboSite();
        await site.SignUpAsync("홍길동");
        await using var db = site.CreateDbContext();
        var author = await db.Users.Select(u => u.Id).SingleAsync();
        var id = await db.AskAsync(author, "제목", "처음", default);
        var stale = Assert.Single(await db.StalePostsAsync(MarkdownRenderer.Version, 10, default));
        await db.EditQuestionAsync(id, author, "제목", "나중", default, new("<p>나중</p>", MarkdownRenderer.Version));
        await db.KeepHtmlAsync([(stale, new("<p>처음</p>", MarkdownRenderer.Version))], default);
        Assert.Equal("<p>나중</p>", (await db.Questions.AsNoTracking().SingleAsync()).Html);
    }
}
