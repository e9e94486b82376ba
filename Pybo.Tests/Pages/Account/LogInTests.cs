using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Pybo.Data;
using Pybo.Pages;
using Pybo.Pages.Account;
using Pybo.Pages.Resources;

namespace Pybo.Tests.Pages.Account;

public sealed class LogInTests
{
    [Fact]
    public async Task An_unknown_name_a_wrong_password_and_a_locked_account_look_the_same()
    {
        await using var site = new PyboSite();
        await site.SignUpAsync("홍길동");
        var unknown = await RefusalAsync(site, "없는사람", PyboSite.Password);
        var wrong = await RefusalAsync(site, "홍길동", "틀린-비밀번호");
        Assert.Equal(unknown, wrong);
        Assert.Contains(AccountWords.LogInRefused, wrong, StringComparison.Ordinal);
        for (var i = 1; i < Accounts.FailuresMax; i++)
        {
            await RefusalAsync(site, "홍길동", "틀린-비밀번호");
        }

        Assert.Equal(unknown, await RefusalAsync(site, "홍길동", PyboSite.Password));
    }

    [Fact]
    public async Task One_hash_is_checked_whether_the_name_is_known_unknown_or_locked()
    {
        var hasher = new CountingHasher();
        await using var site = new PyboSite().WithServices(services => services.AddSingleton<IPasswordHasher<User>>(hasher));
        await site.SignUpAsync("홍길동");
        foreach (var (name, attempts) in new[] { ("없는사람", 2), ("홍길동", Accounts.FailuresMax + 2) })
        {
            for (var i = 0; i < attempts; i++)
            {
                hasher.Checked = 0;
                await RefusalAsync(site, name, "틀린-비밀번호");
                Assert.Equal(1, hasher.Checked);
            }
        }
    }

    [Fact]
    public async Task Five_wrong_passwords_lock_the_account_for_five_minutes()
    {
        await using var site = new PyboSite();
        await site.SignUpAsync("홍길동");
        for (var i = 0; i < Accounts.FailuresMax; i++)
        {
            await RefusalAsync(site, "홍길동", "틀린-비밀번호");
        }

        await using var db = site.CreateDbContext();
        var until = await db.Users.Select(u => u.LockoutEnd).SingleAsync();
        Assert.InRange(until!.Value, DateTimeOffset.UtcNow.AddMinutes(Accounts.LockoutMinutes - 1), DateTimeOffset.UtcNow.AddMinutes(Accounts.LockoutMinutes));

        await db.Users.ExecuteUpdateAsync(set => set.SetProperty(u => u.LockoutEnd, DateTimeOffset.UtcNow.AddSeconds(-1)));
        using var later = await site.Visit().LogInAsync("홍길동");
        Assert.Equal(HttpStatusCode.Redirect, later.StatusCode);
    }

    [Theory]
    [InlineData("/questions/ask?x=1", "/questions/ask?x=1")]
    [InlineData("//evil.example", "/questions")]
    [InlineData("/\\evil.example", "/questions")]
    [InlineData("/\t/evil.example", "/questions")]
    [InlineData("https://evil.example", "/questions")]
    [InlineData("javascript:alert(1)", "/questions")]
    [InlineData("~/x", "/x")]
    [InlineData("~//evil.example", "/questions")]
    [InlineData("", "/questions")]
    public async Task Logging_in_redirects_within_the_site_only(string next, string to)
    {
        await using var site = new PyboSite();
        await site.SignUpAsync("홍길동");
        using var answer = await site.Visit().LogInAsync("홍길동", next: next);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Equal(to, answer.Headers.Location!.OriginalString);
    }

    [Fact]
    public async Task A_members_page_leads_to_the_log_in_and_back()
    {
        await using var site = new PyboSite();
        await site.SignUpAsync("홍길동");
        var visitor = site.Visit();
        using var sent = await visitor.Http.GetAsync(new Uri("/account/password", UriKind.Relative));
        Assert.Equal("/account/login?next=%2Faccount%2Fpassword", sent.Headers.Location!.OriginalString);
        using var answer = await visitor.LogInAsync("홍길동", next: "/account/password");
        Assert.Equal("/account/password", answer.Headers.Location!.OriginalString);
        await visitor.SeeAsync("/account/password");
    }

    [Fact]
    public async Task A_name_in_decomposed_letters_and_another_case_logs_in()
    {
        await using var site = new PyboSite();
        await site.SignUpAsync("홍길동Kim");
        using var answer = await site.Visit().LogInAsync("홍길동KIM".Normalize(System.Text.NormalizationForm.FormD), PyboSite.Password.Normalize(System.Text.NormalizationForm.FormD));
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
    }

    [Fact]
    public async Task Logging_out_requires_a_form()
    {
        await using var site = new PyboSite();
        var member = await site.SignUpAsync("홍길동");
        var asked = await member.SeeAsync("/account/logout");
        Assert.Contains("로그아웃하시겠습니까?", asked.Body!.TextContent, StringComparison.Ordinal);
        await member.SeeAsync("/account/password");
        using var answer = await member.PostFormAsync("/account/logout", []);
        Assert.Equal("/questions", answer.Headers.Location!.OriginalString);
        await member.SeeAsync("/account/password", HttpStatusCode.Redirect);
    }

    [Fact]
    public async Task The_session_cookie_is_hidden_from_scripts_and_bound_to_the_host_over_https()
    {
        await using var site = new PyboSite();
        await site.SignUpAsync("홍길동");
        using var plain = await site.Visit().LogInAsync("홍길동");
        var cookie = Assert.Single(plain.Headers.GetValues("Set-Cookie"), c => c.StartsWith(Accounts.SessionCookieName + "=", StringComparison.Ordinal));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("secure", cookie, StringComparison.OrdinalIgnoreCase);

        var http = site.CreateClient(new() { AllowAutoRedirect = false, BaseAddress = new Uri("https://localhost") });
        using var secure = await new Visitor(http).LogInAsync("홍길동");
        cookie = Assert.Single(secure.Headers.GetValues("Set-Cookie"), c => c.StartsWith("__Host-" + Accounts.SessionCookieName + "=", StringComparison.Ordinal));
        Assert.Contains("secure", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("path=/;", cookie + ";", StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("domain=", cookie, StringComparison.OrdinalIgnoreCase);
        await new Visitor(http).SeeAsync("/account/password");
    }

    [Fact]
    public async Task An_administrators_role_changes_with_the_next_request()
    {
        await using var site = new PyboSite().WithServices(services => services.AddSingleton<IStartupFilter>(
            new ExtraEndpoints(routes => routes.MapGet("/test/role", (ClaimsPrincipal user) => $"{user.MemberId} {user.IsAdministrator}"))));
        var member = await site.SignUpAsync("홍길동");
        await using var db = site.CreateDbContext();
        foreach (var isAdministrator in new[] { true, false, true })
        {
            await db.Users.ExecuteUpdateAsync(set => set.SetProperty(u => u.IsAdministrator, isAdministrator));
            Assert.Equal($"1 {isAdministrator}", await member.Http.GetStringAsync(new Uri("/test/role", UriKind.Relative)));
        }

        Assert.Equal(" False", await site.Visit().Http.GetStringAsync(new Uri("/test/role", UriKind.Relative)));
    }

    private static async Task<string> RefusalAsync(PyboSite site, string name, string password)
    {
        using var answer = await site.Visit().LogInAsync(name, password);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var page = await Visitor.ReadAsync(answer);
        page.QuerySelector("#Input_UserName")!.SetAttribute("value", "");
        page.QuerySelector("main input[name=__RequestVerificationToken]")!.SetAttribute("value", "");
        return page.DocumentElement.OuterHtml;
    }

    private sealed class CountingHasher() : PasswordHasher<User>(Options.Create(new PasswordHasherOptions { IterationCount = 10 }))
    {
        public int Checked { get; set; }

        public override PasswordVerificationResult VerifyHashedPassword(User user, string hashedPassword, string providedPassword)
        {
            Checked++;
            return base.VerifyHashedPassword(user, hashedPassword, providedPassword);
        }
    }
}
