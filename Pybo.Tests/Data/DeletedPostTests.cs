using Microsoft.EntityFrameworkCore;
using Pybo.Data;

namespace Pybo.Tests.Data;

public sealed class DeletedPostTests
{
    private const PassageKind Asked = PassageKind.Question;

    [Fact]
    public async Task A_restored_question_is_the_same_with_all_that_went_with_it()
    {
        await using var board = await StartAsync();
        var db = board.Db;
        var before = await SnapshotAsync(db);
        Assert.Equal(1, await db.DeleteQuestionAsync(board.Question, board.Administrator, default));
        Assert.Equal(0, await CountAsync(db, "Questions") + await CountAsync(db, "Answers") + await CountAsync(db, "Comments") + await CountAsync(db, "QuestionVotes") + await CountAsync(db, "AnswerVotes")
            + await CountAsync(db, "Tags") + await CountAsync(db, "PostRevisions") + await CountAsync(db, "Passages"));
        Assert.Equal((0, 0), (await CounterAsync(db, Counter.Questions), await CounterAsync(db, Counter.UnansweredQuestions)));

        Assert.True(await db.RestorePostAsync(Asked, board.Question, board.Administrator, default));
        Assert.Equal(before, await SnapshotAsync(db));
        Assert.Equal((1, 0), (await CounterAsync(db, Counter.Questions), await CounterAsync(db, Counter.UnansweredQuestions)));
        Assert.Equal(4, await db.PendingPostCountAsync(default));
        Assert.Equal(0, await CountAsync(db, "DeletedPosts") + await CountAsync(db, "DeletedRows"));
        Assert.False(await db.RestorePostAsync(Asked, board.Question, board.Administrator, default));
    }

    [Fact]
    public async Task A_restored_answer_is_accepted_again_unless_another_one_was_accepted_since()
    {
        await using var board = await StartAsync();
        var db = board.Db;
        var before = await SnapshotAsync(db);
        Assert.Equal(1, await db.DeleteAnswerAsync(board.Answer, board.Helper, default));
        Assert.Null(await db.Questions.Select(q => q.AcceptedAnswerId).SingleAsync());
        Assert.True(await db.RestorePostAsync(PassageKind.Answer, board.Answer, board.Helper, default));
        Assert.Equal(before, await SnapshotAsync(db));

        var other = (await db.AnswerAsync(board.Question, board.Asker.UserId, "다른 답", default))!.Value;
        await db.DeleteAnswerAsync(board.Answer, board.Helper, default);
        await db.AcceptAnswerAsync(board.Question, board.Asker.UserId, other, default);
        Assert.True(await db.RestorePostAsync(PassageKind.Answer, board.Answer, board.Helper, default));
        Assert.Equal(other, await db.Questions.Select(q => q.AcceptedAnswerId).SingleAsync());
        Assert.Equal(2, await db.Questions.Select(q => q.AnswerCount).SingleAsync());
    }

    [Fact]
    public async Task Only_who_deleted_a_post_and_administrators_restore_it()
    {
        await using var board = await StartAsync();
        var db = board.Db;
        var comment = await db.Comments.Where(c => c.AnswerId == board.Answer).Select(c => c.Id).SingleAsync();
        await db.DeleteCommentAsync(comment, board.Administrator, default);
        Assert.False(await db.RestorePostAsync(PassageKind.Comment, comment, board.Asker, default));
        Assert.False(await db.RestorePostAsync(PassageKind.Answer, comment, board.Administrator, default));
        Assert.True(await db.RestorePostAsync(PassageKind.Comment, comment, board.Administrator, default));
        await db.DeleteAnswerAsync(board.Answer, board.Helper, default);
        Assert.False(await db.RestorePostAsync(PassageKind.Answer, board.Answer, board.Asker, default));
        Assert.True(await db.RestorePostAsync(PassageKind.Answer, board.Answer, board.Helper, default));
    }

    [Fact]
    public async Task An_asker_deletes_a_question_until_someone_else_answers()
    {
        await using var database = await TestDatabase.StartAsync();
        var (asker, helper) = (await database.AddUserAsync(), await database.AddUserAsync("김철수"));
        await using var db = database.CreateDbContext();
        var actor = new Actor(asker.Id, false);
        var own = await db.AskAsync(asker.Id, "제목", "글", default);
        await db.AnswerAsync(own, asker.Id, "혼자 찾은 답", default);
        Assert.Equal(1, await db.DeleteQuestionAsync(own, actor, default));
        var answered = await db.AskAsync(asker.Id, "다른 제목", "글", default);
        var answer = (await db.AnswerAsync(answered, helper.Id, "답", default))!.Value;
        Assert.Equal(0, await db.DeleteQuestionAsync(answered, actor, default));
        await db.DeleteAnswerAsync(answer, new(helper.Id, false), default);
        Assert.Equal(1, await db.DeleteQuestionAsync(answered, actor, default));
    }

    [Fact]
    public async Task A_post_on_a_deleted_one_waits_for_it()
    {
        await using var board = await StartAsync();
        var db = board.Db;
        await db.DeleteAnswerAsync(board.Answer, board.Helper, default);
        await db.DeleteQuestionAsync(board.Question, board.Administrator, default);
        Assert.False(await db.RestorePostAsync(PassageKind.Answer, board.Answer, board.Helper, default));
        Assert.Equal(2, await db.CountDeletedPostsAsync(default));
        Assert.True(await db.RestorePostAsync(Asked, board.Question, board.Administrator, default));
        Assert.Equal(0, await db.Answers.CountAsync());
        Assert.True(await db.RestorePostAsync(PassageKind.Answer, board.Answer, board.Helper, default));
        Assert.Equal(1, await db.Questions.Select(q => q.AnswerCount).SingleAsync());
    }

    [Fact]
    public async Task What_belongs_to_a_member_who_left_is_not_restored()
    {
        await using var board = await StartAsync();
        var db = board.Db;
        await db.DeleteQuestionAsync(board.Question, board.Administrator, default);
        await db.Users.Where(u => u.Id == board.Helper.UserId).ExecuteDeleteAsync();
        Assert.Equal(0, await db.DeletedRows.CountAsync(r => r.OwnerId == board.Helper.UserId));
        Assert.True(await db.RestorePostAsync(Asked, board.Question, board.Administrator, default));
        var question = await db.Questions.AsNoTracking().SingleAsync();
        Assert.Equal((0, 0, (long?)null), (question.AnswerCount, question.VoteCount, question.AcceptedAnswerId));
        Assert.Equal(0, await db.Answers.CountAsync());
        Assert.Equal(1, await db.Comments.CountAsync());

        await db.DeleteQuestionAsync(board.Question, board.Administrator, default);
        await db.Users.Where(u => u.Id == board.Asker.UserId).ExecuteDeleteAsync();
        Assert.Equal(0, await db.DeletedPosts.CountAsync() + await db.DeletedRows.CountAsync());
    }

    [Fact]
    public async Task Deleted_posts_are_erased_after_their_time_and_at_once_on_demand()
    {
        await using var board = await StartAsync();
        var db = board.Db;
        await db.DeleteQuestionAsync(board.Question, board.Administrator, default);
        Assert.Equal(0, await db.EraseOldPostsAsync(DateTime.UtcNow + DeletedPost.KeptFor - TimeSpan.FromHours(1), default));
        Assert.Equal(1, await db.EraseOldPostsAsync(DateTime.UtcNow + DeletedPost.KeptFor + TimeSpan.FromHours(1), default));
        Assert.Equal(0, await db.DeletedRows.CountAsync());

        var next = await db.AskAsync(board.Asker.UserId, "제목", "글", default);
        await db.DeleteQuestionAsync(next, board.Asker, default);
        Assert.Equal(0, await db.ErasePostAsync(PassageKind.Answer, next, default));
        Assert.Equal(1, await db.ErasePostAsync(Asked, next, default));
        Assert.False(await db.RestorePostAsync(Asked, next, board.Asker, default));
    }

    [Theory]
    [InlineData(PassageKind.Question, "Questions Answers QuestionVotes PostRevisions Comments AnswerVotes")]
    [InlineData(PassageKind.Answer, "Answers AnswerVotes Comments PostRevisions")]
    [InlineData(PassageKind.Comment, "Comments")]
    public async Task The_kept_tables_are_found_in_the_model_and_their_columns_fit_into_JSON(PassageKind kind, string expected)
    {
        await using var database = await TestDatabase.StartAsync();
        await using var db = database.CreateDbContext();
        var tables = DeletedTables.Of(db.Model, kind).ConvertAll(t => t.Type.GetTableName());
        Assert.Superset(expected.Split(' ').ToHashSet(), tables.Select(t => t!).ToHashSet());
        Assert.Equal(expected.Split(' ')[0], tables[0]);
        Assert.All(DeletedTables.Of(db.Model, kind).SelectMany(t => t.Type.GetProperties()), p => Assert.NotEqual("BLOB", p.GetColumnType()));
        Assert.True(kind != PassageKind.Question || tables.IndexOf("Answers") < tables.IndexOf("Comments"));
    }

    [Fact]
    public async Task Deep_pages_of_the_list_stay_right_when_questions_are_deleted_and_restored()
    {
        await using var database = await TestDatabase.StartAsync();
        var asker = await database.AddUserAsync();
        await using var db = database.CreateDbContext();
        db.Questions.AddRange(Enumerable.Range(1, (QuestionMarks.Stride * 2) + 33).Select(i => new Question { AuthorId = asker.Id, Title = $"질문 {i}", Body = "글" }));
        await db.SaveChangesAsync();
        using var marks = new QuestionMarks();
        var actor = new Actor(asker.Id, false);
        await db.DeleteQuestionAsync(10, actor, default);
        await db.QuestionPageAsync(QuestionSort.Newest, 60, marks, Viewer.Visitor, default);
        await db.RestorePostAsync(Asked, 10, actor, default);
        // As many gaps as when the marks were read, but another one.
        await db.DeleteQuestionAsync(900, actor, default);
        var ids = await db.Questions.OrderByDescending(q => q.Id).Select(q => q.Id).Skip(590).Take(10).ToListAsync();
        Assert.Equal(ids, (await db.QuestionPageAsync(QuestionSort.Newest, 60, marks, Viewer.Visitor, default)).Rows.Select(r => r.Id));
    }

    /// <summary>A question with two tags, an edit, a vote, an accepted answer with a vote and an edit, another member's comment on it, and a comment on the question.</summary>
    private static async Task<FilledBoard> StartAsync()
    {
        var database = await TestDatabase.StartAsync();
        var (asker, helper, administrator) = (await database.AddUserAsync(), await database.AddUserAsync("김철수"), await database.AddUserAsync("주인장"));
        var db = database.CreateDbContext();
        var question = await db.AskAsync(asker.Id, "창고 문이 안 열려요", "\"따옴표\"와 \\와 \u0001와 🙂가 든 글", default, new("<p>글</p>", 3), tags: ["창고", "시설"]);
        await db.EditQuestionAsync(question, asker.Id, "창고 문이 왜 안 열려요?", "고친 글", default, new("<p>고친 글</p>", 3));
        var answer = (await db.AnswerAsync(question, helper.Id, "세게 미세요.", default, new("<p>세게</p>", 3)))!.Value;
        await db.EditAnswerAsync(answer, helper.Id, "살살 미세요.", default);
        await db.VoteQuestionAsync(question, helper.Id, default);
        await db.VoteAnswerAsync(answer, asker.Id, default);
        await db.AcceptAnswerAsync(question, asker.Id, answer, default);
        await db.CommentAsync(CommentedPost.Question(question), asker.Id, "비가 온 뒤입니다.", default);
        await db.CommentAsync(CommentedPost.Answer(answer), asker.Id, "됐습니다.", default);
        return new(database, db, question, answer, new(asker.Id, false), new(helper.Id, false), new(administrator.Id, true));
    }

    /// <summary>All rows of the thread, except what a restoration changes: the columns of the index.</summary>
    private static async Task<string> SnapshotAsync(PyboDb db)
    {
        const string Rows = """
            select group_concat(Line, char(10)) Value from (
                select 'q', json_array(Id, AuthorId, Title, Body, Html, HtmlVersion, CreatedAt, ModifiedAt, Views, VoteCount, AnswerCount, AcceptedAnswerId) Line from Questions
                union all select 'a', json_array(Id, QuestionId, AuthorId, Body, Html, HtmlVersion, CreatedAt, ModifiedAt, VoteCount) from Answers
                union all select 'c', json_array(Id, QuestionId, AnswerId, AuthorId, Body, CreatedAt, ModifiedAt) from Comments
                union all select 'qv', json_array(QuestionId, UserId, Value) from QuestionVotes
                union all select 'av', json_array(AnswerId, UserId, Value) from AnswerVotes
                union all select 'r', json_array(QuestionId, AnswerId, Number, Title, Body, Tags, EditorId, SavedAt) from PostRevisions
                union all select 't', json_array(x.QuestionId, x.Place, t.Name, t.QuestionCount) from QuestionTags x join Tags t on t.Id = x.TagId
                union all select 'u', json_array(Id, Reputation) from AspNetUsers
                order by 1, 2)
            """;
        return await db.Database.SqlQueryRaw<string>(Rows).SingleAsync();
    }

    private static Task<int> CountAsync(PyboDb db, string table)
    {
        var count = $"select count(*) Value from {table}";
        return db.Database.SqlQueryRaw<int>(count).SingleAsync();
    }

    private static Task<long> CounterAsync(PyboDb db, string name) => db.Counters.Where(c => c.Name == name).Select(c => c.Value).SingleAsync();

    private sealed record FilledBoard(TestDatabase Database, PyboDb Db, long Question, long Answer, Actor Asker, Actor Helper, Actor Administrator) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Db.DisposeAsync();
            await Database.DisposeAsync();
        }
    }
}
