using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Pybo.Data;

namespace Pybo.Tests.Pages.Tags;

public sealed class SynonymTests
{
    private const string Edit = "/tags/파이썬/edit";

    [Fact]
    public async Task A_synonym_moves_questions_followers_and_addresses_to_the_main_tag()
    {
        await using var site = new PyboSite();
        var (administrator, member) = (await site.SignUpAsync("주인장"), await site.SignUpAsync("홍길동"));
        await AskAsync(member, "하나", "파이썬");
        await AskAsync(member, "둘", "웹, python, 파이썬");
        await AskAsync(member, "셋", "python, 웹");
        using var followed = await administrator.PostFormAsync("/tags/python?handler=Follow", [], "/tags/python");
        await using var db = site.CreateDbContext();
        await db.Questions.ExecuteUpdateAsync(set => set.SetProperty(q => q.IndexedAt, DateTime.UtcNow));

        Assert.Equal(SynonymRefusal.None, await db.AddTagSynonymAsync("파이썬", "python", default));
        Assert.Equal(["파이썬"], await TagsAsync(1));
        Assert.Equal(["웹", "파이썬"], await TagsAsync(2));
        Assert.Equal(["파이썬", "웹"], await TagsAsync(3));
        Assert.Equal(("파이썬 3", "웹 2"), (await CountAsync("파이썬"), await CountAsync("웹")));
        Assert.False(await db.Tags.AnyAsync(t => t.Name == "python"));
        Assert.Equal([2L, 3L], (await db.PendingPostsAsync(10, default)).Where(p => p.Key.Kind == PassageKind.Question).Select(p => p.Key.Id).Intersect([2L, 3L]));
        Assert.True(await db.IsTagFollowedAsync("파이썬", 1, default));

        foreach (var (from, to) in new[] { ("/tags/python", "/tags/파이썬"), ("/tags/Python/feed", "/tags/파이썬/feed") })
        {
            using var moved = await site.Visit().Http.GetAsync(new Uri(from, UriKind.Relative));
            Assert.Equal((HttpStatusCode.MovedPermanently, to), (moved.StatusCode, Uri.UnescapeDataString(moved.Headers.Location!.OriginalString)));
        }

        Assert.Equal(3, (await site.Visit().SeeAsync("/questions?q=tag:PYTHON")).QuerySelectorAll(".question-title").Length);
        Assert.Empty((await site.Visit().SeeAsync("/questions?q=-tag:python user:홍길동")).QuerySelectorAll(".question-title"));
        Assert.Equal("동의어: python", (await site.Visit().SeeAsync("/tags/파이썬")).QuerySelector(".soft")!.TextContent);

        await AskAsync(member, "넷", "Python, 파이썬, 웹");
        Assert.Equal(["파이썬", "웹"], await TagsAsync(4));
        using var edited = await member.PostFormAsync("/questions/4/edit", [new("Input.Title", "넷"), new("Input.Body", "글"), new("Input.Tags", "웹 python")]);
        Assert.Equal(["웹", "파이썬"], await TagsAsync(4));
        Assert.Equal("웹, 파이썬", await db.PostRevisions.Where(r => r.QuestionId == 4).OrderByDescending(r => r.Number).Select(r => r.Tags).FirstAsync());
        Assert.Equal(["홍길동 님이 따르는 태그로 질문했습니다."], (await db.NotificationPageAsync(1, 1, default)).Rows.Select(Pybo.Pages.Notifications.Index.Sentence));
        Assert.Empty(await db.CheckPassagesAsync(default) is var faults ? faults.Where(f => f.Fault is PassageFault.WrongCounter) : []);

        async Task<List<string>> TagsAsync(long question) => [.. (await db.TagsOfAsync([question], default))[question]];

        async Task<string> CountAsync(string name) => $"{name} {await db.Tags.Where(t => t.Name == name).Select(t => t.QuestionCount).SingleAsync()}";
    }

    [Fact]
    public async Task A_deleted_question_returns_with_the_main_tag()
    {
        await using var site = new PyboSite();
        var member = await site.SignUpAsync("홍길동");
        await AskAsync(member, "하나", "파이썬");
        await AskAsync(member, "둘", "py");
        await using var db = site.CreateDbContext();
        await db.DeleteQuestionAsync(2, new(1, false), default);
        await db.AddTagSynonymAsync("파이썬", "py", default);
        Assert.True(await db.RestorePostAsync(PassageKind.Question, 2, new(1, false), default));
        Assert.Equal(["파이썬"], (await db.TagsOfAsync([2], default))[2]);

        // A tag with synonyms stays while it has no questions, and goes with the last of them.
        await db.DeleteQuestionAsync(1, new(1, false), default);
        await db.DeleteQuestionAsync(2, new(1, false), default);
        await site.Visit().SeeAsync("/tags/파이썬");
        Assert.Equal(1, await db.RemoveTagSynonymAsync("파이썬", "py", default));
        Assert.Equal(0, await db.Tags.CountAsync());
    }

    [Fact]
    public async Task A_suggestion_names_the_synonym_and_gives_the_main_tag()
    {
        await using var site = new PyboSite();
        var member = await site.SignUpAsync("홍길동");
        await AskAsync(member, "하나", "파이썬");
        await using var db = site.CreateDbContext();
        await db.AddTagSynonymAsync("파이썬", "python", default);
        var tag = Assert.Single(JsonDocument.Parse(await site.Visit().Http.GetStringAsync(new Uri("/tags/suggest?q=pyt", UriKind.Relative))).RootElement.EnumerateArray());
        Assert.Equal(("파이썬", "python → 파이썬", "질문 1개"), (tag.GetProperty("name").GetString(), tag.GetProperty("text").GetString(), tag.GetProperty("questions").GetString()));
        Assert.Contains("python → 파이썬", JsonDocument.Parse(await site.Visit().Http.GetStringAsync(new Uri("/search/suggest?q=pyth", UriKind.Relative))).RootElement.EnumerateArray().Select(s => s.GetProperty("text").GetString()));
        Assert.Equal("파이썬", (await site.Visit().SeeAsync("/tags?q=python")).QuerySelector(".tag-grid .tag")!.TextContent);
    }

    [Fact]
    public async Task An_administrator_adds_and_removes_synonyms_and_reads_why_one_is_refused()
    {
        await using var site = new PyboSite();
        var (administrator, member) = (await site.SignUpAsync("주인장"), await site.SignUpAsync("홍길동"));
        await AskAsync(member, "하나", "파이썬, 자바");
        await AddAsync(administrator, Edit, "PY", null);
        Assert.Equal(["py → 파이썬"], (await administrator.SeeAsync(Edit)).QuerySelectorAll(".synonyms li > span").Select(s => s.TextContent));
        await AddAsync(administrator, Edit, "py", "‘py’은(는) 이미 ‘파이썬’의 동의어입니다.");
        await AddAsync(administrator, Edit, "파이썬", "태그 자신의 이름입니다.");
        await AddAsync(administrator, Edit, "a/b", "태그에는 글자와 숫자, - + # .만 쓸 수 있습니다: a/b");
        await AddAsync(administrator, "/tags/자바/edit", "py", "‘py’은(는) 이미 ‘파이썬’의 동의어입니다.");
        await AddAsync(administrator, "/tags/자바/edit", "파이썬", "‘파이썬’ 태그에는 동의어가 있습니다. 그 동의어를 먼저 지우세요.");
        for (var i = 1; i < TagSynonym.PerTagMax; i++)
        {
            await AddAsync(administrator, Edit, $"py{i}", null);
        }

        await AddAsync(administrator, Edit, "py20", "태그 하나에 동의어는 20개까지입니다.");
        foreach (var handler in new[] { "AddSynonym", "RemoveSynonym" })
        {
            using var posted = await member.PostFormAsync($"{Edit}?handler={handler}", [new("Added.Synonym", "훔침"), new("synonym", "py")], "/questions/1");
            Assert.Equal(HttpStatusCode.Forbidden, posted.StatusCode);
        }

        using var removed = await administrator.PostFormAsync($"{Edit}?handler=RemoveSynonym", [new("synonym", "py")], Edit);
        await using var db = site.CreateDbContext();
        Assert.Equal(TagSynonym.PerTagMax - 1, await db.TagSynonyms.CountAsync());
        await administrator.SeeAsync("/tags/py", HttpStatusCode.NotFound);
    }

    private static async Task AddAsync(Visitor administrator, string edit, string name, string? refusal)
    {
        using var posted = await administrator.PostFormAsync($"{edit}?handler=AddSynonym", [new("Added.Synonym", name)], edit);
        var page = await Visitor.ReadAsync(posted);
        Assert.Equal((refusal is null ? HttpStatusCode.Redirect : HttpStatusCode.OK, refusal), (posted.StatusCode, page.QuerySelector("#Added_Synonym-error")?.TextContent));
        Assert.Equal(refusal is null ? null : name, page.QuerySelector("#Added_Synonym")?.GetAttribute("value"));
    }

    private static async Task AskAsync(Visitor member, string title, string tags)
    {
        using var posted = await member.PostFormAsync("/questions/ask", [new("Input.Title", title), new("Input.Body", "글"), new("Input.Tags", tags)]);
        Assert.True(posted.Headers.Location is not null, await posted.Content.ReadAsStringAsync());
    }
}
