using Microsoft.Extensions.AI;
using Pybo.Rag.Inference;

namespace Pybo.Tests.Rag.Inference;

public sealed class SamplerTests
{
    private const int GemmaVocabulary = 262_144;

    private static readonly SamplingOptions Greedy = new() { Temperature = 0 };

    /// <summary>Values of every option, combined at random.</summary>
    private static readonly (float[] Temperature, int[] TopK, float[] TopP, float[] MinP, float[] Penalty) Choices =
        ([0, 0.1f, 0.7f, 1, 2, 50], [0, 1, 2, 5, 64, 1_000, 5_000, int.MaxValue], [0, 0.1f, 0.5f, 0.95f, 0.9999f, 1], [0, 0.02f, 0.5f, 1], [1, 1.1f, 1.8f, 0.7f]);

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 120)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Ids_equal_those_of_a_plain_implementation(int seed)
    {
        var random = new Random(seed);
        var size = seed % 40 == 0 ? GemmaVocabulary : random.Next(1, 6_000);
        var options = new SamplingOptions
        {
            Temperature = Any(random, Choices.Temperature),
            TopK = Any(random, Choices.TopK),
            TopP = Any(random, Choices.TopP),
            MinP = Any(random, Choices.MinP),
            RepetitionPenalty = Any(random, Choices.Penalty),
            Seed = seed,
        };
        var isTied = random.Next(2) == 0; // as float16 logits are
        List<int> seen = [.. Enumerable.Range(0, random.Next(40)).Select(_ => random.Next(size))];
        int[] banned = [.. Enumerable.Range(0, random.Next(4)).Select(_ => random.Next(size)).Distinct().Take(size - 1)];
        var numbers = new SplitMix64(seed);
        using var sampler = new Sampler(options, size, [.. seen], banned);

        for (var token = 0; token < 5; token++)
        {
            var logits = RandomLogits(random, size, isTied);
            var distribution = ReferenceSampler.Distribution(logits, options, options.RepetitionPenalty == 1 ? [] : seen, banned);
            var expected = ReferenceSampler.At(distribution, options.Temperature == 0 ? 0 : numbers.NextDouble());

            Assert.Equal(expected, sampler.Next(logits));
            seen.Add(expected);
        }
    }

    [Theory]
    [InlineData(1, 0, 1, 0)]
    [InlineData(1, 64, 0.95f, 0)]
    [InlineData(1.5f, 12, 1, 0.05f)]
    [InlineData(0.8f, 0, 0.9f, 0)]
    public void Ids_are_drawn_as_often_as_their_probability(float temperature, int topK, float topP, float minP)
    {
        const int draws = 100_000;
        // One in a million fair samplers with 30 candidates exceeds it.
        const double chiSquareMax = 83;
        var options = new SamplingOptions { Temperature = temperature, TopK = topK, TopP = topP, MinP = minP, Seed = 7 };
        var logits = RandomLogits(new(3), 30, isTied: false);
        var distribution = ReferenceSampler.Distribution(logits, options, [], []);
        using var sampler = new Sampler(options, logits.Length, []);

        var counts = new int[logits.Length];
        for (var i = 0; i < draws; i++)
        {
            counts[sampler.Next(logits)]++;
        }

        Assert.Equal(draws, distribution.Sum(d => counts[d.Id]));
        Assert.InRange(distribution.Sum(d => Math.Pow(counts[d.Id] - (draws * d.Probability), 2) / (draws * d.Probability)), 0, chiSquareMax);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(1_024)]
    [InlineData(GemmaVocabulary - 2)]
    public void The_lowest_id_wins_among_equal_logits(int first)
    {
        var logits = new float[GemmaVocabulary];
        Array.Fill(logits, -1f);
        logits[first] = -0f;
        logits[GemmaVocabulary - 1] = 0f;
        using var greedy = new Sampler(Greedy, logits.Length, []);
        using var best = new Sampler(new() { TopK = 1 }, logits.Length, []);

        Assert.Equal(first, greedy.Next(logits));
        Assert.Equal(first, best.Next(logits));
    }

    [Fact]
    public void Options_at_their_extremes_leave_all_ids_or_one()
    {
        var logits = RandomLogits(new(5), 500, isTied: false);
        var best = ReferenceSampler.Distribution(logits, Greedy, [], [])[0].Id;

        Assert.All([new() { TopK = 1 }, new() { TopP = 0 }, new() { MinP = 1 }, new() { Temperature = 1e-9f }, Greedy],
            (SamplingOptions one) => Assert.Equal([best], Drawn(one, logits)));
        var all = Drawn(new() { Temperature = 50 }, logits);
        Assert.InRange(all.Count, 490, 500);
        Assert.All([new() { TopK = 500 }, new() { TopK = int.MaxValue }, new() { TopP = 1 }, new() { MinP = 0 }],
            (SamplingOptions off) => Assert.Equal(all, Drawn(off with { Temperature = 50 }, logits)));
    }

    [Fact]
    public void A_vocabulary_of_one_has_one_answer() => Assert.Equal([0], Drawn(new() { TopK = 64, TopP = 0.95f, MinP = 0.1f }, [3f]));

    [Fact]
    public void The_repetition_penalty_counts_each_id_of_prompt_and_answer_once()
    {
        using var sampler = new Sampler(new() { Temperature = 0, RepetitionPenalty = 2 }, 4, [0, 0, 9]);
        float[] Row() => [10, 6, 4, -1];

        Assert.Equal(1, sampler.Next(Row())); // 5, 6, 4
        Assert.Equal(0, sampler.Next(Row())); // 5, 3, 4; the first would be 2.5 if counted twice
        Assert.Equal(3, sampler.Next([-10, -10, -10, -9])); // -20, -20, -10, -9
        Assert.Equal(2, sampler.Next([-10, -10, -10, -9])); // -20, -20, -10, -18
    }

    [Theory]
    [InlineData(float.NaN, 0)]
    [InlineData(float.PositiveInfinity, 777)]
    [InlineData(float.NegativeInfinity, 1_030)]
    [InlineData(float.NaN, 1_034)] // after the last whole vector
    public void A_logit_that_is_not_finite_is_named(float value, int id)
    {
        var logits = new float[1_035];
        logits[id] = value;
        using var greedy = new Sampler(Greedy, logits.Length, []);
        using var drawing = new Sampler(new() { TopK = 5 }, logits.Length, []);

        Assert.Contains($"id {id} is {value}", Assert.Throws<InvalidOperationException>(() => greedy.Next(logits)).Message, StringComparison.Ordinal);
        Assert.Contains($"id {id} is {value}", Assert.Throws<InvalidOperationException>(() => drawing.Next(logits)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(SamplingOptions.TemperatureMax)]
    public void Columns_past_the_vocabulary_and_banned_ids_are_never_drawn(float temperature)
    {
        var options = new SamplingOptions { Temperature = temperature, Seed = 1, RepetitionPenalty = 1.5f };
        using var sampler = new Sampler(options, 6, [3], bannedIds: [0, 3, 3, 8]);
        HashSet<int> drawn = [];
        for (var i = 0; i < 500; i++)
        {
            drawn.Add(sampler.Next([9, 1, 1, 8, 1, 1, 100, float.NaN]));
        }

        Assert.Equal([1, 2, 4, 5], drawn.Order());
        Assert.Throws<ArgumentException>(() => new Sampler(options, 2, [], [1, 0, 7]));
    }

    [Fact]
    public void A_seed_draws_the_same_ids_everywhere()
    {
        var logits = Enumerable.Range(0, 100).Select(id => id * 37 % 100 / 20f).ToArray();
        int[] Ids(SamplingOptions options)
        {
            using var sampler = new Sampler(options, logits.Length, []);
            return [.. Enumerable.Range(0, 12).Select(_ => sampler.Next(logits))];
        }

        Assert.Equal([24, 54, 8, 35, 27, 78, 81, 51, 35, 43, 81, 89], Ids(new() { TopK = 20, TopP = 0.9f, Seed = 42 }));
        using var unseeded = new Sampler(new(), logits.Length, []);
        Assert.Equal(Enumerable.Range(0, 12).Select(_ => unseeded.Next(logits)), Ids(new() { Seed = unseeded.Seed }));
        using var other = new Sampler(new(), logits.Length, []);
        Assert.NotEqual(unseeded.Seed, other.Seed);
    }

    [Fact]
    public void Random_numbers_equal_those_of_SplitMix64()
    {
        var random = new SplitMix64(1234567);

        Assert.Equal([6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821], Enumerable.Range(0, 5).Select(_ => random.Next()));
    }

    [Fact]
    public void A_draw_takes_one_random_number_for_any_number_of_candidates()
    {
        using var sampler = new Sampler(new() { TopK = 2, Seed = 9 }, 2, []);
        var random = new SplitMix64(9);

        for (var i = 0; i < 50; i++)
        {
            _ = random.NextDouble();
            Assert.Equal(1, sampler.Next([-1_000, 0]));
            Assert.Equal(random.NextDouble() < 0.5 ? 0 : 1, sampler.Next([0, 0]));
        }
    }

    public static TheoryData<float, int, float, float, float> Ways => new()
    {
        { 0, 0, 1, 0, 1 },
        { 0, 0, 1, 0, 1.2f },
        { 1, 64, 0.95f, 0, 1 },
        { 1, 0, 0.95f, 0.01f, 1.2f },
        { 1, 0, 1, 0, 1 },
    };

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_token_allocates_nothing(float temperature, int topK, float topP, float minP, float penalty)
    {
        var logits = RandomLogits(new(1), GemmaVocabulary, isTied: false);
        using var sampler = new Sampler(new() { Temperature = temperature, TopK = topK, TopP = topP, MinP = minP, RepetitionPenalty = penalty }, logits.Length, [1, 2, 3], [0]);
        sampler.Next(logits);

        Assert.Equal(0, Allocations.Least(() =>
        {
            for (var i = 0; i < 20; i++)
            {
                sampler.Next(logits);
            }
        }));
    }

    public static TheoryData<string> Impossible => [.. Wrong.Keys];

    private static Dictionary<string, SamplingOptions> Wrong => new()
    {
        ["Temperature -1"] = new() { Temperature = -1 },
        ["Temperature NaN"] = new() { Temperature = float.NaN },
        ["Temperature 101"] = new() { Temperature = SamplingOptions.TemperatureMax + 1 },
        ["TopK -1"] = new() { TopK = -1 },
        ["TopP 1.1"] = new() { TopP = 1.1f },
        ["TopP NaN"] = new() { TopP = float.NaN },
        ["MinP -0.1"] = new() { MinP = -0.1f },
        ["RepetitionPenalty 0"] = new() { RepetitionPenalty = 0 },
        ["RepetitionPenalty ∞"] = new() { RepetitionPenalty = float.PositiveInfinity },
    };

    [Theory]
    [MemberData(nameof(Impossible))]
    public void An_impossible_option_is_named(string option) =>
        Assert.Equal(option.Split(' ')[0], Assert.Throws<ArgumentOutOfRangeException>(() => new Sampler(Wrong[option], 10, [])).ParamName);

    [Theory]
    [InlineData(0)]
    [InlineData(Sampler.VocabularySizeMax + 1)]
    public void An_impossible_vocabulary_is_refused(int size) => Assert.Throws<ArgumentOutOfRangeException>(() => new Sampler(Greedy, size, []));

    [Fact]
    public void Too_few_logits_are_refused()
    {
        using var sampler = new Sampler(Greedy, 10, []);

        Assert.Throws<ArgumentException>(() => sampler.Next(new float[9]));
    }

    [Fact]
    public void A_callers_options_override_the_makers_advice()
    {
        var advised = new SamplingDefaults(DoSample: true, 0.9f, 64, 0.95f, 0.02f, 1.1f);

        Assert.Equal(new() { Temperature = 0.9f, TopK = 64, TopP = 0.95f, MinP = 0.02f, RepetitionPenalty = 1.1f }, SamplingOptions.Of(null, advised));
        Assert.Equal(
            new() { Temperature = 0.3f, TopK = 5, TopP = 0.5f, MinP = 0.02f, RepetitionPenalty = 1.1f, Seed = 4 },
            SamplingOptions.Of(new ChatOptions { Temperature = 0.3f, TopK = 5, TopP = 0.5f, Seed = 4 }, advised));
        Assert.Equal(0, SamplingOptions.Of(new(), SamplingDefaults.Greedy).Temperature);
        Assert.Equal(0.5f, SamplingOptions.Of(new() { Temperature = 0.5f }, SamplingDefaults.Greedy).Temperature);
        Assert.Equal(1, SamplingOptions.Of(new(), new(DoSample: true, null, null, null, null, null)).Temperature);
    }

    private static SortedSet<int> Drawn(SamplingOptions options, float[] logits)
    {
        using var sampler = new Sampler(options with { Seed = 11 }, logits.Length, []);
        return [.. Enumerable.Range(0, 3_000).Select(_ => sampler.Next(logits))];
    }

    private static T Any<T>(Random random, T[] choices) => choices[random.Next(choices.Length)];

    private static float[] RandomLogits(Random random, int size, bool isTied) =>
        [.. Enumerable.Range(0, size).Select(_ => (float)((random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5) * 12)).Select(x => isTied ? MathF.Round(x * 2) / 2 : x)];
}
