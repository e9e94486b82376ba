using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Pybo.Data;
using Pybo.Rag.Documents;
using Pybo.Rag.Ingestion;
using Pybo.Rag.Models;
using Pybo.Tests.Data;
using Pybo.Tests.Rag.Models;

namespace Pybo.Tests.Rag.Ingestion;

public sealed class DocumentQueueTests : IAsyncLifetime
{
    private readonly ScriptedReader reader = new();
    private readonly ShiftedTime time = new();
    private TestDatabase database = null!;
    private EmbeddingModels noModel = null!;

    public async ValueTask InitializeAsync()
    {
        database = await TestDatabase.StartAsync();
        noModel = TestModels.Embedding(database, "models/none");
    }

    public ValueTask DisposeAsync()
    {
        noModel.Dispose();
        return database.DisposeAsync();
    }

    [Fact]
    public async Task Several_documents_are_read_at_a_time_and_bad_ones_block_no_others()
    {
        for (var n = 0; n < 40; n++)
        {
            await AddAsync(Name(n), $"{n}번 창고의 열쇠");
        }

        reader.On[Name(3)] = (_, _) => throw new DocumentUnreadableException(Notice.Of(ReadingProblem.Encrypted));
        reader.On[Name(5)] = (_, _) => throw new IOException("The child was killed.");
        Assert.Equal(40, await Indexer().RunAsync(null, default));

        await using var db = database.CreateDbContext();
        Assert.Equal(38, await db.Documents.CountAsync(d => d.IndexedAt != null));
        Assert.Equal(Notice.Of(ReadingProblem.Encrypted).ToString(), await db.Documents.Where(d => d.Path == Name(3)).Select(d => d.IndexError).SingleAsync());
        Assert.InRange(reader.ReadingMax, 1, ReadAhead.ReadersMax);
        Assert.Equal(Enumerable.Range(0, 40).Select(Name).Order(), reader.Names.Order());
    }

    [Fact]
    public async Task A_folders_report_names_documents_that_wait_for_a_retry_or_are_unread()
    {
        var folder = Directory.CreateTempSubdirectory("pybo-folder-").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "가.txt"), "가");
        await File.WriteAllTextAsync(Path.Combine(folder, "나.txt"), "나");
        reader.On[$"{Path.GetFileName(folder)}/나.txt"] = (_, _) => throw new IOException("The disk is busy.");
        var ingestion = new FolderIngestion(database, ReadHere.UnwrapAsync);
        var report = await ingestion.RunAsync(folder, new(), null, default);
        await Indexer().RunAsync(null, default);
        report = await ingestion.WithReadingAsync(report, default);
        Assert.Equal([$"{folder}/가.txt"], report.New);
        Assert.Equal([new FileProblem($"{folder}/나.txt", FolderIngestion.RestsReason.ToString())], report.Failed);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Documents_are_claimed_in_order_of_arrival()
    {
        var ids = new List<long>();
        for (var n = 0; n < 5; n++)
        {
            ids.Add(await AddAsync(Name(n), $"{n}번 창고의 열쇠"));
        }

        await using var db = database.CreateDbContext();
        foreach (var id in ids)
        {
            Assert.Equal(id, (await db.ClaimDocumentAsync(isAlone: false, [], DateTime.UtcNow, default))!.Key.Id);
        }

        Assert.Null(await db.ClaimDocumentAsync(isAlone: false, [], DateTime.UtcNow, default));
    }

    [Fact]
    public async Task A_transient_failure_is_retried_with_growing_back_off_but_not_forever()
    {
        var id = await AddAsync("가.txt", "열쇠");
        reader.On["가.txt"] = (_, _) => throw new IOException("The child was killed.");
        time.Fixed = time.GetUtcNow(); // a slow machine must not sit out the back-off
        for (var attempt = 1; attempt < DocumentQueue.AttemptsMax; attempt++)
        {
            Assert.Equal(1, await Indexer().RunAsync(null, default));
            Assert.Equal(0, await Indexer().RunAsync(null, default));
            Assert.Equal((attempt, DocumentState.Waiting), await StateAsync(id));
            time.Ahead += DocumentAttempts.RestAfter(attempt) - TimeSpan.FromSeconds(5);
            Assert.Equal(0, await Indexer().RunAsync(null, default));
            time.Ahead += TimeSpan.FromSeconds(5);
        }

        Assert.Equal(1, await Indexer().RunAsync(null, default));
        Assert.Equal(DocumentState.Failed, (await StateAsync(id)).State);
        Assert.Equal(DocumentQueue.AttemptsMax, reader.Names.Count);

        // Its owner may have it tried again, and this attempt succeeds.
        await using var db = database.CreateDbContext();
        await db.Documents.ExecuteUpdateAsync(set => set.SetProperty(d => d.IndexError, "실패"));
        Assert.Equal(1, await db.RetryDocumentAsync(id, new Actor(1, IsAdministrator: true), default));
        reader.On.Clear();
        Assert.Equal(1, await Indexer().RunAsync(null, default));
        Assert.Equal((0, DocumentState.Ready), await StateAsync(id));
    }

    [Fact]
    public async Task A_document_that_kills_its_process_is_put_aside_and_others_read_with_it_are_not()
    {
        var (bad, good) = (await AddAsync("나쁜.txt", "열쇠"), await AddAsync("좋은.txt", "자물쇠"));
        for (var crash = 1; crash <= DocumentQueue.AttemptsMax; crash++)
        {
            // A killed process leaves its claims behind and writes nothing more.
            await using var db = database.CreateDbContext();
            Assert.Equal(bad, (await db.ClaimDocumentAsync(isAlone: true, [], time.Now(), default))!.Key.Id);
            if (crash == 1)
            {
                Assert.Equal(good, (await db.ClaimDocumentAsync(isAlone: false, [], time.Now(), default))!.Key.Id);
                // While a claim is fresh no other reader takes it.
                Assert.Null(await db.ClaimDocumentAsync(isAlone: true, [], time.Now(), default));
            }

            // A document that was tried before is read alone.
            time.Ahead += DocumentQueue.ClaimTime + TimeSpan.FromSeconds(1);
            Assert.Null(await db.ClaimDocumentAsync(isAlone: false, [], time.Now(), default));
        }

        Assert.Equal(2, await Indexer().RunAsync(null, default));
        Assert.Equal(["좋은.txt"], reader.Names);
        Assert.Equal(DocumentState.Failed, (await StateAsync(bad)).State);
        Assert.Equal(DocumentState.Ready, (await StateAsync(good)).State);
    }

    [Fact]
    public async Task A_stopped_document_is_released_without_counting_an_attempt()
    {
        var id = await AddAsync("가.txt", "열쇠");
        var isReading = new TaskCompletionSource();
        reader.On["가.txt"] = async (_, ct) =>
        {
            isReading.SetResult();
            await Task.Delay(Timeout.Infinite, ct);
        };
        using var stop = new CancellationTokenSource();
        var run = Indexer().RunAsync(null, stop.Token);
        await isReading.Task;
        Assert.Equal((1, DocumentState.Reading), await StateAsync(id));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.Equal((0, DocumentState.Waiting), await StateAsync(id));
        await using var db = database.CreateDbContext();
        Assert.NotNull(await db.ClaimDocumentAsync(isAlone: false, [], time.Now(), default));
    }

    [Fact]
    public async Task The_row_shows_the_pages_read_and_a_deleted_document_is_dropped()
    {
        var id = await AddAsync("가.txt", "열쇠");
        var stopped = new TaskCompletionSource();
        reader.On["가.txt"] = async (pages, ct) =>
        {
            pages?.Report(7);
            try
            {
                await Task.Delay(Timeout.Infinite, ct);
            }
            finally
            {
                stopped.SetResult();
            }
        };
        var run = Indexer().RunAsync(null, default);
        await using var db = database.CreateDbContext();
        while (await db.Documents.Where(d => d.Id == id).Select(d => d.PagesRead).SingleAsync() != 7)
        {
            await Task.Delay(20);
        }

        await db.Documents.ExecuteDeleteAsync();
        await stopped.Task;
        Assert.Equal(1, await run);
    }

    [Fact]
    public async Task A_document_requeued_during_reading_is_not_read_twice_at_once()
    {
        Assert.SkipWhen(Environment.ProcessorCount == 1, "One reader.");
        var id = await AddAsync("가.txt", "열쇠");
        var (isReading, goOn, goesOn) = (new TaskCompletionSource(), new TaskCompletionSource(), new TaskCompletionSource());
        var (now, isTwice) = (0, false);
        reader.On["가.txt"] = async (_, _) =>
        {
            if (Interlocked.Increment(ref now) > 1)
            {
                isTwice = true;
                goesOn.TrySetResult();
            }

            isReading.TrySetResult();
            await goOn.Task;
            Interlocked.Decrement(ref now);
        };
        reader.On["나.txt"] = (_, _) =>
        {
            goesOn.TrySetResult();
            return Task.CompletedTask;
        };
        var run = Indexer().RunAsync(null, default);
        await isReading.Task;
        await using var db = database.CreateDbContext();
        await db.RequeueAllAsync(default);
        // The queue is first in, first out: the reader of this document has left the other one to its holder.
        await AddAsync("나.txt", "자물쇠");
        await goesOn.Task;
        goOn.SetResult();
        Assert.Equal(3, await run);
        Assert.False(isTwice);
        Assert.Equal((0, DocumentState.Ready), await StateAsync(id));
        Assert.Equal(["가.txt", "가.txt", "나.txt"], reader.Names.Order());
    }

    [Fact]
    public async Task A_document_that_cannot_be_written_fails_no_other()
    {
        var ids = new List<long>();
        for (var n = 1; n <= 3; n++)
        {
            ids.Add(await AddAsync(Name(n), $"{n}번 창고의 열쇠"));
        }

        await using var db = database.CreateDbContext();
        await db.Database.ExecuteSqlAsync($"create trigger Refused before insert on Passages when new.DocumentId = 2 begin select raise(abort, 'no'); end;");
        Assert.Equal(3, await Indexer().RunAsync(null, default));
        Assert.Equal(DocumentState.Waiting, (await StateAsync(ids[1])).State);

        // As after a joint failure of the three; again all three are ready before the first is written.
        await db.Documents.ExecuteUpdateAsync(set => set.RequeueDocument());
        await db.Documents.ExecuteUpdateAsync(set => set.SetProperty(d => d.Attempts, 1));
        await AddAsync("끝.txt", "자물쇠");
        using var areReady = new ManualResetEventSlim();
        var isHeld = new TaskCompletionSource();
        reader.On[Name(1)] = (_, _) => isHeld.Task;
        reader.On["끝.txt"] = (_, _) =>
        {
            areReady.Set();
            return Task.CompletedTask;
        };
        await Indexer().RunAsync(new Told(() =>
        {
            isHeld.TrySetResult();
            areReady.Wait();
        }), default);
        Assert.Equal([DocumentState.Ready, DocumentState.Waiting, DocumentState.Ready], [(await StateAsync(ids[0])).State, (await StateAsync(ids[1])).State, (await StateAsync(ids[2])).State]);
        Assert.Equal(2, (await StateAsync(ids[1])).Attempts);
    }

    [Fact]
    public async Task Long_texts_that_wait_for_each_other_let_a_short_one_pass_and_are_read_at_most_twice()
    {
        var longOnes = Math.Clamp(Environment.ProcessorCount, 1, ReadAhead.ReadersMax) + 1;
        var text = string.Concat(Enumerable.Repeat("창고의 상자는 관리실 고리의 열쇠로 열고 장부에 적는다.\n\n", 32_000));
        for (var n = 0; n < longOnes; n++)
        {
            await AddAsync(Name(n), $"{n}번 {text}");
        }

        var shortId = await AddAsync("짧은.txt", "열쇠");
        using var isRead = new ManualResetEventSlim();
        reader.On["짧은.txt"] = (_, _) =>
        {
            isRead.Set();
            return Task.CompletedTask;
        };
        // The writer waits until all readers have come as far as they can.
        var hasPassed = true;
        var run = Indexer().RunAsync(new Told(() => hasPassed = hasPassed && isRead.Wait(TimeSpan.FromMinutes(1))), default);
        await using var db = database.CreateDbContext();
        Assert.Equal(longOnes + 1, await run);
        Assert.True(hasPassed, "The short one was not read while the first of the long ones was open.");
        Assert.All(reader.Names.CountBy(name => name), read => Assert.InRange(read.Value, 1, 2));
        Assert.Equal(DocumentState.Ready, (await StateAsync(shortId)).State);
        Assert.Equal(longOnes + 1, await db.Documents.CountAsync(d => d.IndexedAt != null && d.Attempts == 0));
    }

    [Fact]
    public async Task An_empty_queue_is_found_by_its_index_and_waits_for_no_writer()
    {
        await AddAsync("가.txt", "열쇠");
        await using var db = database.CreateDbContext();
        await db.Documents.ExecuteUpdateAsync(set => set.SetProperty(d => d.IndexError, "실패"));
        await using (var writer = database.CreateDbContext())
        {
            await using var transaction = await writer.Database.BeginTransactionAsync();
            db.Database.SetCommandTimeout(1);
            Assert.Null(await db.ClaimDocumentAsync(isAlone: true, [], time.Now(), default));
        }

        await db.Database.OpenConnectionAsync();
        await using var look = DocumentQueue.Waiting(db, time.Now()).OrderBy(d => d.Id).CreateDbCommand();
        look.CommandText = $"explain query plan {look.CommandText}";
        await using var plan = await look.ExecuteReaderAsync();
        Assert.True(await plan.ReadAsync());
        Assert.Contains("IX_Documents_IndexedAt", plan.GetString(3), StringComparison.Ordinal);
        Assert.False(await plan.ReadAsync());
    }

    [Fact]
    public async Task A_post_is_indexed_while_a_document_is_still_being_read()
    {
        await AddAsync("가.txt", "열쇠");
        var isReading = new TaskCompletionSource();
        var goOn = new TaskCompletionSource();
        reader.On["가.txt"] = async (_, _) =>
        {
            isReading.SetResult();
            await goOn.Task;
        };
        var run = Indexer().RunAsync(null, default);
        await isReading.Task;
        await database.AddQuestionAsync(await database.AddUserAsync(), "새 질문", "내용");
        await using var db = database.CreateDbContext();
        while (!await db.Questions.AnyAsync(q => q.IndexedAt != null))
        {
            await Task.Delay(20);
        }

        goOn.SetResult();
        Assert.Equal(2, await run);
    }

    private Indexer Indexer() => new(database, noModel, new PassageWriter(database), reader.ReadAsync, time, NullLogger<Indexer>.Instance);

    /// <summary>Holds the writer when a test says so.</summary>
    private sealed class Told(Action happens) : IProgress<int>
    {
        public void Report(int value) => happens();
    }

    private static string Name(int n) => string.Create(CultureInfo.InvariantCulture, $"{n:00}.txt");

    private async Task<long> AddAsync(string path, string text)
    {
        await using var db = database.CreateDbContext();
        return (await db.AddDocumentAsync(path, text)).Id;
    }

    private async Task<(int Attempts, DocumentState State)> StateAsync(long id)
    {
        await using var db = database.CreateDbContext();
        var progress = (await db.DocumentAsync(id, Viewer.Visitor, default))!.Progress;
        return (progress.Attempts, progress.State);
    }
}
