using System.Net;
using Microsoft.EntityFrameworkCore;
using Pybo.Pages.Account;

namespace Pybo.Tests.Pages.Account;

public sealed class PasswordTests
{
    private const string NewPassword = "붉은산-호랑이-9";

    [Fact]
    public async Task Changing_the_password_ends_every_other_session()
    {
        await using var site = new PyboSite();
        var here = await site.SignUpAsync("홍길동");
        var elsewhere = site.Visit();
        using var logIn = await elsewhere.LogInAsync("홍길동");
        await elsewhere.SeeAsync("/account/password");

        using var answer = await ChangeAsync(here, PyboSite.Password, NewPassword);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        await here.SeeAsync("/account/password");
        await elsewhere.SeeAsync("/account/password", HttpStatusCode.Redirect);

        using var old = await site.Visit().LogInAsync("홍길동");
        Assert.Equal(HttpStatusCode.OK, old.StatusCode);
        using var fresh = await site.Visit().LogInAsync("홍길동", NewPassword);
        Assert.Equal(HttpStatusCode.Redirect, fresh.StatusCode);
    }

    [Fact]
    public async Task The_present_password_is_required_and_the_new_one_checked()
    {
        await using var site = new PyboSite();
        var member = await site.SignUpAsync("홍길동");
        using var wrong = await ChangeAsync(member, "틀린-비밀번호", NewPassword);
        Assert.Equal("지금 비밀번호가 올바르지 않습니다.", (await Visitor.ReadAsync(wrong)).GetElementById("Input_Current-error")!.TextContent);
        using var weak = await ChangeAsync(member, PyboSite.Password, "qwer1234");
        Assert.StartsWith("너무 흔하거나", (await Visitor.ReadAsync(weak)).GetElementById("Input_New-error")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wrong_present_passwords_lock_as_at_the_log_in_and_a_lock_refuses_the_right_one_in_the_same_words()
    {
        await using var site = new PyboSite();
        var member = await site.SignUpAsync("홍길동");
        var wrong = string.Empty;
        for (var i = 0; i < Accounts.FailuresMax; i++)
        {
            wrong = await ErrorAsync("틀린-비밀번호");
        }

        Assert.Equal(wrong, await ErrorAsync(PyboSite.Password));
        using var logIn = await site.Visit().LogInAsync("홍길동");
        Assert.Equal(HttpStatusCode.OK, logIn.StatusCode);

        await using var db = site.CreateDbContext();
        await db.Users.ExecuteUpdateAsync(set => set.SetProperty(u => u.LockoutEnd, DateTimeOffset.UtcNow.AddSeconds(-1)));
        using var later = await ChangeAsync(member, PyboSite.Password, NewPassword);
        Assert.Equal(HttpStatusCode.Redirect, later.StatusCode);
        Assert.Null(await db.Users.Select(u => u.LockoutEnd).SingleAsync());

        async Task<string> ErrorAsync(string current)
        {
            using var answer = await ChangeAsync(member, current, NewPassword);
            return (await Visitor.ReadAsync(answer)).GetElementById("Input_Current-error")!.TextContent;
        }
    }

    [Fact]
    public async Task A_changed_password_leaves_one_session_with_a_new_key()
    {
        await using var site = new PyboSite();
        var member = await site.SignUpAsync("홍길동");
        using var elsewhere = await site.Visit().LogInAsync("홍길동");
        await using var db = site.CreateDbContext();
        var before = await db.Sessions.Select(s => s.Id).ToListAsync();
        using var answer = await ChangeAsync(member, PyboSite.Password, NewPassword);
        var after = Assert.Single(await db.Sessions.Select(s => s.Id).ToListAsync());
        Assert.DoesNotContain(after, before);
        await member.SeeAsync("/account/password");
    }

    [Fact]
    public async Task A_removed_member_is_logged_out()
    {
        await using var site = new PyboSite();
        var member = await site.SignUpAsync("홍길동");
        await using var db = site.CreateDbContext();
        await db.Users.ExecuteDeleteAsync();
        await member.SeeAsync("/account/password", HttpStatusCode.Redirect);
    }

    private static Task<HttpResponseMessage> ChangeAsync(Visitor member, string current, string next) => member.PostFormAsync("/account/password",
    [
        new("Input.Current", current),
        new("Input.New", next),
        new("Input.NewAgain", next),
    ]);
}
