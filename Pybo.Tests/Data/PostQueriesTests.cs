using Microsoft.EntityFrameworkCore;
using Pybo.Data;

namespace Pybo.Tests.Data;

public sealed class PostQueriesTests
{
    [Fact]
    public async Task A_new_title_requeues_the_answers_and_a_new_text_does_not()
    {
        await using var database = await TestDatabase.StartAsync();
        var asker = await database.AddUserAsync();
        var question = await database.AddQuestionAsync(asker, "제목", "내용");
        await using var db = database.CreateDbContext();
        var answer = (await db.AnswerAsync(question.Id, asker.Id, "답", default))!.Value;
        await IndexAllAsync();

        Assert.Equal(1, await db.EditQuestionAsync(question.Id, asker.Id, "제목", "다른 내용", default));
        Assert.Equal([PassageKind.Question], await WaitingAsync());

        await IndexAllAsync();
        Assert.Equal(1, await db.EditQuestionAsync(question.Id, asker.Id, "다른 제목", "다른 내용", default));
        Assert.Equal([PassageKind.Question, PassageKind.Answer], await WaitingAsync());
        Assert.Equal(1, await db.Answers.Where(a => a.Id == answer).Select(a => a.Revision).SingleAsync());

        async Task IndexAllAsync()
        {
            await db.Questions.ExecuteUpdateAsync(set => set.SetProperty(q => q.IndexedAt, DateTime.UtcNow));
            await db.Answers.ExecuteUpdateAsync(set => set.SetProperty(a => a.IndexedAt, DateTime.UtcNow));
        }

        async Task<IEnumerable<PassageKind>> WaitingAsync() => (await db.PendingPostsAsync(10, default)).Select(p => p.Key.Kind);
    }

    [Fact]
    public async Task Posts_of_other_members_cannot_be_changed()
    {
        await using var database = await TestDatabase.StartAsync();
        var asker = await database.AddUserAsync();
        var other = await database.AddUserAsync("남");
        var question = await database.AddQuestionAsync(asker, "제목", "내용");
        await using var db = database.CreateDbContext();
        var answer = (await db.AnswerAsync(question.Id, asker.Id, "답", default))!.Value;

        Assert.Equal(0, await db.EditQuestionAsync(question.Id, other.Id, "빼앗은 제목", "내용", default));
        Assert.Equal(0, await db.EditAnswerAsync(answer, other.Id, "빼앗은 답", default));
        Assert.Equal(0, await db.DeleteAnswerAsync(answer, new(other.Id, IsAdministrator: false), default));
        Assert.Equal(0, await db.DeleteQuestionAsync(question.Id, new(other.Id, IsAdministrator: false), default));
        Assert.Equal(0, await db.AcceptAnswerAsync(question.Id, other.Id, answer, default));
        Assert.Equal(0, await db.Answers.SumAsync(a => a.Revision));
        Assert.Equal(1, await db.DeleteAnswerAsync(answer, new(other.Id, IsAdministrator: true), default));
        Assert.Equal(1, await db.DeleteQuestionAsync(question.Id, new(other.Id, IsAdministrator: true), default));
    }

    [Fact]
    public async Task An_answer_of_another_question_cannot_be_accepted()
    {
        await using var database = await TestDatabase.StartAsync();
        var asker = await database.AddUserAsync();
        var question = await database.AddQuestionAsync(asker);
        var second = await database.AddQuestionAsync(asker);
        await using var db = database.CreateDbContext();
        var foreign = await db.AnswerAsync(second.Id, asker.Id, "답", default);
        Assert.Equal(0, await db.AcceptAnswerAsync(question.Id, asker.Id, foreign, default));
    }

    [Theory]
    [InlineData(AnswerSort.Votes)]
    [InlineData(AnswerSort.Newest)]
    [InlineData(AnswerSort.Oldest)]
    public async Task Each_answer_is_on_the_page_that_its_link_opens_and_the_accepted_one_is_first(AnswerSort sort)
    {
        await using var database = await TestDatabase.StartAsync();
        var asker = await database.AddUserAsync();
        var voter = await database.AddUserAsync("추천인");
        var row = await database.AddQuestionAsync(asker);
        await using var db = database.CreateDbContext();
        var answers = new List<long>();
        for (var i = 0; i < 25; i++)
        {
            answers.Add((await db.AnswerAsync(row.Id, asker.Id, $"답 {i}", default))!.Value);
        }

        await db.VoteAnswerAsync(answers[17], voter.Id, default);
        await db.AcceptAnswerAsync(row.Id, asker.Id, answers[12], default);
        var viewer = new Viewer(voter.Id);
        var question = (await db.QuestionAsync(row.Id, viewer, htmlVersion: 1, default))!;
        for (var page = 1; page <= 3; page++)
        {
            foreach (var answer in await db.AnswerPageAsync(question, sort, page, viewer, htmlVersion: 1, default))
            {
                Assert.Equal(page, await db.AnswerPageOfAsync(question, answer.Id, sort, default));
                Assert.True(answers.Remove(answer.Id));
            }
        }

        Assert.Empty(answers);
        var first = await db.AnswerPageAsync(question, sort, 1, viewer, htmlVersion: 1, default);
        Assert.Equal("답 12", first[0].Body);
        Assert.Equal(sort switch { AnswerSort.Votes => "답 17", AnswerSort.Newest => "답 24", _ => "답 0" }, first[1].Body);
        Assert.Equal(sort == AnswerSort.Votes, first[1].OwnVote == 1);
        Assert.Null(await db.AnswerPageOfAsync(question, 9_999, sort, default));
    }
}
