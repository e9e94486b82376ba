using Microsoft.EntityFrameworkCore;
using Pybo.Data;

namespace Pybo.Rag.Ingestion;

/// <summary>
/// Embeds and writes documents that were read: short ones together, since a batch of the encoder costs about the same full or not; a long
/// one in stages, so that its vectors are never all in memory and an attempt after a crash resumes where the previous one stopped.
/// </summary>
internal sealed class DocumentPassages(IDbContextFactory<PyboDb> dbs, PassageWriter writer, PassageEmbedder embedder, IndexerClock clock)
{
    /// <summary>Chunks embedded per stage: about a second's work, after which posts get their turn.</summary>
    public const int ChunksPerStage = 128;

    public static bool IsLong(PreparedDocument document) => document.Chunks > ChunksPerStage;

    /// <summary>Writes short documents, each in its own transaction.</summary>
    /// <remarks>
    /// Documents with the same readers are embedded together: an int8 model scales by the whole batch, so each text moves the vectors of the others in it,
    /// and a text must not move a score shown to someone who may not read it.
    /// </remarks>
    public async Task WriteAsync(IReadOnlyList<PreparedDocument> documents, CancellationToken ct)
    {
        foreach (var alike in await ByAudienceAsync(documents, ct))
        {
            foreach (var (document, passages) in alike.Zip(await embedder.EmbedTogetherAsync([.. alike.Select(d => d.Passages)], ct)))
            {
                // False if it has been changed or deleted; it is taken again if it still exists.
                await writer.ReplaceAsync(document.Key, passages, embedder.ModelId, document.Read, ct);
            }
        }
    }

    /// <summary>Writes the next stage of a long document; the last one makes it searchable.</summary>
    /// <returns>True once nothing is left to write: it is done, or has been changed or deleted.</returns>
    public async Task<bool> WriteStageAsync(LongDocument document, CancellationToken ct)
    {
        var (key, all) = (document.Document.Key, document.Document.Passages);
        if (document.Written is not { } first)
        {
            await using var db = await dbs.CreateDbContextAsync(ct);
            if (await db.KeepWrittenPassagesAsync(key, all, embedder.ModelId, ct) is not { } kept)
            {
                return true;
            }

            first = kept;
            await db.BeginEmbeddingAsync(key, all.Take(first).Sum(p => p.Chunks.Count), document.Document.Chunks, ct);
        }

        var stage = document.Stage(first, ChunksPerStage);
        var passages = await embedder.EmbedAsync(stage, ct);
        document.Written = first + stage.Count;
        if (document.Written == all.Count)
        {
            await writer.ReplaceAsync(key, passages, embedder.ModelId, document.Document.Read, ct, staged: first);
            return true;
        }

        return !await writer.StageAsync(key, first, passages, embedder.ModelId, clock.Now + DocumentQueue.ClaimTime, ct);
    }

    /// <summary>Groups documents by audience. Ones deleted in the meantime form their own group and are not written.</summary>
    private async Task<List<IGrouping<long?, PreparedDocument>>> ByAudienceAsync(IReadOnlyList<PreparedDocument> documents, CancellationToken ct)
    {
        await using var db = await dbs.CreateDbContextAsync(ct);
        var ids = documents.Select(d => d.Key.Id).ToList();
        var audiences = await db.Documents.Where(d => ids.Contains(d.Id)).ToDictionaryAsync(d => d.Id, d => (long?)d.Audience, ct);
        return [.. documents.GroupBy(d => audiences.GetValueOrDefault(d.Key.Id))];
    }
}

/// <summary>A long document in progress.</summary>
internal sealed class LongDocument(PreparedDocument document)
{
    public PreparedDocument Document => document;

    /// <summary>The number of passages in the database; null until the work of previous attempts is known.</summary>
    public int? Written { get; set; }

    /// <summary>Returns the next passages with at most this many chunks, but at least one passage.</summary>
    public List<NewPassage> Stage(int first, int chunksMax)
    {
        var stage = new List<NewPassage>();
        for (var (at, chunks) = (first, 0); at < document.Passages.Count && (stage.Count == 0 || chunks + document.Passages[at].Chunks.Count <= chunksMax); at++)
        {
            stage.Add(document.Passages[at]);
            chunks += document.Passages[at].Chunks.Count;
        }

        return stage;
    }
}
