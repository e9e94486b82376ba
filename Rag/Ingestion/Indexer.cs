using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Pybo.Data;
using Pybo.Rag.Documents;
using Pybo.Rag.Models;
using Pybo.Rag.Passages;

namespace Pybo.Rag.Ingestion;

/// <summary>
/// Does what the rows say is to be done: read, cut, embed, write. The site's worker and the commands run the same, also side by side. Posts come
/// first, then documents, their owners in turn, of which a long one gives way to posts, short ones and other owners' after each of its stages.
/// </summary>
public sealed partial class Indexer(
    IDbContextFactory<PyboDb> dbs, EmbeddingModels models, PassageWriter writer, ReadFile read, TimeProvider time, ILogger<Indexer> log, StorageLimits? limits = null)
{
    /// <summary>Posts a round: enough to fill the encoder's batches, few enough that a new post is found within a second.</summary>
    public const int PostsPerRoundMax = 64;

    /// <summary>Passages a round when a new model is filled.</summary>
    public const int PassagesPerRoundMax = 64;

    /// <summary>What a post says that no attempt could index.</summary>
    internal static readonly Notice PostFailed = Notice.Of(IngestionProblem.PostFailed);

    /// <summary>A text that a working model embeds.</summary>
    private static readonly NewPassage Harmless = new("Title", null, "Text", 0, [new(0, 1)]);

    /// <summary>How long a post may wait while documents are being read and none is ready.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);

    /// <summary>How often passages without a vector are looked for while the model serves: only a process that had no model leaves some, and the look passes over all.</summary>
    internal static readonly TimeSpan FillEvery = TimeSpan.FromMinutes(10);

    private readonly IndexerClock clock = new(time);
    private readonly DocumentRounds reading = new();
    private readonly DocumentRounds writing = new();
    private DateTime nextFill;

    /// <summary>Works until nothing is left that can be done now; what rests after a failure, or is in another process's hands, is left.</summary>
    /// <param name="progress">Told how many sources are done, now and then.</param>
    /// <param name="ct">Stops between two writes; what is written is whole.</param>
    /// <returns>How many sources were indexed, put aside with an error, or left to be tried again.</returns>
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

    /// <summary>One post of a batch that failed, perhaps because of it.</summary>
    private async Task WritePostAsync(PassageEmbedder embedder, PendingPost post, CancellationToken ct)
    {
        try
        {
            await WritePostsAsync(embedder, [post], ct);
        }
        catch (Exception error) when (IsOfOnePost(error) && !ct.IsCancellationRequested)
        {
            // Where the model embeds nothing at all this throws too, and no post is blamed.
            await embedder.EmbedAsync([Harmless], ct);
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
                cut.Add((post.Key, embedder.Chunker.SplitPost(post.Title, post.Body)));
            }
            catch (DocumentUnreadableException error)
            {
                // One bad text carries its reason and never blocks the next.
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

    /// <summary>False for a database that is busy, full or broken as a whole: that is tried again, and no post is to blame.</summary>
    internal static bool IsOfOnePost(Exception error) => error.GetBaseException() is not SqliteException
    {
        SqliteErrorCode: not (SQLitePCL.raw.SQLITE_CONSTRAINT or SQLitePCL.raw.SQLITE_TOOBIG or SQLitePCL.raw.SQLITE_MISMATCH)
    };

    /// <summary>Documents that are ready, as many as fill a batch of the encoder.</summary>
    private static List<ReadyDocument> Ready(ReadAhead ahead)
    {
        var ready = new List<ReadyDocument>();
        while (ready.Sum(d => d.Chunks) < DocumentPassages.ChunksPerStage && ahead.Next() is { } document)
        {
            ready.Add(document);
        }

        return ready;
    }

    /// <summary>Writes first attempts together, and every other alone: it may be what failed the others of its batch.</summary>
    private static async Task WriteShortAsync(ReadAhead ahead, DocumentPassages documents, List<ReadyDocument> shortOnes, CancellationToken ct)
    {
        await WriteAsync(ahead, documents, shortOnes.FindAll(d => d.Key.Attempt == 1), ct);
        foreach (var document in shortOnes.Where(d => d.Key.Attempt > 1))
        {
            await WriteAsync(ahead, documents, [document], ct);
        }
    }

    private static async Task WriteAsync(ReadAhead ahead, DocumentPassages documents, List<ReadyDocument> shortOnes, CancellationToken ct)
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
            // Whichever it was: those that were written are not in the queue any more, and of the others each is read and written alone the next time.
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

    /// <summary>Gives the model its chunks of the passages that have none of it (made before it, or while it was missing), then lets it serve. Posts come between.</summary>
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

            // Those with the same readers together: see DocumentPassages.WriteAsync.
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
