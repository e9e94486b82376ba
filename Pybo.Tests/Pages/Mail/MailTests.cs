using System.Net;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using MimeKit;
using Pybo.Data;
using Pybo.Pages.Mail;
using Pybo.Pages.Terminal;
using Pybo.Tests.Rag.Ingestion;

namespace Pybo.Tests.Pages.Mail;

/// <summary>Notifications by mail, through a real mail server of the tests' own.</summary>
public sealed partial class MailTests : IAsyncDisposable
{
    private const string Settings = "/account/mail";
    private const string Address = "gildong@example.com";
    private const string SiteAddress = "https://board.example";

    private static readonly string[] AllKinds = ["Answered", "Commented", "Mentioned", "Accepted", "Asked"];

    private readonly TestMailServer server = new();
    private readonly ShiftedTime time = new();
    private readonly PyboSite site;

    public MailTests() => site = Site(server.Port);

    public async ValueTask DisposeAsync()
    {
        await site.DisposeAsync();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task A_member_confirms_an_address_and_is_mailed_of_an_answer_once()
    {
        var (asker, answerer) = (await AskerAsync(), await site.SignUpAsync("김철수"));
        using var chosen = await ChooseAsync(asker, "Soon");
        Assert.Contains(Address, (await asker.SeeAsync(Settings)).QuerySelector(".alert")!.TextContent, StringComparison.Ordinal);
        await AnswerAsync(answerer, "답입니다.");
        Assert.Equal(0, await SendAsync());
        var confirmation = Assert.Single(server.Mails);
        Assert.Equal((Address, "[Pybo] 메일 주소를 확인해 주세요"), (confirmation.To.Mailboxes.Single().Address, confirmation.Subject));

        // Opening the link confirms nothing: mail filters open links too. It works in another browser, without a log-in.
        var link = LinkIn(confirmation, "/account/mail/confirm");
        var elsewhere = site.Visit();
        Assert.Contains(Address, (await elsewhere.SeeAsync(link)).QuerySelector("main")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(0, await SendAsync());
        using var confirmed = await elsewhere.PostFormAsync("/account/mail/confirm", [new("token", TokenOf(link))], link);
        Assert.Equal("/questions", confirmed.Headers.Location!.OriginalString);

        Assert.Equal((1, 0), (await SendAsync(), await SendAsync()));
        var mail = server.Mails[^1];
        Assert.Equal("[Pybo] 김철수 님이 답변했습니다. 김장 김치는 몇 도에 두나요?", mail.Subject);
        Assert.Equal("board@example.com", mail.From.Mailboxes.Single().Address);
        Assert.Contains($"{SiteAddress}/questions/1?answer=1#answer_1", mail.TextBody, StringComparison.Ordinal);
        Assert.Contains($"href=\"{SiteAddress}/questions/1?answer=1#answer_1\"", mail.HtmlBody, StringComparison.Ordinal);
        Assert.Equal("auto-generated", mail.Headers[HeaderId.AutoSubmitted]);

        // Later, another answer: of it alone.
        await AnswerAsync(answerer, "또 하나의 답입니다.");
        time.Ahead += MailQueries.SoonEvery;
        Assert.Equal(1, await SendAsync());
        Assert.DoesNotContain("answer=1#", server.Mails[^1].TextBody, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_button_of_the_mail_ends_all_mails_without_a_log_in()
    {
        var (asker, answerer) = (await ConfirmedAsync(), await site.SignUpAsync("김철수"));
        await AnswerAsync(answerer, "답입니다.");
        Assert.Equal(1, await SendAsync());
        var mail = server.Mails[^1];
        Assert.Equal("List-Unsubscribe=One-Click", mail.Headers["List-Unsubscribe-Post"]);
        var end = mail.Headers[HeaderId.ListUnsubscribe]!.Trim('<', '>')[SiteAddress.Length..];

        Assert.NotNull((await site.Visit().SeeAsync(end)).QuerySelector("main form"));
        Assert.Equal(MailFrequency.Soon, await FrequencyAsync());
        using var forged = await site.Visit().PostForgedAsync("/account/mail/end?token=CfDJ8xyz", [new("List-Unsubscribe", "One-Click")]);
        Assert.Equal(MailFrequency.Soon, await FrequencyAsync());
        Assert.Contains("이 사이트의 것이 아닙니다", (await Visitor.ReadAsync(forged)).QuerySelector("main")!.TextContent, StringComparison.Ordinal);
        using var ended = await site.Visit().PostForgedAsync(end, [new("List-Unsubscribe", "One-Click")]);
        Assert.Equal((HttpStatusCode.OK, MailFrequency.Never), (ended.StatusCode, await FrequencyAsync()));
        await AnswerAsync(answerer, "또 하나의 답입니다.");
        time.Ahead += MailQueries.DailyEvery;
        Assert.Equal(0, await SendAsync());
        Assert.NotNull((await asker.SeeAsync(Settings)).QuerySelector("#frequency-Never[checked]"));
    }

    [Fact]
    public async Task Several_notifications_are_one_mail_a_day_and_only_of_the_chosen_kinds()
    {
        var (asker, answerer) = (await ConfirmedAsync("Daily", ["Answered"]), await site.SignUpAsync("김철수"));
        await AnswerAsync(answerer, "답입니다.");
        using (await answerer.PostFormAsync("/comments/new?question=1", [new("Input.Body", "덧붙입니다.")], "/questions/1"))
        {
            await AnswerAsync(answerer, "또 하나의 답입니다.");
        }

        Assert.Equal(1, await SendAsync());
        Assert.Equal("[Pybo] 새 알림 2개", server.Mails[^1].Subject);
        Assert.DoesNotContain("comment=", server.Mails[^1].TextBody, StringComparison.Ordinal);
        await AnswerAsync(answerer, "셋째 답입니다.");
        time.Ahead += TimeSpan.FromHours(23);
        Assert.Equal(0, await SendAsync());
        time.Ahead += TimeSpan.FromHours(1);
        Assert.Equal(1, await SendAsync());
        Assert.NotNull((await asker.SeeAsync(Settings)).QuerySelector("#kind-Commented:not([checked])"));
    }

    [Fact]
    public async Task What_was_read_or_may_not_be_read_any_more_is_not_mailed()
    {
        var (asker, answerer) = (await ConfirmedAsync(), await site.SignUpAsync("김철수"));
        await AnswerAsync(answerer, "답입니다.");
        using (await asker.PostFormAsync("/notifications?handler=ReadAll", [], "/notifications"))
        {
            Assert.Equal(0, await SendAsync());
        }

        await AnswerAsync(answerer, "비밀 답입니다.");
        await using (var db = site.CreateDbContext())
        {
            await db.AddGroupAsync("운영진", default);
            await db.Users.ExecuteUpdateAsync(set => set.SetProperty(u => u.IsAdministrator, false));
            await db.Categories.ExecuteUpdateAsync(set => set.SetProperty(c => c.Audience, Audience.OfGroup(1)));
        }

        Assert.Equal(0, await SendAsync());
        Assert.Single(server.Mails);
    }

    [Fact]
    public async Task Mails_wait_for_a_server_that_is_away_and_end_for_an_address_that_it_refuses()
    {
        var (asker, answerer) = (await ConfirmedAsync(), await site.SignUpAsync("김철수"));
        await AnswerAsync(answerer, "답입니다.");
        await server.DisposeAsync();
        await Assert.ThrowsAnyAsync<Exception>(SendAsync);
        await using var again = new TestMailServer(port: server.Port);
        again.Unknown.Add(Address);
        for (var refusal = 1; refusal <= MailChoice.RefusalsMax; refusal++)
        {
            Assert.Equal((0, refusal), (await SendAsync(), again.Asked));
            Assert.Equal(refusal == MailChoice.RefusalsMax ? MailFrequency.Never : MailFrequency.Soon, await FrequencyAsync());
            time.Ahead += MailQueries.SoonEvery;
        }

        Assert.Contains("거절", (await asker.SeeAsync(Settings)).QuerySelector("[role=alert]")!.TextContent, StringComparison.Ordinal);
        again.Unknown.Clear();
        using var chosen = await ChooseAsync(asker, "Soon");
        Assert.Null((await asker.SeeAsync(Settings)).QuerySelector("[role=alert]"));
        await AnswerAsync(answerer, "또 하나의 답입니다.");
        Assert.Equal(1, await SendAsync());
        Assert.Single(again.Mails);
    }

    [Fact]
    public async Task Another_address_needs_the_password_and_its_own_confirmation()
    {
        var asker = await ConfirmedAsync();
        var old = LinkIn(server.Mails[0], "/account/mail/confirm");
        using var refused = await asker.PostFormAsync($"{Settings}?handler=Address", [new("Input.Email", "new@example.com"), new("Input.Password", "틀린-비밀번호-1")], Settings);
        var page = await Visitor.ReadAsync(refused);
        Assert.Equal(("지금 비밀번호가 올바르지 않습니다.", "new@example.com"), (page.GetElementById("Input_Password-error")!.TextContent, page.GetElementById("Input_Email")!.GetAttribute("value")));
        time.Ahead += MailQueries.ConfirmationEvery;
        using var changed = await asker.PostFormAsync($"{Settings}?handler=Address", [new("Input.Email", "new@example.com"), new("Input.Password", PyboSite.Password)], Settings);
        Assert.Equal((2, "new@example.com"), (server.Mails.Count, server.Mails[^1].To.Mailboxes.Single().Address));

        using var stale = await asker.PostFormAsync("/account/mail/confirm", [new("token", TokenOf(old))], Settings);
        Assert.Contains("오래되었거나", (await asker.SeeAsync(Settings)).QuerySelector(".alert-danger")!.TextContent, StringComparison.Ordinal);
        Assert.False(await IsConfirmedAsync());
        // A second mail so soon is refused, and says when.
        using var again = await asker.PostFormAsync($"{Settings}?handler=Confirm", [], Settings);
        Assert.Contains("2분 뒤", (await asker.SeeAsync(Settings)).QuerySelector(".alert-danger")!.TextContent, StringComparison.Ordinal);
        using var confirmed = await asker.PostFormAsync("/account/mail/confirm", [new("token", TokenOf(LinkIn(server.Mails[^1], "/account/mail/confirm")))], Settings);
        Assert.True(await IsConfirmedAsync());
    }

    [Fact]
    public async Task A_member_who_reads_English_is_mailed_in_English()
    {
        var asker = await AskerAsync();
        asker.Http.DefaultRequestHeaders.Add("Accept-Language", "en");
        using var chosen = await ChooseAsync(asker, "Soon");
        await ConfirmAsync(asker);
        Assert.Equal("[Pybo] Confirm your e-mail address", server.Mails[^1].Subject);
        await AnswerAsync(await site.SignUpAsync("김철수"), "답입니다.");
        Assert.Equal(1, await SendAsync());
        Assert.StartsWith("[Pybo] 김철수 answered", server.Mails[^1].Subject, StringComparison.Ordinal);
        Assert.Contains("You receive this because", server.Mails[^1].TextBody, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_password_goes_to_the_server_and_nothing_goes_where_the_connection_must_be_protected_and_is_not()
    {
        await using var strict = new TestMailServer(needsPassword: true);
        await using (var named = Site(strict.Port).WithSetting("Pybo:MailUser", "board").WithSetting("Pybo:MailPassword", TestMailServer.Password))
        {
            using var chosen = await ChooseAsync(await named.SignUpAsync("홍길동"), "Soon");
            Assert.Single(strict.Mails);
        }

        await using var protectedSite = Site(strict.Port).WithSetting("Pybo:MailSecurity", "starttls").WithSetting("Pybo:MailUser", "board").WithSetting("Pybo:MailPassword", TestMailServer.Password);
        var asker = await protectedSite.SignUpAsync("홍길동");
        using var refused = await ChooseAsync(asker, "Soon");
        Assert.Contains("보내지 못했습니다", (await asker.SeeAsync(Settings)).QuerySelector(".alert-danger")!.TextContent, StringComparison.Ordinal);
        Assert.Single(strict.Mails);
        Assert.NotNull((await asker.SeeAsync(Settings)).QuerySelector("#frequency-Soon[checked]"));
    }

    [Fact]
    public async Task A_site_sends_no_mails_until_its_operator_has_switched_them_on()
    {
        await using var quiet = Site(server.Port).WithSetting("Pybo:Outgoing", "");
        var administrator = await quiet.SignUpAsync("홍길동");
        var page = await administrator.SeeAsync(Settings);
        Assert.Empty(page.QuerySelectorAll("main form"));
        Assert.Contains("Pybo:Outgoing에 mail", page.QuerySelector("main")!.TextContent, StringComparison.Ordinal);
        using var refused = await administrator.PostFormAsync(Settings, [new("frequency", "Soon")], "/account/password");
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Equal(0, await quiet.Services.GetRequiredService<MailWorker>().SendAsync(default));
        Assert.Equal((0, 0), (server.Asked, server.Mails.Count));
    }

    [Fact]
    public void Settings_that_cannot_send_are_reported_at_the_start()
    {
        var faults = new SettingsRules().Validate(null, new() { MailServer = "smtp example", MailFrom = "nothing", Address = "board.example" }).Failures!;
        Assert.Equal(["Pybo:MailServer", "Pybo:MailFrom", "Pybo:Address"], faults.Select(fault => Setting().Match(fault).Value));
        Assert.True(new SettingsRules().Validate(null, new() { MailServer = "smtp.example", MailFrom = "board@example.com", Address = "https://board.example/pybo/" }).Succeeded);
    }

    private static PyboSite Site(int port, TimeProvider clock) => new PyboSite()
        .WithoutWorkers().WithServices(services => services.AddSingleton(clock))
        .WithSetting("Pybo:Outgoing", "mail").WithSetting("Pybo:MailServer", $"127.0.0.1:{port}").WithSetting("Pybo:MailSecurity", "none")
        .WithSetting("Pybo:MailFrom", "Pybo <board@example.com>").WithSetting("Pybo:Address", SiteAddress);

    private PyboSite Site(int port) => Site(port, time);

    private async Task<Visitor> AskerAsync()
    {
        var asker = site.Visit();
        using var signedUp = await asker.SignUpAsync("홍길동", email: Address);
        using var asked = await asker.PostFormAsync("/questions/ask", [new("Input.Title", "김장 김치는 몇 도에 두나요?"), new("Input.Body", "알려 주세요.")]);
        return asker;
    }

    private async Task<Visitor> ConfirmedAsync(string frequency = "Soon", string[]? kinds = null)
    {
        var asker = await AskerAsync();
        using var chosen = await ChooseAsync(asker, frequency, kinds);
        await ConfirmAsync(asker);
        return asker;
    }

    private async Task ConfirmAsync(Visitor asker)
    {
        using var confirmed = await asker.PostFormAsync("/account/mail/confirm", [new("token", TokenOf(LinkIn(server.Mails[^1], "/account/mail/confirm")))], Settings);
        Assert.True(await IsConfirmedAsync());
    }

    private static Task<HttpResponseMessage> ChooseAsync(Visitor member, string frequency, string[]? kinds = null) =>
        member.PostFormAsync(Settings, [new("frequency", frequency), .. (kinds ?? AllKinds).Select(kind => new KeyValuePair<string, string>("kinds", kind))]);

    private static async Task AnswerAsync(Visitor answerer, string text)
    {
        using var answered = await answerer.PostFormAsync("/questions/1/answer", [new("Input.Body", text)], "/questions/1");
        Assert.Equal(HttpStatusCode.Redirect, answered.StatusCode);
    }

    private async Task<int> SendAsync()
    {
        time.Ahead += MailQueries.Settle;
        return await site.Services.GetRequiredService<MailWorker>().SendAsync(default);
    }

    private async Task<MailFrequency> FrequencyAsync()
    {
        await using var db = site.CreateDbContext();
        return await db.MailChoices.Select(c => c.Frequency).SingleAsync();
    }

    private async Task<bool> IsConfirmedAsync()
    {
        await using var db = site.CreateDbContext();
        return await db.Users.Where(u => u.UserName == "홍길동").Select(u => u.EmailConfirmed).SingleAsync();
    }

    private static string LinkIn(MimeMessage mail, string path) =>
        mail.TextBody!.Split('\n').Select(line => line.Trim()).Single(line => line.StartsWith(SiteAddress + path, StringComparison.Ordinal))[SiteAddress.Length..];

    private static string TokenOf(string link) => Uri.UnescapeDataString(link.Split("token=")[1]);

    [GeneratedRegex("Pybo:[A-Za-z]+")]
    private static partial Regex Setting();
}
