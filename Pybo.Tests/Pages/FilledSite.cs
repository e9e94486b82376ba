using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Pybo.Data;
using Pybo.Rag.Documents;
using Pybo.Rag.Ingestion;
using Pybo.Tests.Data;
using Pybo.Tests.Pages.Chat;

namespace Pybo.Tests.Pages;

/// <summary>The texts of a <see cref="FilledSite"/>.</summary>
internal sealed record FilledWords(string Member, string Asked, string Tag, string Body, string Answer, string Comment, string DocumentTitle, string Document, string Collection, string Category);

/// <summary>A site with something on every page, for tests that open them all.</summary>
internal static partial class FilledSite
{
    public static readonly FilledWords English = new("gildong", "How many people live in Seoul?", "seoul", "- [x] looked it up\n- [ ] counted them\n\n" + new string('>', 2_000), "About 9.4 million.",
        "Is that the city alone?", "Seoul", "About 9.4 million people live in Seoul, the capital.", "Cities", "General");

    public static readonly FilledWords Korean = new("홍길동", "서울에는 몇 명이 사나요?", "서울", "- [x] 찾아봤다\n- [ ] 세어 봤다\n\n| 구 | 인구 |\n|---|---|\n| 종로구 | 14만 |\n\n```python\nprint(940)\n```\n\n식은 $n^2$입니다.",
        "약 **940만** 명입니다.", "시만 센 것인가요?", "서울", "수도 서울에는 약 940만 명이 산다.", "도시", "자유");

    /// <summary>Returns the addresses of all pages of the route table; a new page with a parameter needs its value in <see cref="FillAsync"/>.</summary>
    public static List<string> Addresses(PyboSite site, IReadOnlyDictionary<string, string> values) =>
    [
        .. site.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<PageActionDescriptor>() is not null).Select(endpoint => "/" + endpoint.RoutePattern.RawText!.TrimStart('/')).Distinct()
            .Select(page => Address(page, values)),
    ];

    /// <summary>Returns a route's address with the values that <see cref="FillAsync"/> returned.</summary>
    public static string Address(string route, IReadOnlyDictionary<string, string> values)
    {
        var page = Optional().Replace(route, "");
        return Parameter().Replace(page, match => values[$"{page[..page.IndexOf('{', StringComparison.Ordinal)]}{match.Groups[1].Value}"]);
    }

    /// <summary>Puts content on every page; returns the route values by the text before them.</summary>
    public static async Task<Dictionary<string, string>> FillAsync(PyboSite site, Visitor asker, FilledWords words)
    {
        await using (var db = site.CreateDbContext())
        {
            await db.Categories.ExecuteUpdateAsync(set => set.SetProperty(c => c.Name, words.Category));
            await db.AddGroupAsync(words.Collection, default);
            await db.AddGroupMemberAsync(1, words.Member.ToUpperInvariant(), default);
            await db.AddCategoryAsync(new(words.Tag, "", words.Answer, Audience.OfGroup(1)), default);
        }

        using var asked = await asker.PostFormAsync("/questions/ask", [new("Input.Title", words.Asked), new("Input.Tags", words.Tag), new("Input.Body", words.Body)]);
        var question = asked.Headers.Location!.OriginalString["/questions/".Length..];
        using var edited = await asker.PostFormAsync($"/questions/{question}/edit", [new("Input.Title", words.Asked), new("Input.Tags", words.Tag), new("Input.Body", $"{words.Body}\n\n{words.Comment}")]);
        using var answered = await asker.PostFormAsync($"/questions/{question}/answer", [new("Input.Body", words.Answer)], page: $"/questions/{question}");
        using var voted = await asker.PostFormAsync($"/questions/{question}?handler=Vote", [], page: $"/questions/{question}");
        using var commented = await asker.PostFormAsync($"/comments/new?question={question}", [new("Input.Body", words.Comment)], page: $"/questions/{question}");
        using var followed = await asker.PostFormAsync($"/questions/{question}?handler=Bookmark", [], page: $"/questions/{question}");
        await using (var db = site.CreateDbContext())
        {
            await db.AddTagSynonymAsync(words.Tag, $"{words.Tag}-2", default);
        }

        using var followedTag = await asker.PostFormAsync($"/tags/{words.Tag}?handler=Follow", [], page: $"/tags/{words.Tag}");
        var document = await site.AddDocumentAsync(words.DocumentTitle, words.Document);
        await using (var db = site.CreateDbContext())
        {
            foreach (var kind in Enum.GetValues<NotificationKind>())
            {
                db.Notifications.AddRange(db.Users.Select(u => u.Id).ToList().Select(id => new Notification { UserId = id, ActorId = id, Kind = kind, QuestionId = 1, IsRead = kind is NotificationKind.Asked }));
            }

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

        using var collected = await asker.PostFormAsync("/documents/collections?handler=Create", [new("name", words.Collection), new("audience", "everyone")], page: "/documents/collections");
        var (conversation, turn) = await asker.AskAsync(words.Asked);
        await asker.HearAllAsync(turn);
        var (_, stopped) = await asker.AskAsync(words.Asked, conversation);
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
                ["/users/name"] = words.Member,
                ["/tags/name"] = words.Tag,
                ["/categories/slug"] = "general",
                ["/status/code"] = "404",
                ["/sitemap-number"] = "1",
                ["/images/name"] = "none",
            };
        }
    }

    [GeneratedRegex(@"/\{\w+\?\}")]
    private static partial Regex Optional();

    [GeneratedRegex(@"\{(\w+)(?::[\w:()]+)?\}")]
    private static partial Regex Parameter();
}
