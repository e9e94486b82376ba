using System.Net;
using AngleSharp.Dom;
using Microsoft.EntityFrameworkCore;
using Pybo.Data;
using Pybo.Tests.Rag.Chat;

namespace Pybo.Tests.Pages.Chat;

public sealed class ConversationListTests
{
    [Fact]
    public async Task Conversations_are_pinned_renamed_and_deleted_without_leaving_the_shown_one()
    {
        await using var site = ChatSite.With(new ScriptedChatClient("답"));
        var member = await site.SignUpAsync("홍길동");
        await site.AddDocumentAsync();
        var (first, turn) = await member.AskAsync();
        await member.HearAllAsync(turn);
        var (second, other) = await member.AskAsync("100%의 뜻은 무엇인가요?");
        await member.HearAllAsync(other);
        Assert.Equal(["100%의 뜻은 무엇인가요?", ChatSite.Question], await TitlesAsync(member));

        using var pinned = await member.PostFormAsync("/chat?handler=Pin", [new("id", $"{first}"), new("pinned", "true"), new("shown", $"{second}")], page: "/chat");
        Assert.Equal($"/chat/{second}", pinned.Headers.Location!.OriginalString);
        using var renamed = await member.PostFormAsync("/chat?handler=Rename", [new("id", $"{first}"), new("title", "  서울 이야기 ")], page: "/chat");
        using var nameless = await member.PostFormAsync("/chat?handler=Rename", [new("id", $"{first}"), new("title", " ")], page: "/chat");
        var page = await member.SeeAsync($"/chat/{second}");
        Assert.Contains("제목은 1자 이상", page.QuerySelector(".alert-danger")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(["서울 이야기", "100%의 뜻은 무엇인가요?"], Titles(page));
        Assert.Equal(["고정한 대화", "최근 대화"], page.QuerySelectorAll(".chat-side-group").Select(g => g.TextContent));
        Assert.Equal("100%의 뜻은 무엇인가요?", page.QuerySelector(".conversation-title[aria-current=page]")!.TextContent);

        using var unpinned = await member.PostFormAsync("/chat?handler=Pin", [new("id", $"{first}"), new("pinned", "false")], page: "/chat");
        Assert.Equal(["100%의 뜻은 무엇인가요?", "서울 이야기"], await TitlesAsync(member));
        using var deleted = await member.PostFormAsync("/chat?handler=Delete", [new("id", $"{second}"), new("shown", $"{second}")], page: "/chat");
        Assert.Equal("/chat", deleted.Headers.Location!.OriginalString);
        Assert.Equal(["서울 이야기"], await TitlesAsync(member));
        await member.SeeAsync($"/chat/{second}", HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_search_finds_titles_questions_and_answers_literally_and_leads_to_the_turn()
    {
        await using var site = ChatSite.With(new ScriptedChatClient("약 940만 명이다 [1]. 100% 확실하다."));
        var member = await site.SignUpAsync("홍길동");
        var stranger = await site.SignUpAsync("나그네");
        await site.AddDocumentAsync();
        var (conversation, turn) = await member.AskAsync();
        await member.HearAllAsync(turn);
        var (_, next) = await member.AskAsync("서울의 수도는 어떤가요?", conversation);
        await member.HearAllAsync(next);
        using var renamed = await member.PostFormAsync("/chat?handler=Rename", [new("id", $"{conversation}"), new("title", "가을 이야기")], page: "/chat");

        foreach (var words in new[] { "가을", "수도는 어떤", "940만", "0% 확" })
        {
            Assert.Equal(["가을 이야기"], await TitlesAsync(member, words));
        }

        foreach (var words in new[] { "겨울", "_", "940%만" })
        {
            Assert.Empty(await TitlesAsync(member, words));
        }

        Assert.Equal($"/chat/{conversation}?turn={turn}#turn-{turn}", (await member.SeeAsync("/chat?q=명인가요")).QuerySelector(".conversation-title")!.GetAttribute("href"));
        Assert.Empty(await TitlesAsync(stranger, "940만"));
    }

    [Fact]
    public async Task A_withdrawn_answer_is_not_found_by_its_words_and_a_reopened_one_is()
    {
        await using var site = ChatSite.With(new ScriptedChatClient("자물쇠는 940만 개이다 [1]."));
        var member = await site.SignUpAsync("홍길동");
        var document = await site.AddDocumentAsync();
        var (conversation, turn) = await member.AskAsync();
        await member.HearAllAsync(turn);
        await using var db = site.CreateDbContext();
        db.Turns.Add(new() { ConversationId = conversation, ParentId = turn, Question = "다시?", Answer = "말한 대로 자물쇠이다.", State = TurnState.Done, RepeatsEarlier = true });
        await db.SaveChangesAsync();
        Assert.Single(await TitlesAsync(member, "자물쇠"));

        var owner = (await site.SignUpAsync("주인장"), await db.Users.Where(u => u.UserName == "주인장").Select(u => u.Id).SingleAsync()).Item2;
        await SetAudienceAsync(owner);
        Assert.Empty(await TitlesAsync(member, "자물쇠"));
        Assert.Single(await TitlesAsync(member, "인구는"));
        await SetAudienceAsync(Audience.Everyone);
        Assert.Single(await TitlesAsync(member, "말한 대로"));

        async Task SetAudienceAsync(long audience) => await db.Documents.Where(d => d.Id == document).ExecuteUpdateAsync(set => set.SetProperty(d => d.Audience, audience));
    }

    [Fact]
    public async Task A_conversation_with_a_running_answer_is_marked_until_the_answer_ends()
    {
        var client = ScriptedChatClient.Typed();
        await using var site = ChatSite.With(client);
        var member = await site.SignUpAsync("홍길동");
        await site.AddDocumentAsync();
        var (_, turn) = await member.AskAsync();
        Assert.Equal("답하는 중", (await member.SeeAsync("/chat")).QuerySelector(".conversation-open")!.TextContent);
        client.Type("답");
        client.End();
        await member.HearAllAsync(turn);
        Assert.Null((await member.SeeAsync("/chat")).QuerySelector(".conversation-open"));
    }

    [Fact]
    public async Task A_long_list_has_pages_that_keep_the_search()
    {
        await using var site = ChatSite.With(new ScriptedChatClient("답"));
        var member = await site.SignUpAsync("홍길동");
        await using var db = site.CreateDbContext();
        var owner = await db.Users.Select(u => u.Id).SingleAsync();
        db.Conversations.AddRange(Enumerable.Range(1, ConversationQueries.PageSize + 1).Select(n => new Conversation { UserId = owner, Title = $"{n:00}번째", UpdatedAt = new DateTime(2026, 1, 1, 0, n, 0, DateTimeKind.Utc) }));
        await db.SaveChangesAsync();
        var page = await member.SeeAsync("/chat?q=번째");
        Assert.Equal(ConversationQueries.PageSize, Titles(page).Count);
        var next = page.QuerySelector(".chat-side-pages a")!.GetAttribute("href")!;
        Assert.Equal(["01번째"], Titles(await member.SeeAsync(next)));
    }

    private static List<string> Titles(IDocument page) => [.. page.QuerySelectorAll(".conversation-title").Select(t => t.TextContent)];

    private static async Task<List<string>> TitlesAsync(Visitor visitor, string search = "") => Titles(await visitor.SeeAsync($"/chat?q={Uri.EscapeDataString(search)}"));
}
