using System.Buffers.Binary;
using System.Data;
using System.Data.Common;
using System.Runtime.InteropServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Pybo.Data;

/// <summary>A post or a document, identified by kind and id, at one of its revisions.</summary>
/// <param name="Attempt">The attempt at a document, as claimed: <see cref="Document.Attempts"/>.</param>
public readonly record struct SourceKey(PassageKind Kind, long Id, int Revision, int Attempt = 0);

/// <summary>A passage between splitting and writing.</summary>
/// <param name="Title">The source's title.</param>
/// <param name="Heading">The headings above it, outermost first; null if there are none.</param>
/// <param name="Text">A slice of its source's plain text.</param>
/// <param name="Start">The slice's start in that text, in UTF-16 units.</param>
/// <param name="Chunks">In order; together they cover the whole text except white space between them. Empty if no model embeds them.</param>
public sealed record NewPassage(string Title, string? Heading, string Text, int Start, IReadOnlyList<NewChunk> Chunks)
{
    /// <summary>The page on which it begins; null for a format without pages.</summary>
    public int? Page { get; init; }
}

/// <summary>Whole sentences embedded together.</summary>
/// <param name="Start">Its start in the passage's text, in UTF-16 units.</param>
/// <param name="Length">In UTF-16 units.</param>
/// <param name="Embedding">L2 norm 1, with its model's dimensions; empty until it is embedded.</param>
public sealed record NewChunk(int Start, int Length, ReadOnlyMemory<float> Embedding = default);

/// <summary>The result of reading a document, without its passages.</summary>
/// <param name="Characters">The length of its text in UTF-16 units.</param>
public sealed record DocumentFacts(string Title, int Characters)
{
    /// <inheritdoc cref="Document.Format"/>
    public string? Format { get; init; }

    public IReadOnlyList<DocumentPage> Pages { get; init; } = [];

    /// <inheritdoc cref="Document.Warnings"/>
    public string Warnings { get; init; } = "";

    public bool IsTruncated { get; init; }

    /// <summary><see cref="Document.Chunks"/>; null leaves it unchanged.</summary>
    public int? Cost { get; init; }
}

/// <summary>The only writer of a source's passages, words, chunks and vectors.</summary>
/// <remarks>
/// A source is replaced in one transaction. The passages of a long document are staged before, without audience or words: no search finds
/// them, and the last transaction gives them all their audience and words, and removes the ones they replace. Triggers and foreign keys handle
/// deletion, so no other code has to know about words and vectors.
/// </remarks>
public sealed class PassageWriter(IDbContextFactory<PyboDb> dbs)
{
    /// <summary>Pages written by one statement.</summary>
    private const int PagesPerSave = 200;

    /// <summary>Replaces the passages of a source and marks it indexed.</summary>
    /// <param name="source">The source at the revision that was read.</param>
    /// <param name="passages">The passages after the staged ones, in order.</param>
    /// <param name="modelId">The model of the chunks' vectors; null if there is none, and only words are searched.</param>
    /// <param name="document">The result of reading the document, whose text the passages' offsets refer to; null for a post.</param>
    /// <param name="ct">Cancels; nothing is written.</param>
    /// <param name="staged">How many passages <see cref="StageAsync"/> has already written.</param>
    /// <returns>False if the source was edited, deleted or claimed by another, or stages are missing: nothing is written, and a source that still exists is still queued.</returns>
    public async Task<bool> ReplaceAsync(
        SourceKey source, IReadOnlyList<NewPassage> passages, long? modelId, DocumentFacts? document, CancellationToken ct, int staged = 0)
    {
        await using var db = await dbs.CreateDbContextAsync(ct);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (await MarkIndexedAsync(db, source, ct) == 0)
        {
            return false;
        }

        // The staged beginning is no longer as written: the mark set above is rolled back, and the document is read again.
        if (staged > 0 && await OldPassages(db, source).CountAsync(p => p.Audience == Audience.Nobody && p.Ordinal < staged, ct) != staged)
        {
            return false;
        }

        var owner = await OwnerAsync(db, source, ct);
        if (document is not null && await db.Citations.AnyAsync(c => c.DocumentId == source.Id && !c.IsGone, ct))
        {
            await ReviseCitationsAsync(db, source.Id, document.Title, passages, staged, ct);
        }

        await OldPassages(db, source).Where(p => p.Audience != Audience.Nobody || p.Ordinal >= staged).ExecuteDeleteAsync(ct);
        if (document is not null)
        {
            await WriteDocumentAsync(db, source.Id, document, passages.Sum(p => p.Chunks.Count), staged > 0, ct);
        }

        if (staged > 0)
        {
            // Their words are not written earlier: a count of them would reveal a document that is not yet searchable.
            await db.SetAudienceOfPassagesAsync(OldPassages(db, source), owner.Audience, ct);
        }

        Insert(db, transaction, source, owner, passages, modelId, staged);
        await transaction.CommitAsync(ct);
        return true;
    }

    /// <summary>
    /// Writes some passages of a long document, which no search finds until <see cref="ReplaceAsync"/> has written the last of them. Since the document has
    /// progressed, earlier attempts no longer count against it.
    /// </summary>
    /// <param name="source">The document at this attempt.</param>
    /// <param name="first">The number of the first of these passages in the document, from 0.</param>
    /// <param name="passages">In order.</param>
    /// <param name="modelId">The model of the chunks' vectors.</param>
    /// <param name="claimedUntil">The renewed claim, since writing is a heartbeat: <see cref="Document.ClaimedUntil"/>.</param>
    /// <param name="ct">Cancels; nothing is written.</param>
    /// <returns>False if the attempt was given up: nothing is written.</returns>
    public async Task<bool> StageAsync(SourceKey source, int first, IReadOnlyList<NewPassage> passages, long? modelId, DateTime claimedUntil, CancellationToken ct)
    {
        await using var db = await dbs.CreateDbContextAsync(ct);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var chunks = passages.Sum(p => p.Chunks.Count);
        var rows = await DocumentQueue.Attempt(db, source).ExecuteUpdateAsync(
            set => set.SetProperty(d => d.ChunksDone, d => d.ChunksDone + chunks).SetProperty(d => d.ClaimedUntil, claimedUntil).SetProperty(d => d.Attempts, 1), ct);
        if (rows == 0)
        {
            return false;
        }

        Insert(db, transaction, source, await OwnerAsync(db, source, ct) with { Audience = Audience.Nobody }, passages, modelId, first);
        await transaction.CommitAsync(ct);
        return true;
    }

    /// <summary>Adds one model's chunks to a passage that has none; skips a passage that is gone or already has them.</summary>
    public async Task AddChunksAsync(long modelId, long passageId, IReadOnlyList<NewChunk> chunks, CancellationToken ct)
    {
        await using var db = await dbs.CreateDbContextAsync(ct);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var passage = await db.Passages.Where(p => p.Id == passageId && !p.Chunks.Any(c => c.ModelId == modelId))
            .Select(p => new { p.Kind, p.Audience }).SingleOrDefaultAsync(ct);
        if (passage is null)
        {
            return;
        }

        using var insert = new Inserts(db, transaction, modelId);
        insert.Chunks(passageId, (long)passage.Kind, passage.Audience, chunks);
        await transaction.CommitAsync(ct);
    }

    private static void Insert(PyboDb db, IDbContextTransaction transaction, SourceKey source, Owner owner, IReadOnlyList<NewPassage> passages, long? modelId, int first)
    {
        using var insert = new Inserts(db, transaction, modelId);
        for (var at = 0; at < passages.Count; at++)
        {
            var id = insert.Passage(source.Kind, owner, first + at, passages[at]);
            insert.Chunks(id, (long)source.Kind, owner.Audience, passages[at].Chunks);
        }
    }

    /// <summary>Compares a document's old and new text, before the old passages are deleted.</summary>
    private static async Task ReviseCitationsAsync(PyboDb db, long id, string title, IReadOnlyList<NewPassage> passages, int staged, CancellationToken ct)
    {
        var (before, now) = (new SourceText { Title = title }, new SourceText { Title = title });
        var rows = db.Passages.Where(p => p.DocumentId == id && (p.Audience != Audience.Nobody || p.Ordinal < staged)).OrderBy(p => p.Ordinal)
            .Select(p => new { p.Title, p.Heading, p.Text, IsOld = p.Audience != Audience.Nobody }).AsAsyncEnumerable();
        await foreach (var row in rows.WithCancellation(ct))
        {
            Add(row.IsOld ? before : now, row.Title, row.Heading, row.Text);
        }

        foreach (var passage in passages)
        {
            Add(now, passage.Title, passage.Heading, passage.Text);
        }

        await db.ReviseCitationsAsync(db.Citations.Where(c => c.DocumentId == id), before, now, ct);

        static void Add(SourceText to, string title, string? heading, string text)
        {
            to.AddTerms(title);
            to.AddTerms(heading ?? "");
            to.Add(text);
        }
    }

    private static async Task WriteDocumentAsync(PyboDb db, long id, DocumentFacts read, int chunks, bool isStaged, CancellationToken ct)
    {
        await db.Documents.Where(d => d.Id == id).ExecuteUpdateAsync(set => set
            .SetProperty(d => d.ChunksDone, d => isStaged ? d.ChunksDone + chunks : chunks)
            .SetProperty(d => d.ChunksTotal, d => isStaged ? d.ChunksTotal : chunks)
            .SetProperty(d => d.Chunks, d => read.Cost ?? d.Chunks)
            .SetProperty(d => d.Title, read.Title)
            .SetProperty(d => d.Format, read.Format)
            .SetProperty(d => d.Characters, read.Characters)
            .SetProperty(d => d.PageCount, read.Pages.Count)
            .SetProperty(d => d.Warnings, read.Warnings)
            .SetProperty(d => d.IsTruncated, read.IsTruncated), ct);
        await db.Conversations.Where(c => c.DocumentId == id && c.ScopeName != read.Title).ExecuteUpdateAsync(set => set.SetProperty(c => c.ScopeName, read.Title), ct);
        await db.DocumentPages.Where(p => p.DocumentId == id).ExecuteDeleteAsync(ct);
        foreach (var some in read.Pages.Chunk(PagesPerSave))
        {
            db.DocumentPages.AddRange(some);
            await db.SaveChangesAsync(ct);
            db.ChangeTracker.Clear();
        }
    }

    private static Task<int> MarkIndexedAsync(PyboDb db, SourceKey source, CancellationToken ct)
    {
        return source.Kind switch
        {
            PassageKind.Question => Mark(db.Questions.Where(q => q.Id == source.Id)),
            PassageKind.Answer => Mark(db.Answers.Where(a => a.Id == source.Id)),
            PassageKind.Comment => Mark(db.Comments.Where(c => c.Id == source.Id)),
            PassageKind.Document => DocumentQueue.Attempt(db, source).ExecuteUpdateAsync(set => set
                .SetProperty(d => d.IndexedAt, DateTime.UtcNow).SetProperty(d => d.IndexError, (string?)null)
                .SetProperty(d => d.Attempts, 0).SetProperty(d => d.ClaimedUntil, (DateTime?)null).SetProperty(d => d.NextAttemptAt, (DateTime?)null), ct),
            _ => throw new ArgumentOutOfRangeException(nameof(source), source.Kind, null),
        };

        Task<int> Mark<T>(IQueryable<T> rows) where T : Indexed => rows.Where(r => r.Revision == source.Revision).ExecuteUpdateAsync(
            set => set.SetProperty(r => r.IndexedAt, DateTime.UtcNow).SetProperty(r => r.IndexError, (string?)null), ct);
    }

    private static async Task<Owner> OwnerAsync(PyboDb db, SourceKey source, CancellationToken ct) => source.Kind switch
    {
        PassageKind.Question => await OwnerOfPostAsync(db, source.Id, null, ct),
        PassageKind.Answer => await OwnerOfPostAsync(db, await db.Answers.Where(a => a.Id == source.Id).Select(a => a.QuestionId).SingleAsync(ct), source.Id, ct),
        PassageKind.Comment => await OwnerOfPostAsync(db, await db.Comments.Where(c => c.Id == source.Id).Select(c => c.QuestionId ?? c.Answer!.QuestionId).SingleAsync(ct), null, ct) with { CommentId = source.Id },
        _ => await db.Documents.Where(d => d.Id == source.Id).Select(d => new Owner(null, null, d.Id, d.Audience, d.Path)).SingleAsync(ct),
    };

    private static async Task<Owner> OwnerOfPostAsync(PyboDb db, long questionId, long? answerId, CancellationToken ct) =>
        new(questionId, answerId, null, await db.Questions.Where(q => q.Id == questionId).Select(q => q.Category!.Audience).SingleAsync(ct));

    private static IQueryable<Passage> OldPassages(PyboDb db, SourceKey source) => source.Kind switch
    {
        PassageKind.Question => db.Passages.Where(p => p.QuestionId == source.Id && p.Kind == PassageKind.Question),
        PassageKind.Answer => db.Passages.Where(p => p.AnswerId == source.Id),
        PassageKind.Comment => db.Passages.Where(p => p.CommentId == source.Id),
        _ => db.Passages.Where(p => p.DocumentId == source.Id),
    };

    private readonly record struct Owner(long? QuestionId, long? AnswerId, long? DocumentId, long Audience, string? Path = null)
    {
        public long? CommentId { get; init; }
    }

    /// <summary>The four prepared inserts. Prepared by hand: virtual tables cannot be entities, and 13,000 rows a second are needed.</summary>
    private sealed class Inserts : IDisposable
    {
        private readonly DbCommand passage;
        private readonly DbCommand words;
        private readonly DbCommand? chunk;
        private readonly DbCommand? bits;
        private readonly long? modelId;

        public Inserts(PyboDb db, IDbContextTransaction transaction, long? modelId)
        {
            this.modelId = modelId;
            var connection = db.Database.GetDbConnection();
            passage = Prepare("""
                insert into Passages(Kind, QuestionId, AnswerId, CommentId, DocumentId, Ordinal, Title, Heading, Text, Start, Page, Audience, TermCount)
                values (@kind, @question, @answer, @comment, @document, @ordinal, @title, @heading, @text, @start, @page, @audience, @terms) returning Id
                """, "@kind", "@question", "@answer", "@comment", "@document", "@ordinal", "@title", "@heading", "@text", "@start", "@page", "@audience", "@terms");
            words = Prepare(PassageWordQueries.Insert, "@id", "@title", "@body");
            if (modelId is { } model)
            {
                chunk = Prepare("insert into Chunks(ModelId, PassageId, Start, Length, Embedding) values (@model, @passage, @start, @length, @embedding) returning Id",
                    "@model", "@passage", "@start", "@length", "@embedding");
                bits = Prepare($"insert into {VectorTables.Name(model)}(Id, Bits, Kind, Audience) values (@id, {VectorTables.Bits("@embedding", model)}, @kind, @audience)",
                    "@id", "@embedding", "@kind", "@audience");
            }

            DbCommand Prepare(string sql, params ReadOnlySpan<string> names)
            {
                var command = connection.CreateCommand();
                command.Transaction = transaction.GetDbTransaction();
                command.CommandText = sql;
                foreach (var name in names)
                {
                    var parameter = command.CreateParameter();
                    parameter.ParameterName = name;
                    command.Parameters.Add(parameter);
                }

                return command;
            }
        }

        public long Passage(PassageKind kind, Owner owner, int ordinal, NewPassage source)
        {
            var isFound = owner.Audience != Audience.Nobody;
            var written = PassageWords.Of(isFound ? owner.Audience : Audience.Everyone, ordinal == 0 ? owner.Path : null, PassageWords.TitleOf(kind, source.Title), source.Heading, source.Text);
            var id = (long)Execute(passage, (long)kind, owner.QuestionId, owner.AnswerId, owner.CommentId, owner.DocumentId, ordinal,
                source.Title, source.Heading, source.Text, source.Start, source.Page, owner.Audience, written.TermCount)!;
            if (isFound)
            {
                Execute(words, id, written.Title, written.Body);
            }

            return id;
        }

        public void Chunks(long passageId, long kind, long audience, IReadOnlyList<NewChunk> chunks)
        {
            if (chunk is null || bits is null)
            {
                return;
            }

            foreach (var source in chunks)
            {
                var embedding = ToBlob(source.Embedding.Span);
                var id = (long)Execute(chunk, modelId, passageId, source.Start, source.Length, embedding)!;
                Execute(bits, id, embedding, kind, audience);
            }
        }

        public void Dispose()
        {
            passage.Dispose();
            words.Dispose();
            chunk?.Dispose();
            bits?.Dispose();
        }

        private static object? Execute(DbCommand command, params ReadOnlySpan<object?> values)
        {
            for (var i = 0; i < values.Length; i++)
            {
                command.Parameters[i].Value = values[i] ?? DBNull.Value;
            }

            return command.ExecuteScalar();
        }
    }

    /// <summary>Returns a vector in sqlite-vec's format: float32, little endian.</summary>
    internal static byte[] ToBlob(ReadOnlySpan<float> vector)
    {
        var blob = new byte[vector.Length * sizeof(float)];
        if (BitConverter.IsLittleEndian)
        {
            MemoryMarshal.AsBytes(vector).CopyTo(blob);
            return blob;
        }

        for (var i = 0; i < vector.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(blob.AsSpan(i * sizeof(float)), vector[i]);
        }

        return blob;
    }
}
