using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Pybo.Data;

namespace Pybo.Tests.Data;

public sealed class CommentsMigrationTests
{
    private const string Before = "20261130181446_DocumentSources";

    [Fact]
    public async Task Posts_and_triggers_survive_the_way_up_and_the_way_down()
    {
        await using var database = new TestDatabase();
        await using var db = database.CreateDbContext();
        await db.GetService<IMigrator>().MigrateAsync(Before);
        await db.Database.ExecuteSqlRawAsync("""
            insert into AspNetUsers (Id, CreatedAt, IsAdministrator, EmailConfirmed, PhoneNumberConfirmed, TwoFactorEnabled, LockoutEnabled, AccessFailedCount)
                values (1, '2026-01-01', 0, 0, 0, 0, 0, 0);
            insert into Questions (Id, AuthorId, Title, Body, CreatedAt, Views, Revision, HtmlVersion) values (1, 1, '제목', '글', '2026-01-01', 3, 0, 0);
            insert into Passages (Id, Kind, QuestionId, Ordinal, Title, Text, Start, Audience, TermCount) values (1, 1, 1, 0, '제목', '글', 0, 0, 2);
            """);
        var triggers = await TriggersAsync(db);

        await using var started = database.CreateDbContext();
        await started.StartAsync(default);
        var author = await started.Users.Select(u => u.Id).SingleAsync();
        var comment = (await started.CommentAsync(CommentedPost.Question(1), author, "댓글", default)).Id!.Value;
        await new PassageWriter(database).ReplaceAsync(new(PassageKind.Comment, comment, 0), [new("제목", null, "댓글", 0, [])], null, null, default);
        Assert.Empty(triggers.Select(Name).Except((await TriggersAsync(started)).Select(Name)));
        Assert.Equal(2, await started.Passages.CountAsync());

        await started.GetService<IMigrator>().MigrateAsync(Before);
        Assert.Equal(triggers, await TriggersAsync(started));
        Assert.Equal(1, await started.Database.SqlQuery<int>($"select count(*) Value from Passages").SingleAsync());
        Assert.Equal(0, await started.Database.SqlQuery<int>($"select count(*) Value from pragma_table_info('Citations') where name = 'CommentId'").SingleAsync());
    }

    /// <summary>With their texts, except for white space.</summary>
    private static async Task<List<string>> TriggersAsync(PyboDb db) =>
        [.. (await db.Database.SqlQuery<string>($"select name || ' ' || sql Value from sqlite_master where type = 'trigger'").ToListAsync())
            .Select(sql => string.Join(' ', sql.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))).Order(StringComparer.Ordinal)];

    private static string Name(string trigger) => trigger.Split(' ')[0];
}
