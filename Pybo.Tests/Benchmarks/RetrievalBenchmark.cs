using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using Pybo.Data;
using Pybo.Rag.Chat;
using Pybo.Rag.Retrieval;
using Spectre.Console;

namespace Pybo.Benchmarks;

/// <summary>How well questions find their passage: by words, by meaning, and by both as on the site.</summary>
/// <remarks>The fused list ends at the floor, as the search page's does (RelevanceFloor). The targets on KorQuAD dev: fused R@1 ≥ .927, nDCG@10 ≥ .967, above both halves.</remarks>
internal static class RetrievalBenchmark
{
    /// <summary>The number of passages to retrieve, so that ten documents remain when several passages of one are found.</summary>
    private const int PassagesMax = 50;

    public static Command Command()
    {
        var data = BenchmarkData.Option("A folder in BEIR's layout, or with KorQuAD's file; KorQuAD dev by default.");
        var json = new Option<bool>("--json") { Description = "Prints JSON only." };
        var command = new Command("retrieval", "R@1, R@10, MRR@10 and nDCG@10 by words, by meaning, and by both.") { data, json };
        command.SetAction(async (parsed, ct) => Print(await RunAsync(BenchmarkData.ReadSearchSet(parsed.GetValue(data)), ct), parsed.GetValue(json)));
        return command;
    }

    private static async Task<RetrievalResult> RunAsync(SearchSet set, CancellationToken ct)
    {
        await using var index = await BenchmarkIndex.OpenAsync(set.Name, set.Documents, ct);
        using var state = await index.Models.StateAsync(ct);
        var model = state.Serving ?? throw new InvalidOperationException("The embedding model is missing.");
        await using var db = await index.Dbs.CreateDbContextAsync(ct);
        var (lexical, dense, exact, fused) = (new Sums(), new Sums(), new Sums(), new Sums());
        var chunks = await ExactSearch.ReadAsync(db, model.ModelId, ct);
        foreach (var query in set.Queries)
        {
            var found = await index.Retriever.RetrieveAsync(query.Text, Viewer.Visitor, PassagesMax, null, ct);
            fused.Add(index, found.AboveFloor().Hits, query);
            lexical.Add(index, await db.SearchPassagesAsync(new() { Terms = found.Terms, Viewer = Viewer.Visitor, Limit = PassagesMax }, ct), query);
            dense.Add(index, await db.SearchPassagesAsync(new() { Terms = [], Embedding = found.Embedding, Viewer = Viewer.Visitor, Limit = PassagesMax }, ct), query);
            exact.Add([.. chunks.Paths(found.Embedding!.Value.Vector.Span).Select(path => index.IdOfPath[path])], query);
        }

        return new(set.Name, set.Documents.Count, set.Queries.Count, Machine.Current, lexical.Mean(), dense.Mean(), exact.Mean(), fused.Mean());
    }

    private static void Print(RetrievalResult result, bool json)
    {
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(result, RetrievalJson.Default.RetrievalResult));
            return;
        }

        var table = new Table().Title(Markup.Escape(result.Machine.ToString())).AddColumns(Markup.Escape(result.Set), "R@1", "R@10", "MRR@10", "nDCG@10");
        foreach (var (name, figures) in new[] { ("lexical", result.Lexical), ("dense", result.Dense), ("dense, every vector compared", result.DenseExact), ("fused", result.Fused) })
        {
            table.AddRow(name, Terminal.Share(figures.R1), Terminal.Share(figures.R10), Terminal.Share(figures.Mrr10), Terminal.Share(figures.Ndcg10));
        }

        table.Caption($"{result.Questions} questions of {result.Documents} documents");
        AnsiConsole.Write(table);
    }

    private sealed class Sums
    {
        private int count;
        private double r1;
        private double r10;
        private double mrr10;
        private double ndcg10;

        /// <summary>A document has the rank of its best passage.</summary>
        public void Add(BenchmarkIndex index, IReadOnlyList<PassageHit> hits, SetQuery query) => Add([.. hits.Select(h => index.IdOfPath[h.Path!]).Distinct()], query);

        public void Add(IReadOnlyList<string> ranked, SetQuery query)
        {
            count++;
            r1 += Metrics.Recall(ranked, query.Grades, 1);
            r10 += Metrics.Recall(ranked, query.Grades, Metrics.Depth);
            mrr10 += Metrics.ReciprocalRank(ranked, query.Grades);
            ndcg10 += Metrics.Ndcg(ranked, query.Grades);
        }

        public RetrievalFigures Mean() => new(r1 / count, r10 / count, mrr10 / count, ndcg10 / count);
    }
}

internal sealed record RetrievalFigures(double R1, double R10, double Mrr10, double Ndcg10);

internal sealed record RetrievalResult(string Set, int Documents, int Questions, Machine Machine, RetrievalFigures Lexical, RetrievalFigures Dense, RetrievalFigures DenseExact, RetrievalFigures Fused);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(RetrievalResult))]
internal sealed partial class RetrievalJson : JsonSerializerContext;
