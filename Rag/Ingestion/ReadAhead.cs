using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Pybo.Data;
using Pybo.Rag.Documents;

namespace Pybo.Rag.Ingestion;

/// <summary>
/// Takes documents out of the queue, their owners in turn, and reads several at a time, ahead of the one that embeds and writes. What it took it keeps
/// claimed until it is told that it is done, and gives back when it is disposed.
/// </summary>
internal sealed partial class ReadAhead : IAsyncDisposable
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

    /// <summary>How often a row says how far its reading is: as often as a person looks, and well within a claim.</summary>
    private static readonly TimeSpan TellEvery = TimeSpan.FromSeconds(2);

    /// <summary>How soon a document is noticed that was uploaded while others are worked at.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    /// <summary>How soon a document is tried again that the site had no room for, or whose disk was full.</summary>
    internal static readonly TimeSpan RoomWait = TimeSpan.FromSeconds(30);

    private readonly IDbContextFactory<PyboDb> dbs;
    private readonly DocumentRounds rounds;
    private readonly StorageLimits limits;
    private readonly ReadFile read;
    private readonly Chunker chunker;
    private readonly IndexerClock clock;
    private readonly ILogger log;
    private readonly CancellationTokenSource stop;
    private readonly SemaphoreSlim claiming = new(1);
    private readonly SemaphoreSlim places = new(DocumentsMax);
    private readonly SemaphoreSlim longTexts = new(1);
    private readonly ConcurrentDictionary<long, Reading> taken = new();
    private readonly ConcurrentQueue<ReadyDocument> ready = new();
    private readonly SemaphoreSlim changed = new(0);
    private readonly List<Task> work;
    private int ended;

    /// <param name="dbs">The rows that are the queue.</param>
    /// <param name="rounds">Whose turn it is; it outlives this.</param>
    /// <param name="limits">What a member, and the site, may keep.</param>
    /// <param name="read">Reads a file.</param>
    /// <param name="chunker">Cuts what was read.</param>
    /// <param name="clock">By which documents are claimed.</param>
    /// <param name="log">Of the indexer.</param>
    /// <param name="ct">Stops.</param>
    public ReadAhead(IDbContextFactory<PyboDb> dbs, DocumentRounds rounds, StorageLimits limits, ReadFile read, Chunker chunker, IndexerClock clock, ILogger log, CancellationToken ct)
    {
        (this.dbs, this.rounds, this.limits, this.read, this.chunker, this.clock, this.log) = (dbs, rounds, limits, read, chunker, clock, log);
        stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        work = [.. Enumerable.Range(0, Math.Clamp(Environment.ProcessorCount, 1, ReadersMax)).Select(_ => Task.Run(ReadAllAsync, CancellationToken.None))];
        work.Add(Task.Run(TellAsync, CancellationToken.None));
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

    /// <summary>Waits until something has been read, or given up, or for some time.</summary>
    public async Task WaitAsync(TimeSpan longest, CancellationToken ct)
    {
        await changed.WaitAsync(longest, ct);
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
        await RestAsync(document.Key, error, ct);
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
                    NoRoom(log, reading.Document.Key.Id);
                }

                reading.Dispose();
            }
        }

        stop.Dispose();
        claiming.Dispose();
        places.Dispose();
        longTexts.Dispose();
        changed.Dispose();
    }

    private async Task ReadAllAsync()
    {
        while (true)
        {
            await places.WaitAsync(stop.Token);
            if (await TakeAsync(stop.Token) is { } reading)
            {
                await ReadAsync(reading);
                Change();
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
            if (await HasRoomAsync(reading, document) && await ReserveAsync(document))
            {
                ready.Enqueue(document);
                return;
            }
        }
        catch (DocumentUnreadableException error)
        {
            Unreadable(log, key.Id, error.Message);
            await using var db = await dbs.CreateDbContextAsync(stop.Token);
            await db.FailAsync(key, error.Notice, stop.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            if (stop.IsCancellationRequested)
            {
                // It is still taken, and given back when this is disposed.
                return;
            }

            Lost(log, key.Id);
        }
        catch (Exception error)
        {
            await RestAsync(key, error, stop.Token);
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

    /// <summary>False where the site has no room for it now: it is back in the queue then.</summary>
    /// <exception cref="DocumentUnreadableException">It is more than its owner may have.</exception>
    private async Task<bool> ReserveAsync(ReadyDocument document)
    {
        await using var db = await dbs.CreateDbContextAsync(stop.Token);
        switch (await db.ReserveAsync(document.Key, document.Cost, limits, stop.Token))
        {
            case IndexRefusal.DocumentTooLong:
                throw new DocumentUnreadableException(Notice.Of(IngestionProblem.DocumentTooLong, document.Cost, DocumentQueue.ChunksPerDocumentMax));
            case IndexRefusal.QuotaFull:
                throw new DocumentUnreadableException(Notice.Of(IngestionProblem.QuotaFull, limits.ChunksPerMemberMax, document.Cost));
            case IndexRefusal.NoRoom:
                await db.WaitForRoomAsync(document.Key, clock.Now + RoomWait, stop.Token);
                NoRoom(log, document.Key.Id);
                return false;
            default:
                return true;
        }
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

    /// <summary>A failure that may pass: the document rests, longer each time, until it has been tried often enough.</summary>
    private async Task RestAsync(SourceKey key, Exception error, CancellationToken ct)
    {
        await using var db = await dbs.CreateDbContextAsync(ct);
        if (await db.AttemptsAsync(key, ct) is not { } attempts)
        {
            Lost(log, key.Id);
            return;
        }

        if (DiskFull.Is(error))
        {
            // Not the document's fault; where not even this can be written, its claim runs out.
            await db.WaitForRoomAsync(key, clock.Now + RoomWait, ct);
            NoRoom(log, key.Id);
            return;
        }

        Failed(log, key.Id, attempts, error);
        if (attempts >= DocumentQueue.AttemptsMax)
        {
            await db.FailAsync(key, Notice.Of(IngestionProblem.AttemptsFailed, DocumentQueue.AttemptsMax), ct);
        }
        else
        {
            await db.RestDocumentAsync(key, clock.Now + IndexerClock.RestAfter(attempts), ct);
        }
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

    private void Change()
    {
        if (changed.CurrentCount == 0)
        {
            changed.Release();
        }
    }

    /// <summary>Says now and then that everything that was taken is still being worked at.</summary>
    private async Task TellAsync()
    {
        using var timer = new PeriodicTimer(TellEvery);
        while (await timer.WaitForNextTickAsync(stop.Token))
        {
            await using var db = await dbs.CreateDbContextAsync(stop.Token);
            foreach (var reading in taken.Values)
            {
                if (!await db.TellProgressAsync(reading.Document.Key, reading.PagesRead, clock.Now, stop.Token))
                {
                    reading.Lose();
                }
            }
        }
    }

    /// <summary>A document that is being read.</summary>
    private sealed class Reading(ClaimedDocument document) : IProgress<int>, IDisposable
    {
        private readonly Lock gate = new();
        private readonly CancellationTokenSource lost = new();
        private bool isDisposed;
        private int pagesRead;

        public ClaimedDocument Document => document;

        /// <summary>Cancelled once the row says that this attempt was given up.</summary>
        public CancellationToken Lost => lost.Token;

        public int PagesRead => Volatile.Read(ref pagesRead);

        /// <summary>It has the place of the long text.</summary>
        public bool IsLong { get; set; }

        public bool IsRead { get; set; }

        /// <summary>It came to no end: it is in the queue again.</summary>
        public bool IsPostponed { get; set; }

        public void Lose()
        {
            lock (gate)
            {
                if (!isDisposed)
                {
                    lost.Cancel();
                }
            }
        }

        public void Dispose()
        {
            lock (gate)
            {
                isDisposed = true;
                lost.Dispose();
            }
        }

        void IProgress<int>.Report(int value) => Volatile.Write(ref pagesRead, value);
    }

    [LoggerMessage(LogLevel.Warning, "Document {Id} cannot be read: {Reason}")]
    private static partial void Unreadable(ILogger log, long id, string reason);

    [LoggerMessage(LogLevel.Warning, "There is no room for document {Id}; it waits.")]
    private static partial void NoRoom(ILogger log, long id);

    [LoggerMessage(LogLevel.Error, "Attempt {Attempt} at document {Id} failed.")]
    private static partial void Failed(ILogger log, long id, int attempt, Exception error);

    [LoggerMessage(LogLevel.Debug, "Document {Id} was changed or deleted while it was being read; it is taken again if it is still there.")]
    private static partial void Lost(ILogger log, long id);
}
