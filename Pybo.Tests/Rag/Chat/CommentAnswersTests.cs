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

/// <summary>A board whose threads have comments of every kind.</summary>
public sealed class CommentCorpus : IAsyncLifetime
{
    private TestDatabase? database;
    private EmbeddingModels? models;
    private User? asker;
    private User? other;

    public async ValueTask InitializeAsync()
    {
        database = await TestDatabase.StartAsync();
        models = TestModels.Embedding(database, "models/embedded");
        (asker, other) = (await database.AddUserAsync("묻는이"), await database.AddUserAsync("답하는이"));
        await AddAsync("강당 빔 프로젝터 화면이 뒤집혀 나와요", "어제부터 위아래가 바뀌었습니다.", "설정 메뉴에서 천장 설치를 끄면 바로 섭니다.",
            onAnswer: [("리모컨을 잃어버렸으면 본체 오른쪽 덮개 안의 파란 단추를 여섯 번 누르면 같은 메뉴가 나옵니다.", false), ("감사합니다!", true)]);
        await AddAsync("지하 창고 제습기 물통이 금방 차요", "하루에 세 번이나 비웁니다.", null,
            onQuestion: [("어떤 기종을 쓰시나요?", false), ("배수 호스를 뒤쪽 마개에 끼우면 물통을 비우지 않아도 됩니다.", false), ("저도 같은 증상입니다. 장마 때 특히 심해요.", false)]);
        await AddAsync("옥상 물탱크에서 휘파람 소리가 나요", "밤마다 들립니다.", null,
            onQuestion: [("소리가 나는 시간을 적어 주세요.", false), ("저희 동도 같은 증상이라 잠을 못 잡니다.", false), ("참고로 우리 건물은 1998년에 지은 5층짜리입니다.", true)]);
        await AddAsync("회의실 화이트보드 얼룩이 안 지워져요", "마커 자국이 남았습니다.", null,
            onQuestion: [("치약을 마른 천에 묻혀 문질렀더니 얼룩이 말끔히 지워지고 해결됐습니다.", true)]);
        await AddAsync("정수기 필터 교체 시기", "언제 갈아야 하는지 궁금합니다.", "여섯 달마다 갈면 됩니다.",
            onAnswer: [.. Enumerable.Range(1, 40).Select(i => ($"정수기 필터 교체 이야기 잘 봤습니다 {i}", false))]);
        await using (var db = database.CreateDbContext())
        {
            await db.AddDocumentAsync("정수기.txt", "정수기 관리 대장\n\n정수기 필터는 3월과 9월 첫째 월요일에 총무과 한별 주임이 교체한다. 교체한 필터는 재활용 수거함에 넣는다.");
        }

        await new Indexer(database, models, new PassageWriter(database), ReadHere.ReadAsync, TimeProvider.System, NullLogger<Indexer>.Instance).RunAsync(null, default);
    }

    internal Task<ChatAnswer> AskAsync(string question, HeardAnswer? heard = null, ScriptedChatClient? generator = null) =>
        new ChatAnswerer(new Retriever(database!, models!), new LentGenerators(generator), new ExtractiveAnswerer(models!), SourceUrl.Of)
            .AnswerAsync(new(question, [], Viewer.Visitor), heard ?? new HeardAnswer(), TestContext.Current.CancellationToken);

    internal Task<RetrievalResult> FindAsync(string question) => new Retriever(database!, models!).RetrieveAsync(question, Viewer.Visitor, SourceSelection.HitsMax, null, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        models?.Dispose();
        await database!.DisposeAsync();
    }

    private async Task AddAsync(string title, string body, string? answer, (string Body, bool ByAsker)[]? onQuestion = null, (string Body, bool ByAsker)[]? onAnswer = null)
    {
        await using var db = database!.CreateDbContext();
        var question = await db.AskAsync(asker!.Id, title, body, default);
        var answered = answer is null ? 0 : (await db.AnswerAsync(question, other!.Id, answer, default))!.Value;
        foreach (var (comment, byAsker) in onQuestion ?? [])
        {
            Assert.NotNull((await db.CommentAsync(CommentedPost.Question(question), byAsker ? asker.Id : other!.Id, comment, default)).Id);
        }

        foreach (var (comment, byAsker) in onAnswer ?? [])
        {
            Assert.NotNull((await db.CommentAsync(CommentedPost.Answer(answered), byAsker ? asker.Id : other!.Id, comment, default)).Id);
        }
    }
}

/// <summary>Comments are part of their thread: the chat reads them after its answers.</summary>
public sealed class CommentAnswersTests(CommentCorpus corpus) : IClassFixture<CommentCorpus>
{
    [Fact]
    public async Task A_comment_that_adds_what_is_asked_is_quoted_after_the_answer()
    {
        var answer = await corpus.AskAsync("강당 빔 프로젝터 화면이 뒤집혔는데 리모컨이 없으면 어떤 단추를 누르나요?");
        Assert.Equal([AnswerRole.Best, AnswerRole.Comment], answer.Citations.Select(c => c.Source.Role));
        Assert.Contains("파란 단추를 여섯 번", answer.Citations[1].Quote, StringComparison.Ordinal);
        Assert.Matches(@"^/questions/1\?comment=1#comment_1$", answer.Citations[1].Source.Url);
        Assert.EndsWith("댓글도 함께 옮겼습니다.", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_that_says_it_all_is_quoted_alone()
    {
        var answer = await corpus.AskAsync("강당 빔 프로젝터 화면이 뒤집혀 나올 때 바로 세우는 법");
        Assert.Equal([AnswerRole.Best], answer.Citations.Select(c => c.Source.Role));
        Assert.DoesNotContain("감사합니다", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_an_answer_the_comment_that_says_something_is_quoted_and_the_answer_says_so()
    {
        var answer = await corpus.AskAsync("지하 창고 제습기 물통이 금방 차는데 어떻게 하나요?");
        Assert.Equal("“배수 호스를 뒤쪽 마개에 끼우면 물통을 비우지 않아도 됩니다.” [1]\n\n아직 답변이 없어 댓글을 옮겼습니다.", answer.Text);
    }

    [Fact]
    public async Task Comments_that_ask_echo_or_add_to_the_question_answer_nothing()
    {
        var answer = await corpus.AskAsync("옥상 물탱크에서 휘파람 소리가 나는 이유");
        Assert.True(answer.IsRefused);
        Assert.Equal("게시판에 같은 질문이 있지만 아직 답변이 없습니다.", answer.Text);
    }

    [Fact]
    public async Task The_askers_own_solution_in_a_comment_answers() =>
        Assert.Contains("치약을 마른 천에", (await corpus.AskAsync("회의실 화이트보드 얼룩이 안 지워질 때")).Text, StringComparison.Ordinal);

    [Fact]
    public async Task Dozens_of_comments_leave_room_for_the_answer_and_for_a_document()
    {
        var found = await corpus.FindAsync("정수기 필터는 누가 언제 교체하나요?");
        Assert.Contains(found.Hits, hit => hit.Kind == PassageKind.Document);
        var heard = new HeardAnswer();
        await corpus.AskAsync("정수기 필터는 누가 언제 교체하나요?", heard);
        Assert.Contains(heard.Sources, s => s.Passage.Kind == PassageKind.Document);
        Assert.All(heard.Sources.Where(s => s.Role == AnswerRole.Comment).CountBy(s => s.Passage.QuestionId!.Value), thread => Assert.InRange(thread.Value, 0, SourceSelection.CommentsPerThreadMax));
    }

    [Fact]
    public async Task A_generator_reads_that_it_is_a_comment()
    {
        using var generator = new ScriptedChatClient("파란 단추를 여섯 번 누릅니다 [2].");
        await corpus.AskAsync("강당 빔 프로젝터 리모컨이 없으면 어떤 단추를 누르나요?", generator: generator);
        Assert.Contains("[2] 강당 빔 프로젝터 화면이 뒤집혀 나와요 — 댓글\n", generator.Asked.Single()[^1].Text, StringComparison.Ordinal);
    }
}
