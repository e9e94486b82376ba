using System.CommandLine;
using System.Numerics.Tensors;
using System.Text.Json;
using System.Text.Json.Serialization;
using Pybo.Rag.Inference;
using Spectre.Console;

namespace Pybo.Benchmarks;

/// <summary>How well the encoder's similarities follow human ratings: Spearman's correlation on KorSTS test and KLUE-STS dev.</summary>
internal static class StsBenchmark
{
    /// <summary>Sentences per call; the generator sorts them into batches.</summary>
    private const int SentencesPerCallMax = 256;

    public static Command Command()
    {
        var model = new Option<string>("--model") { Description = "The model folder; models/embedded by default." };
        var data = BenchmarkData.Option("The folder with korsts/ and klue-sts/.");
        var json = new Option<bool>("--json") { Description = "Prints JSON only, one object a set." };
        var command = new Command("sts", "Spearman's correlation of sentence similarities, × 100.") { model, data, json };
        command.SetAction(async (parsed, ct) =>
        {
            var folder = parsed.GetValue(model) ?? Path.Combine(Repository.Root, "models", "embedded");
            using var generator = OnnxEmbeddingGenerator.Load(SentenceTransformerFolder.Read(folder));
            var results = new List<StsResult>();
            foreach (var set in BenchmarkData.ReadPairSets(parsed.GetValue(data)))
            {
                results.Add(new(set.Name, set.Pairs.Count, Machine.Current, 100 * await SpearmanAsync(generator, set, ct)));
            }

            Print(results, parsed.GetValue(json));
        });
        return command;
    }

    private static async Task<double> SpearmanAsync(OnnxEmbeddingGenerator generator, PairSet set, CancellationToken ct)
    {
        var vectors = new List<ReadOnlyMemory<float>>();
        foreach (var texts in set.Pairs.SelectMany(p => new[] { p.First, p.Second }).Chunk(SentencesPerCallMax))
        {
            var embeddings = await generator.GenerateAsync(texts, new() { AdditionalProperties = new() { [PromptedEmbeddings.PromptName] = PromptedEmbeddings.QueryPrompt } }, ct);
            vectors.AddRange(embeddings.Select(e => e.Vector));
        }

        var cosines = vectors.Chunk(2).Select(pair => (double)TensorPrimitives.Dot(pair[0].Span, pair[1].Span)).ToList();
        return Metrics.Spearman(cosines, [.. set.Pairs.Select(p => p.Similarity)]);
    }

    private static void Print(IReadOnlyList<StsResult> results, bool json)
    {
        if (json)
        {
            foreach (var result in results)
            {
                Console.WriteLine(JsonSerializer.Serialize(result, StsJson.Default.StsResult));
            }

            return;
        }

        var table = new Table().Title(Markup.Escape(Machine.Current.ToString())).AddColumns("", "pairs", "Spearman × 100");
        foreach (var result in results)
        {
            table.AddRow(Markup.Escape(result.Set), $"{result.Pairs}", $"{result.Spearman:0.0}");
        }

        AnsiConsole.Write(table);
    }
}

internal sealed record StsResult(string Set, int Pairs, Machine Machine, double Spearman);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(StsResult))]
internal sealed partial class StsJson : JsonSerializerContext;
