using System.Net;
using System.Text.RegularExpressions;
using AngleSharp.Html.Dom;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Pybo.Data;
using Pybo.Rag.Documents;
using Pybo.Rag.Ingestion;
using Pybo.Tests.Data;
using Pybo.Tests.Pages.Chat;
using Pybo.Tests.Rag.Chat;

namespace Pybo.Tests.Pages.Resources;

/// <summary>Opens every page of the route table in English, as each kind of user who may open it.</summary>
public sealed partial class EnglishPagesTests
{
    private const string Name = "gildong";
    private const string Asked = "How many people live in Seoul?";

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
        var values = await FillAsync(site, who == Who.Administrator ? administrator : member);
        var pages = site.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<PageActionDescriptor>() is not null).Select(endpoint => "/" + endpoint.RoutePattern.RawText!.TrimStart('/')).Distinct().ToList();
        Assert.True(pages.Count > 20);
        string[] others =
        [
            "/questions?q=Seoul", "/questions?q=%3F", "/questions?sort=votes", "/search?q=Seoul", "/search?q=zzzz", "/search?q=Seoul&kind=document", "/documents?show=own", "/documents?show=open", "/documents?show=own&page=1",
            $"/users/{Name}?tab=answers", $"/users/{Name}?tab=comments", "/comments/new?question=1", "/tags?q=zzzz", "/questions?q=tag:seoul", "/no/such/page", "/documents/99999", "/chat?q=zzzz", "/questions/similar?title=Seoul",
        ];
        foreach (var address in pages.Select(page => Parameter().Replace(page, match => values[$"{page[..page.IndexOf('{', StringComparison.Ordinal)]}{match.Groups[1].Value}"])).Concat(others))
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
        var (_, turn) = await member.AskAsync(Asked);
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

    /// <summary>Puts content on every page; returns the route values by the text before them.</summary>
    private static async Task<Dictionary<string, string>> FillAsync(PyboSite site, Visitor asker)
    {
        using var asked = await asker.PostFormAsync("/questions/ask", [new("Input.Title", Asked), new("Input.Tags", "seoul"), new("Input.Body", "- [x] looked it up\n- [ ] counted them\n\n" + new string('>', 2_000))]);
        var question = asked.Headers.Location!.OriginalString["/questions/".Length..];
        using var answered = await asker.PostFormAsync($"/questions/{question}/answer", [new("Input.Body", "About 9.4 million.")], page: $"/questions/{question}");
        using var voted = await asker.PostFormAsync($"/questions/{question}?handler=Vote", [], page: $"/questions/{question}");
        using var commented = await asker.PostFormAsync($"/comments/new?question={question}", [new("Input.Body", "Is that the city alone?")], page: $"/questions/{question}");
        var document = await site.AddDocumentAsync("Seoul", "About 9.4 million people live in Seoul, the capital.");
        await using (var db = site.CreateDbContext())
        {
            await db.Documents.Where(d => d.Id == document).ExecuteUpdateAsync(set => set
                .SetProperty(d => d.Warnings, $"{Notice.Of(ReadingProblem.HiddenSlides, 3)}\n{Notice.Of(ReadingProblem.TooManyPages, 5_000)}").SetProperty(d => d.Format, "한글(HWP)").SetProperty(d => d.PageCount, 2));
            var failed = await db.AddDocumentAsync("broken.hwp", "x");
            await db.FailAsync(new(PassageKind.Document, failed.Id, 0), Notice.Of(ReadingProblem.HwpEncrypted), default);
            await db.Documents.Where(d => d.Id == failed.Id).ExecuteUpdateAsync(set => set.SetProperty(d => d.IndexError, Notice.Of(ReadingProblem.HwpEncrypted).ToString()));
            var rests = await db.AddDocumentAsync("rests.txt", "x");
            await db.Documents.Where(d => d.Id == rests.Id).ExecuteUpdateAsync(set => set.SetProperty(d => d.NextAttemptAt, DateTime.UtcNow.AddDays(1)).SetProperty(d => d.Attempts, 2));
            var waits = await db.AddDocumentAsync("waits.txt", "x");
            await db.Documents.Where(d => d.Id == waits.Id).ExecuteUpdateAsync(set => set.SetProperty(d => d.NextAttemptAt, DateTime.UtcNow.AddDays(1)));
        }

        using var collected = await asker.PostFormAsync("/documents/collections?handler=Create", [new("name", "Cities"), new("audience", "everyone")], page: "/documents/collections");
        var (conversation, turn) = await asker.AskAsync(Asked);
        await asker.HearAllAsync(turn);
        var (_, stopped) = await asker.AskAsync(Asked, conversation);
        await asker.HearAllAsync(stopped);
        await using (var db = site.CreateDbContext())
        {
            await db.Turns.Where(t => t.Id == stopped).ExecuteUpdateAsync(set => set.SetProperty(t => t.State, TurnState.Failed).SetProperty(t => t.Error, Notice.Of(Pybo.Rag.Chat.ChatProblem.TimedOut).ToString()));
            var answer = (await db.Answers.SingleAsync()).Id.ToString(null, null);
            return new()
            {
                ["/questions/id"] = question,
                ["/questions/questionId"] = question,
                ["/answers/id"] = answer,
                ["/comments/id"] = (await db.Comments.SingleAsync()).Id.ToString(null, null),
                ["/chat/id"] = $"{conversation}",
                ["/chat/turns/id"] = $"{turn}",
                ["/chat/shared/key"] = (await db.ShareConversationAsync(conversation, await db.Conversations.Where(c => c.Id == conversation).Select(c => c.UserId).SingleAsync(), default))!,
                ["/documents/id"] = $"{document}",
                ["/users/name"] = Name,
                ["/tags/name"] = "seoul",
                ["/status/code"] = "404",
            };
        }
    }

    [GeneratedRegex(@"\{(\w+)(?::\w+)?\}")]
    private static partial Regex Parameter();

    [GeneratedRegex(@"\p{IsHangulSyllables}|\p{IsHangulJamo}|\p{IsHangulCompatibilityJamo}")]
    private static partial Regex Hangul();
}
