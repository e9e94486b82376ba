using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Pybo.Data;

namespace Pybo.Tests.Data;

public sealed class ReputationMigrationTests
{
    private const string Before = "20261201050416_Categories";
    private const int Members = 6;
    private const int Posts = 40;

    [Fact]
    public async Task Votes_are_up_votes_and_reputation_is_what_they_and_acceptances_give()
    {
        await using var database = new TestDatabase();
        var old = await FillAsync(database);
        await using var db = database.CreateDbContext();
        await db.StartAsync(default);
        var points = await db.Users.OrderBy(u => u.Id).Select(u => u.Reputation).ToListAsync();
        Assert.Equal(old.Points, points);
        Assert.True(points.Distinct().Count() > Members / 2);
        Assert.Equal(old.Votes, await db.QuestionVotes.CountAsync(v => v.Value == 1) + await db.AnswerVotes.CountAsync(v => v.Value == 1));
        Assert.Equal(old.Votes, await db.Questions.SumAsync(q => q.VoteCount) + await db.Answers.SumAsync(a => a.VoteCount));
        Assert.Empty(await db.CheckPassagesAsync(default));
    }

    [Fact]
    public async Task A_question_deleted_before_returns_with_its_votes()
    {
        await using var database = new TestDatabase();
        var old = await FillAsync(database);
        await using var db = database.CreateDbContext();
        await db.Database.ExecuteSqlAsync($"""
            insert into DeletedPosts (Id, Kind, PostId, QuestionId, Title, Beginning, AuthorId, DeletedById, DeletedAt, Tags) values (1, 1, 700, 700, '지운 질문', '글', 1, 1, '2026-01-01', '');
            insert into DeletedRows (DeletedPostId, TableName, OwnerId, Json) values
                (1, 'Questions', 1, json_object('Id', 700, 'AuthorId', 1, 'CategoryId', 1, 'Title', '지운 질문', 'Body', '글', 'CreatedAt', '2026-01-01', 'Views', 0, 'Revision', 0, 'HtmlVersion', 0)),
                (1, 'QuestionVotes', 2, json_object('QuestionId', 700, 'UserId', 2)), (1, 'QuestionVotes', 3, json_object('QuestionId', 700, 'UserId', 3));
            """);
        await db.StartAsync(default);
        Assert.True(await db.RestorePostAsync(PassageKind.Question, 700, new(1, false), default));
        Assert.Equal(2, await db.Questions.Where(q => q.Id == 700).Select(q => q.VoteCount).SingleAsync());
        Assert.Equal(old.Points[0] + 10, await db.Users.Where(u => u.Id == 1).Select(u => u.Reputation).SingleAsync());
    }

    [Fact]
    public async Task The_way_back_keeps_the_up_votes_and_their_counts()
    {
        await using var database = new TestDatabase();
        var old = await FillAsync(database);
        await using var db = database.CreateDbContext();
        await db.StartAsync(default);
        var answer = await db.Answers.Where(a => a.AuthorId != 1 && !a.Votes.Any(v => v.UserId == 1)).Select(a => a.Id).FirstAsync();
        Assert.Equal(VoteResult.Done, await db.VoteAnswerAsync(answer, 1, default, new(1, 1, 1)));
        await db.AskAsync(1, "태그", "글", default, tags: ["파이썬"]);
        Assert.Equal(SynonymRefusal.None, await db.AddTagSynonymAsync("파이썬", "python", default));
        await db.GetService<IMigrator>().MigrateAsync(Before);
        Assert.Equal(old.Votes, await db.Database.SqlQuery<int>($"select (select sum(VoteCount) from Questions) + (select sum(VoteCount) from Answers) Value").SingleAsync());
        Assert.Equal(0, await db.Database.SqlQuery<int>($"select count(*) Value from sqlite_master where sql like '%Reputation%' or sql like '%TagSynonyms%'").SingleAsync());
        await db.StartAsync(default);
        Assert.Equal(old.Points, await db.Users.OrderBy(u => u.Id).Select(u => u.Reputation).ToListAsync());
    }

    /// <summary>Fills a site of the version before with posts, votes and acceptances, and returns what they are worth, added up here.</summary>
    private static async Task<(List<int> Points, int Votes)> FillAsync(TestDatabase database)
    {
        await using var db = database.CreateDbContext();
        await db.GetService<IMigrator>().MigrateAsync(Before);
        var random = new Random(7);
        var points = new int[Members];
        var votes = 0;
        for (var member = 1; member <= Members; member++)
        {
            var (name, normal) = ($"m{member}", $"M{member}");
            await db.Database.ExecuteSqlAsync($"""
                insert into AspNetUsers (Id, UserName, NormalizedUserName, CreatedAt, IsAdministrator, EmailConfirmed, PhoneNumberConfirmed, TwoFactorEnabled, LockoutEnabled, AccessFailedCount)
                    values ({member}, {name}, {normal}, '2026-01-01', 0, 0, 0, 0, 0, 0)
                """);
        }

        for (var id = 1; id <= Posts; id++)
        {
            var (asker, answerer) = (random.Next(Members) + 1, random.Next(Members) + 1);
            await db.Database.ExecuteSqlAsync($"insert into Questions (Id, AuthorId, CategoryId, Title, Body, CreatedAt, Views, Revision, HtmlVersion) values ({id}, {asker}, 1, '제목', '글', '2026-01-01', 0, 0, 0)");
            await db.Database.ExecuteSqlAsync($"insert into Answers (Id, QuestionId, AuthorId, Body, CreatedAt, Revision, HtmlVersion) values ({id}, {id}, {answerer}, '답', '2026-01-01', 0, 0)");
            for (var voter = 1; voter <= Members; voter++)
            {
                if (voter != asker && random.Next(3) == 0)
                {
                    await db.Database.ExecuteSqlAsync($"insert into QuestionVotes (QuestionId, UserId) values ({id}, {voter})");
                    (points[asker - 1], votes) = (points[asker - 1] + 5, votes + 1);
                }

                if (voter != answerer && random.Next(3) == 0)
                {
                    await db.Database.ExecuteSqlAsync($"insert into AnswerVotes (AnswerId, UserId) values ({id}, {voter})");
                    (points[answerer - 1], votes) = (points[answerer - 1] + 10, votes + 1);
                }
            }

            if (random.Next(2) == 0)
            {
                await db.Database.ExecuteSqlAsync($"update Questions set AcceptedAnswerId = {id} where Id = {id}");
                points[answerer - 1] += asker == answerer ? 0 : 15;
            }
        }

        return ([.. points], votes);
    }
}
