using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Pybo.Data;

namespace Pybo.Tests.Data;

public sealed class ChatVersionsMigrationTests
{
    private const string Before = "20261130115112_ExactTerms";

    [Fact]
    public async Task Each_turn_follows_the_one_before_it_in_its_conversation_and_withdrawal_follows_the_path()
    {
        await using var database = new TestDatabase();
        await using var db = database.CreateDbContext();
        var migrator = db.GetService<IMigrator>();
        await migrator.MigrateAsync(Before);
        await db.Database.ExecuteSqlRawAsync("""
            insert into AspNetUsers (Id, CreatedAt, IsAdministrator, EmailConfirmed, PhoneNumberConfirmed, TwoFactorEnabled, LockoutEnabled, AccessFailedCount)
                values (1, '2026-01-01', 0, 0, 0, 0, 0, 0);
            insert into Conversations (Id, UserId, Title, CreatedAt, UpdatedAt) values (1, 1, '하나', '2026-01-01', '2026-01-01'), (2, 1, '둘', '2026-01-01', '2026-01-01');
            insert into Turns (Id, ConversationId, Question, Answer, State, Refused, RepeatsEarlier, CreatedAt) values
                (1, 1, '가', '답', 2, 0, 0, '2026-01-02'), (2, 2, '나', '답', 2, 0, 0, '2026-01-02'), (3, 1, '다', '답', 2, 0, 1, '2026-01-02'), (4, 1, '라', '답', 2, 0, 0, '2026-01-02');
            insert into Citations (TurnId, Number, Kind, Title, Source, Url, Snippet, Quote) values (1, 1, 3, '문서', 'a', '/documents/1', '글', '글');
            """);

        await using var started = database.CreateDbContext();
        await started.StartAsync(default);
        Assert.Equal([(1L, null), (2L, null), (3L, 1L), (4L, (long?)3L)], await started.Turns.OrderBy(t => t.Id).Select(t => ValueTuple.Create(t.Id, t.ParentId)).ToListAsync());
        started.Turns.Add(new() { ConversationId = 1, Question = "다시 가", Answer = "새 답", State = TurnState.Done, RepeatsEarlier = true });
        await started.SaveChangesAsync();
        await started.Citations.ExecuteUpdateAsync(set => set.SetProperty(c => c.IsGone, true));
        await using var fresh = database.CreateDbContext();
        Assert.Equal(["", "답", "", "답", "새 답"], await fresh.Turns.OrderBy(t => t.Id).Select(t => t.Answer).ToListAsync());

        await started.GetService<IMigrator>().MigrateAsync(Before);
        Assert.Equal(0, await started.Database.SqlQuery<int>($"select count(*) Value from pragma_table_info('Turns') where name = 'ParentId'").SingleAsync());
    }
}
