using Microsoft.EntityFrameworkCore;
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

/// <summary>Documents with lists and tables that are longer than one passage.</summary>
public sealed class ListingCorpus : IAsyncLifetime
{
    private static readonly string[] Songs = ["물레", "달맞이", "뱃사공", "두레박", "징검다리", "반딧불", "연날리기"];

    private TestDatabase? database;
    private EmbeddingModels? models;

    public User Owner { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        database = await TestDatabase.StartAsync();
        models = TestModels.Embedding(database, "models/embedded");
        Owner = await database.AddUserAsync("임자");
        await using (var db = database.CreateDbContext())
        {
            await db.AddDocumentAsync("모임.txt", "마을 살림\n\n" + string.Join("\n\n", Songs.Select(song => $"{song}모임은 {string.Join(' ', Enumerable.Repeat("저녁마다 모여 노래를 배우고 서로의 이야기를 듣는다.", 12))}")));
            await db.AddDocumentAsync("방.txt", "쉼터 안내\n\n쉼터는 조용하다. 햇살방은 남쪽에 있다. 바람방은 북쪽에 있다. 구름방은 다락에 있다.");
            await db.AddDocumentAsync("장부.txt", "살림 장부\n\n품목: 쌀독 | 값: 41,000원\n품목: 절구 | 값: 23,000원\n품목: 맷돌 | 값: 88,000원", Owner.Id, Owner.Id);
            await db.AddDocumentAsync("날씨.txt", "날씨 이야기\n\n봄에는 비가 자주 온다. 여름에는 덥다. 가을에는 하늘이 높다.");
        }

        await new Indexer(database, models, new PassageWriter(database), ReadHere.ReadAsync, TimeProvider.System, NullLogger<Indexer>.Instance).RunAsync(null, default);
    }

    internal Task<ChatAnswer> AskAsync(string question, Viewer? viewer = null, ScriptedChatClient? generator = null) =>
        new ChatAnswerer(new Retriever(database!, models!), new LentGenerators(generator), new ExtractiveAnswerer(models!), SourceUrl.Of)
            .AnswerAsync(new(question, [], viewer ?? Viewer.Visitor), new HeardAnswer(), TestContext.Current.CancellationToken);

    public async Task<int> PassagesAsync(string path)
    {
        await using var db = database!.CreateDbContext();
        return await db.Passages.CountAsync(p => db.Documents.Any(d => d.Id == p.DocumentId && d.Path == path));
    }

    public async ValueTask DisposeAsync()
    {
        models?.Dispose();
        await database!.DisposeAsync();
    }
}

/// <summary>The best documents found are read whole for a list or a table.</summary>
public sealed class WholeDocumentsTests(ListingCorpus corpus) : IClassFixture<ListingCorpus>
{
    [Fact]
    public async Task A_bare_question_for_a_list_is_answered_where_a_document_lists_such_things()
    {
        var answer = await corpus.AskAsync("어떤 방이 있나요?");
        Assert.False(answer.IsRefused);
        Assert.Equal("“햇살방은 남쪽에 있다.” [1]\n\n“바람방은 북쪽에 있다.” [1]\n\n“구름방은 다락에 있다.” [1]", answer.Text);
    }

    [Theory]
    [InlineData("어떤 공방이 있나요?")]
    [InlineData("무슨 와인이 있어?")]
    public async Task A_list_of_what_no_document_lists_is_refused(string question) => Assert.True((await corpus.AskAsync(question)).IsRefused);

    [Fact]
    public async Task A_list_over_several_passages_is_whole_and_each_part_is_cited()
    {
        Assert.InRange(await corpus.PassagesAsync("모임.txt"), 2, 20);
        var answer = await corpus.AskAsync("어떤 모임이 있나요?");
        var quotes = answer.Text.Split("\n\n");
        Assert.Equal(7, quotes.Length);
        Assert.All(quotes, quote => Assert.Matches(@"^“\p{IsHangulSyllables}+모임은 .*” \[[0-9]\]$", quote));
        Assert.True(answer.Citations.Count > 1);
    }

    [Fact]
    public async Task A_generator_reads_the_passages_that_list()
    {
        using var generator = new ScriptedChatClient("세 방이 있습니다 [1].");
        Assert.False((await corpus.AskAsync("어떤 방이 있나요?", generator: generator)).IsRefused);
        Assert.Contains("구름방은 다락에 있다.", generator.Asked.Single()[^1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_table_is_computed_by_code_although_a_generator_is_installed_and_only_for_its_readers()
    {
        using var generator = new ScriptedChatClient("지어낸 값");
        var answer = await corpus.AskAsync("가장 비싼 품목은?", new(corpus.Owner.Id), generator);
        Assert.StartsWith("“품목: 맷돌 | 값: 88,000원” [1]", answer.Text, StringComparison.Ordinal);
        Assert.Equal(("extractive", 0), (answer.Model, generator.Calls));
        Assert.DoesNotContain("88,000", (await corpus.AskAsync("가장 비싼 품목은?")).Text, StringComparison.Ordinal);
    }
}
