using Microsoft.EntityFrameworkCore;
using Pybo.Data;

namespace Pybo.Tests.Data;

public sealed class QuestionListTests
{
    /// <summary>Enough questions for two marks and a page between them.</summary>
    private const int Many = (QuestionMarks.Stride * 2) + 33;

    [Fact]
    public async Task An_empty_list_has_one_page_without_rows()
    {
        await using var database = await TestDatabase.StartAsync();
        await using var db = database.CreateDbContext();
        using var marks = new QuestionMarks();
        foreach (var sort in Enum.GetValues<QuestionSort>())
        {
            var page = await db.QuestionPageAsync(sort, 7, marks, Viewer.Visitor, default);
            Assert.Empty(page.Rows);
            Assert.Equal((0, 1, 1), (page.Total, page.Page, page.LastPage));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(50)]
    [InlineData(51)]
    [InlineData(52)]
    [InlineData(60)]
    [InlineData(103)]
    [InlineData(104)]
    public async Task Every_page_by_newest_equals_the_result_of_skipping(int page)
    {
        await using var database = await FilledAsync(Many);
        await using var db = database.CreateDbContext();
        using var marks = new QuestionMarks();
        await AssertPageAsync(db, marks, page);
    }

    [Fact]
    public async Task The_last_page_ends_with_number_one_and_a_page_beyond_it_is_the_last()
    {
        await using var database = await FilledAsync(Many);
        await using var db = database.CreateDbContext();
        using var marks = new QuestionMarks();
        var beyond = await db.QuestionPageAsync(QuestionSort.Newest, int.MaxValue, marks, Viewer.Visitor, default);
        Assert.Equal(104, beyond.Page);
        Assert.Equal(3, beyond.Rows.Count);
        Assert.Equal(1, beyond.NumberOf(beyond.Rows.Count - 1));
        Assert.Equal(1, (await db.QuestionPageAsync(QuestionSort.Newest, int.MinValue, marks, Viewer.Visitor, default)).Page);
    }

    [Fact]
    public async Task Deep_pages_stay_right_when_questions_are_asked_and_deleted_even_by_another_process()
    {
        await using var database = await FilledAsync(Many);
        await using var db = database.CreateDbContext();
        using var marks = new QuestionMarks();
        await AssertPageAsync(db, marks, 90);

        // The oldest, one on a mark, one in the middle, and the newest (whose id is not reused).
        await db.Questions.Where(q => q.Id == 1 || q.Id == QuestionMarks.Stride + 1 || q.Id == 700 || q.Id == Many).ExecuteDeleteAsync();
        await AssertPageAsync(db, marks, 90);

        var author = await db.Users.SingleAsync();
        await AddAsync(db, author.Id, QuestionMarks.Stride + 20);
        foreach (var page in new[] { 1, 52, 53, 100, 120, 140, 154, 155 })
        {
            await AssertPageAsync(db, marks, page);
        }

        await db.Questions.ExecuteDeleteAsync();
        Assert.Empty((await db.QuestionPageAsync(QuestionSort.Newest, 60, marks, Viewer.Visitor, default)).Rows);
    }

    [Fact]
    public async Task Orders_are_by_votes_by_answers_and_without_answers()
    {
        await using var database = await TestDatabase.StartAsync();
        var asker = await database.AddUserAsync();
        var reader = await database.AddUserAsync("읽는이");
        var plain = await database.AddQuestionAsync(asker, "그냥");
        var voted = await database.AddQuestionAsync(asker, "추천");
        var answered = await database.AddQuestionAsync(asker, "답변");
        await database.AddQuestionAsync(asker, "마지막");
        await using var db = database.CreateDbContext();
        await db.VoteQuestionAsync(voted.Id, reader.Id, default);
        await db.AnswerAsync(answered.Id, reader.Id, "답", default);
        using var marks = new QuestionMarks();

        Assert.Equal("마지막 답변 추천 그냥", await TitlesAsync(QuestionSort.Newest));
        Assert.Equal("추천 마지막 답변 그냥", await TitlesAsync(QuestionSort.Votes));
        Assert.Equal("답변 마지막 추천 그냥", await TitlesAsync(QuestionSort.Popular));
        Assert.Equal("마지막 추천 그냥", await TitlesAsync(QuestionSort.Unanswered));
        Assert.Equal(3, (await db.QuestionPageAsync(QuestionSort.Unanswered, 1, marks, Viewer.Visitor, default)).Total);
        Assert.NotEqual(0, plain.Id);

        async Task<string> TitlesAsync(QuestionSort sort) => string.Join(' ', (await db.QuestionPageAsync(sort, 1, marks, Viewer.Visitor, default)).Rows.Select(r => r.Title));
    }

    [Fact]
    public async Task Orders_without_marks_end_at_their_limit_and_say_so()
    {
        await using var database = await FilledAsync(Many);
        await using var db = database.CreateDbContext();
        using var marks = new QuestionMarks();
        var last = await db.QuestionPageAsync(QuestionSort.Votes, 1_000, marks, Viewer.Visitor, default);
        Assert.True(last.IsCut);
        Assert.Equal((QuestionList.RankedMax, 100, 100), (last.Total, last.Page, last.LastPage));
        Assert.False((await db.QuestionPageAsync(QuestionSort.Newest, 100, marks, Viewer.Visitor, default)).IsCut);
    }

    private static async Task AssertPageAsync(PyboDb db, QuestionMarks marks, int number)
    {
        var expected = await db.Questions.OrderByDescending(q => q.Id).Skip((number - 1) * QuestionList.PageSize).Take(QuestionList.PageSize).Select(q => q.Id).ToListAsync();
        var total = await db.Questions.CountAsync();
        var page = await db.QuestionPageAsync(QuestionSort.Newest, number, marks, Viewer.Visitor, default);
        Assert.Equal(expected, page.Rows.Select(r => r.Id));
        Assert.Equal(total, page.Total);
        Assert.Equal(total - ((number - 1) * QuestionList.PageSize), page.NumberOf(0));
    }

    private static async Task<TestDatabase> FilledAsync(int questions)
    {
        var database = await TestDatabase.StartAsync();
        var author = await database.AddUserAsync();
        await using var db = database.CreateDbContext();
        await AddAsync(db, author.Id, questions);
        return database;
    }

    private static async Task AddAsync(PyboDb db, long authorId, int questions)
    {
        db.Questions.AddRange(Enumerable.Range(1, questions).Select(i => new Question { AuthorId = authorId, Title = $"질문 {i}", Body = "내용" }));
        await db.SaveChangesAsync();
    }
}
