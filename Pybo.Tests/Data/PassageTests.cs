using Microsoft.EntityFrameworkCore;
using Pybo.Data;

namespace Pybo.Tests.Data;

public sealed class PassageTests
{
    private const int Dimensions = 8;

    [Fact]
    public async Task A_passage_is_found_by_its_words_and_by_its_meaning()
    {
        await using var database = await TestDatabase.StartAsync();
        var (model, flask, _) = await FillAsync(database);
        await using var db = database.CreateDbContext();

        var byWords = await db.SearchPassagesAsync(Query("블루프린트"), default);
        Assert.Equal(flask, Assert.Single(byWords).QuestionId);
        Assert.Null(byWords[0].Cosine);

        var byMeaning = await db.SearchPassagesAsync(Query("") with { Embedding = (model, Unit(0)) }, default);
        Assert.Equal(flask, byMeaning[0].QuestionId);
        Assert.Equal(1.0, byMeaning[0].Cosine!.Value, 5);
        Assert.Equal(0.0, byMeaning[0].Words);

        var fused = await db.SearchPassagesAsync(Query("블루프린트") with { Embedding = (model, Unit(0)) }, default);
        Assert.Equal(1.75, fused[0].Score, 5);
    }

    [Fact]
    public async Task An_empty_query_finds_nothing()
    {
        await using var database = await TestDatabase.StartAsync();
        await FillAsync(database);
        await using var db = database.CreateDbContext();
        Assert.Empty(await db.SearchPassagesAsync(Query(""), default));
        Assert.Empty(await db.SearchPassagesAsync(Query("없는단어"), default));
    }

    [Fact]
    public async Task Deleting_a_question_removes_its_words_its_vectors_and_its_answers()
    {
        await using var database = await TestDatabase.StartAsync();
        var (model, flask, other) = await FillAsync(database);
        await using var db = database.CreateDbContext();
        await db.Questions.Where(q => q.Id == flask).ExecuteDeleteAsync();

        Assert.Equal(1, await CountAsync(db, $"select count(*) Value from {VectorTables.Name(model)}"));
        Assert.Equal(1, await CountAsync(db, "select count(*) Value from PassageWords where PassageWords match '게시 OR 블루 OR 배포'"));
        Assert.Equal(1, await db.PassageTotals.SumAsync(t => t.Passages));
        Assert.Equal(other, Assert.Single(await db.SearchPassagesAsync(Query("배포") with { Embedding = (model, Unit(0)) }, default)).QuestionId);
    }

    [Fact]
    public async Task An_edit_during_indexing_discards_the_old_passages_and_keeps_the_question_queued()
    {
        await using var database = await TestDatabase.StartAsync();
        var question = await database.AddQuestionAsync(await database.AddUserAsync());
        await using (var db = database.CreateDbContext())
        {
            var edited = await db.Questions.SingleAsync();
            edited.MarkChanged();
            await db.SaveChangesAsync();
        }

        Assert.False(await new PassageWriter(database).ReplaceAsync(new(PassageKind.Question, question.Id, Revision: 0), [Passage("제목", "본문", 0)], null, null, default));
        await using var after = database.CreateDbContext();
        Assert.Empty(after.Passages);
        Assert.Single(await after.PendingPostsAsync(10, default));
    }

    [Theory]
    [InlineData(null, 1)]
    [InlineData(1L, 3)]
    [InlineData(2L, 2)]
    public async Task Scope_is_decided_inside_both_halves(long? readerId, int visible)
    {
        await using var database = await TestDatabase.StartAsync();
        await using var db = database.CreateDbContext();
        var model = await db.EnsureEmbeddingModelAsync("test", "f", "folder", Dimensions, default);
        var writer = new PassageWriter(database);
        foreach (var (audience, i) in new[] { Audience.Everyone, Audience.Members, 1L }.Select((a, i) => (a, i)))
        {
            var document = await db.AddDocumentAsync($"{i}.txt", audience: audience);
            Assert.True(await writer.ReplaceAsync(new(PassageKind.Document, document.Id, 0), [Passage("문서", "비밀번호 초기화", 0)], model.Id, null, default));
        }

        var viewer = new Viewer(readerId);
        Assert.Equal(visible, (await db.SearchPassagesAsync(Query("비밀번호") with { Viewer = viewer }, default)).Count);
        Assert.Equal(visible, (await db.SearchPassagesAsync(Query("") with { Viewer = viewer, Embedding = (model.Id, Unit(0)) }, default)).Count);
        Assert.Equal(visible, (await db.SearchPassagesAsync(Query("비밀번호") with { Viewer = viewer, Kind = PassageKind.Document, Embedding = (model.Id, Unit(0)) }, default)).Count);
        Assert.Empty(await db.SearchPassagesAsync(Query("비밀번호") with { Viewer = viewer, Kind = PassageKind.Question, Embedding = (model.Id, Unit(0)) }, default));
    }

    [Fact]
    public async Task A_new_model_takes_over_and_the_old_vectors_are_deleted()
    {
        await using var database = await TestDatabase.StartAsync();
        var (old, _, _) = await FillAsync(database);
        await using var db = database.CreateDbContext();
        var next = await db.EnsureEmbeddingModelAsync("next", "g", "folder", Dimensions * 2, default);
        Assert.Null(next.ServingSince);

        var writer = new PassageWriter(database);
        foreach (var passage in await db.PendingPassagesAsync(next.Id, 0, 100, default))
        {
            await writer.AddChunksAsync(next.Id, passage.Id, [new(0, 2, new float[Dimensions * 2])], default);
        }

        Assert.Empty(await db.PendingPassagesAsync(next.Id, 0, 100, default));
        await db.ServeEmbeddingModelAsync(next.Id, default);
        Assert.Equal(next.Id, (await db.EmbeddingModels.AsNoTracking().SingleAsync()).Id);
        Assert.Equal(2, await db.Chunks.CountAsync());
        Assert.Equal(0, await CountAsync(db, $"select count(*) Value from sqlite_master where name like '{VectorTables.Name(old)}%'"));
    }

    [Fact]
    public async Task Around_its_centre_a_models_vectors_are_found_that_have_the_same_signs()
    {
        await using var database = await TestDatabase.StartAsync();
        await using var db = database.CreateDbContext();
        var model = await db.EnsureEmbeddingModelAsync("test", "f", "folder", Dimensions, default);
        var writer = new PassageWriter(database);
        await WriteAsync(0, PassageSearch.NeighboursMax);
        await db.CentreVectorsAsync(model.Id, Enumerable.Repeat(1f, Dimensions).ToArray(), default);
        await WriteAsync(PassageSearch.NeighboursMax, 2 * PassageSearch.NeighboursMax);
        Assert.Empty(await db.CheckPassagesAsync(default));

        // Written before and after; the one that is nearest by its floats has the most bits in common too.
        foreach (var place in new[] { 5, (2 * PassageSearch.NeighboursMax) - 1 })
        {
            Assert.Equal($"{place}.txt", (await db.SearchPassagesAsync(Query("") with { Embedding = (model.Id, Vector(place)) }, default))[0].Path);
        }

        // A second centre changes nothing: all bits are around the first.
        await db.CentreVectorsAsync(model.Id, new float[Dimensions], default);
        Assert.Empty(await db.CheckPassagesAsync(default));

        async Task WriteAsync(int first, int end)
        {
            for (var place = first; place < end; place++)
            {
                var document = await db.AddDocumentAsync($"{place}.txt", text: $"{place}");
                NewPassage[] passages = [new("제목", null, "본문", 0, [new(0, 2, Vector(place))])];
                Assert.True(await writer.ReplaceAsync(new(PassageKind.Document, document.Id, 0), passages, model.Id, new DocumentFacts("제목", 2), default));
            }
        }

        // The digits of the number in base 2, as small differences from a vector that all have in common.
        static float[] Vector(int place) => [.. Enumerable.Range(0, Dimensions).Select(bit => 1 + (0.01f * ((place >> bit) % 2 == 0 ? -1 : 1)))];
    }

    [Fact]
    public async Task Counters_follow_the_rows()
    {
        await using var database = await TestDatabase.StartAsync();
        var user = await database.AddUserAsync();
        var question = await database.AddQuestionAsync(user);
        await database.AddQuestionAsync(user);
        await using var db = database.CreateDbContext();
        var answer = new Answer { QuestionId = question.Id, AuthorId = user.Id, Body = "답" };
        db.Add(answer);
        db.Add(new QuestionVote { QuestionId = question.Id, UserId = user.Id });
        await db.SaveChangesAsync();
        Assert.Equal((2, 1, 1, 1), await StateAsync());

        db.Remove(answer);
        await db.SaveChangesAsync();
        Assert.Equal((2, 2, 0, 1), await StateAsync());

        await db.Questions.Where(q => q.Id == question.Id).ExecuteDeleteAsync();
        Assert.Equal((1, 1, 0, 0), await StateAsync());

        async Task<(long, long, int, int)> StateAsync()
        {
            var counters = await db.Counters.AsNoTracking().ToDictionaryAsync(c => c.Name, c => c.Value);
            return (counters[Counter.Questions], counters[Counter.UnansweredQuestions], await db.Questions.SumAsync(q => q.AnswerCount), await db.Questions.SumAsync(q => q.VoteCount));
        }
    }

    private static async Task<(long ModelId, long Flask, long Other)> FillAsync(TestDatabase database)
    {
        var user = await database.AddUserAsync();
        var flask = await database.AddQuestionAsync(user);
        var other = await database.AddQuestionAsync(user);
        await using var db = database.CreateDbContext();
        var model = await db.EnsureEmbeddingModelAsync("test", "f", "folder", Dimensions, default);
        var writer = new PassageWriter(database);
        Assert.True(await writer.ReplaceAsync(new(PassageKind.Question, flask.Id, 0), [Passage("플라스크 게시판", "블루프린트를 나눕니다", 0)], model.Id, null, default));
        Assert.True(await writer.ReplaceAsync(new(PassageKind.Question, other.Id, 0), [Passage("서버 배포", "리눅스에 배포합니다", 1)], model.Id, null, default));
        return (model.Id, flask.Id, other.Id);
    }

    private static NewPassage Passage(string title, string text, int axis) => new(title, null, text, 0, [new(0, text.Length, Unit(axis))]);

    private static ReadOnlyMemory<float> Unit(int axis)
    {
        var vector = new float[Dimensions];
        vector[axis] = 1;
        return vector;
    }

    private static PassageQuery Query(string words) => new() { Terms = KoreanText.Terms(words), Viewer = Viewer.Visitor, Limit = 10 };

    private static Task<int> CountAsync(PyboDb db, string sql) => db.Database.SqlQueryRaw<int>(sql).SingleAsync();
}
