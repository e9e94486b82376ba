using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Pybo.Data;

namespace Pybo.Tests.Data;

public sealed class CategoriesMigrationTests
{
    private const string Before = "20261201024303_History";

    [Fact]
    public async Task Questions_and_deleted_ones_go_to_the_first_category_with_their_triggers_and_counts()
    {
        await using var database = await StartBeforeAsync();
        await using var db = database.CreateDbContext();
        await db.StartAsync(default);
        Assert.Equal([(1L, 1L), (2L, 1L)], (await db.Questions.OrderBy(q => q.Id).Select(q => new { q.Id, q.CategoryId }).ToListAsync()).Select(q => (q.Id, q.CategoryId)));
        Assert.Equal((2, Audience.Everyone), Assert.Single(await db.CategoriesAsync(Viewer.Visitor, default)) is var only ? (only.QuestionCount, only.Audience) : default);
        Assert.Equal(2, (await db.QuestionTotalsAsync(default)).Questions);
        Assert.NotEqual(0, await db.AskAsync(1, "새 질문", "글", default));
        Assert.True(await db.RestorePostAsync(PassageKind.Question, 7, new(1, false), default));
        Assert.Equal(4, Assert.Single(await db.CategoriesAsync(Viewer.Visitor, default)).QuestionCount);
        Assert.Equal(4, (await db.QuestionTotalsAsync(default)).Questions);
        Assert.Empty(await db.CheckPassagesAsync(default));
    }

    [Fact]
    public async Task The_way_back_is_closed_while_a_category_has_readers_of_its_own()
    {
        await using var database = await StartBeforeAsync();
        await using var db = database.CreateDbContext();
        await db.StartAsync(default);
        Assert.Equal(CategoryRefusal.None, await db.AddCategoryAsync(new("회원", "", "", Audience.Members), default));
        await Assert.ThrowsAnyAsync<SqliteException>(() => db.GetService<IMigrator>().MigrateAsync(Before));
        Assert.Equal(2, await db.Categories.CountAsync());
        Assert.Equal(CategoryRefusal.None, await db.DeleteCategoryAsync(2, 1, default));
        await db.GetService<IMigrator>().MigrateAsync(Before);
        Assert.Equal(0, await db.Database.SqlQuery<int>($"select count(*) Value from sqlite_master where sql like '%Categor%'").SingleAsync());
        await db.StartAsync(default);
        Assert.Equal(2, Assert.Single(await db.CategoriesAsync(Viewer.Visitor, default)).QuestionCount);
    }

    /// <summary>A site of the version before with two questions, and a third that is deleted.</summary>
    private static async Task<TestDatabase> StartBeforeAsync()
    {
        var database = new TestDatabase();
        await using var db = database.CreateDbContext();
        await db.GetService<IMigrator>().MigrateAsync(Before);
        await db.Database.ExecuteSqlRawAsync("""
            insert into AspNetUsers (Id, UserName, NormalizedUserName, CreatedAt, IsAdministrator, EmailConfirmed, PhoneNumberConfirmed, TwoFactorEnabled, LockoutEnabled, AccessFailedCount)
                values (1, 'a', 'A', '2026-01-01', 0, 0, 0, 0, 0, 0);
            insert into Questions (Id, AuthorId, Title, Body, CreatedAt, Views, Revision, HtmlVersion) values (1, 1, '제목', '글', '2026-01-01', 3, 0, 0), (2, 1, '둘째', '글', '2026-01-01', 3, 0, 0);
            insert into DeletedPosts (Id, Kind, PostId, QuestionId, Title, Beginning, AuthorId, DeletedById, DeletedAt, Tags) values (1, 1, 7, 7, '지운 질문', '글', 1, 1, '2026-01-01', '');
            """);
        await db.Database.ExecuteSqlAsync($"""
            insert into DeletedRows (DeletedPostId, TableName, OwnerId, Json) values (1, 'Questions', 1,
                json_object('Id', 7, 'AuthorId', 1, 'Title', '지운 질문', 'Body', '글', 'CreatedAt', '2026-01-01', 'Views', 0, 'Revision', 0, 'HtmlVersion', 0))
            """);
        return database;
    }
}
