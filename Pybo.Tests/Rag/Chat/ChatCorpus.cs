using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Pybo.Data;
using Pybo.Pages;
using Pybo.Rag.Chat;
using Pybo.Rag.Inference;
using Pybo.Rag.Ingestion;
using Pybo.Rag.Models;
using Pybo.Rag.Retrieval;
using Pybo.Tests.Data;
using Pybo.Tests.Rag.Ingestion;
using Pybo.Tests.Rag.Models;

namespace Pybo.Tests.Rag.Chat;

/// <summary>A small library on the subjects of one office, indexed by the site's own indexer with the model that ships.</summary>
public sealed class ChatCorpus : IAsyncLifetime
{
    private static readonly (string Path, string Text)[] Texts =
    [
        ("vacation.txt", "휴가 규정\n\n연차 휴가는 입사 1년이 지나면 15일이 생긴다. 쓰지 못한 연차는 다음 해 3월 말까지 이월할 수 있다. 반차는 오전과 오후로 나누어 신청한다. 휴가는 늦어도 사흘 전에 팀장에게 알린다."),
        ("backup.txt", "백업 안내\n\n데이터베이스는 매일 새벽 네 시에 백업된다. 백업 파일은 서른 날 동안 보관한 뒤 지운다. 복구를 연습하는 날은 분기마다 한 번이다. 복구 절차는 운영팀 위키에 적혀 있다."),
        ("parking.txt", "주차장 이용\n\n지하 2층은 방문객 전용이다. 직원 차량은 지하 3층과 4층에 세운다. 전기차 충전기는 지하 3층 기둥 B12 옆에 여섯 대가 있다. 충전이 끝난 차는 한 시간 안에 옮긴다."),
        ("expenses.txt", "경비 처리\n\n법인카드 영수증은 결제한 날부터 닷새 안에 올린다. 출장 식비는 하루 3만 원까지 인정한다. 택시비는 밤 열 시 이후에만 청구할 수 있다. 외화로 쓴 돈은 결제일의 환율로 계산한다."),
        ("kitchen.txt", "탕비실 약속\n\n커피 원두는 매주 월요일에 새로 채운다. 냉장고에 둔 음식은 금요일 저녁에 모두 버린다. 식기세척기는 가득 찼을 때 돌린다. 전자레인지를 쓴 사람은 안을 닦는다."),
        ("onboarding.txt", "새 동료 맞이\n\n첫날에는 노트북과 출입증을 받는다. 사내 메신저 계정은 입사 전날 만들어진다. 첫 주에는 짝이 된 동료가 점심을 함께 먹는다. 보안 교육은 두 주 안에 마쳐야 한다."),
        ("deploy.md", "# 배포 절차\n\n배포는 화요일과 목요일 오후 두 시에 한다. 배포 전에는 스테이징에서 통합 시험을 통과해야 한다. 문제가 생기면 `pybo rollback` 명령으로 바로 앞 판으로 되돌린다. 금요일에는 배포하지 않는다."),
        ("library.md", "# Library rules\n\nBooks may be borrowed for three weeks. A loan can be extended once if nobody is waiting for the book. Late books cost two hundred won a day. The reading room closes at nine in the evening."),
    ];

    private TestDatabase? database;
    private EmbeddingModels? models;
    private EmbeddingModels? noModels;

    public TestDatabase Database => database!;

    public Task<RetrievalResult> FindAsync(string question, bool withVectors = true, PassageScope? scope = null) =>
        new Retriever(Database, withVectors ? models! : noModels!).RetrieveAsync(question, Viewer.Visitor, SourceSelection.HitsMax, null, TestContext.Current.CancellationToken, scope);

    /// <summary>Asks as the chat does when no generator is installed.</summary>
    public async Task<ChatAnswer> AskAsync(string question, bool withVectors = true, params ChatExchange[] history)
    {
        var heard = new HeardAnswer();
        var answer = await Answerer(generator: null, withVectors).AnswerAsync(new(question, history, Viewer.Visitor), heard, TestContext.Current.CancellationToken);
        Assert.Equal((heard.Text, heard.Model), (answer.Text, answer.Model));
        return answer;
    }

    /// <summary>The chat with any generator, or without one.</summary>
    public ChatAnswerer Answerer(IChatClient? generator, bool withVectors = true) => Answerer(new LentGenerators(generator), withVectors);

    public ChatAnswerer Answerer(IGeneratorSource generators, bool withVectors = true)
    {
        var used = withVectors ? models! : noModels!;
        return new(new Retriever(Database, used), generators, new ExtractiveAnswerer(used), SourceUrl.Of);
    }

    public static string TextOf(string path) => Texts.Single(t => t.Path == path).Text;

    public async ValueTask InitializeAsync()
    {
        database = await TestDatabase.StartAsync();
        models = Models("models/embedded");
        noModels = Models("models/none");
        await using (var db = database.CreateDbContext())
        {
            foreach (var (path, text) in Texts)
            {
                await db.AddDocumentAsync(path, text);
            }
        }

        await new Indexer(database, models, new PassageWriter(database), ReadHere.ReadAsync, TimeProvider.System, NullLogger<Indexer>.Instance).RunAsync(null, default);
    }

    public async ValueTask DisposeAsync()
    {
        models?.Dispose();
        noModels?.Dispose();
        await Database.DisposeAsync();
    }

    private EmbeddingModels Models(string folder) =>
        TestModels.Embedding(Database, folder);
}
