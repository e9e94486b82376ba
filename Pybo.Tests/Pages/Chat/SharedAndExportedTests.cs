using System.Net;
using System.Text.Json;
using AngleSharp.Dom;
using Microsoft.EntityFrameworkCore;
using Pybo.Data;
using Pybo.Tests.Rag.Chat;

namespace Pybo.Tests.Pages.Chat;

public sealed class SharedAndExportedTests
{
    private const string Answer = "서울의 인구는 약 940만 명이다 [1].";

    [Fact]
    public async Task A_shared_conversation_is_read_by_visitors_until_its_link_is_ended()
    {
        await using var site = ChatSite.With(new ScriptedChatClient(Answer));
        var owner = await site.SignUpAsync("주인장");
        await site.AddDocumentAsync();
        var (conversation, turn) = await owner.AskAsync();
        await owner.HearAllAsync(turn);
        var link = await ShareAsync(owner, conversation);
        Assert.Matches("^/chat/shared/[0-9a-f]{32}$", link);
        Assert.Null((await owner.SeeAsync($"/chat/{conversation}")).QuerySelector("[data-share-link]"));

        using var answer = await site.Visit().Http.GetAsync(new Uri(link, UriKind.Relative));
        Assert.Equal("no-referrer", Assert.Single(answer.Headers.GetValues("Referrer-Policy")));
        Assert.Equal("noindex", Assert.Single(answer.Headers.GetValues("X-Robots-Tag")));
        var page = await Visitor.ReadAsync(answer);
        Assert.Equal("noindex", page.QuerySelector("meta[name=robots]")!.GetAttribute("content"));
        Assert.Equal(Answer, page.QuerySelector(".turn-answer")!.TextContent.Trim());
        Assert.Empty(page.QuerySelectorAll("main form"));
        Assert.DoesNotContain("주인장", page.Body!.TextContent, StringComparison.Ordinal);

        var second = await ShareAsync(owner, conversation);
        await site.Visit().SeeAsync(link, HttpStatusCode.NotFound);
        await site.Visit().SeeAsync(second);
        using var ended = await owner.PostFormAsync($"/chat/{conversation}?handler=Unshare", [], page: $"/chat/{conversation}");
        await site.Visit().SeeAsync(second, HttpStatusCode.NotFound);
        await using var db = site.CreateDbContext();
        Assert.Null(await db.Conversations.Select(c => c.ShareKeyHash).SingleAsync());
    }

    [Fact]
    public async Task Each_reader_of_a_shared_conversation_sees_only_answers_whose_sources_they_may_read()
    {
        await using var site = ChatSite.With(new ScriptedChatClient(Answer));
        var owner = await site.SignUpAsync("주인장");
        var member = await site.SignUpAsync("홍길동");
        var document = await site.AddDocumentAsync();
        var (conversation, turn) = await owner.AskAsync();
        await owner.HearAllAsync(turn);
        var link = await ShareAsync(owner, conversation);
        foreach (var (audience, members, visitors) in new[] { (Audience.Everyone, true, true), (Audience.Members, true, false), (1, false, false) })
        {
            await using var db = site.CreateDbContext();
            await db.Documents.Where(d => d.Id == document).ExecuteUpdateAsync(set => set.SetProperty(d => d.Audience, audience));
            Assert.Equal(members, (await member.SeeAsync(link)).Body!.TextContent.Contains("940", StringComparison.Ordinal));
            Assert.Equal(visitors, (await site.Visit().SeeAsync(link)).Body!.TextContent.Contains("940", StringComparison.Ordinal));
            Assert.Contains("940", (await owner.SeeAsync(link)).Body!.TextContent, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_export_contains_the_shown_path_with_its_sources_and_nothing_that_is_gone()
    {
        await using var site = ChatSite.With(new ScriptedChatClient(Answer));
        var owner = await site.SignUpAsync("주인장");
        var stranger = await site.SignUpAsync("나그네");
        var document = await site.AddDocumentAsync("서울 [옛] 소개");
        var (conversation, turn) = await owner.AskAsync();
        await owner.HearAllAsync(turn);

        using var markdown = await owner.Http.GetAsync(new Uri($"/chat/{conversation}/export.md", UriKind.Relative));
        Assert.Equal("attachment", markdown.Content.Headers.ContentDisposition!.DispositionType);
        var text = await markdown.Content.ReadAsStringAsync();
        Assert.StartsWith($"# {ChatSite.Question}\n\n## 질문\n\n{ChatSite.Question}\n\n## 답변\n\n{Answer}\n", text, StringComparison.Ordinal);
        Assert.Matches($@"- \\\[1\\\] \[서울 \\\[옛\\\] 소개\]\(/documents/{document}\?passage=[0-9]+#passage-[0-9]+\)\n  > 서울의 인구는", text);
        var json = JsonElement.Parse(await owner.Http.GetStringAsync(new Uri($"/chat/{conversation}/export.json?turn={turn}", UriKind.Relative)));
        var exported = Assert.Single(json.GetProperty("turns").EnumerateArray());
        Assert.Equal((ChatSite.Question, Answer, "Done"), (exported.GetProperty("question").GetString(), exported.GetProperty("answer").GetString(), exported.GetProperty("state").GetString()));
        Assert.StartsWith("/documents/", exported.GetProperty("sources")[0].GetProperty("url").GetString(), StringComparison.Ordinal);

        await using var db = site.CreateDbContext();
        await db.Documents.Where(d => d.Id == document).ExecuteUpdateAsync(set => set.SetProperty(d => d.Audience, 2));
        foreach (var format in new[] { "md", "json" })
        {
            Assert.DoesNotContain("940만", await owner.Http.GetStringAsync(new Uri($"/chat/{conversation}/export.{format}", UriKind.Relative)), StringComparison.Ordinal);
            using var theirs = await stranger.Http.GetAsync(new Uri($"/chat/{conversation}/export.{format}", UriKind.Relative));
            Assert.Equal(HttpStatusCode.NotFound, theirs.StatusCode);
            using var visitors = await site.Visit().Http.GetAsync(new Uri($"/chat/{conversation}/export.{format}", UriKind.Relative));
            Assert.Equal(HttpStatusCode.Redirect, visitors.StatusCode);
        }
    }

    [Fact]
    public async Task A_stranger_neither_shares_nor_ends_the_sharing_of_a_conversation()
    {
        await using var site = ChatSite.With(new ScriptedChatClient(Answer));
        var owner = await site.SignUpAsync("주인장");
        var stranger = await site.SignUpAsync("나그네");
        await site.AddDocumentAsync();
        var (conversation, turn) = await owner.AskAsync();
        await owner.HearAllAsync(turn);
        var link = await ShareAsync(owner, conversation);
        foreach (var handler in new[] { "Share", "Unshare" })
        {
            using var answer = await stranger.PostFormAsync($"/chat/{conversation}?handler={handler}", [], page: "/chat");
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
            using var forged = await owner.PostForgedAsync($"/chat/{conversation}?handler={handler}", []);
            Assert.Equal(HttpStatusCode.BadRequest, forged.StatusCode);
        }

        await stranger.SeeAsync(link);
    }

    private static async Task<string> ShareAsync(Visitor owner, long conversation)
    {
        using var shared = await owner.PostFormAsync($"/chat/{conversation}?handler=Share", [], page: $"/chat/{conversation}");
        return (await owner.SeeAsync($"/chat/{conversation}")).QuerySelector("[data-share-link]")!.GetAttribute("href")!;
    }
}
