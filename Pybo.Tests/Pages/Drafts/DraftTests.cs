using System.Net;
using AngleSharp.Dom;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Pybo.Data;
using Pybo.Tests.Pages.Images;

namespace Pybo.Tests.Pages.Drafts;

public sealed class DraftTests
{
    private const string Ask = "/questions/ask";

    [Fact]
    public async Task A_question_is_offered_again_until_it_is_posted()
    {
        await using var site = new PyboSite();
        var (member, other) = (await site.SignUpAsync("홍길동"), await site.SignUpAsync("김철수"));
        await SaveAsync(member, Ask, "question", ("Input.Title", "쓰던 제목"), ("Input.Body", "첫 줄\r\n둘째 줄"), ("Input.Tags", "파이썬"));
        await SaveAsync(member, Ask, "question", ("Input.Title", "새 제목"), ("Input.Body", "첫 줄\r\n둘째 줄"), ("Input.Tags", "파이썬"));

        // Logged in again, as after the end of a session.
        var again = site.Visit();
        using var entered = await again.LogInAsync("홍길동");
        var form = await again.SeeAsync(Ask);
        Assert.Equal(("새 제목", "첫 줄\n둘째 줄", "파이썬"), (Value(form, "#Input_Title"), form.QuerySelector("#Input_Body")!.TextContent.Trim(), Value(form, "#Input_Tags")));
        Assert.Contains("초안", form.QuerySelector(".draft-state")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("", Value(await other.SeeAsync(Ask), "#Input_Title") ?? "");
        Assert.Equal("다른 제목", Value(await again.SeeAsync(Ask + "?title=" + Uri.EscapeDataString("다른 제목")), "#Input_Title"));

        using var asked = await again.PostFormAsync(Ask, [new("Input.Title", "새 제목"), new("Input.Body", "글")]);
        Assert.Equal("", Value(await again.SeeAsync(Ask), "#Input_Title") ?? "");
    }

    [Fact]
    public async Task An_answer_and_comments_are_offered_again_each_below_its_post()
    {
        await using var site = new PyboSite();
        var member = await site.SignUpAsync("홍길동");
        foreach (var title in new[] { "하나", "둘" })
        {
            using var asked = await member.PostFormAsync(Ask, [new("Input.Title", title), new("Input.Body", "글")]);
        }

        using var answered = await member.PostFormAsync("/questions/1/answer", [new("Input.Body", "답")], page: "/questions/1");
        await SaveAsync(member, "/questions/1", "answer-1", ("Input.Body", "쓰던 답"));
        await SaveAsync(member, "/questions/1", "question-comment-1", ("Input.Body", "질문에 댓글"));
        await SaveAsync(member, "/questions/1", "answer-comment-1", ("Input.Body", "답에 댓글"));

        var page = await member.SeeAsync("/questions/1");
        Assert.Equal(("쓰던 답", "질문에 댓글", "답에 댓글"), (Text(page, "#answer-body"), Text(page, "#question-comment-body"), Text(page, "#answer-1-comment-body")));
        Assert.Equal(2, page.QuerySelectorAll("details.comment-add[open]").Length);
        Assert.Equal("질문에 댓글", Text(await member.SeeAsync("/comments/new?question=1"), "#Input_Body"));
        Assert.Equal("", Text(await member.SeeAsync("/questions/2"), "#answer-body"));
        Assert.Empty((await site.Visit().SeeAsync("/questions/1")).QuerySelectorAll("[data-draft-field]"));

        using var answer = await member.PostFormAsync("/questions/1/answer", [new("Input.Body", "다른 답")], page: "/questions/1");
        using var comment = await member.PostFormAsync("/comments/new?answer=1", [new("Input.Body", "댓글")]);
        page = await member.SeeAsync("/questions/1");
        Assert.Equal(("", "질문에 댓글", ""), (Text(page, "#answer-body"), Text(page, "#question-comment-body"), Text(page, "#answer-1-comment-body")));
    }

    [Fact]
    public async Task A_draft_is_deleted_by_its_button_or_by_an_empty_text()
    {
        await using var site = new PyboSite();
        var member = await site.SignUpAsync("홍길동");
        await SaveAsync(member, Ask, "question", ("Input.Body", "글"));
        using var deleted = await member.PostFormAsync("/drafts?handler=Delete", [new("draft", "question"), new("Input.Body", "글")], page: Ask);
        Assert.Equal(Ask, deleted.Headers.Location!.ToString());
        Assert.Equal(0, await CountAsync(site));
        await SaveAsync(member, Ask, "question", ("Input.Body", "글"));
        await SaveAsync(member, Ask, "question", ("Input.Body", " "));
        Assert.Equal(0, await CountAsync(site));
    }

    [Fact]
    public async Task The_button_without_script_returns_to_the_form()
    {
        await using var site = new PyboSite();
        var member = await site.SignUpAsync("홍길동");
        using var asked = await member.PostFormAsync(Ask, [new("Input.Title", "제목"), new("Input.Body", "글")]);
        foreach (var (target, to) in new[] { ("question", Ask), ("answer-1", "/questions/1"), ("question-comment-1", "/comments/new?question=1"), ("answer-comment-9", "/questions") })
        {
            using var saved = await member.PostFormAsync("/drafts", [new("draft", target), new("Input.Body", "글")], page: "/questions/1");
            Assert.Equal(to, saved.Headers.Location!.ToString());
        }

        var form = await member.SeeAsync(Ask);
        Assert.Equal("/drafts", form.QuerySelector("[data-draft-save]")!.GetAttribute("formaction"));
        Assert.True(form.QuerySelectorAll("form.post-form [type=submit]")[0].ClassList.Contains("btn-primary"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("answer-0")]
    [InlineData("answer-x")]
    [InlineData("answer--1")]
    [InlineData("answer-99999999999999999999")]
    [InlineData("answer-9999999999999999999")]
    [InlineData("Question")]
    [InlineData("question ")]
    [InlineData("question-1")]
    public async Task An_unknown_target_is_refused(string target)
    {
        await using var site = new PyboSite();
        var member = await site.SignUpAsync("홍길동");
        using var answer = await member.PostFormAsync("/drafts", [new("draft", target), new("Input.Body", "글")], page: Ask);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal(0, await CountAsync(site));
    }

    [Fact]
    public async Task Without_a_session_or_token_nothing_is_saved_and_the_text_is_shown()
    {
        await using var site = new PyboSite();
        var member = await site.SignUpAsync("홍길동");
        List<KeyValuePair<string, string>> fields = [new("draft", "question"), new("Input.Title", "쓰던 제목"), new("Input.Body", "쓰던 글")];
        foreach (var visitor in new[] { site.Visit(), member })
        {
            using var answer = await visitor.PostForgedAsync("/drafts", fields);
            var page = await Visitor.ReadAsync(answer);
            Assert.Equal(("쓰던 제목", "쓰던 글"), (Value(page, "#Input_Title"), Text(page, "#Input_Body")));
            visitor.Http.DefaultRequestHeaders.Add("X-Requested-With", "XMLHttpRequest");
            using var script = await visitor.PostForgedAsync("/drafts", fields);
            Assert.Equal(visitor == member ? HttpStatusCode.BadRequest : HttpStatusCode.Unauthorized, script.StatusCode);
        }

        Assert.Equal(0, await CountAsync(site));
    }

    [Fact]
    public async Task A_draft_and_the_number_of_drafts_are_bounded()
    {
        await using var site = new PyboSite();
        var member = await site.SignUpAsync("홍길동");
        using var tooLong = await member.PostFormAsync("/drafts", [new("draft", "question"), new("Input.Body", new string('가', Question.BodyMax + 1))], page: Ask);
        Assert.Equal(HttpStatusCode.OK, tooLong.StatusCode);
        Assert.Equal(0, await CountAsync(site));

        await using var db = site.CreateDbContext();
        var id = await db.Users.Select(u => u.Id).SingleAsync();
        foreach (var number in Enumerable.Range(1, Draft.PerMemberMax + 2))
        {
            await db.SaveDraftAsync(new() { MemberId = id, Target = $"answer-{number}", Title = "", Body = "글", Tags = "", SavedAt = DateTime.UnixEpoch.AddDays(number) }, default);
            db.ChangeTracker.Clear();
        }

        var kept = await db.Drafts.Select(d => d.Target).ToListAsync();
        Assert.Equal(Draft.PerMemberMax, kept.Count);
        Assert.DoesNotContain("answer-2", kept);
        Assert.Contains("answer-3", kept);
    }

    [Fact]
    public async Task Drafts_have_a_rate_limit_of_their_own()
    {
        await using var site = new PyboSite().WithSetting("Pybo:PostsPerMinute", "1");
        var member = await site.SignUpAsync("홍길동");
        await SaveAsync(member, Ask, "question", ("Input.Body", "글"));
        await SaveAsync(member, Ask, "question", ("Input.Body", "글 둘"));
        using var asked = await member.PostFormAsync(Ask, [new("Input.Title", "제목"), new("Input.Body", "글")]);
        Assert.Equal(HttpStatusCode.Redirect, asked.StatusCode);
    }

    [Fact]
    public async Task An_image_that_only_a_draft_shows_is_kept()
    {
        await using var site = new PyboSite();
        await site.SignUpAsync("홍길동");
        await using var db = site.CreateDbContext();
        var id = await db.Users.Select(u => u.Id).SingleAsync();
        var image = ImageTests.Stored(id, 1, 30);
        db.Images.Add(image);
        await db.SaveChangesAsync();
        await db.SaveDraftAsync(new() { MemberId = id, Target = "question", Title = "", Body = $"![]({image.Address})", Tags = "" }, default);
        Assert.Equal(0, await site.Services.GetRequiredService<UnusedImagesWorker>().PurgeAsync(default));
        await db.DeleteDraftAsync(id, DraftTarget.NewQuestion, default);
        Assert.Equal(1, await site.Services.GetRequiredService<UnusedImagesWorker>().PurgeAsync(default));
    }

    private static async Task SaveAsync(Visitor member, string page, string target, params (string Name, string Value)[] fields)
    {
        using var answer = await member.PostFormAsync("/drafts", [new("draft", target), .. fields.Select(field => KeyValuePair.Create(field.Name, field.Value))], page);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
    }

    private static async Task<int> CountAsync(PyboSite site)
    {
        await using var db = site.CreateDbContext();
        return await db.Drafts.CountAsync();
    }

    private static string? Value(IParentNode page, string field) => page.QuerySelector(field)!.GetAttribute("value");

    private static string Text(IParentNode page, string field) => page.QuerySelector(field)!.TextContent.Trim();
}
