using System.Net;
using AngleSharp.Html.Dom;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Pybo.Data;
using Pybo.Rag.Chat;
using Pybo.Tests.Rag.Chat;

namespace Pybo.Tests.Pages.Chat;

public sealed class ChatPageTests
{
    [Theory]
    [InlineData("/chat?question=물음", "/chat?question=")]
    [InlineData("/chat/1", "/chat/1")]
    public async Task A_visitor_is_sent_to_log_in_and_back(string url, string next)
    {
        await using var site = ChatSite.With(new ScriptedChatClient());
        using var answer = await site.Visit().Http.GetAsync(new Uri(url, UriKind.Relative));
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Contains($"/account/login?next={Uri.EscapeDataString(next)}", answer.Headers.Location!.OriginalString, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_script_the_form_returns_the_finished_answer()
    {
        await using var site = ChatSite.With(new ScriptedChatClient("약 940만 명이다 [1]."));
        var member = await site.SignUpAsync("홍길동");
        await site.AddDocumentAsync();
        using var posted = await member.PostFormAsync("/chat", [new("Input.Question", ChatSite.Question)]);
        var (conversation, turn) = ChatSite.Place(posted);
        var page = await member.SeeAsync($"/chat/{conversation}");
        Assert.Equal("약 940만 명이다 [1].", page.QuerySelector($"#turn-{turn} .turn-answer")!.TextContent.Trim());
        Assert.Null(page.QuerySelector(".turn.is-open"));
        Assert.Equal(ChatSite.Question, page.QuerySelector("h1")!.TextContent);
    }

    [Fact]
    public async Task The_box_is_prefilled_and_names_the_answering_model()
    {
        await using var site = ChatSite.Quoting(new ScriptedChatClient());
        var member = await site.SignUpAsync("홍길동");
        var page = await member.SeeAsync($"/chat?question={Uri.EscapeDataString("<b>이 글은?")}");
        Assert.Equal("<b>이 글은?", ((IHtmlTextAreaElement)page.QuerySelector("textarea")!).Value);
        var answerer = page.QuerySelector(".answerer")!.TextContent;
        Assert.Contains(ScriptedChatClient.Name, answerer, StringComparison.Ordinal);
        Assert.Contains("생성 모델을 설치하면", answerer, StringComparison.Ordinal);
        Assert.Empty(page.QuerySelectorAll(".field-validation-error"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData(null)]
    public async Task An_empty_or_too_long_question_is_returned_with_the_reason(string? question)
    {
        await using var site = ChatSite.With(new ScriptedChatClient());
        var member = await site.SignUpAsync("홍길동");
        using var posted = await member.PostFormAsync("/chat", [new("Input.Question", question ?? new string('가', Turn.QuestionMax + 1))]);
        Assert.Equal(HttpStatusCode.OK, posted.StatusCode);
        Assert.NotNull((await Visitor.ReadAsync(posted)).QuerySelector("#question-error"));
        await using var db = site.CreateDbContext();
        Assert.Empty(db.Conversations);
    }

    [Fact]
    public async Task Only_its_member_sees_or_changes_a_conversation()
    {
        await using var site = ChatSite.With(new ScriptedChatClient("답"));
        var owner = await site.SignUpAsync("주인장");
        var stranger = await site.SignUpAsync("나그네");
        await site.AddDocumentAsync();
        var (conversation, turn) = await owner.AskAsync();
        await owner.HearAllAsync(turn);

        foreach (var url in new[] { $"/chat/{conversation}", $"/chat/turns/{turn}", $"/chat/turns/{turn}/events" })
        {
            await stranger.SeeAsync(url, HttpStatusCode.NotFound);
        }

        var forms = new (string Url, KeyValuePair<string, string>[] Fields)[]
        {
            ($"/chat/{conversation}", [new("Input.Question", "끼어들기"), new("Input.Live", "true")]),
            ($"/chat/turns/{turn}?handler=Stop", []),
            ($"/chat/turns/{turn}?handler=Again", []),
            ($"/chat/turns/{turn}?handler=Edit", [new("question", "바꾼 물음"), new("live", "true")]),
            ("/chat?handler=Pin", [new("id", $"{conversation}"), new("pinned", "true")]),
            ("/chat?handler=Rename", [new("id", $"{conversation}"), new("title", "빼앗은 제목")]),
            ("/chat?handler=Delete", [new("id", $"{conversation}")]),
        };
        foreach (var (url, fields) in forms)
        {
            using var answer = await stranger.PostFormAsync(url, fields, page: "/chat");
            Assert.True(answer.StatusCode == HttpStatusCode.NotFound, url);
            using var forged = await owner.PostForgedAsync(url, fields);
            Assert.True(forged.StatusCode == HttpStatusCode.BadRequest, url);
        }

        Assert.DoesNotContain(ChatSite.Question, (await stranger.SeeAsync("/chat")).Body!.TextContent, StringComparison.Ordinal);
        var page = await owner.SeeAsync("/chat");
        Assert.Equal(ChatSite.Question, page.QuerySelector(".conversation-title")!.TextContent);
        Assert.Equal("답", (await site.TurnAsync(turn)).Answer);
    }

    [Fact]
    public async Task A_stranger_cannot_stop_a_running_or_a_waiting_turn()
    {
        var client = ScriptedChatClient.Typed();
        await using var site = ChatSite.With(client);
        var owner = await site.SignUpAsync("주인장");
        await site.AddDocumentAsync();
        var (conversation, running) = await owner.AskAsync();
        await site.UntilStateAsync(running, TurnState.Answering);
        var (_, waiting) = await owner.AskAsync(conversation: conversation);
        var runner = site.Services.GetRequiredService<TurnRunner>();
        Assert.False(await runner.StopAsync(running, 2, default));
        Assert.False(await runner.StopAsync(waiting, 2, default));
        Assert.Equal([TurnState.Answering, TurnState.Waiting], [(await site.TurnAsync(running)).State, (await site.TurnAsync(waiting)).State]);
        Assert.True(await runner.StopAsync(waiting, 1, default));
        client.End();
    }

    [Fact]
    public async Task Deleting_a_conversation_stops_its_running_turn()
    {
        var client = ScriptedChatClient.Typed();
        await using var site = ChatSite.With(client);
        var member = await site.SignUpAsync("홍길동");
        await site.AddDocumentAsync();
        var (conversation, turn) = await member.AskAsync();
        client.Type("쓰는 중");
        var heard = member.HearAllAsync(turn);
        await ChatSite.UntilAsync(() => Task.FromResult(client.Calls == 1));
        using var deleted = await member.PostFormAsync("/chat?handler=Delete", [new("id", $"{conversation}")], page: "/chat");
        await heard;
        var runner = site.Services.GetRequiredService<TurnRunner>();
        await ChatSite.UntilAsync(() => Task.FromResult(runner.ListenAsync(turn, default) is null));
        await using var db = site.CreateDbContext();
        Assert.False(await db.Turns.AnyAsync());
        Assert.False(await db.Citations.AnyAsync());
    }

    [Fact]
    public async Task A_finished_answer_goes_to_the_board_as_a_draft()
    {
        await using var site = ChatSite.With(new ScriptedChatClient("약 940만 명이다 [1]."));
        var member = await site.SignUpAsync("홍길동");
        await site.AddDocumentAsync("서울 [옛] 소개");
        var (conversation, turn) = await member.AskAsync();
        await member.HearAllAsync(turn);
        var form = (await member.SeeAsync($"/chat/{conversation}")).QuerySelector("form[action^='/questions/ask']")!;
        string Field(string name) => ((IHtmlInputElement)form.QuerySelector($"input[name={name}]")!).Value;
        Assert.Equal(ChatSite.Question, Field("title"));
        Assert.Contains("약 940만 명이다 [1].", Field("body"), StringComparison.Ordinal);
        Assert.Contains(@"- \[1\] [서울 \[옛\] 소개](/documents/", Field("body"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Generated_text_is_shown_as_sanitised_markdown()
    {
        await using var site = ChatSite.With(new ScriptedChatClient("<script>alert(1)</script> ![](https://evil.example/x.png) **굵게** [클릭](javascript:alert(1)) [1]"));
        var member = await site.SignUpAsync("홍길동");
        await site.AddDocumentAsync();
        var (conversation, turn) = await member.AskAsync();
        await member.HearAllAsync(turn);
        var answer = (await member.SeeAsync($"/chat/{conversation}")).QuerySelector(".turn-answer")!;
        Assert.Empty(answer.QuerySelectorAll("script, img, a[href^='javascript']"));
        Assert.Equal("굵게", answer.QuerySelector("strong")!.TextContent);
    }
}
