using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Pybo.Data;

namespace Pybo.Tests.Data;

public sealed class CommentQueriesTests
{
    [Fact]
    public async Task A_comment_is_on_exactly_one_post()
    {
        await using var database = await TestDatabase.StartAsync();
        var author = await database.AddUserAsync();
        var question = await database.AddQuestionAsync(author);
        await using var db = database.CreateDbContext();
        var answer = (await db.AnswerAsync(question.Id, author.Id, "답", default))!.Value;
        foreach (var wrong in new[] { new Comment { AuthorId = author.Id, Body = "어디에도" }, new Comment { AuthorId = author.Id, Body = "둘 다", QuestionId = question.Id, AnswerId = answer } })
        {
            await using var other = database.CreateDbContext();
            other.Comments.Add(wrong);
            var error = await Assert.ThrowsAsync<DbUpdateException>(() => other.SaveChangesAsync());
            Assert.Contains("CK_Comments_OnePost", Assert.IsType<SqliteException>(error.InnerException).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Only_the_author_edits_a_comment_and_an_administrator_deletes_it_too()
    {
        await using var database = await TestDatabase.StartAsync();
        var (author, other) = (await database.AddUserAsync(), await database.AddUserAsync("남"));
        var question = await database.AddQuestionAsync(author);
        await using var db = database.CreateDbContext();
        var first = (await db.CommentAsync(CommentedPost.Question(question.Id), author.Id, "하나", default)).Id!.Value;
        var second = (await db.CommentAsync(CommentedPost.Question(question.Id), author.Id, "둘", default)).Id!.Value;

        Assert.Equal(0, await db.EditCommentAsync(first, other.Id, "빼앗은 글", default));
        Assert.Equal(0, await db.DeleteCommentAsync(first, new(other.Id, IsAdministrator: false), default));
        Assert.Equal(1, await db.EditCommentAsync(first, author.Id, "고친 글", default));
        Assert.Equal("고친 글", (await db.CommentTextAsync(first, Viewer.Visitor, default))!.Body);
        Assert.Equal(1, await db.DeleteCommentAsync(first, new(other.Id, IsAdministrator: true), default));
        Assert.Equal(1, await db.DeleteCommentAsync(second, new(author.Id, IsAdministrator: false), default));
    }

    [Fact]
    public async Task A_post_that_is_gone_or_full_takes_no_comment()
    {
        await using var database = await TestDatabase.StartAsync();
        var author = await database.AddUserAsync();
        var question = await database.AddQuestionAsync(author);
        await using var db = database.CreateDbContext();
        var answer = CommentedPost.Answer((await db.AnswerAsync(question.Id, author.Id, "답", default))!.Value);
        Assert.Equal(default, await db.CommentAsync(CommentedPost.Question(99), author.Id, "글", default));
        Assert.Equal(default, await db.CommentAsync(CommentedPost.Answer(99), author.Id, "글", default));

        db.Comments.AddRange(Enumerable.Range(1, Comment.PerPostMax).Select(i => new Comment { QuestionId = question.Id, AuthorId = author.Id, Body = $"{i}" }));
        await db.SaveChangesAsync();
        Assert.Equal(new(null, IsFull: true), await db.CommentAsync(CommentedPost.Question(question.Id), author.Id, "하나 더", default));
        Assert.NotNull((await db.CommentAsync(answer, author.Id, "답에는 된다", default)).Id);
    }

    [Fact]
    public async Task A_new_title_requeues_the_comments_of_the_whole_thread_and_of_no_other()
    {
        await using var database = await TestDatabase.StartAsync();
        var author = await database.AddUserAsync();
        var (question, elsewhere) = (await database.AddQuestionAsync(author), await database.AddQuestionAsync(author, "다른 제목"));
        await using var db = database.CreateDbContext();
        var answer = (await db.AnswerAsync(question.Id, author.Id, "답", default))!.Value;
        var onQuestion = (await db.CommentAsync(CommentedPost.Question(question.Id), author.Id, "하나", default)).Id!.Value;
        var onAnswer = (await db.CommentAsync(CommentedPost.Answer(answer), author.Id, "둘", default)).Id!.Value;
        await db.CommentAsync(CommentedPost.Question(elsewhere.Id), author.Id, "셋", default);
        await db.Comments.ExecuteUpdateAsync(set => set.SetProperty(c => c.IndexedAt, DateTime.UtcNow));
        await db.EditQuestionAsync(question.Id, author.Id, "제목", "다른 내용", default);
        Assert.Empty(await WaitingAsync());
        await db.EditQuestionAsync(question.Id, author.Id, "새 제목", "다른 내용", default);
        Assert.Equal([(onQuestion, "새 제목"), (onAnswer, "새 제목")], await WaitingAsync());

        async Task<IEnumerable<(long, string)>> WaitingAsync() => (await db.PendingPostsAsync(10, default)).Where(p => p.Key.Kind == PassageKind.Comment).Select(p => (p.Key.Id, p.Title));
    }

    [Theory]
    [InlineData("question")]
    [InlineData("answer")]
    [InlineData("author")]
    public async Task Comments_go_with_their_post_and_their_author_and_leave_no_passage(string what)
    {
        await using var database = await TestDatabase.StartAsync();
        var (asker, author) = (await database.AddUserAsync(), await database.AddUserAsync("댓글쓴이"));
        var question = await database.AddQuestionAsync(asker);
        await using var db = database.CreateDbContext();
        var answer = (await db.AnswerAsync(question.Id, asker.Id, "답", default))!.Value;
        var comment = (await db.CommentAsync(CommentedPost.Answer(answer), author.Id, "자작나무숲", default)).Id!.Value;
        Assert.True(await new PassageWriter(database).ReplaceAsync(new(PassageKind.Comment, comment, 0), [new("제목", null, "자작나무숲", 0, [])], null, null, default));
        Assert.Equal((question.Id, comment), await db.Passages.Select(p => new ValueTuple<long, long>(p.QuestionId!.Value, p.CommentId!.Value)).SingleAsync());
        Assert.Equal(1, what switch
        {
            "question" => await db.DeleteQuestionAsync(question.Id, new(asker.Id, false), default),
            "answer" => await db.DeleteAnswerAsync(answer, new(asker.Id, false), default),
            _ => await db.Users.Where(u => u.Id == author.Id).ExecuteDeleteAsync(),
        });
        Assert.Equal((0, 0), (await db.Comments.CountAsync(), await db.Passages.CountAsync()));
        Assert.Empty(await db.SearchPassagesAsync(new PassageQuery { Terms = KoreanText.Terms("자작나무숲"), Viewer = Viewer.Visitor, Limit = 10 }, default));
    }

    [Fact]
    public async Task A_comment_is_found_by_its_own_words_and_not_by_its_questions_title()
    {
        await using var database = await TestDatabase.StartAsync();
        var author = await database.AddUserAsync();
        var question = await database.AddQuestionAsync(author, "복사기 용지가 걸려요");
        await using var db = database.CreateDbContext();
        var comment = (await db.CommentAsync(CommentedPost.Question(question.Id), author.Id, "옆면 손잡이를 당기세요", default)).Id!.Value;
        await new PassageWriter(database).ReplaceAsync(new(PassageKind.Comment, comment, 0), [new("복사기 용지가 걸려요", null, "옆면 손잡이를 당기세요", 0, [])], null, null, default);
        var hit = Assert.Single(await FindAsync("손잡이"));
        Assert.Equal((PassageKind.Comment, (long?)comment, (long?)question.Id, (long?)null, "복사기 용지가 걸려요"), (hit.Kind, hit.CommentId, hit.QuestionId, hit.AnswerId, hit.Title));
        Assert.Empty(await FindAsync("복사기"));
        Assert.Empty(await db.CheckPassagesAsync(default));

        Task<List<PassageHit>> FindAsync(string words) => db.SearchPassagesAsync(new PassageQuery { Terms = KoreanText.Terms(words), Viewer = Viewer.Visitor, Limit = 10 }, default);
    }

    [Fact]
    public async Task The_list_search_finds_a_question_by_its_comments_and_their_authors()
    {
        await using var database = await TestDatabase.StartAsync();
        var (asker, author) = (await database.AddUserAsync(), await database.AddUserAsync("두루미"));
        var question = await database.AddQuestionAsync(asker);
        await using var db = database.CreateDbContext();
        var answer = (await db.AnswerAsync(question.Id, asker.Id, "답", default))!.Value;
        var comment = (await db.CommentAsync(CommentedPost.Answer(answer), author.Id, "자작나무 아래", default)).Id!.Value;
        await new PassageWriter(database).ReplaceAsync(new(PassageKind.Comment, comment, 0), [new("제목", null, "자작나무 아래", 0, [])], null, null, default);
        foreach (var words in new[] { "자작나무", "두루미", "두루미 자작나무" })
        {
            Assert.Equal(question.Id, Assert.Single((await db.QuestionPageAsync(QuestionSearchTerms.Of(words), QuestionSort.Newest, 1, Viewer.Visitor, default)).Rows).Id);
        }
    }
}
