using System.Net;
using AngleSharp.Dom;
using Pybo.Data;
using Pybo.Tests.Rag.Chat;

namespace Pybo.Tests.Pages.Chat;

public sealed class VersionTests
{
    [Fact]
    public async Task Answering_again_keeps_the_former_answer_and_links_both()
    {
        var client = new ScriptedChatClient("답 [1]");
        await using var site = ChatSite.With(client);
        var member = await site.SignUpAsync("홍길동");
        await site.AddDocumentAsync();
        var (conversation, first) = await member.AskAsync();
        await member.HearAllAsync(first);
        Assert.Null((await member.SeeAsync($"/chat/{conversation}")).QuerySelector(".turn-versions"));

        using var again = await member.PressAsync(first, "Again", new KeyValuePair<string, string>("live", "true"));
        var (_, second) = ChatSite.Place(again);
        await member.HearAllAsync(second);
        Assert.Equal(2, client.Calls);
        var newest = await member.SeeAsync($"/chat/{conversation}");
        Assert.Equal([second], Turns(newest));
        Assert.Equal("2/2", newest.QuerySelector(".turn-versions span")!.TextContent);
        var former = await member.SeeAsync(newest.QuerySelector(".turn-versions a[href]")!.GetAttribute("href")!);
        Assert.Equal([first], Turns(former));
        Assert.Equal("1/2", former.QuerySelector(".turn-versions span")!.TextContent);
        Assert.Equal([TurnState.Done, TurnState.Done], [(await site.TurnAsync(first)).State, (await site.TurnAsync(second)).State]);
    }

    [Fact]
    public async Task A_refused_question_is_answered_anyway_from_what_was_found()
    {
        var client = new ScriptedChatClient("수도입니다 [1].");
        await using var site = ChatSite.With(client);
        var member = await site.SignUpAsync("홍길동");
        await site.AddDocumentAsync();
        var (conversation, refused) = await member.AskAsync("서울의 날씨와 겨울 평균 기온은 어떻습니까?");
        await member.HearAllAsync(refused);
        Assert.True((await site.TurnAsync(refused)).Refused);
        Assert.Equal(0, client.Calls);
        var page = await member.SeeAsync($"/chat/{conversation}");
        Assert.NotNull(page.QuerySelector($"form[action='/chat/turns/{refused}?handler=Anyway']"));

        using var pressed = await member.PressAsync(refused, "Anyway", new KeyValuePair<string, string>("live", "true"));
        var (_, answered) = ChatSite.Place(pressed);
        await member.HearAllAsync(answered);
        var turn = await site.TurnAsync(answered);
        Assert.Equal((false, "수도입니다 [1]."), (turn.Refused, turn.Answer));
        page = await member.SeeAsync($"/chat/{conversation}");
        Assert.Contains("질문과 맞지 않을 수 있습니다.", page.QuerySelector(".turn-note")!.TextContent, StringComparison.Ordinal);
        Assert.Null(page.QuerySelector("form[action$='handler=Anyway']"));

        // Asking again insists again; an edited question does not.
        using var again = await member.PressAsync(answered, "Again", new KeyValuePair<string, string>("live", "true"));
        await member.HearAllAsync(ChatSite.Place(again).Turn);
        Assert.False((await site.TurnAsync(ChatSite.Place(again).Turn)).Refused);
        using var edited = await member.PressAsync(answered, "Edit", new("question", "서울의 여름 평균 기온과 강수량은 어떻습니까?"), new("live", "true"));
        await member.HearAllAsync(ChatSite.Place(edited).Turn);
        Assert.True((await site.TurnAsync(ChatSite.Place(edited).Turn)).Refused);
    }

    [Fact]
    public async Task Nothing_found_offers_no_answer()
    {
        await using var site = ChatSite.With(new ScriptedChatClient());
        var member = await site.SignUpAsync("홍길동");
        var (conversation, refused) = await member.AskAsync("바다에는 왜 소금이 있나요?");
        await member.HearAllAsync(refused);
        Assert.Null((await member.SeeAsync($"/chat/{conversation}")).QuerySelector("form[action$='handler=Anyway']"));
    }

    [Fact]
    public async Task An_edited_question_starts_a_path_whose_history_has_no_turn_of_the_other()
    {
        var client = new ScriptedChatClient("답 [1]");
        await using var site = ChatSite.With(client);
        var member = await site.SignUpAsync("홍길동");
        await site.AddDocumentAsync();
        var (conversation, first) = await member.AskAsync();
        await member.HearAllAsync(first);
        var (_, below) = await member.AskAsync("서울의 수도는 어떤가요?", conversation);
        await member.HearAllAsync(below);

        const string Edited = "서울의 인구는 모두 몇 명인가요?";
        using var edited = await member.PressAsync(first, "Edit", new("question", $" {Edited} "), new("live", "true"));
        var (_, second) = ChatSite.Place(edited);
        await member.HearAllAsync(second);
        Assert.Equal([second], Turns(await member.SeeAsync($"/chat/{conversation}")));
        var (_, follow) = await member.AskAsync("서울의 수도는 그럼 어떤가요?", conversation);
        await member.HearAllAsync(follow);
        Assert.Equal([Edited, "답"], client.Asked.Last().Skip(1).SkipLast(1).Select(m => m.Text.TrimEnd(' ', '.')));
        Assert.Equal([first, below], Turns(await member.SeeAsync($"/chat/{conversation}?turn={first}")));
        Assert.Equal([second, follow], Turns(await member.SeeAsync($"/chat/{conversation}")));
    }

    [Fact]
    public async Task A_follow_up_on_an_older_version_continues_that_version()
    {
        await using var site = ChatSite.With(new ScriptedChatClient("답 [1]"));
        var member = await site.SignUpAsync("홍길동");
        await site.AddDocumentAsync();
        var (conversation, first) = await member.AskAsync();
        await member.HearAllAsync(first);
        using var again = await member.PressAsync(first, "Again", new KeyValuePair<string, string>("live", "true"));
        await member.HearAllAsync(ChatSite.Place(again).Turn);

        var older = await member.SeeAsync($"/chat/{conversation}?turn={first}");
        var after = older.QuerySelector("input[name='Input.After']")!.GetAttribute("value")!;
        using var asked = await member.PostFormAsync($"/chat/{conversation}", [new("Input.Question", "그럼 면적은 몇인가요?"), new("Input.After", after), new("Input.Live", "true")]);
        var (_, follow) = ChatSite.Place(asked);
        await member.HearAllAsync(follow);
        Assert.Equal([first, follow], Turns(await member.SeeAsync($"/chat/{conversation}")));
    }

    [Fact]
    public async Task A_turn_of_another_conversation_or_an_empty_edit_changes_nothing()
    {
        await using var site = ChatSite.With(new ScriptedChatClient("답 [1]"));
        var member = await site.SignUpAsync("홍길동");
        await site.AddDocumentAsync();
        var (one, turn) = await member.AskAsync();
        await member.HearAllAsync(turn);
        var (other, elsewhere) = await member.AskAsync();
        await member.HearAllAsync(elsewhere);
        await member.SeeAsync($"/chat/{one}?turn={elsewhere}", HttpStatusCode.NotFound);
        using var crossed = await member.PostFormAsync($"/chat/{one}", [new("Input.Question", "엇갈림"), new("Input.After", $"{elsewhere}"), new("Input.Live", "true")]);
        Assert.Equal(HttpStatusCode.NotFound, crossed.StatusCode);
        using var empty = await member.PressAsync(turn, "Edit", new("question", "  "), new("live", "true"));
        Assert.Contains("질문은 1자 이상", (await member.SeeAsync($"/chat/{one}")).QuerySelector(".alert-danger")!.TextContent, StringComparison.Ordinal);
        Assert.Equal([turn], Turns(await member.SeeAsync($"/chat/{one}")));
        Assert.Equal([elsewhere], Turns(await member.SeeAsync($"/chat/{other}")));
    }

    private static IEnumerable<long> Turns(IDocument page) => page.QuerySelectorAll(".turns > li").Select(li => long.Parse(li.Id!["turn-".Length..], null));
}
