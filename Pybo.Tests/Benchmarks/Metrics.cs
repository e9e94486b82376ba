namespace Pybo.Benchmarks;

/// <summary>Metrics of rankings and of agreement, by their textbook definitions.</summary>
internal static class Metrics
{
    /// <summary>The cut-off of the ranking metrics.</summary>
    public const int Depth = 10;

    /// <summary>The share of relevant ids among the first <paramref name="depth"/>, relative to at most that many (capped recall, as in BEIR).</summary>
    /// <param name="ranked">Distinct ids, best first.</param>
    /// <param name="grades">The relevant ids with their grades (above 0); at least one.</param>
    /// <param name="depth">The cut-off.</param>
    public static double Recall(IReadOnlyList<string> ranked, IReadOnlyDictionary<string, int> grades, int depth) =>
        ranked.Take(depth).Count(grades.ContainsKey) / (double)Math.Min(depth, grades.Count);

    /// <summary>1 / rank of the first relevant id among the first <paramref name="depth"/>; 0 if none is relevant.</summary>
    public static double ReciprocalRank(IReadOnlyList<string> ranked, IReadOnlyDictionary<string, int> grades, int depth = Depth)
    {
        for (var place = 0; place < Math.Min(depth, ranked.Count); place++)
        {
            if (grades.ContainsKey(ranked[place]))
            {
                return 1.0 / (place + 1);
            }
        }

        return 0;
    }

    /// <summary>Normalised discounted cumulative gain: the sum of grade / log2(rank + 1), divided by that of the ideal ranking.</summary>
    public static double Ndcg(IReadOnlyList<string> ranked, IReadOnlyDictionary<string, int> grades, int depth = Depth)
    {
        var gain = Gain(ranked.Select(id => grades.GetValueOrDefault(id)), depth);
        return gain / Gain(grades.Values.OrderDescending(), depth);
    }

    /// <summary>Spearman's rank correlation; equal values share the mean of their ranks.</summary>
    /// <param name="x">Any values; not all equal.</param>
    /// <param name="y">The same number of values.</param>
    public static double Spearman(IReadOnlyList<double> x, IReadOnlyList<double> y) => Pearson(Ranks(x), Ranks(y));

    private static double Gain(IEnumerable<int> grades, int depth) => grades.Take(depth).Select((grade, place) => grade / Math.Log2(place + 2)).Sum();

    private static double[] Ranks(IReadOnlyList<double> values)
    {
        var order = Enumerable.Range(0, values.Count).OrderBy(i => values[i]).ToArray();
        var ranks = new double[values.Count];
        for (var first = 0; first < order.Length;)
        {
            var end = first + 1;
            while (end < order.Length && values[order[end]].Equals(values[order[first]]))
            {
                end++;
            }

            for (var at = first; at < end; at++)
            {
                ranks[order[at]] = (first + end + 1) / 2.0;
            }

            first = end;
        }

        return ranks;
    }

    private static double Pearson(double[] x, double[] y)
    {
        var (meanX, meanY) = (x.Average(), y.Average());
        var products = x.Zip(y, (a, b) => (a - meanX) * (b - meanY)).Sum();
        return products / Math.Sqrt(x.Sum(a => (a - meanX) * (a - meanX)) * y.Sum(b => (b - meanY) * (b - meanY)));
    }
}
