using Microsoft.EntityFrameworkCore;
using Pybo.Data;

namespace Pybo.Tests.Data;

public sealed class SessionsTests
{
    private static readonly DateTime Start = new(2026, 11, 29, 0, 0, 0, DateTimeKind.Utc);

    [Fact]
    public async Task A_session_lasts_while_it_is_used_but_no_longer_than_ninety_days()
    {
        await using var database = await TestDatabase.StartAsync();
        await using var db = database.CreateDbContext();
        var member = await database.AddUserAsync();
        await db.BeginSessionAsync(member.Id, "key", "Firefox", Start, default);
        var hash = Sessions.HashOf("key");
        Assert.NotNull(await db.FindSessionAsync(member.Id, hash, Start.AddDays(Session.IdleDaysMax).AddSeconds(-1), default));
        Assert.Null(await db.FindSessionAsync(member.Id, hash, Start.AddDays(Session.IdleDaysMax), default));

        for (var day = 10; day < Session.DaysMax; day += 10)
        {
            Assert.Equal(1, await db.SeeSessionAsync(hash, Start.AddDays(day), default));
        }

        Assert.NotNull(await db.FindSessionAsync(member.Id, hash, Start.AddDays(Session.DaysMax).AddSeconds(-1), default));
        Assert.Null(await db.FindSessionAsync(member.Id, hash, Start.AddDays(Session.DaysMax), default));
        Assert.False(await db.IsSessionLiveAsync(hash, Start.AddDays(Session.DaysMax), default));
    }

    [Fact]
    public async Task The_time_of_last_use_is_not_written_with_every_request()
    {
        await using var database = await TestDatabase.StartAsync();
        await using var db = database.CreateDbContext();
        var member = await database.AddUserAsync();
        await db.BeginSessionAsync(member.Id, "key", "Firefox", Start, default);
        Assert.Equal(0, await db.SeeSessionAsync(Sessions.HashOf("key"), Start + Session.SeenEvery - TimeSpan.FromSeconds(1), default));
        Assert.Equal(1, await db.SeeSessionAsync(Sessions.HashOf("key"), Start + Session.SeenEvery, default));
    }

    [Fact]
    public async Task A_session_beyond_the_limit_ends_the_members_least_recently_used_one()
    {
        await using var database = await TestDatabase.StartAsync();
        await using var db = database.CreateDbContext();
        var (member, other) = (await database.AddUserAsync(), await database.AddUserAsync("김철수"));
        await db.BeginSessionAsync(other.Id, "other", "Firefox", Start.AddDays(-1), default);
        for (var i = 0; i < Session.PerMemberMax; i++)
        {
            await db.BeginSessionAsync(member.Id, $"key {i}", "Firefox", Start.AddMinutes(i), default);
        }

        await db.SeeSessionAsync(Sessions.HashOf("key 0"), Start.AddHours(1), default);
        await db.BeginSessionAsync(member.Id, "one more", "Firefox", Start.AddHours(2), default);
        Assert.Equal(Session.PerMemberMax, await db.Sessions.CountAsync(s => s.UserId == member.Id));
        Assert.True(await db.IsSessionLiveAsync(Sessions.HashOf("key 0"), Start.AddHours(2), default));
        Assert.False(await db.IsSessionLiveAsync(Sessions.HashOf("key 1"), Start.AddHours(2), default));
        Assert.True(await db.IsSessionLiveAsync(Sessions.HashOf("other"), Start.AddHours(2), default));
    }

    [Fact]
    public async Task Ended_sessions_are_deleted_at_the_next_log_in_and_all_sessions_with_their_member()
    {
        await using var database = await TestDatabase.StartAsync();
        await using var db = database.CreateDbContext();
        var (member, other) = (await database.AddUserAsync(), await database.AddUserAsync("김철수"));
        await db.BeginSessionAsync(member.Id, "old", "Firefox", Start, default);
        await db.BeginSessionAsync(other.Id, "new", "Firefox", Start.AddDays(Session.IdleDaysMax), default);
        Assert.Equal([other.Id], await db.Sessions.Select(s => s.UserId).ToListAsync());
        await db.Users.Where(u => u.Id == other.Id).ExecuteDeleteAsync();
        Assert.Empty(await db.Sessions.ToListAsync());
    }

    [Fact]
    public async Task Sessions_of_other_members_cannot_be_listed_or_ended()
    {
        await using var database = await TestDatabase.StartAsync();
        await using var db = database.CreateDbContext();
        var (member, other) = (await database.AddUserAsync(), await database.AddUserAsync("김철수"));
        await db.BeginSessionAsync(member.Id, "key", "Firefox", Start, default);
        var id = await db.Sessions.Select(s => s.Id).SingleAsync();
        Assert.Equal(0, await db.EndSessionAsync(id, other.Id, default));
        Assert.Equal(0, await db.EndSessionsOfAsync(other.Id, exceptKeyHash: null, default));
        Assert.Empty(await db.SessionsOfAsync(other.Id, Sessions.HashOf("key"), Start, default));
        Assert.Null(await db.FindSessionAsync(other.Id, Sessions.HashOf("key"), Start, default));
        Assert.Equal(1, await db.EndSessionAsync(id, member.Id, default));
    }

    [Fact]
    public async Task The_file_contains_no_key()
    {
        await using var database = await TestDatabase.StartAsync();
        await using var db = database.CreateDbContext();
        var member = await database.AddUserAsync();
        var key = Sessions.NewKey();
        Assert.Equal(32, key.Length);
        await db.BeginSessionAsync(member.Id, key, "Firefox", Start, default);
        var kept = await db.Sessions.Select(s => s.KeyHash).SingleAsync();
        Assert.NotEqual(Convert.FromHexString(key), kept);
        Assert.Equal(Sessions.HashOf(key), kept);
    }
}
