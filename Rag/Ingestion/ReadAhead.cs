using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Pybo.Data;
using Pybo.Rag.Documents;
using Pybo.Rag.Passages;

namespace Pybo.Rag.Ingestion;

/// <summary>
/// Takes documents from the queue, owners in turn, and reads several at a time, ahead of the single writer that embeds them. Keeps their claims
/// until they are reported done, and returns the rest to the queue when disposed.
/// </summary>
internal sealed class ReadAhead : IAsyncDisposable
{
    /// <summary>Documents read concurrently: each may use a child process with hundreds of megabytes.</summary>
    public const int ReadersMax = 4;

    /// <summary>Documents read or being read but not yet written; enough for short ones to fill the encoder's batches.</summary>
    public const int DocumentsMax = 24;

    /// <summary>The limit per owner, so that the next owner's document always finds a place.</summary>
    public const int DocumentsPerOwnerMax = 16;

    /// <summary>
    /// A text with more characters is long, and only one long text waits to be written: a hundred megabytes with its passages and pages. Another
    /// one is returned to the queue, where it lets shorter ones pass, and is read again once there is room for it.
    /// </summary>
    private const int LongCharacters = 1_000_000;

    /// <summary>How soon a newly uploaded document is noticed while others are in progress.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly IDbContextFactory<PyboDb> dbs;
    private readonly DocumentRounds rounds;
    private readonly ExtractText read;
    private readonly Chunker chunker;
    private readonly IndexerClock clock;
    private readonly DocumentAttempts attempts;
    private readonly CancellationTokenSource stop;
    private readonly SemaphoreSlim claiming = new(1);
    private readonly SemaphoreSlim places = new(DocumentsMax);
    private readonly SemaphoreSlim longTexts = new(1);
    private readonly ConcurrentDictionary<long, ReadInProgress> taken = new();
    private readonly ConcurrentQueue<PreparedDocument> ready = new();
    private readonly Signal changed = new();
    private readonly List<Task> work;
    private int ended;

    /// <param name="dbs">Opens the rows that are the queue.</param>
    /// <param name="rounds">Decides whose turn it is; outlives this instance.</param>
    /// <param name="read">Reads a file.</param>
    /// <param name="chunker">Splits the text that was read.</param>
    /// <param name="clock">The clock for claims.</param>
    /// <param name="attempts">Handles documents that could not be indexed.</param>
    /// <param name="ct">Stops.</param>
    public ReadAhead(IDbContextFactory<PyboDb> dbs, DocumentRounds rounds, ExtractText read, Chunker chunker, IndexerClock clock, DocumentAttempts attempts, CancellationToken ct)
    {
        (this.dbs, this.rounds, this.read, this.chunker, this.clock, this.attempts) = (dbs, rounds, read, chunker, clock, attempts);
        stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        work = [.. Enumerable.Range(0, Math.Clamp(Environment.ProcessorCount, 1, ReadersMax)).Select(_ => Task.Run(ReadAllAsync, CancellationToken.None))];
        work.Add(Task.Run(() => new ClaimHeartbeat(dbs, clock).RunAsync(() => taken.Values, stop.Token), CancellationToken.None));
    }

    /// <summary>Documents that finished: written, put aside with a reason, or left for a retry.</summary>
    public int Ended => Volatile.Read(ref ended);

    /// <summary>True once nothing is being read, ready or written, and the queue is empty.</summary>
    public async Task<bool> IsIdleAsync(CancellationToken ct)
    {
        await claiming.WaitAsync(ct);
        try
        {
            await using var db = await dbs.CreateDbContextAsync(ct);
            return taken.IsEmpty && !await db.IsDocumentWaitingAsync(clock.Now, ct);
        }
        finally
        {
            claiming.Release();
        }
    }

    /// <summary>Returns the next document that has been read; null if none is ready.</summary>
    public PreparedDocument? Next() => ready.TryDequeue(out var document) ? document : null;

    /// <summary>Completes when a document has been read or given up.</summary>
    public Task Changed => changed.Next;

    /// <summary>Waits for <see cref="Changed"/>, up to a time limit.</summary>
    public async Task WaitAsync(Task change, TimeSpan longest, CancellationToken ct)
    {
        await change.WaitAsync(longest, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        ct.ThrowIfCancellationRequested();
        foreach (var broken in work.Where(w => w.IsFaulted))
        {
            await broken;
        }
    }

    /// <summary>Releases a document that was written or given up.</summary>
    public void Done(PreparedDocument document) => Drop(document.Key);

    /// <summary>Returns a document that failed to be written to the queue, or puts it aside.</summary>
    public async Task FailedAsync(PreparedDocument document, Exception error, CancellationToken ct)
    {
        await attempts.RestAsync(document.Key, error, ct);
        Drop(document.Key);
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await Task.WhenAll(work).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!taken.IsEmpty)
        {
            await using var db = await dbs.CreateDbContextAsync(CancellationToken.None);
            foreach (var reading in taken.Values)
            {
                try
                {
                    await db.ReleaseDocumentAsync(reading.Document.Key, CancellationToken.None);
                }
                catch (Exception error) when (DiskFull.Is(error))
                {
                    // Its claim expires soon.
                    attempts.NoRoom(reading.Document.Key);
                }

                reading.Dispose();
            }
        }

        stop.Dispose();
        claiming.Dispose();
        places.Dispose();
        longTexts.Dispose();
    }

    private async Task ReadAllAsync()
    {
        while (true)
        {
            await places.WaitAsync(stop.Token);
            if (await TakeAsync(stop.Token) is { } reading)
            {
                await ReadAsync(reading);
                changed.Raise();
            }
            else
            {
                places.Release();
                await Task.Delay(LookEvery, stop.Token);
            }
        }
    }

    /// <summary>Takes one document; null if there is nothing to read now.</summary>
    private async Task<ReadInProgress?> TakeAsync(CancellationToken ct)
    {
        await claiming.WaitAsync(ct);
        try
        {
            var others = taken.Values.Where(r => !r.IsRead).ToList();
            if (others.Exists(r => r.Document.Key.Attempt > 1))
            {
                return null;
            }

            await using var db = await dbs.CreateDbContextAsync(ct);
            var charactersMax = longTexts.CurrentCount > 0 ? int.MaxValue : LongCharacters;
            var full = taken.Values.GroupBy(r => r.Document.Owner).Where(g => g.Count() >= DocumentsPerOwnerMax).Select(g => g.Key).ToHashSet();
            if (await db.ClaimDocumentAsync(others.Count == 0, [.. taken.Keys], clock.Now, ct, charactersMax, rounds, full.Contains) is not { } document)
            {
                return null;
            }

            var isLong = document.Characters > LongCharacters;
            if (isLong && !await longTexts.WaitAsync(TimeSpan.Zero, ct))
            {
                // Another document has just turned out to be long.
                await db.PostponeDocumentAsync(document.Key, document.Characters, ct);
                return null;
            }

            return taken[document.Key.Id] = new ReadInProgress(document) { IsLong = isLong };
        }
        finally
        {
            claiming.Release();
        }
    }

    private async Task ReadAsync(ReadInProgress reading)
    {
        var key = reading.Document.Key;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop.Token, reading.Lost);
        try
        {
            var document = await ReadAsync(reading, limit.Token);
            reading.IsRead = true;
            if (await HasRoomAsync(reading, document) && await attempts.ReserveAsync(document, stop.Token))
            {
                ready.Enqueue(document);
                return;
            }
        }
        catch (DocumentUnreadableException error)
        {
            await attempts.RefuseAsync(key, error, stop.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            if (stop.IsCancellationRequested)
            {
                // It is still claimed, and returned to the queue on dispose.
                return;
            }

            attempts.Lost(key);
        }
        catch (Exception error)
        {
            await attempts.RestAsync(key, error, stop.Token);
        }

        Drop(key);
    }

    /// <summary>Returns false, with this text back in the queue, if another long one is already waiting.</summary>
    private async Task<bool> HasRoomAsync(ReadInProgress reading, PreparedDocument document)
    {
        if (reading.IsLong || document.Read.Characters <= LongCharacters)
        {
            return true;
        }

        reading.IsLong = await longTexts.WaitAsync(TimeSpan.Zero, stop.Token);
        if (!reading.IsLong)
        {
            await using var db = await dbs.CreateDbContextAsync(stop.Token);
            await db.PostponeDocumentAsync(document.Key, document.Read.Characters, stop.Token);
            reading.IsPostponed = true;
        }

        return reading.IsLong;
    }

    private async Task<PreparedDocument> ReadAsync(ReadInProgress reading, CancellationToken ct)
    {
        var document = reading.Document;
        if (document.Key.Attempt > DocumentQueue.AttemptsMax)
        {
            throw new DocumentUnreadableException(Notice.Of(IngestionProblem.ReaderStopped, DocumentQueue.AttemptsMax));
        }

        await using var content = dbs.OpenFile(document.FileId, document.Size);
        var text = await read(content, document.Size, document.Name, reading, ct);
        return PreparedDocument.Of(document.Key, text with { Title = document.GivenTitle ?? text.Title }, chunker) with { Owner = document.Owner };
    }

    private void Drop(SourceKey key)
    {
        if (taken.TryGetValue(key.Id, out var reading) && reading.Document.Key == key && taken.TryRemove(new(key.Id, reading)))
        {
            if (!reading.IsPostponed)
            {
                Interlocked.Increment(ref ended);
            }

            places.Release();
            if (reading.IsLong)
            {
                longTexts.Release();
            }

            reading.Dispose();
        }
    }
}
