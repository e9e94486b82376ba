using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.AI;
using Pybo.Data;
using Pybo.Pages;
using Pybo.Rag.Chat;
using Pybo.Rag.Inference;
using Spectre.Console;

namespace Pybo.Benchmarks;

/// <summary>Whether the built-in answerer quotes the right text, and refuses when there is no answer; asked through the chat's own path.</summary>
/// <remarks>
/// The targets on KorQuAD dev: the right passage cited first ≥ .92, the gold answer in the quotes ≥ .88, refusals: other sets' questions ≥ .97,
/// those whose article was removed ≥ .90, answerable ones ≤ .10. A refused question counts as neither cited nor answered.
/// </remarks>
internal static class AnswersBenchmark
{
    /// <summary>Articles are removed a tenth at a time, so that the other nine tenths still mislead.</summary>
    private const int Parts = 10;

    public static Command Command()
    {
        var data = BenchmarkData.Option("A folder in BEIR's layout whose queries carry metadata.answers, or with KorQuAD's file; KorQuAD dev by default.");
        var every = new Option<int>("--every") { Description = "Asks every n-th question only.", DefaultValueFactory = _ => 1 };
        var json = new Option<bool>("--json") { Description = "Prints JSON only." };
        var command = new Command("answers", "The passage cited first, the answer in the quotes, and what is refused.") { data, every, json };
        command.SetAction(async (parsed, ct) =>
        {
            var set = BenchmarkData.ReadSearchSet(parsed.GetValue(data));
            var step = Math.Max(1, parsed.GetValue(every));
            Print(await RunAsync(set, [.. set.Queries.Where((_, place) => place % step == 0)], ct), parsed.GetValue(json));
        });
        return command;
    }

    private static async Task<AnswersResult> RunAsync(SearchSet set, List<SetQuery> queries, CancellationToken ct)
    {
        await using var index = await BenchmarkIndex.OpenAsync(set.Name, set.Documents, ct);
        using var state = await index.Models.StateAsync(ct);
        var model = state.Serving ?? throw new InvalidOperationException("The embedding model is missing.");
        var encoder = new CachedEmbeddings(model.Generator);
        return await Terminal.Console.Progress().StartAsync(async progress =>
        {
            var own = progress.AddTask("answerable", maxValue: queries.Count);
            var (cited, held, refused) = (0, 0, 0);
            foreach (var query in queries)
            {
                var answer = await AskAsync(index, encoder, query.Text, ct);
                cited += !answer.IsRefused && answer.Citations is [var first, ..] && query.Grades.ContainsKey(index.IdOfPath[first.Source.Passage.Path!]) ? 1 : 0;
                held += !answer.IsRefused && Holds(answer.Text, query.Answers) ? 1 : 0;
                refused += answer.IsRefused ? 1 : 0;
                own.Increment(1);
            }

            var others = BenchmarkData.ReadPairSets(null).SelectMany(pairs => pairs.Questions()).Distinct(StringComparer.Ordinal).ToList();
            var othersRefused = await CountRefusedAsync(index, encoder, others, progress.AddTask("other sets' questions", maxValue: others.Count), ct);
            var removedRefused = await RemovedAsync(index, encoder, set, queries, progress.AddTask("article taken away", maxValue: queries.Count), ct);
            double count = queries.Count;
            return new AnswersResult(
                set.Name, set.Documents.Count, queries.Count, Machine.Current,
                cited / count, queries.Exists(q => q.Answers.Count > 0) ? held / (double)queries.Count(q => q.Answers.Count > 0) : null,
                new(othersRefused / (double)others.Count, others.Count, removedRefused / count, refused / count));
        });
    }

    /// <summary>Asks each question with the documents that answer it, and those of the same title, removed.</summary>
    private static async Task<int> RemovedAsync(BenchmarkIndex index, CachedEmbeddings encoder, SearchSet set, List<SetQuery> queries, ProgressTask task, CancellationToken ct)
    {
        var titles = set.Documents.ToDictionary(d => d.Id, d => d.Title.Length > 0 ? d.Title : d.Id);
        var articles = titles.Values.Distinct().Select((title, place) => (title, place)).ToDictionary(a => a.title, a => a.place);
        var refused = 0;
        foreach (var part in queries.GroupBy(q => articles[titles[q.Grades.Keys.First()]] % Parts))
        {
            var gone = part.SelectMany(q => q.Grades.Keys).Select(id => titles[id]).ToHashSet();
            await using var rest = await index.WithoutAsync(titles.Where(d => gone.Contains(d.Value)).Select(d => d.Key).ToHashSet(), ct);
            refused += await CountRefusedAsync(rest, encoder, part.Select(q => q.Text), task, ct);
        }

        return refused;
    }

    private static async Task<int> CountRefusedAsync(BenchmarkIndex index, CachedEmbeddings encoder, IEnumerable<string> questions, ProgressTask task, CancellationToken ct)
    {
        var refused = 0;
        foreach (var question in questions)
        {
            refused += (await AskAsync(index, encoder, question, ct)).IsRefused ? 1 : 0;
            task.Increment(1);
        }

        return refused;
    }

    private static async Task<ChatAnswer> AskAsync(BenchmarkIndex index, CachedEmbeddings encoder, string question, CancellationToken ct)
    {
        var quoter = new ExtractiveAnswerer((_, _) => Task.FromResult<Lease<IEmbeddingGenerator<string, Embedding<float>>>?>(new(encoder)));
        return await new ChatAnswerer(index.Retriever, NoGenerator.Instance, quoter, SourceUrl.Of).AnswerAsync(new(question, [], Viewer.Visitor), NoListener.Instance, ct);
    }

    /// <summary>One of the quotes contains one of the answers, ignoring white space.</summary>
    private static bool Holds(string answer, IReadOnlyList<string> golds) =>
        answer.Split("\n\n").Select(WithoutSpace).Any(quote => golds.Any(gold => quote.Contains(WithoutSpace(gold), StringComparison.Ordinal)));

    private static string WithoutSpace(string text) => string.Concat(text.Where(c => !char.IsWhiteSpace(c)));

    private static void Print(AnswersResult result, bool json)
    {
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(result, AnswersJson.Default.AnswersResult));
            return;
        }

        var table = new Table().Title(Markup.Escape(result.Machine.ToString())).AddColumns(Markup.Escape(result.Set), "", "target");
        table.AddRow("right passage cited first", Terminal.Share(result.CitedFirst), "≥ .92");
        table.AddRow("answer in the quotes", result.Answered is { } answered ? Terminal.Share(answered) : "–", "≥ .88");
        table.AddRow($"refused: {result.Refused.OtherQuestions} questions of other sets", Terminal.Share(result.Refused.Others), "≥ .97");
        table.AddRow("refused: article taken away", Terminal.Share(result.Refused.ArticleRemoved), "≥ .90");
        table.AddRow("refused: answerable", Terminal.Share(result.Refused.Answerable), "≤ .10");
        table.Caption(string.Create(CultureInfo.InvariantCulture, $"{result.Questions} questions of {result.Documents} documents"));
        AnsiConsole.Write(table);
    }
}

/// <summary>No generator is installed, so answers are quotations.</summary>
file sealed class NoGenerator : IGeneratorSource
{
    public static readonly NoGenerator Instance = new();

    public IReadOnlyList<GeneratorInfo> All => [];

    public GeneratorInfo? Default => null;

    public Lease<IChatClient>? Borrow(string? name = null) => null;
}

/// <summary>Waits for the whole answer.</summary>
file sealed class NoListener : IAnswerListener
{
    public static readonly NoListener Instance = new();

    public ValueTask OnSourcesAsync(IReadOnlyList<ChatSource> sources, Notice? note, string model, CancellationToken ct) => ValueTask.CompletedTask;

    public ValueTask OnTextAsync(string text, CancellationToken ct) => ValueTask.CompletedTask;
}

internal sealed record AnswersResult(string Set, int Documents, int Questions, Machine Machine, double CitedFirst, double? Answered, RefusedShares Refused);

/// <summary>The shares of refused questions.</summary>
internal sealed record RefusedShares(double Others, int OtherQuestions, double ArticleRemoved, double Answerable);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(AnswersResult))]
internal sealed partial class AnswersJson : JsonSerializerContext;
