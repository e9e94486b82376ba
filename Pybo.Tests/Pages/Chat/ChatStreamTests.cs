using Microsoft.EntityFrameworkCore;
using Pybo.Data;
using Pybo.Pages.Resources;
using Pybo.Rag.Chat;
using Pybo.Rag.Inference;
using Pybo.Rag.Models;
using Pybo.Tests.Rag.Chat;

namespace Pybo.Tests.Pages.Chat;

public sealed class ChatStreamTests
{
    [Fact]
    public async Task An_answer_streams_its_sources_then_its_words_then_its_end_and_is_saved_with_its_citations()
    {
        var client = new ScriptedChatClient("인구는 ", "약 940만 명이다 [", "1", "]. 끝 [7]", ".");
        await using var site = ChatSite.With(client);
        var member = await site.SignUpAsync("홍길동");
        var document = await site.AddDocumentAsync();
        var (conversation, turn) = await member.AskAsync();

        var events = await member.HearAllAsync(turn);
        Assert.Equal(["sources", "token", "done"], events.Select(e => e.Type).Where(t => t != "state").Distinct());
        var source = Assert.Single(events.Single(e => e.Type == "sources").Data.GetProperty("items").EnumerateArray());
        Assert.Equal(ChatSite.Title, source.GetProperty("title").GetString());
        Assert.Equal("인구는 약 940만 명이다 [1]. 끝.", events.Said());
        Assert.Equal("Done", events[^1].Data.GetProperty("state").GetString());

        var saved = await site.TurnAsync(turn);
        Assert.Equal((TurnState.Done, "인구는 약 940만 명이다 [1]. 끝.", ScriptedChatClient.Name), (saved.State, saved.Answer, saved.Model));
        var citation = Assert.Single(saved.Citations);
        Assert.Equal("서울의 인구는 약 940만 명이다.", citation.Quote);
        Assert.StartsWith($"/documents/{document}?passage=", citation.Url, StringComparison.Ordinal);
        Assert.Equal($"{ChatSite.Title}.txt", citation.Source);

        var page = await member.SeeAsync($"/chat/{conversation}");
        Assert.Equal($"#source-{turn}-1", page.QuerySelector(".turn-answer a")!.GetAttribute("href"));
        Assert.Equal("[1]", page.QuerySelector(".turn-answer a")!.TextContent);
        Assert.Equal(citation.Quote, page.QuerySelector($"#source-{turn}-1 blockquote")!.TextContent);
        Assert.Contains("인구", page.QuerySelectorAll($"#source-{turn}-1 mark").Select(m => m.TextContent));
        Assert.Equal(ChatSite.Body, page.QuerySelector($"#source-{turn}-1 .source-snippet")!.TextContent);
        Assert.Contains("낱말", page.QuerySelector(".turn-note")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Late_and_second_listeners_get_the_same_answer_generated_once()
    {
        var client = ScriptedChatClient.Typed();
        await using var site = ChatSite.With(client);
        var member = await site.SignUpAsync("홍길동");
        await site.AddDocumentAsync();
        var (_, turn) = await member.AskAsync();
        client.Type("하나 ");
        var first = member.HearAllAsync(turn);
        await ChatSite.UntilAsync(() => Task.FromResult(client.Calls == 1));
        client.Type("둘 ");
        var second = member.HearAllAsync(turn);
        client.Type("셋.");
        client.End();

        Assert.Equal("하나 둘 셋.", (await first).Said());
        Assert.Equal("하나 둘 셋.", (await second).Said());
        Assert.Equal("하나 둘 셋.", (await member.HearAllAsync(turn)).Said());
        Assert.Equal(1, client.Calls);
    }

    [Fact]
    public async Task A_reload_during_the_answer_continues_at_the_readers_position()
    {
        var client = ScriptedChatClient.Typed();
        await using var site = ChatSite.With(client);
        var member = await site.SignUpAsync("홍길동");
        await site.AddDocumentAsync();
        var (conversation, turn) = await member.AskAsync();
        client.Type("하나 둘");
        await foreach (var one in member.ListenAsync(turn))
        {
            if (one.Type == "token")
            {
                Assert.Equal("4", one.Id);
                break;
            }
        }

        var page = await member.SeeAsync($"/chat/{conversation}");
        Assert.Equal($"/chat/turns/{turn}", page.QuerySelector("article.turn.is-open")!.GetAttribute("data-turn"));
        client.Type(" 셋.");
        client.End();
        Assert.Equal("둘 셋.", (await member.HearAllAsync(turn, after: 3)).Said());
        Assert.Equal("둘 셋.", (await member.HearAllAsync(turn, after: 3)).Said());
        Assert.Equal("", (await member.HearAllAsync(turn, after: 1_000)).Said());
        Assert.Equal("하나 둘 셋.", (await site.TurnAsync(turn)).Answer);
        Assert.Equal(1, client.Calls);
    }

    [Fact]
    public async Task Stopping_keeps_the_partial_text_and_its_citations()
    {
        var client = ScriptedChatClient.Typed();
        await using var site = ChatSite.With(client);
        var member = await site.SignUpAsync("홍길동");
        await site.AddDocumentAsync();
        var (conversation, turn) = await member.AskAsync();
        client.Type("서울의 인구는 940만 명 [1] 그리고");
        var heard = member.HearAllAsync(turn);
        await ChatSite.UntilAsync(() => Task.FromResult(client.Calls == 1));
        await member.HearFirstTokenAsync(turn);

        using var stopped = await member.PressAsync(turn, "Stop");
        Assert.Equal($"/chat/{conversation}?turn={turn}#turn-{turn}", stopped.Headers.Location!.OriginalString);
        Assert.Equal("Stopped", (await heard)[^1].Data.GetProperty("state").GetString());
        var saved = await site.TurnAsync(turn);
        Assert.Equal((TurnState.Stopped, "서울의 인구는 940만 명 [1] 그리고"), (saved.State, saved.Answer));
        Assert.NotNull(Assert.Single(saved.Citations).Quote);
        Assert.Contains("여기에서 멈췄습니다", (await member.SeeAsync($"/chat/{conversation}")).Body!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failure_is_reported_in_Korean_keeps_the_text_and_can_be_retried()
    {
        var client = new ScriptedChatClient("여기까지") { Failure = new InvalidOperationException("out of memory") };
        await using var site = ChatSite.With(client);
        var member = await site.SignUpAsync("홍길동");
        await site.AddDocumentAsync();
        var (conversation, turn) = await member.AskAsync();
        Assert.Equal("Failed", (await member.HearAllAsync(turn))[^1].Data.GetProperty("state").GetString());
        var page = await member.SeeAsync($"/chat/{conversation}");
        Assert.Contains("답을 만들다가 문제가 생겼습니다", page.Body!.TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("out of memory", page.Body.TextContent, StringComparison.Ordinal);
        Assert.Contains("여기까지", page.Body.TextContent, StringComparison.Ordinal);

        client.Failure = null;
        using var again = await member.PressAsync(turn, "Again");
        var saved = await site.TurnAsync(ChatSite.Place(again).Turn);
        Assert.Equal((TurnState.Done, "여기까지"), (saved.State, saved.Answer));
        Assert.Null(saved.Error);
        Assert.Equal(EmbeddingModels.MissingNote.ToString(), saved.Note);
        Assert.Equal(2, client.Calls);
    }

    public static TheoryData<Exception, string> Failures => new()
    {
        { new ModelMemoryException("gemma-3-4b", 6_500L << 20, 1_200L << 20), "모델 gemma-3-4b을(를) 열지 못했습니다. 약 6,500 MB가 필요한데 1,200 MB가 남아 있습니다." },
        { new InvalidDataException("bad magic"), "모델 파일이 깨졌거나" },
        { new OnnxModelException("node MatMul"), "모델을 실행하다가 문제가 생겼습니다." },
        { new TimeoutException("of something else"), "답을 만들다가 문제가 생겼습니다." },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task A_failure_gives_advice(Exception failure, string sentence)
    {
        await using var site = ChatSite.With(new ScriptedChatClient("여기까지 [1]") { Failure = failure });
        var member = await site.SignUpAsync("홍길동");
        await site.AddDocumentAsync();
        var (conversation, turn) = await member.AskAsync();
        await member.HearAllAsync(turn);
        var saved = await site.TurnAsync(turn);
        Assert.Equal((TurnState.Failed, "여기까지 [1]"), (saved.State, saved.Answer));
        var told = NoticeWords.OfStored(saved.Error!);
        Assert.Contains(sentence, told, StringComparison.Ordinal);
        Assert.DoesNotContain(failure.Message, saved.Error, StringComparison.Ordinal);
        Assert.Contains(told, (await member.SeeAsync($"/chat/{conversation}")).QuerySelectorAll(".turn-note").Select(n => n.TextContent));
    }

    [Fact]
    public async Task An_empty_answer_is_a_failure()
    {
        await using var site = ChatSite.With(new ScriptedChatClient(" ", "[9]"));
        var member = await site.SignUpAsync("홍길동");
        await site.AddDocumentAsync();
        var (_, turn) = await member.AskAsync();
        await member.HearAllAsync(turn);
        var saved = await site.TurnAsync(turn);
        Assert.Equal(TurnState.Failed, saved.State);
        Assert.Contains("아무 말도 하지 않았습니다", NoticeWords.OfStored(saved.Error!), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_question_too_long_for_the_model_is_reported()
    {
        await using var site = ChatSite.With(new ScriptedChatClient("답") { Tokens = new ScriptedTokens(100) });
        var member = await site.SignUpAsync("홍길동");
        await site.AddDocumentAsync();
        var (_, turn) = await member.AskAsync();
        await member.HearAllAsync(turn);
        Assert.Contains("짧게 줄여", NoticeWords.OfStored((await site.TurnAsync(turn)).Error!), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_model_and_its_speed_are_shown_under_the_answer()
    {
        var figures = new GenerationFigures { PromptTokens = 300, OutputTokens = 43, FirstToken = TimeSpan.FromMilliseconds(812), Decoding = TimeSpan.FromSeconds(1) };
        var client = new ScriptedChatClient("940만 명이다 [1].") { Figures = figures };
        await using var site = ChatSite.With(client);
        var member = await site.SignUpAsync("홍길동");
        await site.AddDocumentAsync();
        var (conversation, turn) = await member.AskAsync();
        var sources = (await member.HearAllAsync(turn)).Single(e => e.Type == "sources").Data;
        Assert.Equal(ScriptedChatClient.Name, sources.GetProperty("model").GetString());
        Assert.Equal($"{ScriptedChatClient.Name} · 첫 글자 0.8초 · 초당 42토큰", (await member.SeeAsync($"/chat/{conversation}")).QuerySelector(".turn-model")!.TextContent);
        var saved = await site.TurnAsync(turn);
        Assert.Equal((812, 42), (saved.FirstTokenMs, saved.TokensPerSecond));

        client.Figures = null;
        using var again = await member.PressAsync(turn, "Again", new KeyValuePair<string, string>("live", "true"));
        var (_, second) = ChatSite.Place(again);
        await member.HearAllAsync(second);
        saved = await site.TurnAsync(second);
        Assert.Equal((null, null), (saved.FirstTokenMs, saved.TokensPerSecond));
        Assert.Equal(ScriptedChatClient.Name, (await member.SeeAsync($"/chat/{conversation}")).QuerySelector(".turn-model")!.TextContent);
    }

    [Fact]
    public async Task A_question_without_sources_is_refused_without_the_generator()
    {
        var client = new ScriptedChatClient("지어낸 말");
        await using var site = ChatSite.With(client);
        var member = await site.SignUpAsync("홍길동");
        var (_, turn) = await member.AskAsync("화성까지는 얼마나 걸리나요?");
        await member.HearAllAsync(turn);
        var saved = await site.TurnAsync(turn);
        Assert.True(saved.Refused);
        Assert.Contains("찾지 못했습니다", saved.Answer, StringComparison.Ordinal);
        Assert.Equal(0, client.Calls);
    }

    [Fact]
    public async Task A_question_with_irrelevant_sources_is_refused_without_the_generator()
    {
        var client = new ScriptedChatClient("지어낸 말 [1]");
        await using var site = ChatSite.With(client);
        var member = await site.SignUpAsync("홍길동");
        await site.AddDocumentAsync();
        var (conversation, turn) = await member.AskAsync("서울에서 화성 탐사선을 발사하는 우주 기지는 어디인가요?");
        await member.HearAllAsync(turn);
        var saved = await site.TurnAsync(turn);
        Assert.Equal((true, "찾은 글과 문서에는 이 질문의 답이 없습니다.", 0), (saved.Refused, saved.Answer, client.Calls));
        Assert.Null(Assert.Single(saved.Citations).Quote);
        Assert.NotNull((await member.SeeAsync($"/chat/{conversation}")).QuerySelector($"details[open] #source-{turn}-1"));
    }

    [Fact]
    public async Task The_page_shows_the_sources_that_fit_into_the_prompt()
    {
        var client = new ScriptedChatClient("글에 적혀 있다 [1][2].") { Tokens = new ScriptedTokens(900) };
        await using var site = ChatSite.With(client);
        var member = await site.SignUpAsync("홍길동");
        await site.AddDocumentAsync();
        await site.AddDocumentAsync("서울의 옛 인구", "서울의 인구는 몇 명인지 옛 글에도 적혀 있다. " + new string('가', 1_000));
        var (_, turn) = await member.AskAsync();
        var shown = (await member.HearAllAsync(turn)).Single(e => e.Type == "sources").Data.GetProperty("items");
        Assert.Equal(1, shown.GetArrayLength());
        var saved = await site.TurnAsync(turn);
        Assert.Equal("글에 적혀 있다 [1].", saved.Answer);
        Assert.Single(saved.Citations);
        Assert.Equal((0f, GeneratedAnswerer.OutputTokensMax), (client.Options!.Temperature, client.Options.MaxOutputTokens));
    }

    [Fact]
    public async Task A_refusal_is_kept_and_asks_no_generator()
    {
        var client = new ScriptedChatClient("지어낸 답 [1].");
        await using var site = ChatSite.With(client);
        var member = await site.SignUpAsync("홍길동");
        await site.AddDocumentAsync();
        var (_, turn) = await member.AskAsync("목성의 위성에는 어떤 화산이 있나요?");
        await member.HearAllAsync(turn);
        Assert.True((await site.TurnAsync(turn)).Refused);
        Assert.Equal(0, client.Calls);
    }

    [Fact]
    public async Task A_follow_up_is_searched_and_asked_with_the_previous_turns()
    {
        var client = new ScriptedChatClient("940만 명이다 [1].");
        await using var site = ChatSite.With(client);
        var member = await site.SignUpAsync("홍길동");
        await site.AddDocumentAsync();
        var (conversation, first) = await member.AskAsync();
        await member.HearAllAsync(first);
        var (_, second) = await member.AskAsync("그럼 면적은?", conversation);
        await member.HearAllAsync(second);

        Assert.Equal(ChatSite.Title, Assert.Single((await site.TurnAsync(second)).Citations).Title);
        Assert.Equal([ChatSite.Question, "940만 명이다."], client.Asked.Last().Skip(1).SkipLast(1).Select(m => m.Text));
    }

    [Fact]
    public async Task Another_members_document_is_not_a_source()
    {
        await using var site = ChatSite.With(new ScriptedChatClient("비밀 [1]"));
        var owner = await site.SignUpAsync("주인장");
        var stranger = await site.SignUpAsync("나그네");
        await site.AddDocumentAsync(audience: 1);
        var (_, strangers) = await stranger.AskAsync();
        await stranger.HearAllAsync(strangers);
        Assert.Empty((await site.TurnAsync(strangers)).Citations);
        var (_, owners) = await owner.AskAsync();
        await owner.HearAllAsync(owners);
        Assert.Single((await site.TurnAsync(owners)).Citations);
    }

    [Fact]
    public async Task A_turn_interrupted_by_a_crash_keeps_its_partial_answer()
    {
        var client = new ScriptedChatClient("새 답");
        await using var site = ChatSite.With(client);
        long turn;
        await using (var database = new DatabaseBeforeStart(site.DatabaseFile))
        {
            turn = await database.AddAbandonedTurnAsync("반쯤 쓴 답");
        }

        _ = site.Services;
        await site.UntilStateAsync(turn, TurnState.Stopped);
        Assert.Equal("반쯤 쓴 답", (await site.TurnAsync(turn)).Answer);
        Assert.Equal(0, client.Calls);
    }

    [Fact]
    public async Task A_turn_waiting_at_a_crash_is_answered_by_the_next_process()
    {
        var client = new ScriptedChatClient("새 답");
        await using var site = ChatSite.With(client);
        long turn;
        await using (var database = new DatabaseBeforeStart(site.DatabaseFile))
        {
            turn = await database.AddAbandonedTurnAsync("", TurnState.Waiting);
        }

        _ = site.Services;
        await site.UntilStateAsync(turn, TurnState.Done);
    }

    [Fact]
    public async Task Stopping_the_process_keeps_the_partial_answer()
    {
        var client = ScriptedChatClient.Typed();
        await using var site = ChatSite.With(client);
        var member = await site.SignUpAsync("홍길동");
        await site.AddDocumentAsync();
        var (_, turn) = await member.AskAsync();
        client.Type("여기까지");
        await member.HearFirstTokenAsync(turn);

        await site.StopAsync();
        await using var db = new DatabaseBeforeStart(site.DatabaseFile).CreateDbContext();
        var saved = await db.Turns.SingleAsync(t => t.Id == turn);
        Assert.Equal((TurnState.Stopped, "여기까지"), (saved.State, saved.Answer));
    }
}
