using System.Net;
using Microsoft.EntityFrameworkCore;

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
    public async Task The_present_password_is_asked_and_the_new_one_held_to_the_rules()
    {
        await using var site = new PyboSite();
        var member = await site.SignUpAsync("홍길동");
        using var wrong = await ChangeAsync(member, "틀린-비밀번호", NewPassword);
        Assert.Equal("지금 비밀번호가 올바르지 않습니다.", (await Visitor.ReadAsync(wrong)).GetElementById("Input_Current-error")!.TextContent);
        using var weak = await ChangeAsync(member, PyboSite.Password, "qwer1234");
        Assert.StartsWith("너무 흔하거나", (await Visitor.ReadAsync(weak)).GetElementById("Input_New-error")!.TextContent, StringComparison.Ordinal);
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
