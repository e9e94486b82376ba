using System.Text;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Pybo.Data;
using Pybo.Rag.Chat;
using Pybo.Rag.Documents;
using Pybo.Rag.Ingestion;
using Pybo.Rag.Models;
using Pybo.Rag.Passages;
using Pybo.Rag.Retrieval;
using Pybo.Tests.Data;
using Pybo.Tests.Rag.Models;

namespace Pybo.Tests.Rag.Ingestion;

public sealed class IndexerTests
{
    [Fact]
    public async Task Posts_and_documents_are_found_by_meaning_and_by_words()
    {
        await using var database = await TestDatabase.StartAsync();
        var question = await database.AddQuestionAsync(await database.AddUserAsync(), "플라스크 로그인이 풀려요", "브라우저를 닫으면 세션이 사라집니다.");
        await AddDocumentAsync(database, "bread.md", "# 제빵 수첩\n\n반죽은 밀가루와 물, 소금으로 만들고 하룻밤 냉장고에서 숙성합니다.");
        using var models = Models(database);
        Assert.Equal(2, await Indexer(database, models).RunAsync(null, default));

        var retriever = new Retriever(database, models);
        var byMeaning = await retriever.RetrieveAsync("집에서 바게트를 굽는 방법", Viewer.Visitor, 5, null, default);
        Assert.Null(byMeaning.Note);
        Assert.Equal("제빵 수첩", byMeaning.Hits[0].Title);
        Assert.Equal(0, byMeaning.Hits[0].Words);
        Assert.Equal(question.Id, (await retriever.RetrieveAsync("로그인", Viewer.Visitor, 5, null, default)).Hits[0].QuestionId);
        Assert.Empty((await retriever.RetrieveAsync("  ", Viewer.Visitor, 5, null, default)).Hits);
    }

    [Fact]
    public async Task An_unreadable_file_gets_a_reason_and_does_not_block_the_next()
    {
        await using var database = await TestDatabase.StartAsync();
        await AddDocumentAsync(database, "bad.txt", "\0\0\0\u0001");
        await AddDocumentAsync(database, "good.txt", "부산 지사는 해운대에 있습니다.");
        using var models = Models(database);
        var indexer = Indexer(database, models);
        Assert.Equal(2, await indexer.RunAsync(null, default));
        Assert.Equal(0, await indexer.RunAsync(null, default));

        await using var db = database.CreateDbContext();
        Assert.NotEmpty((await db.Documents.SingleAsync(d => d.Path == "bad.txt")).IndexError!);
        Assert.NotNull((await db.Documents.SingleAsync(d => d.Path == "good.txt")).IndexedAt);
    }

    [Fact]
    public async Task Without_a_model_words_are_found_with_a_note_to_the_reader()
    {
        await using var database = await TestDatabase.StartAsync();
        await AddDocumentAsync(database, "office.txt", "부산 지사는 해운대에 있습니다.");
        using (var none = Models(database, "models/none"))
        {
            await Indexer(database, none).RunAsync(null, default);
            var found = await new Retriever(database, none).RetrieveAsync("해운대 지사", Viewer.Visitor, 5, null, default);
            Assert.Equal(EmbeddingModels.MissingNote, found.Note);
            Assert.Single(found.Hits);
        }

        // The model returns: passages without a vector get one, and the note disappears.
        using var models = Models(database);
        await Indexer(database, models).RunAsync(null, default);
        var again = await new Retriever(database, models).RetrieveAsync("사무실이 어느 동네인가", Viewer.Visitor, 5, null, default);
        Assert.Null(again.Note);
        Assert.NotNull(Assert.Single(again.Hits).Cosine);
    }

    [Fact]
    public async Task A_new_model_is_filled_while_the_old_one_serves_then_takes_over()
    {
        await using var database = await TestDatabase.StartAsync();
        await AddDocumentAsync(database, "office.txt", "부산 지사는 해운대에 있습니다.");
        await using (var db = database.CreateDbContext())
        {
            var old = await db.EnsureEmbeddingModelAsync("old", "old-files", "models/gone", 4, default);
            Assert.NotNull(old.ServingSince);
        }

        using var models = Models(database);
        using (var before = await models.StateAsync(default))
        {
            Assert.Equal(EmbeddingModels.FillingNote, before.Note);
        }

        await Indexer(database, models).RunAsync(null, default);
        using var state = await models.StateAsync(default);
        Assert.Null(state.Note);
        Assert.Same(state.Filling, state.Serving);
        await using var after = database.CreateDbContext();
        Assert.Equal("pybo-e5-small-ko", (await after.EmbeddingModels.SingleAsync()).Name);
    }

    [Fact]
    public async Task A_model_activated_by_another_process_ends_no_search_and_is_replaced_by_our_own()
    {
        await using var database = await TestDatabase.StartAsync();
        await AddDocumentAsync(database, "office.txt", "부산 지사는 해운대에 있습니다.");
        using var models = Models(database);
        var indexer = Indexer(database, models);
        await indexer.RunAsync(null, default);
        var retriever = new Retriever(database, models);
        Assert.NotNull(Assert.Single((await retriever.RetrieveAsync("해운대 지사", Viewer.Visitor, 5, null, default)).Hits).Cosine);

        // The other process has other settings, and files that do not exist here.
        await using var db = database.CreateDbContext();
        var other = await db.EnsureEmbeddingModelAsync("other", "other-files", "models/gone", 4, default);
        await db.ServeEmbeddingModelAsync(other.Id, default);
        var meanwhile = await retriever.RetrieveAsync("해운대 지사", Viewer.Visitor, 5, null, default);
        Assert.Equal(EmbeddingModels.FillingNote, meanwhile.Note);
        Assert.Null(Assert.Single(meanwhile.Hits).Cosine);

        await indexer.RunAsync(null, default);
        var after = await retriever.RetrieveAsync("해운대 지사", Viewer.Visitor, 5, null, default);
        Assert.Null(after.Note);
        Assert.NotNull(Assert.Single(after.Hits).Cosine);
        Assert.Equal("pybo-e5-small-ko", (await db.EmbeddingModels.AsNoTracking().SingleAsync()).Name);
    }

    [Fact]
    public async Task Passages_that_another_process_left_without_a_vector_get_one_after_a_while()
    {
        await using var database = await TestDatabase.StartAsync();
        await AddDocumentAsync(database, "office.txt", "부산 지사는 해운대에 있습니다.");
        using var models = Models(database);
        var time = new ShiftedTime();
        var indexer = new Indexer(database, models, new PassageWriter(database), ReadHere.ReadAsync, time, NullLogger<Indexer>.Instance);
        await indexer.RunAsync(null, default);
        await using var db = database.CreateDbContext();
        await db.Chunks.ExecuteDeleteAsync();
        await indexer.RunAsync(null, default);
        Assert.Empty(await db.Chunks.ToListAsync());

        time.Ahead += Pybo.Rag.Ingestion.Indexer.FillEvery;
        await indexer.RunAsync(null, default);
        Assert.NotEmpty(await db.Chunks.ToListAsync());
    }

    [Fact]
    public async Task An_edited_question_is_found_by_its_new_text_only()
    {
        await using var database = await TestDatabase.StartAsync();
        var question = await database.AddQuestionAsync(await database.AddUserAsync(), "고양이 사료", "무엇이 좋을까요?");
        using var models = Models(database, "models/none");
        var indexer = Indexer(database, models);
        await indexer.RunAsync(null, default);
        await using (var db = database.CreateDbContext())
        {
            var edited = await db.Questions.SingleAsync(q => q.Id == question.Id);
            edited.Title = "강아지 산책";
            edited.MarkChanged();
            await db.SaveChangesAsync();
        }

        await indexer.RunAsync(null, default);
        var retriever = new Retriever(database, models);
        Assert.Empty((await retriever.RetrieveAsync("고양이", Viewer.Visitor, 5, null, default)).Hits);
        Assert.Single((await retriever.RetrieveAsync("강아지", Viewer.Visitor, 5, null, default)).Hits);
    }

    [Fact]
    public async Task A_post_that_cannot_be_indexed_blocks_no_other_and_is_retried_after_an_edit()
    {
        await using var database = await TestDatabase.StartAsync();
        var user = await database.AddUserAsync();
        for (var n = 1; n <= 3; n++)
        {
            await database.AddQuestionAsync(user, $"{n}번 질문", "내용");
        }

        await AddDocumentAsync(database, "office.txt", "부산 지사는 해운대에 있습니다.");
        await using var db = database.CreateDbContext();
        await db.Database.ExecuteSqlAsync($"create trigger Refused before insert on Passages when new.QuestionId = 2 begin select raise(abort, 'no'); end;");
        using var models = Models(database);
        var indexer = Indexer(database, models);
        Assert.Equal(4, await indexer.RunAsync(null, default));
        Assert.Equal([null, Pybo.Rag.Ingestion.Indexer.PostFailed.ToString(), null], await db.Questions.OrderBy(q => q.Id).Select(q => q.IndexError).ToListAsync());
        Assert.Equal([1L, 3L], await db.Questions.Where(q => q.IndexedAt != null).OrderBy(q => q.Id).Select(q => q.Id).ToListAsync());
        Assert.NotNull((await db.Documents.SingleAsync()).IndexedAt);

        await db.Database.ExecuteSqlAsync($"drop trigger Refused");
        await db.Questions.Where(q => q.Id == 2).ExecuteUpdateAsync(set => set.MarkChanged());
        Assert.Equal(1, await indexer.RunAsync(null, default));
        Assert.Equal(3, await db.Questions.CountAsync(q => q.IndexedAt != null && q.IndexError == null));
    }

    [Theory]
    [InlineData(5, false)] // busy
    [InlineData(6, false)] // locked
    [InlineData(10, false)] // input and output
    [InlineData(11, false)] // corrupt
    [InlineData(13, false)] // full
    [InlineData(18, true)] // too big
    [InlineData(19, true)] // constraint
    public void A_busy_or_full_database_is_not_blamed_on_a_post(int sqliteErrorCode, bool isOfOnePost)
    {
        var error = new SqliteException("no", sqliteErrorCode);
        Assert.Equal(isOfOnePost, Pybo.Rag.Ingestion.Indexer.IsOfOnePost(error));
        Assert.Equal(isOfOnePost, Pybo.Rag.Ingestion.Indexer.IsOfOnePost(new DbUpdateException("no", error)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_hidden_text_does_not_change_the_vector_of_a_public_one_embedded_with_it(bool isFilledLater)
    {
        var alone = await VectorAsync(null);
        Assert.Equal(alone, await VectorAsync(1));
        // In the same batch it would: the model scales by all texts of a batch.
        Assert.NotEqual(alone, await VectorAsync(Audience.Everyone));

        async Task<byte[]> VectorAsync(long? other)
        {
            await using var database = await TestDatabase.StartAsync();
            await database.AddUserAsync();
            using var models = Models(database);
            using var state = await models.StateAsync(default);
            var encoder = state.Filling!;
            PassageEmbedder embedder = new(isFilledLater ? null : encoder);
            var documents = new List<PreparedDocument> { await ReadyAsync("열린.txt", "부산 지사는 해운대에 있습니다.", Audience.Everyone) };
            // As long as the open one, otherwise they would not join its batch.
            foreach (var city in other is null ? Array.Empty<string>() : ["서울", "대구", "광주", "대전", "인천", "울산", "수원", "창원"])
            {
                documents.Add(await ReadyAsync($"{city}.txt", $"{city} 지사는 해운대에 없습니다!", other!.Value));
            }

            await new DocumentPassages(database, new PassageWriter(database), embedder, new(TimeProvider.System)).WriteAsync(documents, default);
            await using var db = database.CreateDbContext();
            if (isFilledLater)
            {
                await Indexer(database, models).RunAsync(null, default);
            }

            return await db.Chunks.Where(c => db.Passages.Any(p => p.Id == c.PassageId && p.DocumentId == 1)).Select(c => c.Embedding).SingleAsync();

            async Task<PreparedDocument> ReadyAsync(string path, string text, long audience)
            {
                await using var own = database.CreateDbContext();
                var document = await own.AddDocumentAsync(path, text, audience, audience > 0 ? audience : null);
                var read = DocumentReader.ReadFile(Encoding.UTF8.GetBytes(text), path);
                return PreparedDocument.Of(new(PassageKind.Document, document.Id, document.Revision), read, embedder.Chunker);
            }
        }
    }

    private static Indexer Indexer(TestDatabase database, EmbeddingModels models) =>
        new(database, models, new PassageWriter(database), ReadHere.ReadAsync, TimeProvider.System, NullLogger<Indexer>.Instance);

    private static EmbeddingModels Models(TestDatabase database, string? folder = null) => TestModels.Embedding(database, folder ?? new PyboOptions().EmbeddingModel);

    private static async Task AddDocumentAsync(TestDatabase database, string path, string text)
    {
        await using var db = database.CreateDbContext();
        await db.AddDocumentAsync(path, text);
    }
}
