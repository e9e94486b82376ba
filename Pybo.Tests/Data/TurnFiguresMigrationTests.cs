using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Pybo.Tests.Data;

public sealed class TurnFiguresMigrationTests
{
    private const string Before = "20261122214541_Start";
    private const string TimedOut = "답을 만드는 데 너무 오래 걸려 멈췄습니다.";

    [Fact]
    public async Task Notes_move_out_of_the_errors_and_back_again()
    {
        await using var database = new TestDatabase();
        await using var db = database.CreateDbContext();
        var migrator = db.GetService<IMigrator>();
        await migrator.MigrateAsync(Before);
        await db.Database.ExecuteSqlRawAsync("""
            insert into AspNetUsers (Id, CreatedAt, IsAdministrator, EmailConfirmed, PhoneNumberConfirmed, TwoFactorEnabled, LockoutEnabled, AccessFailedCount)
                values (1, '2026-01-01', 0, 0, 0, 0, 0, 0);
            insert into Conversations (Id, UserId, Title, CreatedAt, UpdatedAt) values (1, 1, '대화', '2026-01-01', '2026-01-01');
            insert into Turns (Id, ConversationId, Question, Answer, State, Refused, Model, Error, CreatedAt) values
                (1, 1, '가', '답', 2, 0, 'm', '낱말로만 찾았습니다.', '2026-01-01'),
                (2, 1, '나', '답', 2, 0, 'm', null, '2026-01-01'),
                (3, 1, '다', '반', 3, 0, 'm', '낱말로만 찾았습니다.', '2026-01-01'),
                (4, 1, '라', '반', 3, 0, 'm', '답을 만드는 데 너무 오래 걸려 멈췄습니다.', '2026-01-01'),
                (5, 1, '마', '', 4, 0, 'm', '문제가 생겼습니다.', '2026-01-01');
            """);

        await migrator.MigrateAsync();
        string?[] errors = [null, null, null, TimedOut, "문제가 생겼습니다."];
        string?[] notes = ["낱말로만 찾았습니다.", null, "낱말로만 찾았습니다.", null, null];
        var turns = await db.Turns.AsNoTracking().OrderBy(t => t.Id).ToListAsync();
        Assert.Equal(errors, turns.Select(t => t.Error));
        Assert.Equal(notes, turns.Select(t => t.Note));
        Assert.All(turns, t => Assert.Null(t.FirstTokenMs));

        await migrator.MigrateAsync(Before);
        var back = await db.Database.SqlQuery<string?>($"select Error Value from Turns order by Id").ToListAsync();
        Assert.Equal(errors.Zip(notes, (error, note) => error ?? note), back);
    }
}
