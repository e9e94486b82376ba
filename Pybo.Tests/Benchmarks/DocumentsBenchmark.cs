using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Pybo.Data;
using Pybo.Rag.Documents;
using Pybo.Rag.Inference;
using Pybo.Rag.Ingestion;
using Pybo.Rag.Models;
using Pybo.Rag.Passages;
using Spectre.Console;

namespace Pybo.Benchmarks;

/// <summary>How well questions find their passage in long documents, by sizes of passages and chunks: KorQuAD's paragraphs joined into their 140 articles.</summary>
/// <remarks>
/// A passage is right when it holds the gold answer at the article's position: its range in the document's text covers the answer's.
/// The same words elsewhere do not count. The target is R@1 ≥ .90; the sizes in <see cref="Chunker"/> were chosen with this benchmark.
/// </remarks>
internal static class DocumentsBenchmark
{
    public static Command Command()
    {
        var data = BenchmarkData.Option("The folder with KorQuAD's file.");
        var passages = new Option<int[]>("--passages") { Description = "Tokens that a passage comes near to.", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [Chunker.PassageTokensTarget] };
        var chunks = new Option<int[]>("--chunks") { Description = "Tokens that a chunk holds at most.", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [Chunker.ChunkTokensTarget] };
        var every = new Option<int>("--every") { Description = "Asks every n-th question only.", DefaultValueFactory = _ => 1 };
        var json = new Option<bool>("--json") { Description = "Prints JSON only." };
        var command = new Command("documents", "The passage with the answer, found in long documents: R@1, R@10, MRR@10, nDCG@10.") { data, passages, chunks, every, json };
        command.SetAction(async (parsed, ct) =>
        {
            var documents = LongDocument.ReadKorquad(Directory.EnumerateFiles(parsed.GetValue(data) ?? Path.Combine(BenchmarkData.Shared, "korquad"), "KorQuAD_v1.0_*.json").Order().First());
            var sizes = parsed.GetValue(passages)!.SelectMany(passage => parsed.GetValue(chunks)!.Select(chunk => (passage, chunk)));
            var rows = new List<DocumentsFigures>();
            foreach (var (passage, chunk) in sizes)
            {
                rows.Add(await RunAsync(documents, passage, chunk, Math.Max(1, parsed.GetValue(every)), ct));
            }

            Print(new(Machine.Current, documents.Count, rows), parsed.GetValue(json));
        });
        return command;
    }

    private static async Task<DocumentsFigures> RunAsync(IReadOnlyList<LongDocument> documents, int passageTokens, int chunkTokens, int every, CancellationToken ct)
    {
        var file = Path.Combine(BenchmarkIndex.Folder, $"{Guid.NewGuid():N}.db");
        try
        {
            await using var services = BenchmarkIndex.Services(file);
            await using var db = await BenchmarkIndex.DbsOf(services).CreateDbContextAsync(ct);
            await db.StartAsync(ct);
            var models = services.GetRequiredService<EmbeddingModels>();
            using var state = await models.StateAsync(ct);
            var encoder = state.Serving ?? state.Filling ?? throw new InvalidOperationException("The embedding model is missing.");
            var generator = encoder.Generator;
            using var vectors = new CachedEmbeddings(generator, Path.Combine(BenchmarkIndex.Folder, $"{generator.Fingerprint[..16]}.vectors"), generator.Dimensions);
            var chunker = new Chunker(generator.CountTokens, generator.TokensMax, passageTokens, chunkTokens);
            var lengths = new List<int>();
            var chunks = 0;
            for (var place = 0; place < documents.Count; place++)
            {
                var drafts = chunker.Split(Read(documents[place]));
                await WriteAsync(services, encoder.ModelId, chunker, vectors, $"{place}", drafts, ct);
                lengths.AddRange(drafts.Select(draft => generator.CountTokens(draft.Text)));
                chunks += drafts.Sum(draft => draft.Chunks.Count);
            }

            await models.ServeFillingAsync(ct);
            var sums = new Sums();
            foreach (var (place, question) in documents.SelectMany((document, place) => document.Questions.Select(question => (place, question))).Where((_, n) => n % every == 0))
            {
                var hits = await db.SearchPassagesAsync(new()
                {
                    Terms = KoreanText.QueryTerms(question.Text),
                    Embedding = (encoder.ModelId, await vectors.EmbedQueryAsync(question.Text, ct)),
                    Viewer = Viewer.Visitor,
                    Limit = Metrics.Depth,
                }, ct);
                sums.Add(hits.FindIndex(hit => hit.Path == $"{place}" && hit.Start <= question.Start && hit.Start + hit.Text.Length >= question.Start + question.Answer.Length));
            }

            lengths.Sort();
            return sums.Mean(new(passageTokens, chunkTokens, lengths.Count, chunks, lengths[lengths.Count / 10], lengths[lengths.Count / 2], lengths[lengths.Count * 9 / 10]));
        }
        finally
        {
            SqliteConnection.ClearAllPools();
            foreach (var part in new[] { file, $"{file}-wal", $"{file}-shm" })
            {
                File.Delete(part);
            }
        }
    }

    /// <summary>Reads it as a text file; its offsets must be the article's.</summary>
    private static DocumentText Read(LongDocument document)
    {
        var read = DocumentReader.ReadFile(Encoding.UTF8.GetBytes(document.Text), "article.txt");
        return read.Text == document.Text ? read : throw new InvalidDataException($"'{document.Title}' changes when it is read; answers cannot be placed in it.");
    }

    private static async Task WriteAsync(IServiceProvider services, long modelId, Chunker chunker, CachedEmbeddings vectors, string path, List<NewPassage> drafts, CancellationToken ct)
    {
        var texts = drafts.SelectMany(draft => draft.Chunks.Select(chunk => chunker.Titled(draft.Title, draft.Heading, draft.Text.AsSpan(chunk.Start, chunk.Length)))).ToList();
        var embedded = new Queue<ReadOnlyMemory<float>>(await vectors.EmbedPassagesAsync(texts, null, ct));
        var passages = drafts.ConvertAll(draft => draft with { Chunks = [.. draft.Chunks.Select(chunk => chunk with { Embedding = embedded.Dequeue() })] });
        await using var db = await BenchmarkIndex.DbsOf(services).CreateDbContextAsync(ct);
        Document document;
        await using (var transaction = await db.Database.BeginTransactionAsync(ct))
        {
            document = await BenchmarkIndex.AddAsync(db, path, path, ct);
            await transaction.CommitAsync(ct);
        }

        await BenchmarkIndex.WriterOf(services).ReplaceAsync(new(PassageKind.Document, document.Id, 0), passages, modelId, new(path, path.Length), ct);
    }

    private static void Print(DocumentsResult result, bool json)
    {
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(result, DocumentsJson.Default.DocumentsResult));
            return;
        }

        var table = new Table().Title(Markup.Escape(result.Machine.ToString())).Caption($"{result.Documents} documents, {result.Rows[0].Questions} questions; tokens of a passage: a tenth are shorter than the first, half than the second, a tenth longer than the third")
            .AddColumns("passage, chunk", "passages", "tokens", "chunks", "R@1", "R@10", "MRR@10", "nDCG@10");
        foreach (var row in result.Rows)
        {
            var sizes = row.Sizes;
            table.AddRow($"{sizes.PassageTokens}, {sizes.ChunkTokens}", Whole(sizes.Passages), $"{sizes.Short} – {sizes.Middle} – {sizes.Long}", Whole(sizes.Chunks), Terminal.Share(row.R1), Terminal.Share(row.R10), Terminal.Share(row.Mrr10), Terminal.Share(row.Ndcg10));
        }

        AnsiConsole.Write(table);
    }

    private static string Whole(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>One passage per question is right, so its rank suffices.</summary>
    private sealed class Sums
    {
        private int count;
        private int first;
        private int found;
        private double reciprocal;
        private double gain;

        /// <param name="place">From 0; -1 if it is not among the hits.</param>
        public void Add(int place)
        {
            count++;
            first += place == 0 ? 1 : 0;
            found += place >= 0 ? 1 : 0;
            reciprocal += place >= 0 ? 1.0 / (place + 1) : 0;
            gain += place >= 0 ? 1 / Math.Log2(place + 2) : 0;
        }

        public DocumentsFigures Mean(DocumentsSizes sizes) => new(sizes, count, first / (double)count, found / (double)count, reciprocal / count, gain / count);
    }
}

/// <summary>The requested sizes and the results: tokens of a short, a medium and a long passage.</summary>
internal sealed record DocumentsSizes(int PassageTokens, int ChunkTokens, int Passages, int Chunks, int Short, int Middle, int Long);

internal sealed record DocumentsFigures(DocumentsSizes Sizes, int Questions, double R1, double R10, double Mrr10, double Ndcg10);

internal sealed record DocumentsResult(Machine Machine, int Documents, IReadOnlyList<DocumentsFigures> Rows);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(DocumentsResult))]
internal sealed partial class DocumentsJson : JsonSerializerContext;
