using Microsoft.EntityFrameworkCore;
using Pybo.Data;

namespace Pybo.Tests.Data;

public sealed class PostRevisionTests
{
    [Fact]
    public async Task The_first_edit_keeps_the_text_before_and_each_further_one_adds_a_version()
    {
        await using var database = await TestDatabase.StartAsync();
        var asker = await database.AddUserAsync();
        await using var db = database.CreateDbContext();
        var id = await db.AskAsync(asker.Id, "처음 제목", "처음 글", default, tags: ["파이썬", "웹"]);
        var asked = await db.Questions.Where(q => q.Id == id).Select(q => q.CreatedAt).SingleAsync();
        Assert.Empty(await VersionsAsync(db, CommentedPost.Question(id)));

        await db.EditQuestionAsync(id, asker.Id, "둘째 제목", "처음 글", default);
        await db.EditQuestionAsync(id, asker.Id, "둘째 제목", "둘째 글", default, tags: ["웹"]);
        var versions = await VersionsAsync(db, CommentedPost.Question(id));
        Assert.Equal([(3, "둘째 제목", "둘째 글", "웹"), (2, "둘째 제목", "처음 글", "파이썬, 웹"), (1, "처음 제목", "처음 글", "파이썬, 웹")], versions.Select(v => (v.Number, v.Title, v.Body, v.Tags)));
        Assert.Equal(asked, versions[2].SavedAt);
        Assert.All(versions, v => Assert.Equal("홍길동", v.Editor));
    }

    [Fact]
    public async Task An_edit_that_changes_nothing_makes_no_version_and_no_mark()
    {
        await using var database = await TestDatabase.StartAsync();
        var asker = await database.AddUserAsync();
        await using var db = database.CreateDbContext();
        var id = await db.AskAsync(asker.Id, "제목", "글", default, tags: ["웹"]);
        var answer = (await db.AnswerAsync(id, asker.Id, "답", default))!.Value;
        Assert.Equal(1, await db.EditQuestionAsync(id, asker.Id, "제목", "글", default));
        Assert.Equal(1, await db.EditQuestionAsync(id, asker.Id, "제목", "글", default, tags: ["웹"]));
        Assert.Equal(1, await db.EditAnswerAsync(answer, asker.Id, "답", default));
        Assert.Empty(await db.PostRevisions.ToListAsync());
        Assert.Null(await db.Questions.Select(q => q.ModifiedAt).SingleAsync());
        Assert.Null(await db.Answers.Select(a => a.ModifiedAt).SingleAsync());
    }

    [Fact]
    public async Task An_administrator_or_the_author_restores_a_version_and_another_member_does_not()
    {
        await using var database = await TestDatabase.StartAsync();
        var (asker, other, administrator) = (await database.AddUserAsync(), await database.AddUserAsync("남"), await database.AddUserAsync("주인장"));
        await using var db = database.CreateDbContext();
        var id = await db.AskAsync(asker.Id, "제목", "처음 글", default, tags: ["파이썬"]);
        var answer = (await db.AnswerAsync(id, asker.Id, "처음 답", default))!.Value;
        await db.EditQuestionAsync(id, asker.Id, "새 제목", "고친 글", default, tags: []);
        await db.EditAnswerAsync(answer, asker.Id, "고친 답", default);
        await db.Questions.ExecuteUpdateAsync(set => set.SetProperty(q => q.IndexedAt, DateTime.UtcNow));
        await db.Answers.ExecuteUpdateAsync(set => set.SetProperty(a => a.IndexedAt, DateTime.UtcNow));

        Assert.Equal(0, await db.RestoreQuestionAsync(id, 1, new(other.Id, false), Render, false, default));
        Assert.Equal(0, await db.RestoreAnswerAsync(answer, 1, new(other.Id, false), Render, default));
        Assert.Equal(0, await db.RestoreQuestionAsync(id, 9, new(asker.Id, false), Render, false, default));
        Assert.Equal(1, await db.RestoreQuestionAsync(id, 1, new(administrator.Id, true), Render, false, default));
        Assert.Equal(1, await db.RestoreAnswerAsync(answer, 1, new(asker.Id, false), Render, default));

        var restored = await db.Questions.AsNoTracking().SingleAsync();
        Assert.Equal(("제목", "처음 글", "<p>처음 글</p>"), (restored.Title, restored.Body, restored.Html));
        Assert.Equal(["파이썬"], (await db.TagsOfAsync([id], default))[id]);
        Assert.Equal(2, await db.PendingPostCountAsync(default));
        Assert.Equal([(3, "주인장"), (2, "홍길동"), (1, "홍길동")], (await VersionsAsync(db, CommentedPost.Question(id))).Select(v => (v.Number, v.Editor!)));
        Assert.Equal(["처음 답", "고친 답", "처음 답"], (await VersionsAsync(db, CommentedPost.Answer(answer))).Select(v => v.Body));

        static RenderedHtml Render(string body) => new($"<p>{body}</p>", 1);
    }

    [Fact]
    public async Task Only_earlier_versions_are_erased_and_only_by_the_author_or_an_administrator()
    {
        await using var database = await TestDatabase.StartAsync();
        var (asker, other) = (await database.AddUserAsync(), await database.AddUserAsync("남"));
        var question = await database.AddQuestionAsync(asker, "제목", "암호가 든 글");
        await using var db = database.CreateDbContext();
        var answer = (await db.AnswerAsync(question.Id, other.Id, "답", default))!.Value;
        await db.EditQuestionAsync(question.Id, asker.Id, "제목", "암호를 뺀 글", default);
        await db.EditAnswerAsync(answer, other.Id, "고친 답", default);
        var (post, author) = (CommentedPost.Question(question.Id), new Actor(asker.Id, false));

        Assert.Equal(0, await db.EraseVersionAsync(post, 1, new(other.Id, false), default));
        Assert.Equal(0, await db.EraseVersionAsync(CommentedPost.Answer(answer), 1, author, default));
        Assert.Equal(0, await db.EraseVersionAsync(post, 2, author, default));
        Assert.Equal(1, await db.EraseVersionAsync(post, 1, author, default));
        Assert.Equal(1, await db.EraseVersionAsync(CommentedPost.Answer(answer), 1, new(asker.Id, true), default));
        Assert.Equal([2], (await VersionsAsync(db, post)).Select(v => v.Number));
        await db.EditQuestionAsync(question.Id, asker.Id, "제목", "셋째 글", default);
        Assert.Equal([3, 2], (await VersionsAsync(db, post)).Select(v => v.Number));
    }

    [Fact]
    public async Task The_oldest_versions_go_and_all_go_with_the_post()
    {
        await using var database = await TestDatabase.StartAsync();
        var asker = await database.AddUserAsync();
        var question = await database.AddQuestionAsync(asker, "제목", "글 0");
        await using var db = database.CreateDbContext();
        for (var i = 1; i <= PostRevision.PerPostMax + 2; i++)
        {
            await db.EditQuestionAsync(question.Id, asker.Id, "제목", $"글 {i}", default);
        }

        Assert.Equal(PostRevision.PerPostMax, await db.CountVersionsAsync(CommentedPost.Question(question.Id), Viewer.Visitor, default));
        Assert.Equal("글 3", await db.PostRevisions.OrderBy(r => r.Number).Select(r => r.Body).FirstAsync());
        await db.DeleteQuestionAsync(question.Id, new(asker.Id, false), default);
        Assert.Equal(0, await db.PostRevisions.CountAsync());
    }

    private static Task<List<PostVersion>> VersionsAsync(PyboDb db, CommentedPost post) => db.VersionsAsync(post, 0, PostRevision.PerPostMax, Viewer.Visitor, default);
}
