using Microsoft.EntityFrameworkCore;
using Pybo.Data;
using Pybo.Rag.Documents;
using Pybo.Rag.Inference;
using Pybo.Rag.Models;

namespace Pybo.Rag.Ingestion;

/// <summary>Does what the rows say is to be done: read, cut, embed, write. The site's worker and the commands run the same.</summary>
public sealed partial class Indexer(IDbContextFactory<PyboDb> dbs, EmbeddingModels models, PassageWriter writer, ILogger<Indexer> log)
{
    /// <summary>Posts a round: enough to fill the encoder's batches, few enough that a new post is found within a second.</summary>
    public const int PostsPerRoundMax = 64;

    /// <summary>Documents a round; their bytes are held in memory meanwhile.</summary>
    public const int DocumentsPerRoundMax = 16;

    /// <summary>Passages a round when a new model is filled.</summary>
    public const int PassagesPerRoundMax = 64;

    /// <summary>Works until nothing waits.</summary>
    /// <param name="progress">Told how many sources are done, after each round.</param>
    /// <param name="ct">Stops between two writes; what is written is whole.</param>
    /// <returns>How many sources were indexed or put aside with an error.</returns>
    public async Task<int> RunAsync(IProgress<int>? progress, CancellationToken ct)
    {
        var filling = (await models.StateAsync(ct)).Filling;
        var done = 0;
        while (await IndexRoundAsync(filling, ct) is > 0 and var count)
        {
            done += count;
            progress?.Report(done);
        }

        if (filling is not null)
        {
            await FillAsync(filling, ct);
        }

        return done;
    }

    private async Task<int> IndexRoundAsync(Encoder? encoder, CancellationToken ct)
    {
        await using var db = await dbs.CreateDbContextAsync(ct);
        var chunker = NewChunker(encoder);
        var sources = new List<Drafted>();
        var posts = await db.PendingPostsAsync(PostsPerRoundMax, ct);
        foreach (var post in posts)
        {
            await ReadAsync(post.Key, () => new(post.Key, chunker.SplitPost(post.Title, post.Body), null));
        }

        // Posts come first: somebody waits to find what they wrote a moment ago.
        var documents = 0;
        if (posts.Count == 0 && await db.ClaimDocumentAsync(isAlone: true, DateTime.UtcNow, ct) is { } document)
        {
            documents = 1;
            await using var content = dbs.OpenFile(document.FileId, document.Size);
            var bytes = new byte[document.Size];
            await content.ReadExactlyAsync(bytes, ct);
            await ReadAsync(document.Key, () =>
            {
                var text = DocumentReader.ReadFile(bytes, document.Name);
                return new(document.Key, chunker.Split(text), new(text.Title, text.Text.Length));
            });
        }

        await WriteAsync(encoder, chunker, sources, ct);
        return posts.Count + documents;

        // One bad text carries its reason and never blocks the next.
        async Task ReadAsync(SourceKey key, Func<Drafted> read)
        {
            try
            {
                sources.Add(read());
            }
            catch (DocumentUnreadableException error)
            {
                Unreadable(log, key.Kind, key.Id, error.Message);
                await db.FailAsync(key, error.Message, ct);
            }
        }
    }

    private async Task WriteAsync(Encoder? encoder, Chunker chunker, List<Drafted> sources, CancellationToken ct)
    {
        var vectors = await EmbedAsync(encoder, chunker, sources.SelectMany(s => s.Passages), ct);
        foreach (var source in sources)
        {
            var passages = source.Passages
                .Select(p => new NewPassage(p.Title, p.Heading, p.Text, p.Start, encoder is null ? [] : NewChunks(p, vectors)))
                .ToList();
            if (!await writer.ReplaceAsync(source.Key, passages, encoder?.ModelId, source.Read, ct))
            {
                Changed(log, source.Key.Kind, source.Key.Id);
            }
        }
    }

    private static List<NewChunk> NewChunks(PassageDraft passage, Queue<ReadOnlyMemory<float>> vectors) =>
        [.. passage.Chunks.Select(c => new NewChunk(c.Start, c.Length, vectors.Dequeue()))];

    /// <summary>The vectors of all chunks of these passages, in their order; empty without a model.</summary>
    private static async Task<Queue<ReadOnlyMemory<float>>> EmbedAsync(Encoder? encoder, Chunker chunker, IEnumerable<PassageDraft> passages, CancellationToken ct)
    {
        if (encoder is null)
        {
            return new();
        }

        var texts = passages.SelectMany(p => p.Chunks.Select(c => chunker.Titled(p.Heading is null ? p.Title : $"{p.Title} {p.Heading}", p.Text.AsSpan(c.Start, c.Length)))).ToList();
        return new(await encoder.Generator.EmbedPassagesAsync(texts, null, ct));
    }

    /// <summary>Gives the model its chunks of the passages that have none of it (made before it, or while it was missing), then lets it serve.</summary>
    private async Task FillAsync(Encoder encoder, CancellationToken ct)
    {
        var chunker = NewChunker(encoder);
        var last = 0L;
        while (true)
        {
            await using var db = await dbs.CreateDbContextAsync(ct);
            var passages = await db.PendingPassagesAsync(encoder.ModelId, last, PassagesPerRoundMax, ct);
            if (passages.Count == 0)
            {
                break;
            }

            var drafts = passages.Select(p => new PassageDraft(p.Title, p.Heading, p.Text, 0, chunker.Chunks(p.Text))).ToList();
            var vectors = await EmbedAsync(encoder, chunker, drafts, ct);
            foreach (var (passage, draft) in passages.Zip(drafts))
            {
                await writer.AddChunksAsync(encoder.ModelId, passage.Id, NewChunks(draft, vectors), ct);
            }

            last = passages[^1].Id;
        }

        await models.ServeFillingAsync(ct);
    }

    private static Chunker NewChunker(Encoder? encoder) =>
        encoder is null ? new Chunker(Chunker.ApproximateTokens) : new Chunker(encoder.Generator.CountTokens, encoder.Generator.TokensMax);

    private sealed record Drafted(SourceKey Key, IReadOnlyList<PassageDraft> Passages, ReadDocument? Read);

    [LoggerMessage(LogLevel.Warning, "{Kind} {Id} cannot be read: {Reason}")]
    private static partial void Unreadable(ILogger log, PassageKind kind, long id, string reason);

    [LoggerMessage(LogLevel.Debug, "{Kind} {Id} was edited or deleted while it was being indexed; it is taken again if it is still there.")]
    private static partial void Changed(ILogger log, PassageKind kind, long id);
}
