using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Pybo.Data;
using Pybo.Pages;
using Spectre.Console;

namespace Pybo.Benchmarks;

/// <summary>The large databases of <see cref="LatencyBenchmark"/>, kept between runs next to those of <see cref="BenchmarkIndex"/>.</summary>
internal static class LatencyDatabases
{
    public const int Passages = 20_000;
    public const int ChunksPerPassage = 5;
    public const int Chunks = Passages * ChunksPerPassage;
    private const int PassagesPerDocument = 100;
    private const int QuestionsPerWrite = 5_000;

    /// <summary>Words and vectors of a set, mixed: every term is frequent and every vector has near neighbours, which is the hard case.</summary>
    public static async Task<string> MixedAsync(BenchmarkIndex source, CancellationToken ct) =>
        await EnsureAsync($"{Path.GetFileNameWithoutExtension(source.File)}-mixed", async (services, file) =>
        {
            using var state = await source.Models.StateAsync(ct);
            var model = state.Serving!;
            var pieces = await PiecesAsync(source, ct);
            var random = new Random(1);
            await using var db = await BenchmarkIndex.DbsOf(services).CreateDbContextAsync(ct);
            var row = await db.EnsureEmbeddingModelAsync(model.Generator.ModelName, model.Generator.Fingerprint, "models/embedded", model.Generator.Dimensions, ct);
            await using (var indexed = await source.Dbs.CreateDbContextAsync(ct))
            {
                // Otherwise the site would write all bits again when it loads the model, while searches are timed.
                var centre = await indexed.EmbeddingModels.Where(m => m.Id == model.ModelId).Select(m => m.Centre!).SingleAsync(ct);
                await db.CentreVectorsAsync(row.Id, MemoryMarshal.Cast<byte, float>(centre).ToArray(), ct);
            }

            var writer = BenchmarkIndex.WriterOf(services);
            for (var n = 0; n < Passages / PassagesPerDocument; n++)
            {
                Document document;
                await using (var transaction = await db.Database.BeginTransactionAsync(ct))
                {
                    document = await BenchmarkIndex.AddAsync(db, $"{n}.txt", "mixed", ct);
                    await transaction.CommitAsync(ct);
                }

                var passages = Enumerable.Range(0, PassagesPerDocument).Select(_ => Mix(pieces, random)).ToList();
                await writer.ReplaceAsync(new(PassageKind.Document, document.Id, 0), passages, row.Id, new($"{n}", 5), ct);
            }
        }, ct);

    /// <summary>A board with this many questions, every third answered, with votes.</summary>
    public static async Task<string> BoardAsync(int questions, CancellationToken ct) =>
        await EnsureAsync($"{typeof(PyboDb).Module.ModuleVersionId:n}-board-{questions}", async (services, _) =>
        {
            await using var db = await BenchmarkIndex.DbsOf(services).CreateDbContextAsync(ct);
            var user = new User { UserName = "홍길동", NormalizedUserName = "홍길동" };
            db.Users.Add(user);
            await db.SaveChangesAsync(ct);
            for (var first = 0; first < questions; first += QuestionsPerWrite)
            {
                var last = Math.Min(first + QuestionsPerWrite, questions) - 1;
                await db.Database.ExecuteSqlAsync($"""
                    with recursive n(N) as (select {first} union all select N + 1 from n where N < {last})
                    insert into Questions(AuthorId, Title, Body, CreatedAt, Views, Revision, IndexedAt, HtmlVersion)
                    select {user.Id}, N || '번째 질문: 플라스크에서 로그인을 유지하려면 어떻게 하나요?', '본문입니다. ' || hex(randomblob(400)),
                        datetime('2026-01-01', N || ' minutes'), N % 97, 0, '2026-01-01 00:00:00', {MarkdownRenderer.Version}
                    from n
                    """, ct);
            }

            await db.Database.ExecuteSqlAsync($"""
                update Questions set Html = '<p>' || Body || '</p>';
                insert into Answers(QuestionId, AuthorId, Body, CreatedAt, Revision, IndexedAt, Html, HtmlVersion)
                select Id, {user.Id}, '세션 쿠키를 확인하세요.', '2026-06-01', 0, '2026-01-01 00:00:00', '<p>세션 쿠키를 확인하세요.</p>', {MarkdownRenderer.Version}
                from Questions where Id % 3 = 0;
                insert into QuestionVotes(QuestionId, UserId) select Id, {user.Id} from Questions where Id % 7 = 0;
                analyze;
                """, ct);
        }, ct);

    private static async Task<string> EnsureAsync(string name, Func<IServiceProvider, string, Task> fill, CancellationToken ct)
    {
        var file = Path.Combine(BenchmarkIndex.Folder, name + ".db");
        if (File.Exists(file))
        {
            return file;
        }

        var partial = file + ".partial";
        File.Delete(partial);
        Terminal.Console.WriteLine($"making {name}…");
        await using (var services = BenchmarkIndex.Services(partial))
        {
            await using (var db = await BenchmarkIndex.DbsOf(services).CreateDbContextAsync(ct))
            {
                await db.StartAsync(ct);
            }

            await fill(services, partial);
            await using var end = await BenchmarkIndex.DbsOf(services).CreateDbContextAsync(ct);
            await end.Database.ExecuteSqlRawAsync("pragma wal_checkpoint(truncate); pragma journal_mode = delete;", ct);
        }

        SqliteConnection.ClearAllPools();
        File.Move(partial, file);
        return file;
    }

    private static async Task<List<Piece>> PiecesAsync(BenchmarkIndex source, CancellationToken ct)
    {
        await using var db = await source.Dbs.CreateDbContextAsync(ct);
        var chunks = await db.Chunks.AsNoTracking()
            .Join(db.Passages, c => c.PassageId, p => p.Id, (c, p) => new { p.Title, p.Text, c.Start, c.Length, c.Embedding }).ToListAsync(ct);
        return [.. chunks.Select(c => new Piece(c.Title, c.Text.Substring(c.Start, c.Length), MemoryMarshal.Cast<byte, float>(c.Embedding).ToArray()))];
    }

    private static NewPassage Mix(List<Piece> pieces, Random random)
    {
        var text = new StringBuilder();
        var chunks = new List<NewChunk>();
        for (var n = 0; n < ChunksPerPassage; n++)
        {
            var (words, other) = (pieces[random.Next(pieces.Count)], pieces[random.Next(pieces.Count)]);
            var vector = new float[words.Vector.Length];
            TensorPrimitives.MultiplyAdd(other.Vector, 0.5f, words.Vector, vector);
            TensorPrimitives.Divide(vector, TensorPrimitives.Norm<float>(vector), vector);
            chunks.Add(new(text.Length, words.Text.Length, vector));
            text.Append(words.Text).Append('\n');
        }

        return new(pieces[random.Next(pieces.Count)].Title, null, text.ToString(), 0, chunks);
    }

    private sealed record Piece(string Title, string Text, float[] Vector);
}
