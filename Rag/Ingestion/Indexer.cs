using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Pybo.Data;
using Pybo.Rag.Documents;
using Pybo.Rag.Models;
using Pybo.Rag.Passages;

namespace Pybo.Rag.Ingestion;

/// <summary>
/// Works through the queued rows: reads, splits, embeds and writes them. The site's worker and the commands run the same code, even concurrently. Posts
/// come first, then documents, owners in turn; after each stage a long one yields to posts, short documents and other owners'.
/// </summary>
public sealed partial class Indexer(
    IDbContextFactory<PyboDb> dbs, EmbeddingModels models, PassageWriter writer, ExtractText read, TimeProvider time, ILogger<Indexer> log, StorageLimits? limits = null)
{
    /// <summary>Posts per round: enough to fill the encoder's batches, few enough that a new post is found within a second.</summary>
    public const int PostsPerRoundMax = 64;

    /// <summary>Passages per round when filling a new model.</summary>
    public const int PassagesPerRoundMax = 64;

    /// <summary>The error on a post that no attempt could index.</summary>
    internal static readonly Notice PostFailed = Notice.Of(IngestionProblem.PostFailed);

    /// <summary>A text that any working model can embed.</summary>
    private static readonly NewPassage ProbePassage = new("Title", null, "Text", 0, [new(0, 1)]);

    /// <summary>How long a post may wait while documents are being read but not yet ready.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);

    /// <summary>How often to look for passages without a vector while the model serves: only a process without a model leaves any, and the look scans all passages.</summary>
    internal static readonly TimeSpan FillEvery = TimeSpan.FromMinutes(10);

    private readonly IndexerClock clock = new(time);
    private readonly DocumentRounds reading = new();
    private readonly DocumentRounds writing = new();
    private DateTime nextFill;

    /// <summary>Works until nothing can be done now; skips rows that are backing off or claimed by another process.</summary>
    /// <param name="progress">Reports periodically how many sources are done.</param>
    /// <param name="ct">Stops between two writes; every write is complete.</param>
    /// <returns>The number of sources indexed, put aside with an error, or left for a retry.</returns>
    public async Task<int> RunAsync(IProgress<int>? progress, CancellationToken ct)
    {
        using var state = await models.StateAsync(ct);
        var filling = state.Filling;
        var embedder = new PassageEmbedder(filling);
        var done = await IndexAsync(embedder, progress, ct);
        if (filling is null || (state.Serving == filling && clock.Now < nextFill))
        {
            return done;
        }

        done += await FillAsync(embedder, filling.ModelId, ct);
        nextFill = clock.Now + FillEvery;
        return done;
    }

    private async Task<int> IndexAsync(PassageEmbedder embedder, IProgress<int>? progress, CancellationToken ct)
    {
        var posts = await IndexPostsAsync(embedder, ct);
        if (!await IsDocumentWaitingAsync(ct))
        {
            return posts;
        }

        var attempts = new DocumentAttempts(dbs, limits ?? StorageLimits.None, clock, log);
        await using var ahead = new ReadAhead(dbs, reading, read, embedder.Chunker, clock, attempts, ct);
        var documents = new DocumentPassages(dbs, writer, embedder, clock);
        var longOnes = new List<LongDocument>();
        while (!await ahead.IsIdleAsync(ct))
        {
            posts += await IndexPostsAsync(embedder, ct);
            var changed = ahead.Changed;
            var ready = Ready(ahead);
            await WriteShortAsync(ahead, documents, ready.FindAll(d => !DocumentPassages.IsLong(d)), ct);
            longOnes.AddRange(ready.FindAll(DocumentPassages.IsLong).ConvertAll(d => new LongDocument(d)));
            if (longOnes.MinBy(d => writing.ServedAt(d.Document.Owner)) is { } next)
            {
                writing.Serve(next.Document.Owner);
                await WriteStageAsync(ahead, documents, longOnes, next, ct);
            }
            else if (ready.Count == 0)
            {
                await ahead.WaitAsync(changed, LookEvery, ct);
            }

            progress?.Report(posts + ahead.Ended);
        }

        return posts + ahead.Ended;
    }

    private async Task<bool> IsDocumentWaitingAsync(CancellationToken ct)
    {
        await using var db = await dbs.CreateDbContextAsync(ct);
        return await db.IsDocumentWaitingAsync(clock.Now, ct);
    }

    private async Task<int> IndexPostsAsync(PassageEmbedder embedder, CancellationToken ct)
    {
        await using var db = await dbs.CreateDbContextAsync(ct);
        var done = 0;
        while (await db.PendingPostsAsync(PostsPerRoundMax, ct) is { Count: > 0 } posts)
        {
            try
            {
                await WritePostsAsync(embedder, posts, ct);
            }
            catch (Exception error) when (IsOfOnePost(error) && !ct.IsCancellationRequested)
            {
                foreach (var post in posts)
                {
                    await WritePostAsync(embedder, post, ct);
                }
            }

            done += posts.Count;
        }

        return done;
    }

    /// <summary>Writes one post of a failed batch, which it may have caused.</summary>
    private async Task WritePostAsync(PassageEmbedder embedder, PendingPost post, CancellationToken ct)
    {
        try
        {
            await WritePostsAsync(embedder, [post], ct);
        }
        catch (Exception error) when (IsOfOnePost(error) && !ct.IsCancellationRequested)
        {
            // This also throws if the model can embed nothing at all, and then no post is blamed.
            await embedder.EmbedAsync([ProbePassage], ct);
            Broken(log, post.Key.Kind, post.Key.Id, error);
            await FailAsync(post.Key, PostFailed, ct);
        }
    }

    private async Task WritePostsAsync(PassageEmbedder embedder, IReadOnlyList<PendingPost> posts, CancellationToken ct)
    {
        var cut = new List<(SourceKey Key, IReadOnlyList<NewPassage> Passages)>();
        foreach (var post in posts)
        {
            try
            {
                cut.Add((post.Key, embedder.Chunker.SplitPost(post.Title, post.Body, post.Tags)));
            }
            catch (DocumentUnreadableException error)
            {
                // A bad text carries its reason and never blocks the next.
                Unreadable(log, post.Key.Kind, post.Key.Id, error.Message);
                await FailAsync(post.Key, error.Notice, ct);
            }
        }

        foreach (var ((key, _), passages) in cut.Zip(await embedder.EmbedTogetherAsync(cut.ConvertAll(c => c.Passages), ct)))
        {
            if (!await writer.ReplaceAsync(key, passages, embedder.ModelId, null, ct))
            {
                Changed(log, key.Kind, key.Id);
            }
        }
    }

    private async Task FailAsync(SourceKey post, Notice reason, CancellationToken ct)
    {
        await using var db = await dbs.CreateDbContextAsync(ct);
        await db.FailAsync(post, reason, ct);
    }

    /// <summary>False for a database that is busy, full or broken as a whole: that is retried, and no post is blamed.</summary>
    internal static bool IsOfOnePost(Exception error) => error.GetBaseException() is not SqliteException
    {
        SqliteErrorCode: not (SQLitePCL.raw.SQLITE_CONSTRAINT or SQLitePCL.raw.SQLITE_TOOBIG or SQLitePCL.raw.SQLITE_MISMATCH)
    };

    /// <summary>Returns ready documents, enough to fill a batch of the encoder.</summary>
    private static List<PreparedDocument> Ready(ReadAhead ahead)
    {
        var ready = new List<PreparedDocument>();
        while (ready.Sum(d => d.Chunks) < DocumentPassages.ChunksPerStage && ahead.Next() is { } document)
        {
            ready.Add(document);
        }

        return ready;
    }

    /// <summary>Writes first attempts together and retries one by one: a retry may be what failed its batch.</summary>
    private static async Task WriteShortAsync(ReadAhead ahead, DocumentPassages documents, List<PreparedDocument> shortOnes, CancellationToken ct)
    {
        await WriteAsync(ahead, documents, shortOnes.FindAll(d => d.Key.Attempt == 1), ct);
        foreach (var document in shortOnes.Where(d => d.Key.Attempt > 1))
        {
            await WriteAsync(ahead, documents, [document], ct);
        }
    }

    private static async Task WriteAsync(ReadAhead ahead, DocumentPassages documents, List<PreparedDocument> shortOnes, CancellationToken ct)
    {
        if (shortOnes.Count == 0)
        {
            return;
        }

        try
        {
            await documents.WriteAsync(shortOnes, ct);
            shortOnes.ForEach(ahead.Done);
        }
        catch (Exception error) when (!ct.IsCancellationRequested)
        {
            // It may be any of them: the written ones have left the queue, and each of the others is read and written alone the next time.
            foreach (var document in shortOnes)
            {
                await ahead.FailedAsync(document, error, ct);
            }
        }
    }

    private static async Task WriteStageAsync(ReadAhead ahead, DocumentPassages documents, List<LongDocument> longOnes, LongDocument document, CancellationToken ct)
    {
        try
        {
            if (await documents.WriteStageAsync(document, ct))
            {
                ahead.Done(document.Document);
                longOnes.Remove(document);
            }
        }
        catch (Exception error) when (!ct.IsCancellationRequested)
        {
            await ahead.FailedAsync(document.Document, error, ct);
            longOnes.Remove(document);
        }
    }

    /// <summary>Gives the model the chunks of passages it lacks (made before it, or while it was missing), then lets it serve. Posts are handled in between.</summary>
    private async Task<int> FillAsync(PassageEmbedder embedder, long modelId, CancellationToken ct)
    {
        var (last, posts) = (0L, 0);
        while (true)
        {
            await using var db = await dbs.CreateDbContextAsync(ct);
            var pending = await db.PendingPassagesAsync(modelId, last, PassagesPerRoundMax, ct);
            if (pending.Count == 0)
            {
                break;
            }

            // Group those with the same readers: see DocumentPassages.WriteAsync.
            foreach (var alike in pending.GroupBy(p => p.Audience))
            {
                var passages = await embedder.EmbedAsync(alike.Select(p => new NewPassage(p.Title, p.Heading, p.Text, 0, embedder.Chunker.Chunks(p.Text))), ct);
                foreach (var (passage, made) in alike.Zip(passages))
                {
                    await writer.AddChunksAsync(modelId, passage.Id, made.Chunks, ct);
                }
            }

            last = pending[^1].Id;
            posts += await IndexPostsAsync(embedder, ct);
        }

        await models.ServeFillingAsync(ct);
        return posts;
    }

    [LoggerMessage(LogLevel.Warning, "{Kind} {Id} cannot be read: {Reason}")]
    private static partial void Unreadable(ILogger log, PassageKind kind, long id, string reason);

    [LoggerMessage(LogLevel.Error, "{Kind} {Id} cannot be indexed; it waits for an edit.")]
    private static partial void Broken(ILogger log, PassageKind kind, long id, Exception error);

    [LoggerMessage(LogLevel.Debug, "{Kind} {Id} was edited or deleted while it was being indexed; it is taken again if it is still there.")]
    private static partial void Changed(ILogger log, PassageKind kind, long id);
}
