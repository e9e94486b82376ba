using System.Net;
using Microsoft.EntityFrameworkCore;
using Pybo.Data;

namespace Pybo.Tests.Pages;

public sealed class LanguageTests
{
    [Theory]
    [InlineData(null, "ko", "ko")]
    [InlineData(null, "en", "en")]
    [InlineData("en-US,en;q=0.9", "ko", "en")]
    [InlineData("ko-KR", "en", "ko")]
    [InlineData("de,en;q=0.5,ko;q=0.8", "en", "ko")]
    [InlineData("de-DE", "en", "en")]
    public async Task A_page_uses_the_browsers_language_or_the_sites(string? asked, string setting, string spoken)
    {
        await using var site = new PyboSite().WithSetting("Pybo:Language", setting);
        var visitor = site.Visit();
        if (asked is not null)
        {
            visitor.Http.DefaultRequestHeaders.Add("Accept-Language", asked);
        }

        using var answer = await visitor.Http.GetAsync(new Uri("/questions", UriKind.Relative));
        var page = await Visitor.ReadAsync(answer);
        Assert.Equal(spoken, page.DocumentElement.GetAttribute("lang"));
        Assert.Equal(spoken == "ko" ? "질문 목록" : "Questions", page.QuerySelector("h1")!.TextContent);
        Assert.Equal([spoken], answer.Content.Headers.ContentLanguage);
        Assert.Superset(new HashSet<string> { "Accept-Language", "Cookie" }, answer.Headers.Vary.ToHashSet());
    }

    [Fact]
    public async Task The_readers_choice_overrides_the_browsers_and_leads_back()
    {
        await using var site = new PyboSite();
        var visitor = site.Visit();
        visitor.Http.DefaultRequestHeaders.Add("Accept-Language", "ko");
        using var chosen = await ChooseAsync(visitor, "en", "/documents?show=own");
        Assert.Equal((HttpStatusCode.Redirect, "/documents?show=own"), (chosen.StatusCode, chosen.Headers.Location!.OriginalString));
        var cookie = Assert.Single(chosen.Headers.GetValues("Set-Cookie"), cookie => cookie.StartsWith("pybo.language=", StringComparison.Ordinal));
        Assert.All(["httponly", "samesite=lax", "max-age=31536000", "path=/"], part => Assert.Contains(part, cookie, StringComparison.OrdinalIgnoreCase));
        Assert.Equal("Documents", (await visitor.SeeAsync("/documents")).QuerySelector("h1")!.TextContent);
    }

    [Theory]
    [InlineData("https://example.com/")]
    [InlineData("//example.com")]
    [InlineData("/\\example.com")]
    [InlineData("")]
    public async Task The_switch_leads_to_no_other_site(string next)
    {
        await using var site = new PyboSite();
        using var chosen = await ChooseAsync(site.Visit(), "en", next);
        Assert.Equal("/questions", chosen.Headers.Location!.OriginalString);
    }

    [Fact]
    public async Task The_switch_refuses_forged_forms_other_languages_and_links()
    {
        await using var site = new PyboSite();
        var visitor = site.Visit();
        using var forged = await ChooseAsync(visitor, "en", "/", "https://example.com");
        using var nameless = await ChooseAsync(visitor, "en", "/", "null");
        using var silent = await visitor.PostForgedAsync("/language", [new("language", "en")]);
        using var other = await ChooseAsync(visitor, "de", "/");
        using var link = await visitor.Http.GetAsync(new Uri("/language?language=en", UriKind.Relative));
        Assert.All([forged, nameless, silent, other], refused => Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode));
        Assert.NotEqual(HttpStatusCode.OK, link.StatusCode);
        Assert.Equal("ko", (await visitor.SeeAsync("/questions")).DocumentElement.GetAttribute("lang"));
    }

    [Theory]
    [InlineData("/no/such/page?a=1", "/no/such/page?a=1")]
    [InlineData("/search?q=%EC%84%9C%EC%9A%B8", "/search?q=%EC%84%9C%EC%9A%B8")]
    public async Task The_switch_knows_its_current_page(string address, string next)
    {
        await using var site = new PyboSite();
        var page = await site.Visit().SeeAsync(address, address.StartsWith("/no", StringComparison.Ordinal) ? HttpStatusCode.NotFound : HttpStatusCode.OK);
        Assert.Equal(next, page.QuerySelector(".site-languages input[name=next]")!.GetAttribute("value"));
    }

    [Fact]
    public async Task An_unsupported_language_is_refused_as_a_setting()
    {
        await using var site = new PyboSite().WithSetting("Pybo:Language", "de");
        Assert.ThrowsAny<Exception>(site.CreateClient);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_switch_works_by_keyboard_and_stays_after_a_reload(bool withScript)
    {
        await using var browser = await Browser.StartAsync();
        await using var site = new PyboSite().Listen();
        List<string> complaints = [];
        var page = await browser.OpenAsync(site.Address, Browser.Phone, Microsoft.Playwright.ColorScheme.Light, complaints, withScript);
        await page.GotoAsync("/search?q=seoul");
        Assert.Equal("ko", await page.GetAttributeAsync("html", "lang"));

        await page.FocusAsync(".site-languages button[value=ko]");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForSelectorAsync("html[lang=en]");
        Assert.EndsWith("/search?q=seoul", page.Url, StringComparison.Ordinal);
        Assert.Equal("true", await page.GetAttributeAsync(".site-languages button[value=en]", "aria-pressed"));
        await page.ReloadAsync();
        Assert.Equal(("en", "Search"), (await page.GetAttributeAsync("html", "lang"), await page.TextContentAsync("h1")));
        if (withScript)
        {
            await Browser.AssertAccessibleAsync(page);
        }

        await page.ClickAsync(".site-languages button[value=ko]");
        await page.WaitForSelectorAsync("html[lang=ko]");
        Assert.Equal("", string.Join(Environment.NewLine, complaints));
    }

    [Fact]
    public async Task A_time_is_shown_in_the_readers_zone_even_if_it_is_added_later()
    {
        await using var browser = await Browser.StartAsync();
        await using var site = new PyboSite().Listen();
        await using (var db = site.CreateDbContext())
        {
            var member = User.Named("홍길동", "hong@example.com");
            member.NormalizedUserName = "홍길동";
            db.Users.Add(member);
            await db.SaveChangesAsync();
            await db.AskAsync(member.Id, "언제", "글", default);
            await db.Questions.ExecuteUpdateAsync(set => set.SetProperty(q => q.CreatedAt, new DateTime(2026, 11, 22, 2, 13, 0, DateTimeKind.Utc)));
        }

        List<string> complaints = [];
        var page = await browser.OpenAsync(site.Address, Browser.Desktop, Microsoft.Playwright.ColorScheme.Light, complaints, zone: "America/New_York");
        await page.GotoAsync("/questions");
        Assert.Equal("2026년 11월 21일 오후 9:13", await page.TextContentAsync(".question-list time"));

        await page.EvaluateAsync("""
            const row = document.createElement("p");
            row.id = "later";
            row.innerHTML = '<time datetime="2026-11-22T02:13:00Z">한국 시간</time>';
            document.querySelector("main").append(row);
            """);
        await page.WaitForFunctionAsync("document.querySelector('#later').textContent === document.querySelector('.question-list time').textContent");
        Assert.Equal("", string.Join(Environment.NewLine, complaints));
    }

    /// <summary>Posts the footer's form as a browser does.</summary>
    private static async Task<HttpResponseMessage> ChooseAsync(Visitor visitor, string language, string next, string? origin = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/language") { Content = new FormUrlEncodedContent([new("language", language), new("next", next)]) };
        request.Headers.Add("Origin", origin ?? visitor.Http.BaseAddress!.GetLeftPart(UriPartial.Authority));
        return await visitor.Http.SendAsync(request);
    }
}
