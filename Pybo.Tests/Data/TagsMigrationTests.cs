using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Pybo.Data;

namespace Pybo.Tests.Data;

public sealed class TagsMigrationTests
{
    private const string Before = "20261130212849_Comments";

    [Fact]
    public async Task Questions_keep_their_place_in_the_index_on_the_way_up_and_lose_only_their_tags_on_the_way_down()
    {
        await using var database = new TestDatabase();
        await using var db = database.CreateDbContext();
        await db.GetService<IMigrator>().MigrateAsync(Before);
        await db.Database.ExecuteSqlRawAsync("""
            insert into AspNetUsers (Id, CreatedAt, IsAdministrator, EmailConfirmed, PhoneNumberConfirmed, TwoFactorEnabled, LockoutEnabled, AccessFailedCount)
                values (1, '2026-01-01', 0, 0, 0, 0, 0, 0);
            insert into Questions (Id, AuthorId, Title, Body, CreatedAt, Views, Revision, HtmlVersion, IndexedAt) values (1, 1, '제목', '글', '2026-01-01', 3, 0, 0, '2026-01-01');
            """);

        await using var started = database.CreateDbContext();
        await started.StartAsync(default);
        Assert.NotNull(await started.Questions.Select(q => q.IndexedAt).SingleAsync());
        await started.EditQuestionAsync(1, 1, "제목", "글", default, tags: ["파이썬"]);
        var key = Assert.Single(await started.PendingPostsAsync(10, default)).Key;
        await new PassageWriter(database).ReplaceAsync(key, [new("제목", "파이썬", "글", 0, [])], null, null, default);

        await started.GetService<IMigrator>().MigrateAsync(Before);
        Assert.Equal((0, 1), (await CountAsync("Passages"), await CountAsync("Questions where IndexedAt is null")));
        Assert.Equal(0, await CountAsync("sqlite_master where name like '%Tags%'"));

        Task<int> CountAsync(string rows)
        {
            var count = $"select count(*) Value from {rows}";
            return started.Database.SqlQueryRaw<int>(count).SingleAsync();
        }
    }
}
