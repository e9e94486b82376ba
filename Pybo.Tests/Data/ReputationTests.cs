using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Pybo.Data;

namespace Pybo.Tests.Data;

public sealed class ReputationTests
{
    private static readonly Privileges Free = new(1, 1, 1);

    [Fact]
    public async Task Each_rule_gives_its_points_and_takes_them_back()
    {
        await using var board = await StartAsync();
        var db = board.Db;
        await AssertChangeAsync(board, (Reputation.QuestionVotedUp, 0, 0), () => db.VoteQuestionAsync(board.Question, board.Voter, default), () => db.UnvoteQuestionAsync(board.Question, board.Voter, default));
        await AssertChangeAsync(board, (Reputation.VotedDown, 0, 0), () => db.VoteQuestionAsync(board.Question, board.Voter, default, Free), () => db.UnvoteQuestionAsync(board.Question, board.Voter, default));
        await AssertChangeAsync(board, (0, Reputation.AnswerVotedUp, 0), () => db.VoteAnswerAsync(board.Answer, board.Voter, default), () => db.UnvoteAnswerAsync(board.Answer, board.Voter, default));
        await AssertChangeAsync(board, (0, Reputation.VotedDown, Reputation.VotedAnswerDown), () => db.VoteAnswerAsync(board.Answer, board.Voter, default, Free), () => db.UnvoteAnswerAsync(board.Answer, board.Voter, default));
        await AssertChangeAsync(board, (0, Reputation.AnswerAccepted, 0), () => db.AcceptAnswerAsync(board.Question, board.Asker, board.Answer, default), () => db.AcceptAnswerAsync(board.Question, board.Asker, null, default));
        await AssertChangeAsync(board, (0, 0, 0), () => db.AcceptAnswerAsync(board.Question, board.Asker, board.OwnAnswer, default), () => db.AcceptAnswerAsync(board.Question, board.Asker, null, default));
    }

    [Fact]
    public async Task A_changed_vote_counts_as_its_new_value_alone()
    {
        await using var board = await StartAsync();
        var db = board.Db;
        await db.VoteQuestionAsync(board.Question, board.Voter, default);
        await db.VoteAnswerAsync(board.Answer, board.Voter, default);
        await db.VoteQuestionAsync(board.Question, board.Voter, default, Free);
        await db.VoteAnswerAsync(board.Answer, board.Voter, default, Free);
        Assert.Equal((-2, -2, -1), await PointsAsync(board));
        Assert.Equal((-1, -1), (await db.Questions.Select(q => q.VoteCount).SingleAsync(), await db.Answers.Where(a => a.Id == board.Answer).Select(a => a.VoteCount).SingleAsync()));
        await db.VoteQuestionAsync(board.Question, board.Voter, default);
        await db.VoteAnswerAsync(board.Answer, board.Voter, default);
        Assert.Equal((5, 10, 0), await PointsAsync(board));
        await db.AcceptAnswerAsync(board.Question, board.Asker, board.Answer, default);
        await db.AcceptAnswerAsync(board.Question, board.Asker, board.OwnAnswer, default);
        Assert.Equal((5, 10, 0), await PointsAsync(board));
        Assert.Empty(await db.CheckPassagesAsync(default));
    }

    [Theory]
    [InlineData(PassageKind.Question, 0, 0, 0)]
    [InlineData(PassageKind.Answer, -2, 0, 0)]
    public async Task What_a_deleted_post_gave_goes_with_it_and_returns_with_it(PassageKind kind, int asker, int helper, int voter)
    {
        await using var board = await StartAsync();
        var (db, administrator) = (board.Db, new Actor(board.Voter, IsAdministrator: true));
        await db.VoteQuestionAsync(board.Question, board.Voter, default, Free);
        await db.VoteAnswerAsync(board.Answer, board.Asker, default);
        await db.VoteAnswerAsync(board.Answer, board.Voter, default, Free);
        await db.AcceptAnswerAsync(board.Question, board.Asker, board.Answer, default);
        Assert.Equal((-2, 23, -1), await PointsAsync(board));
        Assert.Equal(1, await (kind == PassageKind.Question ? db.DeleteQuestionAsync(board.Question, administrator, default) : db.DeleteAnswerAsync(board.Answer, administrator, default)));
        Assert.Equal((asker, helper, voter), await PointsAsync(board));
        Assert.True(await db.RestorePostAsync(kind, kind == PassageKind.Question ? board.Question : board.Answer, administrator, default));
        Assert.Equal((-2, 23, -1), await PointsAsync(board));
        Assert.Equal((-1, 0), (await db.Questions.Select(q => q.VoteCount).SingleAsync(), await db.Answers.Where(a => a.Id == board.Answer).Select(a => a.VoteCount).SingleAsync()));
        Assert.Empty(await db.CheckPassagesAsync(default));
    }

    [Fact]
    public async Task The_points_are_right_after_any_member_left()
    {
        foreach (var at in new[] { 0, 1, 2 })
        {
            await using var board = await StartAsync();
            var db = board.Db;
            await db.VoteQuestionAsync(board.Question, board.Voter, default);
            await db.VoteQuestionAsync(board.Question, board.Helper, default, Free);
            await db.VoteAnswerAsync(board.Answer, board.Voter, default, Free);
            await db.VoteAnswerAsync(board.OwnAnswer, board.Helper, default);
            await db.VoteAnswerAsync(board.Answer, board.Asker, default);
            await db.AcceptAnswerAsync(board.Question, board.Asker, board.Answer, default);
            var leaving = new[] { board.Asker, board.Helper, board.Voter }[at];
            await db.Users.Where(u => u.Id == leaving).ExecuteDeleteAsync();
            Assert.Empty(await db.CheckPassagesAsync(default));
        }
    }

    [Fact]
    public async Task Two_votes_of_one_member_at_once_are_one()
    {
        await using var board = await StartAsync();
        await Task.WhenAll(Enumerable.Range(0, 12).Select(async i =>
        {
            await using var db = board.Database.CreateDbContext();
            await db.VoteAnswerAsync(board.Answer, board.Voter, default, i % 2 == 0 ? null : Free);
            await db.VoteQuestionAsync(board.Question, i % 3 == 0 ? board.Helper : board.Voter, default);
        }));
        var value = await board.Db.AnswerVotes.Select(v => v.Value).SingleAsync();
        Assert.Equal(value, await board.Db.Answers.Where(a => a.Id == board.Answer).Select(a => a.VoteCount).SingleAsync());
        Assert.Equal(2, await board.Db.Questions.Select(q => q.VoteCount).SingleAsync());
        Assert.Equal((10, value > 0 ? 10 : -2, value > 0 ? 0 : -1), await PointsAsync(board));
    }

    [Fact]
    public async Task A_member_who_is_saved_keeps_what_was_counted_since_they_were_read()
    {
        await using var board = await StartAsync();
        await using var other = board.Database.CreateDbContext();
        using var store = new UserOnlyStore<User, PyboDb, long>(other);
        var asker = await other.Users.SingleAsync(u => u.Id == board.Asker);
        await board.Db.VoteQuestionAsync(board.Question, board.Voter, default);
        asker.PasswordHash = "changed";
        Assert.True((await store.UpdateAsync(asker)).Succeeded);
        Assert.Equal(5, (await PointsAsync(board)).Asker);
        Assert.Equal("changed", await board.Db.Users.Where(u => u.Id == board.Asker).Select(u => u.PasswordHash).SingleAsync());
    }

    [Fact]
    public async Task Reputation_is_never_shown_below_one_and_decides_with_the_settings()
    {
        await using var board = await StartAsync();
        await board.Db.VoteQuestionAsync(board.Question, board.Voter, default, Free);
        Assert.Equal(new Standing(1, false), await board.Db.StandingAsync(board.Asker, default));
        Assert.Equal(1, (await board.Db.ProfileAsync("홍길동", default))!.Reputation);
        Assert.Equal(VoteResult.TooEarly, await board.Db.VoteAnswerAsync(board.Answer, board.Voter, default, new(2, 2, 2)));
        Assert.Equal(0, await board.Db.AnswerVotes.CountAsync());
        await board.Db.Users.Where(u => u.Id == board.Voter).ExecuteUpdateAsync(set => set.SetProperty(u => u.IsAdministrator, true));
        Assert.Equal(VoteResult.Done, await board.Db.VoteAnswerAsync(board.Answer, board.Voter, default, new(2, 2, 2)));
    }

    [Fact]
    public async Task An_answer_below_zero_is_read_after_the_others_even_if_it_was_accepted()
    {
        await using var board = await StartAsync();
        var (db, writer) = (board.Db, new PassageWriter(board.Database));
        foreach (var post in await db.PendingPostsAsync(10, default))
        {
            await writer.ReplaceAsync(post.Key, [new(post.Title, null, post.Body, 0, [])], null, null, default);
        }

        await db.AcceptAnswerAsync(board.Question, board.Asker, board.Answer, default);
        Assert.Equal([(board.Answer, true), (board.OwnAnswer, false)], await OrderAsync());
        await db.VoteAnswerAsync(board.Answer, board.Voter, default, Free);
        Assert.Equal([(board.OwnAnswer, false), (board.Answer, false)], await OrderAsync());
        await db.VoteAnswerAsync(board.OwnAnswer, board.Voter, default, Free);
        await db.VoteAnswerAsync(board.OwnAnswer, board.Helper, default, Free);
        Assert.Equal([(board.Answer, false), (board.OwnAnswer, false)], await OrderAsync());

        async Task<IEnumerable<(long, bool)>> OrderAsync() => Assert.Single(await db.ThreadsAsync([board.Question], null, Viewer.Visitor, default)).Answers.Select(a => (a.Id, a.IsAccepted));
    }

    private static async Task AssertChangeAsync(Board board, (int Asker, int Helper, int Voter) expected, Func<Task> act, Func<Task> takeBack)
    {
        await act();
        await act();
        Assert.Equal(expected, await PointsAsync(board));
        await takeBack();
        await takeBack();
        Assert.Equal((0, 0, 0), await PointsAsync(board));
    }

    private static async Task<(int Asker, int Helper, int Voter)> PointsAsync(Board board)
    {
        var points = await board.Db.Users.ToDictionaryAsync(u => u.Id, u => u.Reputation);
        board.Db.ChangeTracker.Clear();
        return (points[board.Asker], points[board.Helper], points[board.Voter]);
    }

    /// <summary>A question with two answers, one of them the asker's.</summary>
    private static async Task<Board> StartAsync()
    {
        var database = await TestDatabase.StartAsync();
        var (asker, helper, voter) = (await database.AddUserAsync(), await database.AddUserAsync("김철수"), await database.AddUserAsync("이영희"));
        var db = database.CreateDbContext();
        var question = await db.AskAsync(asker.Id, "제목", "글", default);
        var answer = (await db.AnswerAsync(question, helper.Id, "답", default))!.Value;
        return new(database, db, asker.Id, helper.Id, voter.Id, question, answer, (await db.AnswerAsync(question, asker.Id, "혼자 찾은 답", default))!.Value);
    }

    private sealed record Board(TestDatabase Database, PyboDb Db, long Asker, long Helper, long Voter, long Question, long Answer, long OwnAnswer) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Db.DisposeAsync();
            await Database.DisposeAsync();
        }
    }
}
