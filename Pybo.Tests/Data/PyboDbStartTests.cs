using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Pybo.Data;

namespace Pybo.Tests.Data;

public sealed class PyboDbStartTests
{
    [Fact]
    public async Task The_model_has_no_change_without_a_migration()
    {
        await using var database = await TestDatabase.StartAsync();
        await using var db = database.CreateDbContext();
        Assert.False(db.Database.HasPendingModelChanges(), "Add a migration: README, “Adding a migration”.");
    }

    [Fact]
    public async Task The_file_is_in_write_ahead_mode_with_foreign_keys_on()
    {
        await using var database = await TestDatabase.StartAsync();
        await using var db = database.CreateDbContext();
        Assert.Equal("wal", await db.Database.SqlQuery<string>($"select journal_mode Value from pragma_journal_mode").SingleAsync());
        Assert.Equal(1, await db.Database.SqlQuery<int>($"select foreign_keys Value from pragma_foreign_keys").SingleAsync());
    }

    [Fact]
    public async Task A_lock_left_by_a_crash_during_a_migration_does_not_stop_the_next_start()
    {
        await using var database = new TestDatabase();
        await ExecuteAsync(database, """
            create table "__EFMigrationsLock" ("Id" integer not null primary key, "Timestamp" text not null);
            insert into "__EFMigrationsLock" values (1, '2020-01-01');
            """);
        await using var db = database.CreateDbContext();
        await db.StartAsync(new CancellationTokenSource(TimeSpan.FromSeconds(30)).Token);
        Assert.Empty(await db.Database.GetPendingMigrationsAsync());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("20261123214542_TurnFigures")]
    public async Task A_migration_interrupted_by_a_crash_restarts_from_the_original_data(string? before)
    {
        await using var database = new TestDatabase();
        await using var db = database.CreateDbContext();
        if (before is not null)
        {
            await db.GetService<IMigrator>().MigrateAsync(before);
            await ExecuteAsync(database, "insert into DataProtectionKeys (Id, FriendlyName) values (7, '열쇠')");
        }

        CopyBeforeMigration.Make(database.File);
        await ExecuteAsync(database, "create table Collections (Half); create table DocumentFiles (Half); create table if not exists __EFMigrationsHistory (MigrationId text primary key, ProductVersion text)");
        await db.StartAsync(default);
        Assert.Empty(await db.Database.GetPendingMigrationsAsync());
        Assert.Equal(before is null ? [] : ["열쇠"], await db.DataProtectionKeys.Select(key => key.FriendlyName).ToListAsync());
        Assert.Equal(0, await db.Collections.CountAsync());
        Assert.Equal(["pybo.db"], Directory.EnumerateFiles(Path.GetDirectoryName(database.File)!, "*.db*").Select(Path.GetFileName).Where(name => name is not ("pybo.db-wal" or "pybo.db-shm")));
    }

    [Fact]
    public async Task A_copy_is_not_restored_after_its_migration_has_finished()
    {
        await using var database = new TestDatabase();
        CopyBeforeMigration.Make(database.File);
        await using var db = database.CreateDbContext();
        await db.Database.MigrateAsync();
        await database.AddUserAsync();
        await db.StartAsync(default);
        Assert.Equal(1, await db.Users.CountAsync());
        Assert.False(CopyBeforeMigration.Exists(database.File));
    }

    [Fact]
    public async Task A_newer_database_is_refused_with_a_message_and_left_untouched()
    {
        await using var database = await TestDatabase.StartAsync();
        await ExecuteAsync(database, "insert into __EFMigrationsHistory values ('99991231000000_Future', '99.0'); pragma wal_checkpoint(truncate);");
        var before = await File.ReadAllBytesAsync(database.File);
        await using var db = database.CreateDbContext();
        var refused = await Assert.ThrowsAsync<DatabaseRefusedException>(() => db.StartAsync(default));
        Assert.Contains("더 새로운 Pybo", refused.Said(), StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(database.File));
    }

    [Fact]
    public async Task Another_programs_database_is_refused()
    {
        await using var database = new TestDatabase();
        await ExecuteAsync(database, "create table Mine (X)");
        await using var db = database.CreateDbContext();
        var refused = await Assert.ThrowsAsync<DatabaseRefusedException>(() => db.StartAsync(default));
        Assert.Contains("Pybo의 데이터베이스가 아닙니다", refused.Said(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_not_a_database_is_refused()
    {
        await using var database = new TestDatabase();
        await File.WriteAllTextAsync(database.File, new string('가', 5000));
        await using var db = database.CreateDbContext();
        await Assert.ThrowsAsync<DatabaseRefusedException>(() => db.StartAsync(default));
    }

    private static async Task ExecuteAsync(TestDatabase database, string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={database.File};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }
}
