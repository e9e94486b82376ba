using System.Net;
using Pybo.Tests.Pages;

namespace Pybo.Tests.Attacks;

/// <summary>Many simultaneous log-ins, each of which costs a large part of a second of processor time.</summary>
public sealed class LogInFloodTests
{
    /// <summary>More than twice the number that may wait.</summary>
    private const int Flood = 80;

    [Fact]
    public async Task Eighty_concurrent_log_ins_take_bounded_time_and_the_list_still_answers()
    {
        await using var site = await AttackedSite.StartAsync();
        await site.SignUpAsync("홍길동");
        var attackers = await Task.WhenAll(Enumerable.Range(0, Flood).Select(async _ =>
        {
            var visitor = site.Visit();
            var page = await visitor.SeeAsync("/account/login");
            return (visitor.Http, Token: page.QuerySelector("main input[name=__RequestVerificationToken]")!.GetAttribute("value")!);
        }));
        var logIns = attackers.Select((attacker, i) => AttemptAsync(attacker.Http, attacker.Token, i % 2 == 0 ? "홍길동" : $"없는사람{i}")).ToList();
        var lists = 0;
        var reader = site.Visit();
        while (!logIns.TrueForAll(l => l.IsCompleted))
        {
            await reader.SeeAsync("/questions");
            lists++;
        }

        var answers = await Task.WhenAll(logIns);
        Assert.True(lists > 1);
        Assert.All(answers, a => Assert.True(a.StatusCode is HttpStatusCode.OK or HttpStatusCode.ServiceUnavailable, $"{a.StatusCode}"));
        var refused = answers.Where(a => a.StatusCode == HttpStatusCode.ServiceUnavailable).ToList();
        Assert.NotEmpty(refused);
        Assert.Contains(answers, a => a.StatusCode == HttpStatusCode.OK);
        Assert.All(refused, a => Assert.Single(a.Headers.GetValues("Retry-After")));
        foreach (var answer in refused)
        {
            Assert.Contains("잠시 뒤에 다시", (await Visitor.ReadAsync(answer)).QuerySelector("[role=alert]")!.TextContent, StringComparison.Ordinal);
        }

        // After the flood, members log in again.
        await site.SignUpAsync("김철수");
    }

    private static async Task<HttpResponseMessage> AttemptAsync(HttpClient http, string token, string name)
    {
        using var form = new FormUrlEncodedContent([new("Input.UserName", name), new("Input.Password", "틀린-비밀번호-1"), new("__RequestVerificationToken", token)]);
        return await http.PostAsync(new Uri("/account/login", UriKind.Relative), form);
    }
}
