using System.CommandLine;

namespace Pybo.Benchmarks;

/// <summary>Locates the data sets: in <c>data</c> of the folder <c>shared</c> next to the checkout, or in the folder given with <c>--data</c>.</summary>
internal static class BenchmarkData
{
    public static string Shared { get; } = Path.GetFullPath(Path.Combine(Repository.Root, "..", "shared", "data"));

    public static Option<string> Option(string description) => new("--data") { Description = description };

    public static SearchSet ReadSearchSet(string? folder) => SearchSet.Read(folder ?? Path.Combine(Shared, "korquad"));

    /// <exception cref="DirectoryNotFoundException">There are no sets to measure.</exception>
    public static IReadOnlyList<PairSet> ReadPairSets(string? folder)
    {
        var root = folder ?? Shared;
        var sets = PairSet.In(root).ToList();
        return sets.Count > 0 ? sets : throw new DirectoryNotFoundException($"'{root}' holds neither korsts/sts-test.tsv nor klue-sts/klue-sts-v1.1_dev.json.");
    }
}
