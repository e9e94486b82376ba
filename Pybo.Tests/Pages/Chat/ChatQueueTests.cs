using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Pybo.Data;
using Pybo.Pages.Security;
using Pybo.Rag.Chat;
using Pybo.Tests.Rag.Chat;

namespace Pybo.Tests.Pages.Chat;

/// <summary>The order of answers, and the messages to waiting members.</summary>
public sealed class ChatQueueTests
{
    [Fact]
    public async Task Quoting_answers_one_turn_per_member_and_two_in_all_and_the_queue_is_limited()
    {
        var client = ScriptedChatClient.Typed();
        await using var site = ChatSite.Quoting(client);
        var greedy = await site.SignUpAsync("욕심쟁이");
        var other = await site.SignUpAsync("다른이");
        await site.AddDocumentAsync();
        var turns = new List<long>();
        for (var asked = 0; asked < TurnQueue.OpenPerUserMax; asked++)
        {
            turns.Add((await greedy.AskAsync()).Turn);
        }

        await site.UntilStateAsync(turns[0], TurnState.Answering);
        using var refused = await greedy.PostFormAsync("/chat", [new("Input.Question", "하나 더"), new("Input.Live", "true")]);
        Assert.Contains("이미 3개", (await Visitor.ReadAsync(refused)).QuerySelector("#question-error")!.TextContent, StringComparison.Ordinal);

        var (_, others) = await other.AskAsync();
        await site.UntilStateAsync(others, TurnState.Answering);
        var runner = site.Services.GetRequiredService<TurnRunner>();
        Assert.Equal([null, 2, 3], [await runner.PlaceAsync(turns[0], default), await runner.PlaceAsync(turns[1], default), await runner.PlaceAsync(turns[2], default)]);
        Assert.Contains("앞에 질문 3개", (await greedy.SeeAsync($"/chat/turns/{turns[2]}")).Body!.TextContent, StringComparison.Ordinal);

        using var stopped = await greedy.PressAsync(turns[2], "Stop");
        Assert.Equal(TurnState.Stopped, (await site.TurnAsync(turns[2])).State);
        client.Type("답");
        client.End();
        await site.UntilStateAsync(turns[0], TurnState.Done);
        await site.UntilStateAsync(others, TurnState.Done);
        await ChatSite.UntilAsync(async () => (await site.TurnAsync(turns[1])).State > TurnState.Answering);
        Assert.Equal(3, client.Calls);
    }

    [Fact]
    public async Task A_generator_answers_one_at_a_time_and_waiting_members_see_every_change_of_position()
    {
        var client = ScriptedChatClient.Typed();
        await using var site = ChatSite.With(client);
        var first = await site.SignUpAsync("첫사람");
        var second = await site.SignUpAsync("둘사람");
        await site.AddDocumentAsync();
        var (_, running) = await first.AskAsync();
        await site.UntilStateAsync(running, TurnState.Answering);
        var (_, last) = await first.AskAsync("서울의 인구는 지금 몇 명인가요?");
        await using var heard = first.ListenAsync(last).GetAsyncEnumerator();
        Assert.Equal(1, await PlaceAsync());

        var (_, between) = await second.AskAsync();
        Assert.Equal(2, await PlaceAsync());
        Assert.Equal(TurnState.Waiting, (await site.TurnAsync(between)).State);

        using var stopped = await second.PressAsync(between, "Stop");
        Assert.Equal(1, await PlaceAsync());
        client.Type("답 [1].");
        client.End();
        await site.UntilStateAsync(last, TurnState.Done);
        Assert.Equal(2, client.Calls);

        async Task<int> PlaceAsync()
        {
            Assert.True(await heard.MoveNextAsync());
            Assert.Equal("state", heard.Current.Type);
            return heard.Current.Data.GetProperty("before").GetInt32();
        }
    }

    [Fact]
    public async Task A_generated_answer_without_listeners_is_stopped_and_keeps_its_text()
    {
        var client = ScriptedChatClient.Typed();
        var time = new ManualTime();
        await using var site = ChatSite.With(client).WithServices(services => services.AddSingleton<TimeProvider>(time));
        var member = await site.SignUpAsync("홍길동");
        await site.AddDocumentAsync();
        var (conversation, turn) = await member.AskAsync();
        client.Type("여기까지 [1]");
        await member.HearFirstTokenAsync(turn);

        // Another thread notices that the reader has left.
        await ChatSite.UntilAsync(async () =>
        {
            time.Advance(TurnListeners.AwayMax);
            return (await site.TurnAsync(turn)).State is TurnState.Stopped;
        });
        Assert.Equal("여기까지 [1]", (await site.TurnAsync(turn)).Answer);
        Assert.Contains((await member.SeeAsync($"/chat/{conversation}")).QuerySelectorAll(".turn-note"), note => note.TextContent.StartsWith("보고 있는 사람이 없어", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_form_without_script_waits_without_listening_so_it_never_counts_as_left()
    {
        var client = ScriptedChatClient.Typed();
        var time = new ManualTime();
        await using var site = ChatSite.With(client).WithServices(services => services.AddSingleton<TimeProvider>(time));
        var member = await site.SignUpAsync("홍길동");
        await site.AddDocumentAsync();
        var (_, turn) = await member.AskAsync();
        client.Type("하나 ");
        await ChatSite.UntilAsync(() => Task.FromResult(client.Calls == 1));
        using var moment = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await site.Services.GetRequiredService<TurnFeed>().WaitForEndAsync(turn, moment.Token);
        time.Advance(TimeSpan.FromHours(1));
        client.Type("둘.");
        client.End();
        await site.UntilStateAsync(turn, TurnState.Done);
    }

    [Fact]
    public async Task A_silent_stream_sends_heartbeats()
    {
        var client = ScriptedChatClient.Typed();
        var time = new ManualTime();
        await using var site = ChatSite.With(client).WithServices(services => services.AddSingleton<TimeProvider>(time));
        var member = await site.SignUpAsync("홍길동");
        await site.AddDocumentAsync();
        var (_, turn) = await member.AskAsync();
        var types = new List<string>();
        using var silence = new CancellationTokenSource();
        var passing = PassAsync();
        await foreach (var one in member.ListenAsync(turn))
        {
            types.Add(one.Type);
            if (one.Type == "alive" && types.Count(t => t == "alive") == 3)
            {
                client.Type("답.");
                client.End();
            }
        }

        await silence.CancelAsync();
        await passing;
        Assert.Equal(["sources", "token", "done"], types.Where(t => t is not "alive" and not "state"));

        async Task PassAsync()
        {
            while (!silence.IsCancellationRequested)
            {
                time.Advance(Pybo.Pages.Chat.TurnEvents.SilenceMax);
                await Task.Delay(TimeSpan.FromMilliseconds(20), CancellationToken.None);
            }
        }
    }

    [Fact]
    public async Task A_members_concurrent_streams_are_limited()
    {
        var client = ScriptedChatClient.Typed();
        await using var site = ChatSite.With(client);
        var greedy = await site.SignUpAsync("욕심쟁이");
        var other = await site.SignUpAsync("다른이");
        await site.AddDocumentAsync();
        var (_, turn) = await greedy.AskAsync();
        var (_, others) = await other.AskAsync();
        var streams = new List<HttpResponseMessage>();
        for (var open = 0; open < RequestLimits.EventStreamsMax; open++)
        {
            streams.Add(await OpenAsync(greedy, turn));
        }

        Assert.All(streams, stream => Assert.Equal(200, (int)stream.StatusCode));
        using (var refused = await OpenAsync(greedy, turn))
        {
            Assert.Equal(429, (int)refused.StatusCode);
        }

        using (var elses = await OpenAsync(other, others))
        {
            Assert.Equal(200, (int)elses.StatusCode);
        }

        streams.ForEach(stream => stream.Dispose());
        await ChatSite.UntilAsync(async () =>
        {
            using var again = await OpenAsync(greedy, turn);
            return again.IsSuccessStatusCode;
        });

        static Task<HttpResponseMessage> OpenAsync(Visitor visitor, long turn) =>
            visitor.Http.GetAsync(new Uri($"/chat/turns/{turn}/events", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
    }

    [Fact]
    public async Task Members_take_turns_however_much_each_asked()
    {
        await using var site = ChatSite.With(new ScriptedChatClient("답"));
        _ = await site.SignUpAsync("첫사람");
        _ = await site.SignUpAsync("둘사람");
        var runner = site.Services.GetRequiredService<TurnRunner>();
        await runner.StopAsync(default);
        await using var db = site.CreateDbContext();
        var first = await db.StartConversationAsync(1, "하나", default);
        var second = await db.AddTurnAsync(first.ConversationId, 1, "둘", default);
        var other = await db.StartConversationAsync(2, "셋", default);
        Assert.Equal([0, 2, 1], [await runner.PlaceAsync(first.TurnId, default), await runner.PlaceAsync(second.TurnId, default), await runner.PlaceAsync(other.TurnId, default)]);
    }

    [Fact]
    public async Task The_queue_and_a_conversation_have_limits()
    {
        await using var site = ChatSite.With(new ScriptedChatClient("답"));
        _ = await site.SignUpAsync("첫사람");
        await site.Services.GetRequiredService<TurnRunner>().StopAsync(default);
        await using var db = site.CreateDbContext();
        var full = new Conversation { UserId = 1, Title = "긴 대화" };
        full.Turns.AddRange(Enumerable.Range(0, TurnQueue.TurnsPerConversationMax).Select(i => new Turn { ConversationId = 0, Question = $"{i}", State = TurnState.Done }));
        db.Conversations.Add(full);
        await db.SaveChangesAsync();
        Assert.Equal(TurnRefusal.ConversationFull, (await db.AddTurnAsync(full.Id, 1, "하나 더", default)).Refusal);
        Assert.Equal(TurnRefusal.NotFound, (await db.AddTurnAsync(full.Id, 2, "하나 더", default)).Refusal);

        var crowd = new User { UserName = "여럿", NormalizedUserName = "여럿", Email = "b@example.com", NormalizedEmail = "B@EXAMPLE.COM" };
        db.Users.Add(crowd);
        await db.SaveChangesAsync();
        var crowded = new Conversation { UserId = crowd.Id, Title = "줄" };
        crowded.Turns.AddRange(Enumerable.Range(0, TurnQueue.OpenMax).Select(i => new Turn { ConversationId = 0, Question = $"{i}" }));
        db.Conversations.Add(crowded);
        await db.SaveChangesAsync();
        // However many turns one member has queued, the next member gets in, but only with one turn.
        var asked = await db.StartConversationAsync(1, "새 질문", default);
        Assert.Null(asked.Refusal);
        Assert.Equal(TurnRefusal.QueueFull, (await db.AddTurnAsync(asked.ConversationId, 1, "또 하나", default)).Refusal);
        await db.Turns.Where(t => t.Id == asked.TurnId).ExecuteUpdateAsync(set => set.SetProperty(t => t.State, TurnState.Done));
        for (var n = 1; n < TurnQueue.OpenMax; n++)
        {
            var member = new User { UserName = $"m{n}", NormalizedUserName = $"M{n}", Email = $"m{n}@example.com", NormalizedEmail = $"M{n}@EXAMPLE.COM" };
            db.Users.Add(member);
            await db.SaveChangesAsync();
            Assert.Null((await db.StartConversationAsync(member.Id, "하나", default)).Refusal);
        }

        Assert.Equal(TurnRefusal.QueueFull, (await db.StartConversationAsync(1, "새 질문", default)).Refusal);
        Assert.Equal(TurnRefusal.QueueFull, (await db.AskAgainAsync(asked.TurnId, 1, default)).Refusal);
        Assert.Equal(TurnRefusal.Busy, (await db.AskAgainAsync(await db.Turns.Where(t => t.State == TurnState.Waiting).Select(t => t.Id).FirstAsync(), crowd.Id, default)).Refusal);
    }
}
