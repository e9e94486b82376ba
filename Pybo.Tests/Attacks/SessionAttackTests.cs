using System.Net;
using Pybo.Tests.Pages;
using Pybo.Tests.Pages.Terminal;

namespace Pybo.Tests.Attacks;

/// <summary>A copied cookie, and a session left open.</summary>
public sealed class SessionAttackTests(RunningSite running) : IClassFixture<RunningSite>
{
    private const string CookieName = "pybo.session";
    private const int Guesses = 12;
    private const string NewPassword = "붉은산-호랑이-9";

    [Fact]
    public async Task A_copied_cookie_is_dead_after_the_log_out()
    {
        var site = running.Site;
        await site.SignUpAsync("김하나");
        var member = site.Visit();
        var copied = await LogInAsync(member, "김하나");
        Assert.Equal(HttpStatusCode.OK, await OpenAsync(site, copied));
        using var left = await member.PostFormAsync("/account/logout", []);
        Assert.Equal(HttpStatusCode.Redirect, await OpenAsync(site, copied));
    }

    [Fact]
    public async Task A_copied_cookie_is_dead_once_its_browser_logs_in_again()
    {
        var site = running.Site;
        await site.SignUpAsync("김두리");
        var member = site.Visit();
        var copied = await LogInAsync(member, "김두리");
        var own = await LogInAsync(member, "김두리");
        Assert.Equal(HttpStatusCode.Redirect, await OpenAsync(site, copied));
        Assert.Equal(HttpStatusCode.OK, await OpenAsync(site, own));
    }

    [Fact]
    public async Task A_thief_appears_in_the_list_and_can_be_logged_out()
    {
        var site = running.Site;
        await site.SignUpAsync("김세나");
        var thief = await LogInAsync(site.Visit(), "김세나");
        var owner = site.Visit();
        await LogInAsync(owner, "김세나");
        using var ended = await owner.PostFormAsync("/account/sessions?handler=EndOthers", [], page: "/account/sessions");
        Assert.Equal(HttpStatusCode.Redirect, await OpenAsync(site, thief));
        await owner.SeeAsync("/account/sessions");
    }

    [Fact]
    public async Task A_password_that_is_reset_on_the_terminal_ends_every_session()
    {
        var site = running.Site;
        await site.SignUpAsync("김네오");
        var copied = await LogInAsync(site.Visit(), "김네오");
        Assert.Equal(HttpStatusCode.OK, await OpenAsync(site, copied));
        var (code, _, error) = await TestTerminal.RunOnAsync(site.DatabaseFile, NewPassword, "user", "reset-password", "김네오");
        Assert.True(code == 0, error);
        Assert.Equal(HttpStatusCode.Redirect, await OpenAsync(site, copied));
    }

    [Fact]
    public async Task Twelve_wrong_present_passwords_lock_as_at_the_log_in()
    {
        var site = running.Site;
        var session = await site.SignUpAsync("김다섯");
        for (var i = 0; i < Guesses; i++)
        {
            using var guess = await ChangeAsync(session, $"짐작-{i}-번째");
            Assert.Equal(HttpStatusCode.OK, guess.StatusCode);
        }

        using var right = await ChangeAsync(session, PyboSite.Password);
        Assert.Equal(HttpStatusCode.OK, right.StatusCode);
        using var logIn = await site.Visit().LogInAsync("김다섯");
        Assert.Equal(HttpStatusCode.OK, logIn.StatusCode);
    }

    [Fact]
    public async Task Concurrent_wrong_passwords_lock_too_on_any_form()
    {
        var site = running.Site;
        var session = await site.SignUpAsync("김여섯");
        await Task.WhenAll(Enumerable.Range(0, Guesses).Select(async i =>
        {
            using var guess = i % 2 == 0 ? await site.Visit().LogInAsync("김여섯", $"짐작-{i}-번째") : await ChangeAsync(session, $"짐작-{i}-번째");
            Assert.NotEqual(HttpStatusCode.Redirect, guess.StatusCode);
        }));
        using var logIn = await site.Visit().LogInAsync("김여섯");
        Assert.Equal(HttpStatusCode.OK, logIn.StatusCode);
    }

    private static async Task<string> LogInAsync(Visitor visitor, string name)
    {
        using var answer = await visitor.LogInAsync(name);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        return answer.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith(CookieName, StringComparison.Ordinal)).Split(';')[0];
    }

    private static async Task<HttpStatusCode> OpenAsync(PyboSite site, string cookie)
    {
        using var browser = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = site.Address };
        using var request = new HttpRequestMessage(HttpMethod.Get, "/account/password") { Headers = { { "Cookie", cookie } } };
        using var answer = await browser.SendAsync(request);
        return answer.StatusCode;
    }

    private static Task<HttpResponseMessage> ChangeAsync(Visitor member, string current) => member.PostFormAsync("/account/password",
        [new("Input.Current", current), new("Input.New", NewPassword), new("Input.NewAgain", NewPassword)]);
}
