using System.CommandLine;

namespace Pybo.Benchmarks;

/// <summary>Where the sets lie: in <c>data</c> of the folder <c>shared</c> beside the checkout, or where <c>--data</c> says.</summary>
internal static class BenchmarkData
{
    public static string Shared { get; } = Path.GetFullPath(Path.Combine(Repository.Root, "..", "shared", "data"));

    public static Option<string> Option(string description) => new("--data") { Description = description };

    public static SearchSet ReadSearchSet(string? folder) => SearchSet.Read(folder ?? Path.Combine(Shared, "korquad"));

    /// <exception cref="DirectoryNotFoundException">Without sets there is nothing to measure.</exception>
    public static IReadOnlyList<PairSet> ReadPairSets(string? folder)
    {
        var root = folder ?? Shared;
        var sets = PairSet.In(root).ToList();
        return sets.Count > 0 ? sets : throw new DirectoryNotFoundException($"'{root}' holds neither korsts/sts-test.tsv nor klue-sts/klue-sts-v1.1_dev.json.");
    }
}
