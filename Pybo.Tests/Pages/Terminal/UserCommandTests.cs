using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Pybo.Data;

namespace Pybo.Tests.Pages.Terminal;

public sealed class UserCommandTests
{
    private const string Password = "푸른바다-거북이-7";

    [Fact]
    public async Task Members_are_created_by_the_sites_rules()
    {
        await using var terminal = new TestTerminal();
        Assert.Equal(0, (await AddAsync("홍길동", Password)).Code);
        Assert.Equal(0, (await AddAsync("임꺽정", Password)).Code);
        Assert.Contains("이미 존재하는 사용자입니다.", (await AddAsync("홍길동", Password)).Error, StringComparison.Ordinal);
        Assert.Contains("8자 이상", (await AddAsync("장길산", "짧다")).Error, StringComparison.Ordinal);
        Assert.Contains("표준 입력", (await AddAsync("장길산", "")).Error, StringComparison.Ordinal);

        await using var db = terminal.CreateDbContext();
        var users = await db.Users.OrderBy(u => u.Id).ToListAsync();
        Assert.Equal([("홍길동", true), ("임꺽정", false)], users.Select(u => (u.UserName, u.IsAdministrator)));
        Assert.All(users, user => Assert.True(Accepts(user, Password)));

        Assert.Equal(0, (await terminal.RunAsync("user", "promote", "임꺽정")).Code);
        Assert.True(await db.Users.Where(u => u.UserName == "임꺽정").Select(u => u.IsAdministrator).SingleAsync());

        Task<Ran> AddAsync(string name, string password) => terminal.RunAsync(password, ["user", "add", name, "--email", $"m{name.Length}{(int)name[0]}@example.com"]);
    }

    [Fact]
    public async Task A_reset_password_replaces_the_old_one_and_ends_its_sessions()
    {
        await using var terminal = new TestTerminal();
        await terminal.RunAsync(Password, ["user", "add", "홍길동", "--email", "hong@example.com", "--administrator"]);
        var before = await UserAsync();
        Assert.Contains("8자 이상", (await terminal.RunAsync("짧다", ["user", "reset-password", "홍길동"])).Error, StringComparison.Ordinal);
        Assert.True(Accepts(await UserAsync(), Password));

        await using (var db = terminal.CreateDbContext())
        {
            await db.Users.ExecuteUpdateAsync(set => set.SetProperty(u => u.LockoutEnd, DateTimeOffset.UtcNow.AddHours(1)).SetProperty(u => u.AccessFailedCount, 4));
        }

        Assert.Equal(0, (await terminal.RunAsync("붉은노을-두루미-3\n", ["user", "reset-password", "홍길동"])).Code);
        var after = await UserAsync();
        Assert.True(Accepts(after, "붉은노을-두루미-3"));
        Assert.False(Accepts(after, Password));
        Assert.NotEqual(before.SecurityStamp, after.SecurityStamp);
        Assert.Null(after.LockoutEnd);
        Assert.Equal(0, after.AccessFailedCount);

        async Task<User> UserAsync()
        {
            await using var db = terminal.CreateDbContext();
            return await db.Users.AsNoTracking().SingleAsync();
        }
    }

    [Theory]
    [InlineData("promote")]
    [InlineData("reset-password")]
    public async Task An_unknown_member_is_reported(string command)
    {
        await using var terminal = new TestTerminal();
        await terminal.RunAsync(Password, ["user", "add", "홍길동", "--email", "hong@example.com"]);
        var ran = await terminal.RunAsync(Password, ["user", command, "아무개"]);
        Assert.Equal((1, "그런 회원이 없습니다: 아무개\n"), (ran.Code, ran.Error));
    }

    private static bool Accepts(User user, string password) =>
        new PasswordHasher<User>().VerifyHashedPassword(user, user.PasswordHash!, password) != PasswordVerificationResult.Failed;
}
