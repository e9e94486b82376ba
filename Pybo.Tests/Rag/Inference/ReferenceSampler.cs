using Pybo.Rag.Inference;

namespace Pybo.Tests.Rag.Inference;

/// <summary>The rules of <see cref="Sampler"/>, written as plainly as possible: whole rows, sorted, one step after the other.</summary>
internal static class ReferenceSampler
{
    /// <summary>The ids that can be drawn, in the order of the draw, with their probabilities.</summary>
    public static List<(int Id, double Probability)> Distribution(float[] logits, SamplingOptions options, IEnumerable<int> seen, IReadOnlyCollection<int> banned)
    {
        var scores = logits.ToArray();
        foreach (var id in seen.Distinct())
        {
            scores[id] = scores[id] < 0 ? scores[id] * options.RepetitionPenalty : scores[id] / options.RepetitionPenalty;
        }

        var ids = Enumerable.Range(0, scores.Length).Where(id => !banned.Contains(id)).ToList();
        var best = ids.OrderByDescending(id => scores[id]).ThenBy(id => id).ToList();
        if (options.Temperature == 0)
        {
            return [(best[0], 1)];
        }

        var isSorted = options.TopP < 1 || (options.TopK > 0 && options.TopK < scores.Length);
        var kept = (isSorted ? best : ids).Select(id => (Id: id, Probability: Math.Exp(((double)scores[id] - scores[best[0]]) / options.Temperature))).ToList();
        if (options.TopK > 0)
        {
            kept = [.. kept.Take(options.TopK)];
        }

        if (options.TopP < 1)
        {
            var (sum, total) = (0.0, kept.Sum(k => k.Probability));
            kept = [.. kept.TakeWhile((k, rank) =>
            {
                var before = sum;
                sum += k.Probability;
                return rank == 0 || before < options.TopP * total;
            })];
        }

        kept = [.. kept.Where(k => k.Probability >= options.MinP)]; // the best id has 1 so far
        var left = kept.Sum(k => k.Probability);
        return [.. kept.Select(k => (k.Id, k.Probability / left))];
    }

    /// <summary>The id at a position between 0 and 1 of a distribution.</summary>
    public static int At(List<(int Id, double Probability)> distribution, double place)
    {
        var sum = 0.0;
        foreach (var (id, probability) in distribution)
        {
            sum += probability;
            if (place < sum)
            {
                return id;
            }
        }

        return distribution.Last(d => d.Probability > 0).Id;
    }
}
