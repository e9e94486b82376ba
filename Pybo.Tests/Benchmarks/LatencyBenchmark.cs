using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Pybo.Data;
using Pybo.Rag.Retrieval;
using Spectre.Console;

namespace Pybo.Benchmarks;

/// <summary>A reader's waiting time: retrieval and search at 100,000 chunks, the list at 300 and at 100,000 questions, the start.</summary>
/// <remarks>
/// The targets: retrieval without the question's embedding p50 ≤ 12 ms and p95 ≤ 20 ms, all of <c>/search</c> ≤ 40 ms, the list at 100,000
/// questions within 1.5 × of 300, start to first page ≤ 1.5 s.
/// </remarks>
internal static class LatencyBenchmark
{
    private const int QuestionsAsked = 400;
    private const int SearchesAsked = 150;
    private const int WarmUps = 30;
    private const int ListRounds = 400;
    private const int Starts = 5;
    private const int FewQuestions = 300;
    private const int ManyQuestions = 100_000;

    /// <summary>Pages of the list that exist at both sizes, and one deep in the larger.</summary>
    private static readonly string[] ListPaths = ["/questions", "/questions?page=30", "/questions?sort=votes", "/questions?sort=unanswered"];

    private const string DeepPath = "/questions?page=7000";

    public static Command Command()
    {
        var data = BenchmarkData.Option("A folder in BEIR's layout, or with KorQuAD's file, whose words and vectors are mixed; KorQuAD dev by default.");
        var site = new Option<string>("--site") { Description = "A published Pybo executable; what was built beside the benchmark by default." };
        var json = new Option<bool>("--json") { Description = "Prints JSON only." };
        var command = new Command("latency", "Retrieval and search at 100,000 chunks, the list at 300 and 100,000 questions, start-up, memory.") { data, site, json };
        command.SetAction(async (parsed, ct) => Print(await RunAsync(BenchmarkData.ReadSearchSet(parsed.GetValue(data)), parsed.GetValue(site), ct), parsed.GetValue(json)));
        return command;
    }

    private static async Task<LatencyResult> RunAsync(SearchSet set, string? site, CancellationToken ct)
    {
        await using var source = await BenchmarkIndex.OpenAsync(set.Name, set.Documents, ct);
        var questions = set.Queries.Where((_, place) => place % (set.Queries.Count / QuestionsAsked) == 0).Take(QuestionsAsked).Select(q => q.Text).ToList();
        var mixed = await LatencyDatabases.MixedAsync(source, ct);
        var retrieval = await RetrievalAsync(source, mixed, questions, ct);
        var (search, memory) = await SearchAsync(site, mixed, questions, ct);
        var (lists, start) = await ListsAsync(site, ct);
        return new(Machine.Current, LatencyDatabases.Chunks, retrieval, search, lists, start, memory);
    }

    private static async Task<Spread> RetrievalAsync(BenchmarkIndex source, string file, List<string> questions, CancellationToken ct)
    {
        using var state = await source.Models.StateAsync(ct);
        var model = state.Serving!;
        var queries = new List<PassageQuery>();
        foreach (var question in questions)
        {
            var found = await source.Retriever.RetrieveAsync(question, Viewer.Visitor, 1, null, ct);
            queries.Add(new() { Terms = found.Terms, Embedding = found.Embedding, Viewer = Viewer.Visitor, Limit = 10 });
        }

        await using var services = BenchmarkIndex.Services(file);
        return await MeasureAsync(queries, async query =>
        {
            await using var db = await BenchmarkIndex.DbsOf(services).CreateDbContextAsync(ct);
            await db.SearchPassagesAsync(query, ct);
        });
    }

    private static async Task<(Spread Search, double MemoryMegabytes)> SearchAsync(string? site, string file, List<string> questions, CancellationToken ct)
    {
        using var process = await SiteProcess.StartAsync(site, file, ct);
        var spread = await MeasureAsync(questions.Take(SearchesAsked).ToList(), q => process.GetAsync($"/search?q={Uri.EscapeDataString(q)}", ct));
        return (spread, process.MemoryMegabytes);
    }

    /// <summary>Both sites run at once and take turns request by request, so that other load on the machine affects both.</summary>
    private static async Task<(List<ListFigures> Lists, Spread Start)> ListsAsync(string? site, CancellationToken ct)
    {
        var (few, many) = (await LatencyDatabases.BoardAsync(FewQuestions, ct), await LatencyDatabases.BoardAsync(ManyQuestions, ct));
        using var small = await SiteProcess.StartAsync(site, few, ct);
        using var large = await SiteProcess.StartAsync(site, many, ct);
        var lists = new List<ListFigures>();
        foreach (var path in ListPaths)
        {
            var (ofSmall, ofLarge) = await InTurnAsync(() => small.GetAsync(path, ct), () => large.GetAsync(path, ct));
            lists.Add(new(path, PerSecond(ofSmall), PerSecond(ofLarge)));
        }

        var (first, deep) = await InTurnAsync(() => small.GetAsync(ListPaths[0], ct), () => large.GetAsync(DeepPath, ct));
        lists.Add(new(DeepPath, PerSecond(first), PerSecond(deep)));

        small.Dispose();
        large.Dispose();
        var starts = new List<double>();
        for (var i = 0; i < Starts; i++)
        {
            using var started = await SiteProcess.StartAsync(site, many, ct);
            starts.Add(started.StartMilliseconds);
        }

        return (lists, Spread.Of(starts));
    }

    private static async Task<Spread> MeasureAsync<T>(List<T> inputs, Func<T, Task> run)
    {
        foreach (var input in inputs.Take(WarmUps))
        {
            await run(input);
        }

        var times = new List<double>(inputs.Count);
        foreach (var input in inputs)
        {
            times.Add(await TimeAsync(() => run(input)));
        }

        return Spread.Of(times);
    }

    private static async Task<(Spread First, Spread Second)> InTurnAsync(Func<Task> first, Func<Task> second)
    {
        var (ofFirst, ofSecond) = (new List<double>(), new List<double>());
        for (var round = -WarmUps; round < ListRounds; round++)
        {
            var (a, b) = (await TimeAsync(first), await TimeAsync(second));
            if (round >= 0)
            {
                ofFirst.Add(a);
                ofSecond.Add(b);
            }
        }

        return (Spread.Of(ofFirst), Spread.Of(ofSecond));
    }

    private static async Task<double> TimeAsync(Func<Task> run)
    {
        var start = Stopwatch.GetTimestamp();
        await run();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static double PerSecond(Spread spread) => 1000 / spread.P50;

    private static void Print(LatencyResult result, bool json)
    {
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(result, LatencyJson.Default.LatencyResult));
            return;
        }

        var table = new Table().Title(Markup.Escape(result.Machine.ToString())).AddColumns("", "p50, ms", "p95, ms");
        table.AddRow(string.Create(CultureInfo.InvariantCulture, $"retrieval at {result.Chunks:N0} chunks, without the embedding"), Number(result.Retrieval.P50), Number(result.Retrieval.P95));
        table.AddRow("the whole of /search there", Number(result.Search.P50), Number(result.Search.P95));
        table.AddRow("process start to first page, 100,000 questions", Number(result.Start.P50), Number(result.Start.P95));
        table.Caption(string.Create(CultureInfo.InvariantCulture, $"memory of the site after the searches: {result.MemoryMegabytes:N0} MB"));
        AnsiConsole.Write(table);

        var lists = new Table().AddColumns("requests/s, one at a time", "300 questions", "100,000", "times slower");
        foreach (var list in result.Lists)
        {
            lists.AddRow(Markup.Escape(list.Path), Number(list.AtFew), Number(list.AtMany), Number(list.TimesSlower));
        }

        AnsiConsole.Write(lists.Caption($"{DeepPath} is held against the first page of the smaller site"));
    }

    private static string Number(double value) => value.ToString("N2", CultureInfo.InvariantCulture);
}

internal sealed record Spread(double P50, double P95)
{
    public static Spread Of(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return new(sorted[sorted.Count / 2], sorted[(int)(sorted.Count * 0.95)]);
    }
}

internal sealed record ListFigures(string Path, double AtFew, double AtMany)
{
    public double TimesSlower => AtFew / AtMany;
}

internal sealed record LatencyResult(Machine Machine, int Chunks, Spread Retrieval, Spread Search, List<ListFigures> Lists, Spread Start, double MemoryMegabytes);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(LatencyResult))]
internal sealed partial class LatencyJson : JsonSerializerContext;
