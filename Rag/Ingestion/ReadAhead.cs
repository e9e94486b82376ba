using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Pybo.Data;
using Pybo.Rag.Documents;
using Pybo.Rag.Passages;

namespace Pybo.Rag.Ingestion;

/// <summary>
/// Takes documents out of the queue, their owners in turn, and reads several at a time, ahead of the one that embeds and writes. What it took it keeps
/// claimed until it is told that it is done, and gives back when it is disposed.
/// </summary>
internal sealed class ReadAhead : IAsyncDisposable
{
    /// <summary>Documents that are read at a time: each may take a child process with hundreds of megabytes.</summary>
    public const int ReadersMax = 4;

    /// <summary>Documents that are read or being read, and not yet written; enough that short ones fill the encoder's batches.</summary>
    public const int DocumentsMax = 24;

    /// <summary>Of them one owner's, so that there is a place for the next owner's document at once.</summary>
    public const int DocumentsPerOwnerMax = 16;

    /// <summary>
    /// A text of more characters is long, and one of them at a time waits to be written: a hundred megabytes with its passages and pages. Another that
    /// turns out to be long goes back into the queue, where it lets shorter ones pass; it is read a second time once there is room for it.
    /// </summary>
    private const int LongCharacters = 1_000_000;

    /// <summary>What any reader needs to know a file by.</summary>
    private const int HeadBytes = 64 * 1024;

    /// <summary>How soon a document is noticed that was uploaded while others are worked at.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly IDbContextFactory<PyboDb> dbs;
    private readonly DocumentRounds rounds;
    private readonly ReadFile read;
    private readonly Chunker chunker;
    private readonly IndexerClock clock;
    private readonly DocumentAttempts attempts;
    private readonly CancellationTokenSource stop;
    private readonly SemaphoreSlim claiming = new(1);
    private readonly SemaphoreSlim places = new(DocumentsMax);
    private readonly SemaphoreSlim longTexts = new(1);
    private readonly ConcurrentDictionary<long, Reading> taken = new();
    private readonly ConcurrentQueue<ReadyDocument> ready = new();
    private readonly Signal changed = new();
    private readonly List<Task> work;
    private int ended;

    /// <param name="dbs">The rows that are the queue.</param>
    /// <param name="rounds">Whose turn it is; it outlives this.</param>
    /// <param name="read">Reads a file.</param>
    /// <param name="chunker">Cuts what was read.</param>
    /// <param name="clock">By which documents are claimed.</param>
    /// <param name="attempts">What becomes of documents that are not indexed.</param>
    /// <param name="ct">Stops.</param>
    public ReadAhead(IDbContextFactory<PyboDb> dbs, DocumentRounds rounds, ReadFile read, Chunker chunker, IndexerClock clock, DocumentAttempts attempts, CancellationToken ct)
    {
        (this.dbs, this.rounds, this.read, this.chunker, this.clock, this.attempts) = (dbs, rounds, read, chunker, clock, attempts);
        stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        work = [.. Enumerable.Range(0, Math.Clamp(Environment.ProcessorCount, 1, ReadersMax)).Select(_ => Task.Run(ReadAllAsync, CancellationToken.None))];
        work.Add(Task.Run(() => new ClaimHeartbeat(dbs, clock).RunAsync(() => taken.Values, stop.Token), CancellationToken.None));
    }

    /// <summary>Documents that came to an end: written, put aside with a reason, or to be tried again later.</summary>
    public int Ended => Volatile.Read(ref ended);

    /// <summary>True once nothing is being read, ready or written, and nothing is to be taken.</summary>
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

    /// <summary>The next document that has been read; null where none is ready.</summary>
    public ReadyDocument? Next() => ready.TryDequeue(out var document) ? document : null;

    /// <summary>Completes when something has been read, or given up.</summary>
    public Task Changed => changed.Next;

    /// <summary>Waits for <see cref="Changed"/>, or for some time.</summary>
    public async Task WaitAsync(Task change, TimeSpan longest, CancellationToken ct)
    {
        await change.WaitAsync(longest, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        ct.ThrowIfCancellationRequested();
        foreach (var broken in work.Where(w => w.IsFaulted))
        {
            await broken;
        }
    }

    /// <summary>Says that a document is written, or was given up: it is nobody's any more.</summary>
    public void Done(ReadyDocument document) => Drop(document.Key);

    /// <summary>Gives a document that failed to be written back to the queue, or puts it aside.</summary>
    public async Task FailedAsync(ReadyDocument document, Exception error, CancellationToken ct)
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
                    // Its claim runs out soon.
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

    /// <summary>One document; null where none is to be read now.</summary>
    private async Task<Reading?> TakeAsync(CancellationToken ct)
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
                // Another has turned out to be long in this moment.
                await db.PostponeDocumentAsync(document.Key, document.Characters, ct);
                return null;
            }

            return taken[document.Key.Id] = new Reading(document) { IsLong = isLong };
        }
        finally
        {
            claiming.Release();
        }
    }

    private async Task ReadAsync(Reading reading)
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
                // It is still taken, and given back when this is disposed.
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

    /// <summary>False where a long text waits already: this one is back in the queue then.</summary>
    private async Task<bool> HasRoomAsync(Reading reading, ReadyDocument document)
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

    private async Task<ReadyDocument> ReadAsync(Reading reading, CancellationToken ct)
    {
        var document = reading.Document;
        if (document.Key.Attempt > DocumentQueue.AttemptsMax)
        {
            throw new DocumentUnreadableException(Notice.Of(IngestionProblem.ReaderStopped, DocumentQueue.AttemptsMax));
        }

        await using var content = dbs.OpenFile(document.FileId, document.Size);
        var head = new byte[Math.Min(HeadBytes, document.Size)];
        await content.ReadExactlyAsync(head, ct);
        content.Position = 0;
        var format = DocumentReader.For(head, document.Name).Format.Name;
        var text = await read(content, document.Size, document.Name, reading, ct);
        return ReadyDocument.Of(document.Key, text, format, chunker) with { Owner = document.Owner };
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
