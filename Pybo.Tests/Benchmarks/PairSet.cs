using System.Globalization;
using System.Text.Json;

namespace Pybo.Benchmarks;

/// <summary>Two sentences and their similarity as people rated it.</summary>
internal sealed record Pair(string First, string Second, double Similarity);

/// <summary>A set of sentence pairs.</summary>
internal sealed record PairSet(string Name, IReadOnlyList<Pair> Pairs)
{
    /// <summary>The sets in a data folder, as published: KorSTS test, KLUE-STS dev.</summary>
    public static IEnumerable<PairSet> In(string folder)
    {
        var korsts = Path.Combine(folder, "korsts", "sts-test.tsv");
        if (File.Exists(korsts))
        {
            yield return new("KorSTS test", [.. File.ReadLines(korsts).Skip(1).Select(line => line.Split('\t'))
                .Where(cells => cells.Length >= 7)
                .Select(cells => new Pair(cells[5], cells[6], double.Parse(cells[4], CultureInfo.InvariantCulture)))]);
        }

        var klue = Path.Combine(folder, "klue-sts", "klue-sts-v1.1_dev.json");
        if (File.Exists(klue))
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(klue));
            yield return new("KLUE-STS dev", [.. json.RootElement.EnumerateArray().Select(pair => new Pair(
                pair.GetProperty("sentence1").GetString()!,
                pair.GetProperty("sentence2").GetString()!,
                pair.GetProperty("labels").GetProperty("real-label").GetDouble()))]);
        }
    }

    /// <summary>The questions among its sentences: everyday ones that no encyclopaedia answers.</summary>
    public IEnumerable<string> Questions() => Pairs.SelectMany(p => new[] { p.First, p.Second }).Where(text => text.EndsWith('?')).Distinct(StringComparer.Ordinal);
}
