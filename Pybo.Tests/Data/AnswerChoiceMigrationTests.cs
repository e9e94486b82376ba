using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Pybo.Data;

namespace Pybo.Tests.Data;

public sealed class AnswerChoiceMigrationTests
{
    private const string Before = "20261130150411_SearchTermsAndVectors";

    [Fact]
    public async Task Former_conversations_keep_the_sites_choice_and_their_turns_and_no_trigger_is_lost()
    {
        await using var database = new TestDatabase();
        await using var db = database.CreateDbContext();
        await db.GetService<IMigrator>().MigrateAsync(Before);
        await db.Database.ExecuteSqlRawAsync("""
            insert into AspNetUsers (Id, CreatedAt, IsAdministrator, EmailConfirmed, PhoneNumberConfirmed, TwoFactorEnabled, LockoutEnabled, AccessFailedCount)
                values (1, '2026-01-01', 0, 0, 0, 0, 0, 0);
            insert into Conversations (Id, UserId, Title, CreatedAt, UpdatedAt) values (1, 1, '하나', '2026-01-01', '2026-01-01');
            insert into Turns (Id, ConversationId, Question, Answer, State, Refused, CreatedAt) values (1, 1, '가', '답', 2, 0, '2026-01-02');
            """);
        var triggers = await TriggersAsync(db);
        Assert.NotEmpty(triggers);

        await using var started = database.CreateDbContext();
        await started.StartAsync(default);
        var conversation = await started.Conversations.AsNoTracking().SingleAsync();
        Assert.Equal(("", AnswerLength.Normal), (conversation.Answerer, conversation.AnswerLength));
        Assert.Empty(triggers.Except(await TriggersAsync(started)));

        Assert.Equal(1, await started.Turns.CountAsync());

        await started.GetService<IMigrator>().MigrateAsync(Before);
        Assert.Equal(triggers, await TriggersAsync(started));
        Assert.Equal(1, await started.Turns.CountAsync());
        Assert.Equal(0, await started.Database.SqlQuery<int>($"select count(*) Value from pragma_table_info('Conversations') where name in ('Answerer', 'AnswerLength')").SingleAsync());
    }

    private static Task<List<string>> TriggersAsync(PyboDb db) =>
        db.Database.SqlQuery<string>($"select name Value from sqlite_master where type = 'trigger'").OrderBy(name => name).ToListAsync();
}
