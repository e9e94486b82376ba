using Microsoft.Extensions.Logging.Abstractions;
using Pybo.Data;
using Pybo.Pages;
using Pybo.Rag.Chat;
using Pybo.Rag.Ingestion;
using Pybo.Rag.Models;
using Pybo.Rag.Retrieval;
using Pybo.Tests.Data;
using Pybo.Tests.Rag.Ingestion;
using Pybo.Tests.Rag.Models;

namespace Pybo.Tests.Rag.Chat;

/// <summary>A board whose threads are asked about in other words.</summary>
public sealed class BoardCorpus : IAsyncLifetime
{
    private TestDatabase? database;
    private EmbeddingModels? models;
    private User? asker;
    private User? other;

    public long Pool { get; private set; }

    public long Unanswered { get; private set; }

    public async ValueTask InitializeAsync()
    {
        database = await TestDatabase.StartAsync();
        models = TestModels.Embedding(database, "models/embedded");
        (asker, other) = (await database.AddUserAsync("묻는이"), await database.AddUserAsync("답하는이"));
        Pool = await AddAsync("시립 수영장 한 달 정기권 환불되나요", "이사를 가게 되어 열흘만 다녔어요. 절반은 돌려받을 수 있을까요?",
            ("정기권은 환불이 아예 안 됩니다.", false, false), ("쓰지 않은 날수만큼 돌려받습니다. 다만 등록비 5,000원은 빠져요. 안내 창구에 신분증을 들고 가세요.", false, true));
        await AddAsync("된장에 하얀 곰팡이가 피었는데 먹어도 되나요", "항아리를 열어 보니 위쪽이 하얗습니다. 다 버려야 할까요?",
            ("하얀 것은 골마지라서 걷어 내고 드시면 됩니다.", false, true), ("걷어 냈는데 된장에 하얀 곰팡이가 또 피어서 굵은소금을 2cm 두께로 덮으니 더는 안 생겼어요.", true, false));
        await AddAsync("자전거 체인에서 소리가 나요", "비를 맞은 뒤로 철컥거립니다. 체인을 갈아야 하나요?",
            ("마른 천으로 체인을 닦고 윤활유를 마디마다 한 방울씩 떨어뜨리세요.", false, true), ("정말 감사합니다! 덕분에 잘 되네요.", true, false));
        await AddAsync("동네 도서관 프린터 용지 크기", "A3로도 뽑을 수 있나요? 포스터를 만들려고요.",
            ("A4만 됩니다. A3는 구청 민원실에서 한 장에 200원입니다.", false, false));
        Unanswered = await AddAsync("태양광 가로등이 새벽 두 시에 꺼져요", "설치한 지 석 달 된 태양광 가로등이 늘 새벽 두 시에 꺼집니다. 배터리 탓일까요?");
        await using (var db = database.CreateDbContext())
        {
            await db.AddDocumentAsync("주차.txt", "주차장 안내\n\n지하 2층은 방문객 전용이다. 전기차 충전기는 지하 3층 기둥 B12 옆에 여섯 대가 있다.");
        }

        await new Indexer(database, models, new PassageWriter(database), ReadHere.ReadAsync, TimeProvider.System, NullLogger<Indexer>.Instance).RunAsync(null, default);
    }

    internal Task<ChatAnswer> AskAsync(string question, HeardAnswer? heard = null, ScriptedChatClient? generator = null, ChatExchange? history = null) =>
        new ChatAnswerer(new Retriever(database!, models!), new LentGenerators(generator), new ExtractiveAnswerer(models!), SourceUrl.Of)
            .AnswerAsync(new(question, history is null ? [] : [history], Viewer.Visitor), heard ?? new HeardAnswer(), TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        models?.Dispose();
        await database!.DisposeAsync();
    }

    private async Task<long> AddAsync(string title, string body, params (string Body, bool ByAsker, bool IsAccepted)[] answers)
    {
        await using var db = database!.CreateDbContext();
        var question = await db.AskAsync(asker!.Id, title, body, default);
        var accepted = 0L;
        foreach (var answer in answers.OrderByDescending(a => a.IsAccepted))
        {
            var id = (await db.AnswerAsync(question, answer.ByAsker ? asker.Id : other!.Id, answer.Body, default))!.Value;
            accepted = answer.IsAccepted ? id : accepted;
        }

        Assert.Equal(accepted == 0 ? 0 : 1, accepted == 0 ? 0 : await db.AcceptAnswerAsync(question, asker.Id, accepted, default));
        return question;
    }
}

/// <summary>A thread is one source: its posts are found together, and its answers answer.</summary>
public sealed class ThreadAnswersTests(BoardCorpus corpus) : IClassFixture<BoardCorpus>
{
    [Theory]
    [InlineData("수영장 정기권을 중간에 그만두면 돈을 돌려받나요?")]
    [InlineData("시립 수영장 한 달 정기권 환불되나요")]
    [InlineData("수영장 정기권 환불")]
    public async Task The_accepted_answer_is_quoted_whole_and_neither_the_question_nor_another_answer(string question)
    {
        var heard = new HeardAnswer();
        var answer = await corpus.AskAsync(question, heard);
        Assert.False(answer.IsRefused);
        var citation = Assert.Single(answer.Citations);
        Assert.Equal(AnswerRole.Accepted, citation.Source.Role);
        Assert.Equal("쓰지 않은 날수만큼 돌려받습니다. 다만 등록비 5,000원은 빠져요. 안내 창구에 신분증을 들고 가세요.", citation.Quote);
        Assert.DoesNotContain("환불이 아예 안", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("열흘만", answer.Text, StringComparison.Ordinal);
        Assert.EndsWith("질문자가 채택한 답변입니다. 채택되지 않은 다른 답변도 있습니다.", answer.Text, StringComparison.Ordinal);
        Assert.Contains(heard.Sources, s => s.Role == AnswerRole.Other && s.Passage.QuestionId == corpus.Pool);
        Assert.DoesNotContain(heard.Sources, s => s.Passage.Kind == PassageKind.Question);
    }

    [Fact]
    public async Task What_the_asker_found_out_later_is_quoted_too()
    {
        var answer = await corpus.AskAsync("된장에 핀 하얀 곰팡이 없애는 법");
        Assert.Equal([AnswerRole.Accepted, AnswerRole.Correction], answer.Citations.Select(c => c.Source.Role));
        Assert.Contains("굵은소금을 2cm", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Thanks_of_the_asker_are_not_quoted()
    {
        var answer = await corpus.AskAsync("자전거 체인에서 철컥거리는 소리가 날 때");
        Assert.Equal([AnswerRole.Accepted], answer.Citations.Select(c => c.Source.Role));
        Assert.DoesNotContain("감사합니다", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_an_accepted_answer_the_best_one_is_quoted_and_the_answer_says_so()
    {
        var answer = await corpus.AskAsync("도서관 프린터로 A3 인쇄");
        Assert.Equal([AnswerRole.Best], answer.Citations.Select(c => c.Source.Role));
        Assert.EndsWith("아직 채택된 답변이 없습니다.", answer.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("태양광 가로등이 새벽에 꺼지는 이유가 뭔가요?", "게시판에 같은 질문이 있지만 아직 답변이 없습니다.")]
    [InlineData("solar 가로등이 새벽 두 시에 꺼져요", "게시판에 같은 질문이 있지만 아직 답변이 없습니다.")]
    public async Task A_question_that_was_asked_before_and_has_no_answer_says_so_and_shows_it(string question, string refusal)
    {
        var heard = new HeardAnswer();
        var answer = await corpus.AskAsync(question, heard);
        Assert.True(answer.IsRefused);
        Assert.Equal(refusal, answer.Text);
        Assert.Equal($"/questions/{corpus.Unanswered}", Assert.Single(heard.Sources).Url);
    }

    [Fact]
    public async Task A_thread_is_summarised_by_its_question_its_accepted_answer_and_what_others_add()
    {
        var answer = await corpus.AskAsync("“시립 수영장 한 달 정기권 환불되나요” 글을 요약해 줘");
        Assert.False(answer.IsRefused);
        Assert.Equal("질문: “절반은 돌려받을 수 있을까요?” [1]\n\n채택된 답변: “쓰지 않은 날수만큼 돌려받습니다.” [2] “다만 등록비 5,000원은 빠져요.” [2]\n\n채택되지 않은 다른 답변: “정기권은 환불이 아예 안 됩니다.” [3]", answer.Text);
        Assert.Equal(["절반은 돌려받을 수 있을까요?", "쓰지 않은 날수만큼 돌려받습니다.\n다만 등록비 5,000원은 빠져요.", "정기권은 환불이 아예 안 됩니다."], answer.Citations.Select(c => c.Quote));
        Assert.Equal([PassageKind.Question, PassageKind.Answer, PassageKind.Answer], answer.Citations.Select(c => c.Source.Passage.Kind));
    }

    [Fact]
    public async Task A_thread_without_an_answer_is_summarised_by_its_question()
    {
        var answer = await corpus.AskAsync("‘태양광 가로등이 새벽 두 시에 꺼져요’ 질문 요약해 주세요");
        Assert.Equal("질문: “배터리 탓일까요?” [1]\n\n아직 답변이 없습니다.", answer.Text);
    }

    [Fact]
    public async Task The_thread_that_was_just_cited_is_summarised_too()
    {
        var exchange = new ChatExchange("수영장 환불되나요?", "“쓰지 않은 날수만큼 돌려받습니다.” [1]");
        Assert.StartsWith("질문: “절반은 돌려받을", (await corpus.AskAsync("이 글 요약해줘", history: exchange with { ThreadId = corpus.Pool })).Text, StringComparison.Ordinal);
        Assert.DoesNotContain("질문: “", (await corpus.AskAsync("이 글 요약해줘", history: exchange)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_generator_summarises_a_thread_from_its_posts()
    {
        using var generator = new ScriptedChatClient("남은 날만큼 돌려받습니다 [2].");
        var answer = await corpus.AskAsync("\"시립 수영장 한 달 정기권 환불되나요\" 글 간단히 정리해 줘", generator: generator);
        Assert.Equal(AnswerRole.Accepted, Assert.Single(answer.Citations).Source.Role);
        var prompt = generator.Asked.Single()[^1].Text;
        Assert.Contains("열흘만 다녔어요", prompt, StringComparison.Ordinal);
        Assert.Contains("— 채택되지 않은 다른 답변\n", prompt, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("“없는 제목” 글을 요약해 줘")]
    [InlineData("“시립 수영장 한 달 정기권 환불되나요” 글을 쓴 사람의 전화번호는?")]
    public async Task A_thread_that_does_not_exist_or_another_question_is_no_summary(string question) =>
        Assert.DoesNotContain("질문: “", (await corpus.AskAsync(question)).Text, StringComparison.Ordinal);

    [Fact]
    public async Task A_document_that_answers_better_comes_first()
    {
        var answer = await corpus.AskAsync("전기차 충전기는 어디에 있나요?");
        Assert.Equal("주차.txt", answer.Citations[0].Source.Source);
        Assert.Equal(AnswerRole.None, answer.Citations[0].Source.Role);
    }

    [Theory]
    [InlineData("화성까지는 로켓으로 얼마나 걸리나요?")]
    [InlineData("와인은 어떤 잔에 마시나요?")]
    public async Task A_question_that_no_thread_answers_is_refused(string question) => Assert.True((await corpus.AskAsync(question)).IsRefused);

    [Theory]
    [InlineData("안녕", "안녕하세요.")]
    [InlineData("안녕하세요!", "안녕하세요.")]
    [InlineData("정말 고마워요~", "도움이 되었다니")]
    [InlineData("뭘 할 수 있어?", "문서 하나나 모음")]
    [InlineData("What can you do?", "one document or one collection")]
    public async Task A_polite_message_gets_a_short_reply_without_a_source_or_a_generator(string message, string reply)
    {
        using var generator = new ScriptedChatClient("지어낸 말");
        var heard = new HeardAnswer();
        var answer = await corpus.AskAsync(message, heard, generator);
        Assert.Contains(reply, answer.Text, StringComparison.Ordinal);
        Assert.Equal((false, 0, 0), (answer.IsRefused, answer.Citations.Count, heard.Sources.Count));
        Assert.Equal(0, generator.Calls);
    }

    [Theory]
    [InlineData("안녕 인사법은 어디에서 배우나요?")]
    [InlineData("감사 인사를 어떻게 써요?")]
    [InlineData("수영장에서 뭘 할 수 있어?")]
    public void A_message_that_asks_something_is_no_courtesy(string message) => Assert.Null(Courtesy.KindOf(message));

    [Fact]
    public async Task A_generator_reads_what_each_answer_is_and_no_question()
    {
        using var generator = new ScriptedChatClient("쓰지 않은 날수만큼 돌려받습니다 [1].");
        await corpus.AskAsync("수영장 정기권 환불되나요?", generator: generator);
        var prompt = generator.Asked.Single()[^1].Text;
        Assert.Contains("[1] 시립 수영장 한 달 정기권 환불되나요 — 채택된 답변\n", prompt, StringComparison.Ordinal);
        Assert.Contains("— 채택되지 않은 다른 답변\n", prompt, StringComparison.Ordinal);
        Assert.DoesNotContain("열흘만", prompt, StringComparison.Ordinal);
    }
}
