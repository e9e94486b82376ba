using System.Net;
using System.Text.RegularExpressions;
using AngleSharp.Html.Dom;
using Pybo.Tests.Pages.Chat;
using Pybo.Tests.Rag.Chat;

namespace Pybo.Tests.Pages.Resources;

/// <summary>Opens every page of the route table in English, as each kind of user who may open it.</summary>
public sealed partial class EnglishPagesTests
{
    private const string Name = "gildong";

    public enum Who
    {
        Visitor,
        Member,
        Administrator,
    }

    [Theory]
    [InlineData(Who.Visitor)]
    [InlineData(Who.Member)]
    [InlineData(Who.Administrator)]
    public async Task No_page_in_English_shows_our_own_Korean_text(Who who)
    {
        await using var site = ChatSite.With(new ScriptedChatClient("About 9.4 million people live in Seoul. [1]")).WithSetting("Pybo:Outgoing", "");
        var (administrator, member) = (await site.SignUpAsync("chief"), await site.SignUpAsync(Name));
        var visitor = site.Visit();
        foreach (var one in new[] { administrator, member, visitor })
        {
            one.Http.DefaultRequestHeaders.Add("Accept-Language", "en-US,en;q=0.9,ko;q=0.5");
        }

        var reader = who switch { Who.Administrator => administrator, Who.Member => member, _ => visitor };
        var values = await FilledSite.FillAsync(site, who == Who.Administrator ? administrator : member, FilledSite.English);
        var pages = FilledSite.Addresses(site, values);
        Assert.True(pages.Count > 20);
        string[] others =
        [
            "/questions?q=Seoul", "/questions?q=%3F", "/questions?sort=votes", "/search?q=Seoul", "/search?q=zzzz", "/search?q=Seoul&kind=document", "/documents?show=own", "/documents?show=open", "/documents?show=own&page=1",
            $"/users/{Name}?tab=answers", $"/users/{Name}?tab=comments", "/comments/new?question=1", "/tags?q=zzzz", "/questions?q=tag:seoul", "/no/such/page", "/documents/99999", "/chat?q=zzzz", "/questions/similar?title=Seoul",
        ];
        foreach (var address in pages.Concat(others))
        {
            using var answer = await reader.Http.GetAsync(new Uri(address, UriKind.Relative));
            Assert.True(answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.NotFound or HttpStatusCode.Redirect or HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized or HttpStatusCode.MethodNotAllowed, $"{address}: {answer.StatusCode}");
            var page = await Visitor.ReadAsync(answer);
            AssertEnglish(page, $"{who} {address}");
            Assert.True(page.QuerySelector("title") is null || page.DocumentElement.GetAttribute("lang") == "en", address);
        }
    }

    [Fact]
    public async Task Form_errors_are_in_English()
    {
        await using var site = new PyboSite();
        var visitor = site.Visit();
        visitor.Http.DefaultRequestHeaders.Add("Accept-Language", "en");
        using var empty = await visitor.SignUpAsync("", password: "");
        AssertEnglish(await Visitor.ReadAsync(empty), "an empty form");
        using var bad = await visitor.SignUpAsync("a_", password: "password", repeated: "other", email: "nobody");
        var page = await Visitor.ReadAsync(bad);
        AssertEnglish(page, "a wrong form");
        Assert.True(page.QuerySelectorAll(".field-validation-error").Length >= 2);
        using var unknown = await visitor.LogInAsync("nobody");
        Assert.Contains("Wrong username or password.", (await Visitor.ReadAsync(unknown)).Body!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_events_of_an_answer_are_in_the_listeners_language()
    {
        await using var site = ChatSite.With(new ScriptedChatClient("About 9.4 million. [1]"));
        var member = await site.SignUpAsync(Name);
        await site.AddDocumentAsync("Seoul", "About 9.4 million people live in Seoul, the capital.");
        member.Http.DefaultRequestHeaders.Add("Accept-Language", "en");
        var (_, turn) = await member.AskAsync(FilledSite.English.Asked);
        var events = await member.HearAllAsync(turn);
        var sources = events.Single(e => e.Type == "sources").Data;
        Assert.Equal("There is no embedding model, so only texts with the same words were found.", sources.GetProperty("note").GetString());
        Assert.All(events, e => Assert.DoesNotMatch(Hangul(), e.Data.GetRawText()));
    }

    private static void AssertEnglish(IHtmlDocument page, string what)
    {
        foreach (var own in page.QuerySelectorAll("[lang=ko]").ToList())
        {
            own.Remove();
        }

        var html = page.DocumentElement.OuterHtml;
        Assert.True(!Hangul().IsMatch(html), $"{what}: {string.Join(" | ", html.Split('\n').Where(line => Hangul().IsMatch(line)).Take(5))}");
    }

    [GeneratedRegex(@"\p{IsHangulSyllables}|\p{IsHangulJamo}|\p{IsHangulCompatibilityJamo}")]
    private static partial Regex Hangul();
}
