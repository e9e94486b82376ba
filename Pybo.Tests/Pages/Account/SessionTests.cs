using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Pybo.Data;
using Pybo.Pages.Account;
using Pybo.Tests.Pages.Chat;
using Pybo.Tests.Rag.Chat;
using Pybo.Tests.Rag.Ingestion;

namespace Pybo.Tests.Pages.Account;

public sealed class SessionTests
{
    private const string Firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

    [Fact]
    public async Task Devices_are_listed_by_name_this_one_first_and_another_can_be_logged_out()
    {
        await using var site = new PyboSite();
        var here = await site.SignUpAsync("홍길동");
        var elsewhere = site.Visit();
        elsewhere.Http.DefaultRequestHeaders.UserAgent.ParseAdd(Firefox);
        using var logIn = await elsewhere.LogInAsync("홍길동");

        var page = await here.SeeAsync(SessionList.Path);
        var devices = page.QuerySelectorAll(".session-list > li");
        Assert.Equal(2, devices.Length);
        Assert.Equal("이 기기", devices[0].QuerySelector(".badge-soft")!.TextContent);
        Assert.Equal("Firefox · Linux", devices[1].QuerySelector("strong")!.TextContent);
        Assert.Equal(2, devices[1].QuerySelectorAll("time").Length);

        using var ended = await here.PostFormAsync(devices[1].QuerySelector("form")!.GetAttribute("action")!, [], page: SessionList.Path);
        Assert.Equal(SessionList.Path, ended.Headers.Location!.OriginalString);
        await elsewhere.SeeAsync(SessionList.Path, HttpStatusCode.Redirect);
        Assert.Single((await here.SeeAsync(SessionList.Path)).QuerySelectorAll(".session-list > li"));
    }

    [Fact]
    public async Task All_others_end_at_once_and_ending_this_one_logs_out()
    {
        await using var site = new PyboSite();
        var here = await site.SignUpAsync("홍길동");
        var others = new[] { site.Visit(), site.Visit() };
        foreach (var other in others)
        {
            using var logIn = await other.LogInAsync("홍길동");
        }

        using var ended = await here.PostFormAsync($"{SessionList.Path}?handler=EndOthers", [], page: SessionList.Path);
        foreach (var other in others)
        {
            await other.SeeAsync(SessionList.Path, HttpStatusCode.Redirect);
        }

        var page = await here.SeeAsync(SessionList.Path);
        Assert.Null(page.QuerySelector("form[action$=EndOthers]"));
        using var left = await here.PostFormAsync(page.QuerySelector(".session-list form")!.GetAttribute("action")!, [], page: SessionList.Path);
        Assert.Equal("/questions", left.Headers.Location!.OriginalString);
        await here.SeeAsync(SessionList.Path, HttpStatusCode.Redirect);
    }

    [Fact]
    public async Task Another_members_session_is_not_found()
    {
        await using var site = new PyboSite();
        var member = await site.SignUpAsync("홍길동");
        var thief = await site.SignUpAsync("김철수");
        await using var db = site.CreateDbContext();
        var id = await db.Sessions.Where(s => s.UserId == 1).Select(s => s.Id).SingleAsync();
        using var answer = await thief.PostFormAsync($"{SessionList.Path}?handler=End&id={id}", [], page: SessionList.Path);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        using var forged = await member.PostForgedAsync($"{SessionList.Path}?handler=EndOthers", []);
        Assert.Equal(HttpStatusCode.BadRequest, forged.StatusCode);
        await member.SeeAsync(SessionList.Path);
    }

    [Fact]
    public async Task A_cookie_older_than_sessions_counts_as_a_visitors()
    {
        await using var site = new PyboSite();
        await site.SignUpAsync("홍길동");
        using var scope = site.Services.CreateScope();
        var user = await scope.ServiceProvider.GetRequiredService<UserManager<User>>().FindByNameAsync("홍길동");
        var principal = await scope.ServiceProvider.GetRequiredService<IUserClaimsPrincipalFactory<User>>().CreateAsync(user!);
        Assert.Equal(HttpStatusCode.Redirect, await OpenAsync(principal));

        // The same cookie with a live session's key is accepted: nothing else is wrong with it.
        await using var db = site.CreateDbContext();
        await db.BeginSessionAsync(user!.Id, "key", "Firefox", DateTime.UtcNow, default);
        ((ClaimsIdentity)principal.Identity!).AddClaim(new(Pybo.Pages.Member.SessionClaim, "key"));
        Assert.Equal(HttpStatusCode.OK, await OpenAsync(principal));

        async Task<HttpStatusCode> OpenAsync(ClaimsPrincipal who)
        {
            var options = scope.ServiceProvider.GetRequiredService<IOptionsMonitor<CookieAuthenticationOptions>>().Get(IdentityConstants.ApplicationScheme);
            var cookie = options.TicketDataFormat.Protect(new AuthenticationTicket(who, IdentityConstants.ApplicationScheme));
            using var request = new HttpRequestMessage(HttpMethod.Get, "/account/password") { Headers = { { "Cookie", $"{Accounts.SessionCookieName}={cookie}" } } };
            using var answer = await site.CreateClient(new() { AllowAutoRedirect = false, HandleCookies = false }).SendAsync(request);
            return answer.StatusCode;
        }
    }

    [Fact]
    public async Task A_session_slides_while_used_and_ends_after_two_idle_weeks_or_ninety_days()
    {
        var time = new ShiftedTime();
        await using var site = new PyboSite().WithServices(services => services.AddSingleton<TimeProvider>(time));
        var busy = await site.SignUpAsync("홍길동");
        var idle = site.Visit();
        using var logIn = await idle.LogInAsync("홍길동");
        for (var day = 10; day < Session.DaysMax; day += 10)
        {
            time.Ahead = TimeSpan.FromDays(day);
            await busy.SeeAsync("/account/password");
            await ChatSite.UntilAsync(async () =>
            {
                await using var db = site.CreateDbContext();
                return await db.Sessions.MaxAsync(s => s.SeenAt) > DateTime.UtcNow.AddDays(day - 1);
            });
            if (day > Session.IdleDaysMax)
            {
                await idle.SeeAsync("/account/password", HttpStatusCode.Redirect);
            }
        }

        time.Ahead = TimeSpan.FromDays(Session.DaysMax) + TimeSpan.FromMinutes(1);
        await busy.SeeAsync("/account/password", HttpStatusCode.Redirect);
    }

    [Fact]
    public async Task An_open_stream_ends_with_its_session()
    {
        var time = new ManualTime();
        var client = ScriptedChatClient.Typed();
        await using var site = ChatSite.With(client).WithServices(services => services.AddSingleton<TimeProvider>(time));
        var member = await site.SignUpAsync("홍길동");
        await site.AddDocumentAsync();
        var (_, turn) = await member.AskAsync();
        client.Type("하나 ");
        await using var events = member.ListenAsync(turn).GetAsyncEnumerator();
        while (await events.MoveNextAsync() && events.Current.Type != "token")
        {
        }

        // A live session's stream continues.
        time.Advance(SessionWatch.Every);
        client.Type("둘 ");
        while (await events.MoveNextAsync() && events.Current.Type != "token")
        {
        }

        await using var db = site.CreateDbContext();
        await db.Sessions.ExecuteDeleteAsync();
        var broken = Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            while (await events.MoveNextAsync())
            {
                Assert.Equal("alive", events.Current.Type);
            }
        });
        while (!broken.IsCompleted)
        {
            time.Advance(SessionWatch.Every);
            await Task.Delay(20);
        }

        Assert.IsNotType<Xunit.Sdk.EqualException>(await broken);
        client.End();
    }

    [Theory]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36", "Chrome · Windows")]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0", "Edge · Windows")]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1", "Safari · iPhone")]
    [InlineData("Mozilla/5.0 (Linux; Android 15; SM-S921N) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36", "삼성 인터넷 · Android")]
    [InlineData("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Whale/4.33 Safari/537.36", "네이버 웨일 · macOS")]
    [InlineData("<script>alert(1)</script>", "알 수 없는 브라우저")]
    [InlineData("", "알 수 없는 브라우저")]
    public void A_device_is_named_with_our_own_words_only(string userAgent, string words) => Assert.Equal(words, DeviceWords.Described(DeviceWords.Of(userAgent)));
}
