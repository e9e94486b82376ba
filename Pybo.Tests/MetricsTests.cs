using Pybo.Benchmarks;

namespace Pybo.Tests;

/// <summary>The metrics of the benchmarks, checked with examples worked by hand.</summary>
public sealed class MetricsTests
{
    private static readonly Dictionary<string, int> Grades = new() { ["a"] = 2, ["b"] = 1 };

    [Fact]
    public void Recall_counts_the_relevant_among_the_first()
    {
        Assert.Equal(1, Metrics.Recall(["a", "x"], Grades, 1));
        Assert.Equal(0, Metrics.Recall(["x", "a"], Grades, 1));
        Assert.Equal(0.5, Metrics.Recall(["x", "a"], Grades, 10));
        Assert.Equal(1, Metrics.Recall(["x", "a", "y", "b"], Grades, 10));
    }

    [Fact]
    public void Reciprocal_rank_uses_the_first_relevant_id_within_the_depth()
    {
        Assert.Equal(1.0 / 3, Metrics.ReciprocalRank(["x", "y", "b", "a"], Grades));
        Assert.Equal(0, Metrics.ReciprocalRank(["x", "y", "b"], Grades, 2));
        Assert.Equal(0, Metrics.ReciprocalRank([], Grades));
    }

    [Fact]
    public void Ndcg_divides_by_the_ideal_ranking()
    {
        // Ideal: 2 / log2(2) + 1 / log2(3) = 2.6309. Ranked b, x, a: 1 / log2(2) + 2 / log2(4) = 2.
        Assert.Equal(2 / 2.6309, Metrics.Ndcg(["b", "x", "a"], Grades), 0.0001);
        Assert.Equal(1, Metrics.Ndcg(["a", "b"], Grades));
        Assert.Equal(0, Metrics.Ndcg(["x"], Grades));
    }

    [Fact]
    public void Spearman_compares_ranks_and_equal_values_share_the_mean_rank()
    {
        Assert.Equal(1, Metrics.Spearman([1, 2, 3], [10, 100, 1000]), 12);
        Assert.Equal(-1, Metrics.Spearman([1, 2, 3], [3, 2, 1]), 12);
        // Ranks 1, 2.5, 2.5, 4 and 1, 2, 3, 4: covariance 4.5, variances 4.5 and 5.
        Assert.Equal(4.5 / Math.Sqrt(4.5 * 5), Metrics.Spearman([1, 2, 2, 3], [1, 2, 3, 4]), 12);
    }
}
