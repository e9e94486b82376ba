using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Pybo.Data;

namespace Pybo.Tests.Data;

public sealed class AccountsMigrationTests
{
    private const string Before = "20261125193900_DocumentQueueIndex";

    [Fact]
    public async Task Members_with_similar_looking_names_stay_and_the_next_one_is_refused()
    {
        await using var database = new TestDatabase();
        await using var db = database.CreateDbContext();
        await db.GetService<IMigrator>().MigrateAsync(Before);
        await db.Database.ExecuteSqlRawAsync("""
            insert into AspNetUsers (Id, UserName, NormalizedUserName, NormalizedEmail, CreatedAt, IsAdministrator, EmailConfirmed, PhoneNumberConfirmed, TwoFactorEnabled, LockoutEnabled, AccessFailedCount)
                values (1, 'alice', 'ALICE', 'A@EXAMPLE.COM', '2026-01-01', 1, 0, 0, 0, 1, 0),
                       (2, 'allce', 'ALLCE', 'B@EXAMPLE.COM', '2026-01-01', 0, 0, 0, 0, 1, 0),
                       (3, '관리자', '관리자', 'C@EXAMPLE.COM', '2026-01-01', 0, 0, 0, 0, 1, 0);
            """);

        await db.StartAsync(default);
        Assert.Equal([NameSkeleton.Of("alice"), null, NameSkeleton.Of("관리자")], await db.Users.OrderBy(u => u.Id).Select(u => u.NameSkeleton).ToListAsync());
        Assert.True(await db.LooksLikeMemberAsync("a1ice", default));
        Assert.False(await db.LooksLikeMemberAsync("alicia", default));

        // Once the first name is deleted, new names are compared with the second.
        await db.Users.Where(u => u.Id == 1).ExecuteDeleteAsync();
        await db.StartAsync(default);
        Assert.True(await db.LooksLikeMemberAsync("a1ice", default));
    }

    [Fact]
    public async Task More_members_than_one_batch_are_filled()
    {
        await using var database = await TestDatabase.StartAsync();
        await using var db = database.CreateDbContext();
        db.Users.AddRange(Enumerable.Range(0, 2_300).Select(i => new User { UserName = $"reader{i:x}q", NormalizedUserName = $"READER{i:X}Q" }));
        await db.SaveChangesAsync();
        await db.StartAsync(default);
        db.ChangeTracker.Clear();
        var names = await db.Users.Select(u => new { u.UserName, u.NameSkeleton }).ToListAsync();
        // reader0q and readeroq would look alike, but hexadecimal has no o, and 1 and l never share a position.
        Assert.All(names, n => Assert.Equal(NameSkeleton.Of(n.UserName!), n.NameSkeleton));
    }
}
