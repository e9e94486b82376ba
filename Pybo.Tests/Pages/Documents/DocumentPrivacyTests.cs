using System.Net;
using Microsoft.EntityFrameworkCore;
using Pybo.Data;
using Pybo.Pages.Resources;
using Pybo.Tests.Pages.Chat;
using Pybo.Tests.Rag.Chat;

namespace Pybo.Tests.Pages.Documents;

/// <summary>Another member sees nothing of a private document: no text, no title, no count, not even its existence. The administrator is such a member too.</summary>
public sealed class DocumentPrivacyTests
{
    private const string Secret = "은하수프로젝트";
    private const string Text = $"{Secret}의 예산은 삼억 원이다. 담당은 홍길동이다.";

    [Fact]
    public async Task Another_member_finds_nothing_of_a_private_document()
    {
        await using var site = ChatSite.With(new ScriptedChatClient("예산은 삼억 원입니다 [1]."));
        var administrator = await site.SignUpAsync("주인장");
        var owner = await site.SignUpAsync("홍길동");
        var other = await site.SignUpAsync("김철수");
        (await owner.PostFormAsync("/documents/collections?handler=Create", [new("name", $"{Secret} 모음"), new("audience", "own")], page: "/documents/collections")).Dispose();
        await using var db = site.CreateDbContext();
        var collection = (await db.Collections.SingleAsync()).Id;
        (await UploadTests.UploadAsync(owner, [new("collection", $"{collection}")], UploadTests.Text($"{Secret}.txt", Text))).Dispose();
        await ChatSite.UntilAsync(async () => await db.Documents.AnyAsync(d => d.IndexedAt != null));
        var document = await db.Documents.AsNoTracking().SingleAsync();
        var passage = (await db.Passages.SingleAsync()).Id;
        Assert.NotNull((await owner.SeeAsync($"/search?q={Uri.EscapeDataString(Secret)}")).QuerySelector($"a[href^='/documents/{document.Id}?passage=']"));

        foreach (var stranger in new[] { other, administrator, site.Visit() })
        {
            foreach (var url in new[] { "/documents", "/documents?show=open", "/search?q=예산", $"/search?q={Secret}&kind=document", "/users/홍길동", "/questions/similar?title=" + Secret })
            {
                var page = await stranger.SeeAsync(url);
                page.QuerySelectorAll("input[type=search], title, .empty").ToList().ForEach(echo => echo.Remove()); // the page repeats the search words
                Assert.DoesNotContain(Secret, page.DocumentElement.OuterHtml, StringComparison.Ordinal);
            }

            foreach (var url in new[] { $"/documents/{document.Id}", $"/documents/{document.Id}?passage={passage}", $"/documents/{document.Id}/file", $"/documents?collection={collection}" })
            {
                var here = Neutral(await stranger.SeeAsync(url, HttpStatusCode.NotFound));
                var nowhere = Neutral(await stranger.SeeAsync(url.Replace($"{document.Id}", "987654", StringComparison.Ordinal).Replace($"={collection}", "=987654", StringComparison.Ordinal), HttpStatusCode.NotFound));
                Assert.Equal(nowhere, here);
            }

            Assert.Equal("[]", await stranger.Http.GetStringAsync(new Uri($"/documents?handler=Progress&id={document.Id}", UriKind.Relative)));
        }

        foreach (var stranger in new[] { other, administrator })
        {
            await stranger.SeeAsync($"/chat?document={document.Id}", HttpStatusCode.NotFound);
            using var scoped = await stranger.PostFormAsync("/chat", [new("Input.Question", "예산은?"), new("Input.Document", $"{document.Id}")]);
            Assert.Contains("물어볼 문서나 모음을 찾을 수 없습니다.", (await Visitor.ReadAsync(scoped)).Body!.TextContent, StringComparison.Ordinal);
            using var asked = await stranger.PostFormAsync("/chat", [new("Input.Question", $"{Secret}의 예산은 얼마인가요?")]);
            var answer = await stranger.SeeAsync(asked.Headers.Location!.OriginalString);
            Assert.DoesNotContain("삼억", answer.Body!.TextContent, StringComparison.Ordinal);
            Assert.Null(answer.QuerySelector(".source"));
            foreach (var handler in new[] { "Place", "Retry", "Reindex", "Delete" })
            {
                using var refused = await stranger.PostFormAsync($"/documents/{document.Id}?handler={handler}", [new("audience", "own")], page: "/documents/collections");
                Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
            }
        }

        Assert.Equal(1, await db.Documents.CountAsync());
    }

    [Fact]
    public async Task A_citation_of_a_document_that_was_closed_or_deleted_says_so_and_shows_nothing_of_it()
    {
        using var client = new ScriptedChatClient("예산은 삼억 원입니다 [1].");
        await using var site = ChatSite.With(client);
        var owner = await site.SignUpAsync("홍길동");
        var other = await site.SignUpAsync("김철수");
        (await UploadTests.UploadAsync(owner, [new("audience", "members")], UploadTests.Text($"{Secret}.txt", Text))).Dispose();
        await using var db = site.CreateDbContext();
        await ChatSite.UntilAsync(async () => await db.Documents.AnyAsync(d => d.IndexedAt != null));
        var id = (await db.Documents.AsNoTracking().SingleAsync()).Id;
        using var asked = await other.PostFormAsync("/chat", [new("Input.Question", $"{Secret}의 예산은 얼마인가요?")]);
        var conversation = asked.Headers.Location!.OriginalString;
        var (conversationId, turn) = ChatSite.Place(asked);
        Assert.NotNull((await other.SeeAsync(conversation)).QuerySelector($".source a[href^='/documents/{id}?passage=']"));
        Assert.Contains("삼억", await EverythingAsync(), StringComparison.Ordinal);
        Assert.Contains("handler=Draft", await EverythingAsync(), StringComparison.Ordinal);

        (await owner.PostFormAsync($"/documents/{id}?handler=Place", [new("audience", "own")], page: $"/documents/{id}")).Dispose();
        var closed = SourceOf(await other.SeeAsync(conversation));
        (await owner.PostFormAsync($"/documents/{id}?handler=Delete", [], page: $"/documents/{id}")).Dispose();
        Assert.Equal(closed, SourceOf(await other.SeeAsync(conversation)));
        Assert.Contains(NoticeWords.OfStored(Turn.GoneAnswer), await EverythingAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain("삼억", await EverythingAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain("handler=Draft", await EverythingAsync(), StringComparison.Ordinal);
        Assert.Contains("더는 볼 수 없는", closed, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, closed, StringComparison.Ordinal);

        // The next answer does not use it either.
        await site.AddDocumentAsync();
        var (_, next) = await other.AskAsync(conversation: conversationId);
        await site.UntilStateAsync(next, TurnState.Done);
        Assert.Equal(2, client.Calls);
        var prompt = string.Concat(client.Asked.Last().Select(message => message.Text));
        Assert.Contains($"{Secret}의 예산은 얼마인가요?", prompt, StringComparison.Ordinal);
        Assert.DoesNotContain("삼억", prompt, StringComparison.Ordinal);

        // The text of the page, of the turn with its draft for the board, and of the replayed stream.
        async Task<string> EverythingAsync() => string.Concat(
            (await other.SeeAsync(conversation)).DocumentElement.OuterHtml,
            (await other.SeeAsync($"/chat/turns/{turn}")).DocumentElement.OuterHtml,
            (await other.HearAllAsync(turn)).Said());

        static string SourceOf(AngleSharp.Html.Dom.IHtmlDocument page) => page.QuerySelector(".source")!.InnerHtml;
    }

    /// <summary>A page without its per-request parts: tokens, and the address in the log-in link.</summary>
    private static string Neutral(AngleSharp.Html.Dom.IHtmlDocument page)
    {
        page.QuerySelectorAll("input[name=__RequestVerificationToken], input[name=next], a[href^='/account/login']").ToList().ForEach(changing => changing.Remove());
        return page.DocumentElement.OuterHtml;
    }
}
