using System.Globalization;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Pybo.Data;
using Pybo.Rag.Ingestion;
using Pybo.Rag.Models;
using Pybo.Tests.Data;
using Pybo.Tests.Rag.Models;

namespace Pybo.Tests.Rag.Ingestion;

/// <summary>A document with several stages: found all at once, and continued where an earlier attempt stopped.</summary>
public sealed class LongDocumentTests : IAsyncLifetime
{
    private const int Sections = 48;
    private const string Path = "긴 규정.md";

    private readonly ScriptedReader reader = new();
    private readonly ShiftedTime time = new();
    private TestDatabase database = null!;
    private EmbeddingModels models = null!;
    private long id;

    public async ValueTask InitializeAsync()
    {
        database = await TestDatabase.StartAsync();
        models = TestModels.Embedding(database, new PyboOptions().EmbeddingModel);
        await using var db = database.CreateDbContext();
        id = (await db.AddDocumentAsync(Path, Text("창고"))).Id;
    }

    public ValueTask DisposeAsync()
    {
        models.Dispose();
        return database.DisposeAsync();
    }

    [Fact]
    public async Task A_document_is_found_only_when_it_is_complete()
    {
        var sawPart = false;
        var run = Indexer().RunAsync(null, default);
        while (!run.IsCompleted)
        {
            await Task.Delay(20);
            await using var db = database.CreateDbContext();
            var row = (await db.DocumentAsync(id, Viewer.Visitor, default))!;
            var found = (await SearchAsync("창고")).Count;
            var passages = await db.PassageCountAsync(id, Viewer.Visitor, default);

            // Read last: a reader who saw any of it earlier must find it ready now.
            var isReady = (await db.DocumentAsync(id, Viewer.Visitor, default))!.Progress.State is DocumentState.Ready;
            Assert.True(isReady || found == 0, "A part of it was found.");
            Assert.True(isReady || passages == 0, "A part of it is shown.");
            if (row.Progress is { State: DocumentState.Embedding, ChunksDone: > 0 })
            {
                sawPart = true;
                Assert.InRange(row.Progress.ChunksDone, 1, row.Progress.ChunksTotal);
            }
        }

        Assert.Equal(1, await run);
        Assert.True(sawPart);
        await AssertWholeAsync("창고");
    }

    [Fact]
    public async Task Stages_written_before_a_crash_are_not_embedded_again_unless_the_text_changed()
    {
        using (var stop = new StopAfterStages(database, id, stages: 2))
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Indexer().RunAsync(stop, stop.Token));
        }

        await using var db = database.CreateDbContext();
        var kept = await db.Passages.Where(p => p.Audience == Audience.Nobody).OrderBy(p => p.Ordinal).Select(p => p.Id).ToListAsync();
        Assert.NotEmpty(kept);
        Assert.Empty(await SearchAsync("창고"));
        Assert.Empty(await db.CheckPassagesAsync(default));

        Assert.Equal(1, await Indexer().RunAsync(null, default));
        await AssertWholeAsync("창고");
        Assert.Equal(kept, await db.Passages.Where(p => p.DocumentId == id).OrderBy(p => p.Ordinal).Take(kept.Count).Select(p => p.Id).ToListAsync());

        // Read again with other words and stopped halfway: the old words are found until all new ones are there.
        await ReplaceAsync("서고");
        using (var stop = new StopAfterStages(database, id, stages: 2))
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Indexer().RunAsync(stop, stop.Token));
        }

        Assert.NotEmpty(await SearchAsync("창고"));
        Assert.Empty(await SearchAsync("서고"));
        await ReplaceAsync("금고");
        Assert.Equal(1, await Indexer().RunAsync(null, default));
        Assert.Empty(await SearchAsync("창고"));
        Assert.Empty(await SearchAsync("서고"));
        await AssertWholeAsync("금고");
    }

    [Fact]
    public async Task A_later_short_document_and_a_post_do_not_wait_for_a_long_one()
    {
        await using (var db = database.CreateDbContext())
        {
            await db.AddDocumentAsync("짧은.txt", "고양이 사료는 창가에 둔다.");
        }

        await database.AddQuestionAsync(await database.AddUserAsync(), "강아지 산책", "언제 갈까요?");
        var shortFirst = false;
        var run = Indexer().RunAsync(null, default);
        while (!run.IsCompleted && !shortFirst)
        {
            await Task.Delay(20);
            await using var db = database.CreateDbContext();
            var isLongOpen = await db.Documents.AnyAsync(d => d.Id == id && d.IndexedAt == null);
            shortFirst = isLongOpen && await db.Documents.AnyAsync(d => d.Id != id && d.IndexedAt != null) && await db.Questions.AnyAsync(q => q.IndexedAt != null);
        }

        Assert.Equal(3, await run);
        Assert.True(shortFirst);
    }

    [Fact]
    public async Task An_abandoned_attempt_does_not_change_the_stages_of_the_next()
    {
        await using var db = database.CreateDbContext();
        var writer = new PassageWriter(database);
        var first = (await db.ClaimDocumentAsync(isAlone: true, [], time.Now(), default))!.Key;
        time.Ahead += DocumentQueue.ClaimTime + TimeSpan.FromSeconds(1);
        var second = (await db.ClaimDocumentAsync(isAlone: true, [], time.Now(), default))!.Key;
        Assert.True(await writer.StageAsync(second, 0, [Passage(0), Passage(1)], null, time.Now(), default));

        // The old attempt wakes up again, and tries to write something else.
        Assert.Null(await db.KeepWrittenPassagesAsync(first, [new("긴 규정", null, "다른 글", 0, [])], null, default));
        Assert.False(await writer.StageAsync(first, 0, [Passage(0)], null, time.Now(), default));
        Assert.Equal([0, 1], await db.Passages.OrderBy(p => p.Ordinal).Select(p => p.Ordinal).ToListAsync());

        // The current attempt continues where its stages end, and is not ready while one of them is missing.
        Assert.Equal(2, await db.KeepWrittenPassagesAsync(second, [Passage(0), Passage(1), Passage(2)], null, default));
        Assert.False(await writer.ReplaceAsync(second, [Passage(3)], null, new("긴 규정", 100), default, staged: 3));
        Assert.Null(await db.Documents.Where(d => d.Id == id).Select(d => d.IndexedAt).SingleAsync());
        Assert.True(await writer.ReplaceAsync(second, [Passage(2)], null, new("긴 규정", 100), default, staged: 2));
        Assert.Equal([0, 1, 2], await db.Passages.Where(p => p.Audience == Audience.Everyone).OrderBy(p => p.Ordinal).Select(p => p.Ordinal).ToListAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_document_whose_process_keeps_dying_is_put_aside_only_without_progress(bool comesForward)
    {
        await using var db = database.CreateDbContext();
        for (var crash = 0; crash <= DocumentQueue.AttemptsMax; crash++)
        {
            var key = (await db.ClaimDocumentAsync(isAlone: true, [], time.Now(), default))!.Key;
            Assert.Equal(comesForward ? Math.Min(crash + 1, 2) : crash + 1, key.Attempt);
            if (comesForward)
            {
                Assert.True(await new PassageWriter(database).StageAsync(key, crash, [Passage(crash)], null, time.Now() + DocumentQueue.ClaimTime, default));
            }

            time.Ahead += DocumentQueue.ClaimTime + TimeSpan.FromSeconds(1);
        }

        Assert.Equal(1, await Indexer().RunAsync(null, default));
        Assert.Equal(comesForward ? DocumentState.Ready : DocumentState.Failed, (await db.DocumentAsync(id, Viewer.Visitor, default))!.Progress.State);
        if (comesForward)
        {
            await AssertWholeAsync("창고");
        }
    }

    [Fact]
    public async Task A_document_that_fails_for_good_leaves_no_stages()
    {
        using (var stop = new StopAfterStages(database, id, stages: 1))
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Indexer().RunAsync(stop, stop.Token));
        }

        reader.On[Path] = (_, _) => throw new Pybo.Rag.Documents.DocumentUnreadableException(Notice.Of(Pybo.Rag.Documents.ReadingProblem.Broken));
        await Indexer().RunAsync(null, default);
        await using var db = database.CreateDbContext();
        Assert.Empty(await db.Passages.ToListAsync());
        Assert.Equal(0, await db.PassageTotals.SumAsync(t => t.Passages));
    }

    private Indexer Indexer() => new(database, models, new PassageWriter(database), reader.ReadAsync, time, NullLogger<Indexer>.Instance);

    private static NewPassage Passage(int ordinal) => new("긴 규정", null, string.Create(CultureInfo.InvariantCulture, $"제{ordinal}조의 열쇠"), ordinal * 10, []);

    private static string Text(string word)
    {
        var text = new StringBuilder("# 긴 규정\n\n");
        for (var n = 0; n < Sections; n++)
        {
            text.Append(CultureInfo.InvariantCulture, $"## 제{n}조\n\n");
            for (var line = 0; line < 8; line++)
            {
                text.Append(CultureInfo.InvariantCulture, $"{n}번 {word}의 {line}번째 상자는 관리실 {(n + line) % 12}번 고리의 열쇠로 열고, 꺼낸 물건의 이름과 시각을 장부에 적는다.\n");
            }

            text.Append('\n');
        }

        return text.ToString();
    }

    private async Task ReplaceAsync(string word)
    {
        await using var db = database.CreateDbContext();
        var other = await db.AddDocumentAsync($"{word}.md", Text(word), indexedAt: DateTime.UtcNow);
        await db.ReplaceFileAsync(id, other.FileId, default);
        await db.Documents.Where(d => d.Id == other.Id).ExecuteDeleteAsync();
    }

    private async Task<List<PassageHit>> SearchAsync(string word)
    {
        await using var db = database.CreateDbContext();
        return await db.SearchPassagesAsync(new() { Terms = KoreanText.Terms(word), Viewer = Viewer.Visitor, Limit = 5 }, default);
    }

    private async Task AssertWholeAsync(string word)
    {
        await using var db = database.CreateDbContext();
        Assert.NotEmpty(await SearchAsync(word));
        var ordinals = await db.Passages.Where(p => p.DocumentId == id && p.Audience == Audience.Everyone).OrderBy(p => p.Ordinal).Select(p => p.Ordinal).ToListAsync();
        Assert.Equal(Enumerable.Range(0, ordinals.Count), ordinals);
        Assert.Equal(ordinals.Count, await db.Passages.CountAsync());
        Assert.True(await db.Chunks.CountAsync() > DocumentPassages.ChunksPerStage * 2);
        Assert.Equal(await db.Chunks.CountAsync(), await db.Documents.Where(d => d.Id == id).Select(d => d.ChunksDone).SingleAsync());
        Assert.Empty(await db.CheckPassagesAsync(default));
        var row = await db.Documents.SingleAsync(d => d.Id == id);
        Assert.Equal((row.ChunksTotal, 0), (await db.Chunks.CountAsync(), row.Attempts));
    }

    /// <summary>Cancels once this many stages are in the database: a killed process leaves the same, plus its claim.</summary>
    private sealed class StopAfterStages(TestDatabase database, long id, int stages) : IProgress<int>, IDisposable
    {
        private readonly CancellationTokenSource stop = new();

        public CancellationToken Token => stop.Token;

        public void Report(int value)
        {
            using var db = database.CreateDbContext();
            // Fewer chunks than in whole stages, because a stage ends with a passage.
            if (db.Documents.Where(d => d.Id == id).Select(d => d.ChunksDone).Single() > (stages - 1) * DocumentPassages.ChunksPerStage)
            {
                stop.Cancel();
            }
        }

        public void Dispose() => stop.Dispose();
    }
}
