using System.Buffers;
using System.Numerics;
using System.Numerics.Tensors;
using System.Security.Cryptography;

namespace Pybo.Rag.Inference;

/// <summary>Chooses the tokens of one answer from logits.</summary>
/// <remarks>
/// <para>
/// In the order of Hugging Face's own library: repetition penalty (prompt and answer, each id once), temperature, top-k, top-p, min-p, then a draw.
/// Each looks at the probabilities that the ones before it left, together 1; without sampling only the penalty counts. One difference: of equal
/// logits at the end of top-k or top-p the lowest ids stay, where that library's top-k keeps them all. Equal logits are common in float16.
/// </para>
/// <para>
/// A draw takes one number of <see cref="SplitMix64"/>, also where a single candidate is left, and goes through the candidates from the best to the
/// worst (by id where neither top-k nor top-p is on). Probabilities are float64; what processors round differently turns one draw in some 10¹³.
/// What is together less likely than one step of that number, 2⁻⁵³, never comes out.
/// </para>
/// <para>
/// Allocates when it is made, not for tokens. At 262,144 logits on one core with AVX2: the best takes 26 µs, a draw with top-k 64 and top-p 0.95
/// takes 45 µs, a draw without top-k 2.5 to 3.5 ms, because every id has its probability computed. One answer, one thread at a time.
/// </para>
/// </remarks>
internal sealed class Sampler : IDisposable
{
    /// <summary>More ids than any model has; bounds the buffers (16 bytes an id).</summary>
    public const int VocabularySizeMax = 1 << 20;

    private const int BitsPerWord = 64;

    /// <summary>The smallest step of a number that is drawn.</summary>
    private const double DrawStep = 1.0 / (1L << 53);

    private readonly SamplingOptions options;
    private readonly int vocabularySize;
    private readonly int[] bannedIds;
    private readonly int topK;
    private readonly LogitBlocks blocks;
    private readonly ulong[]? seen;
    private LogitKey[] keys = [];
    private double[] weights = [];
    private SplitMix64 random;

    /// <param name="options">How to choose.</param>
    /// <param name="vocabularySize">Ids below it may come out: those that have a text and an embedding. Further logits are not looked at.</param>
    /// <param name="prompt">What the repetition penalty counts from the start.</param>
    /// <param name="bannedIds">Ids that must not come out, such as padding.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option, an id or the size is out of its range.</exception>
    /// <exception cref="ArgumentException">Every id is banned.</exception>
    public Sampler(SamplingOptions options, int vocabularySize, ReadOnlySpan<int> prompt, ReadOnlySpan<int> bannedIds = default)
    {
        options.Validate();
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(vocabularySize);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(vocabularySize, VocabularySizeMax);
        (this.options, this.vocabularySize) = (options, vocabularySize);
        this.bannedIds = [.. bannedIds.ToArray().Distinct().Where(id => id < vocabularySize)];
        if (this.bannedIds.Length == vocabularySize)
        {
            throw new ArgumentException($"All {vocabularySize} ids are banned.", nameof(bannedIds));
        }

        topK = options.TopK < vocabularySize ? options.TopK : 0;
        blocks = new(vocabularySize, Math.Max(1, topK));
        Seed = options.Seed ?? BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long)));
        random = new(Seed);
        if (options.RepetitionPenalty != 1)
        {
            seen = new ulong[(vocabularySize + BitsPerWord - 1) / BitsPerWord];
            foreach (var id in prompt)
            {
                See(id);
            }
        }

        if (options.Temperature > 0)
        {
            keys = ArrayPool<LogitKey>.Shared.Rent(vocabularySize);
            weights = ArrayPool<double>.Shared.Rent(vocabularySize);
        }
    }

    /// <summary>The seed that repeats this answer.</summary>
    public long Seed { get; }

    /// <summary>Chooses the next token.</summary>
    /// <param name="logits">One row, f32 [at least the vocabulary's size]; the penalty and the bans are written into it, so it is good for one call.</param>
    /// <returns>An id, which the repetition penalty counts from now on.</returns>
    /// <exception cref="ArgumentException">There are fewer logits than ids.</exception>
    /// <exception cref="InvalidOperationException">A logit is not a finite number; the message names it.</exception>
    public int Next(Span<float> logits)
    {
        if (logits.Length < vocabularySize)
        {
            throw new ArgumentException($"{logits.Length} logits for a vocabulary of {vocabularySize}.", nameof(logits));
        }

        logits = logits[..vocabularySize];
        Penalise(logits);
        foreach (var id in bannedIds)
        {
            logits[id] = float.MinValue; // finite, and of no weight beside any other
        }

        blocks.Scan(logits);
        var chosen = options.Temperature == 0 ? blocks.IndexOfMax(logits) : Draw(logits);
        See(chosen);
        return chosen;
    }

    public void Dispose()
    {
        ArrayPool<LogitKey>.Shared.Return(keys);
        ArrayPool<double>.Shared.Return(weights);
        (keys, weights) = ([], []);
    }

    private int Draw(ReadOnlySpan<float> logits)
    {
        var count = topK > 0 ? Best(logits) : All(logits);
        if (options.MinP > 0)
        {
            count = Keep(count, options.MinP); // the best one's weight is 1
        }

        var left = random.NextDouble() * TensorPrimitives.Sum<double>(weights.AsSpan(0, count));
        var last = 0;
        for (var i = 0; i < count; i++)
        {
            if (weights[i] > 0)
            {
                left -= weights[i];
                last = i;
            }

            if (left < 0)
            {
                break;
            }
        }

        return keys[last].Id;
    }

    /// <summary>Top-k and top-p: the best come first in the buffers.</summary>
    private int Best(ReadOnlySpan<float> logits)
    {
        var count = blocks.Collect(logits, blocks.Floor(topK), keys);
        keys.AsSpan(0, count).Sort();
        count = Math.Min(count, topK);
        Weigh(count);
        return options.TopP < 1 ? Nucleus(count, TensorPrimitives.Sum<double>(weights.AsSpan(0, count))) : count;
    }

    /// <summary>Top-p over the whole vocabulary, of which only what can be in it is sorted.</summary>
    private int All(ReadOnlySpan<float> logits)
    {
        var floor = blocks.Max + (options.Temperature * Math.Log(DrawStep / vocabularySize));
        var count = blocks.Collect(logits, (float)Math.Max(floor, float.MinValue), keys);
        Weigh(count);
        if (options.TopP == 1)
        {
            return count;
        }

        var total = TensorPrimitives.Sum<double>(weights.AsSpan(0, count));
        // All below this weight are together less than what top-p leaves out.
        count = Keep(count, (1.0 - options.TopP) * total / vocabularySize);
        keys.AsSpan(0, count).Sort();
        Weigh(count);
        return Nucleus(count, total);
    }

    /// <summary>How many of the best are together the share of top-p.</summary>
    private int Nucleus(int count, double total)
    {
        var (kept, sum) = (0, 0.0);
        do
        {
            sum += weights[kept++];
        }
        while (kept < count && sum < options.TopP * total);
        return kept;
    }

    /// <summary>What each of the first keys is drawn with, the best one with 1.</summary>
    private void Weigh(int count)
    {
        for (var i = 0; i < count; i++)
        {
            weights[i] = ((double)keys[i].Logit - blocks.Max) / options.Temperature;
        }

        var span = weights.AsSpan(0, count);
        TensorPrimitives.Exp(span, span);
    }

    /// <summary>Drops what weighs less, without changing the order.</summary>
    private int Keep(int count, double weightMin)
    {
        var kept = 0;
        for (var i = 0; i < count; i++)
        {
            if (weights[i] >= weightMin)
            {
                (keys[kept], weights[kept]) = (keys[i], weights[i]);
                kept++;
            }
        }

        return kept;
    }

    private void Penalise(Span<float> logits)
    {
        for (var word = 0; word < seen?.Length; word++)
        {
            for (var bits = seen[word]; bits != 0; bits &= bits - 1)
            {
                ref var logit = ref logits[(word * BitsPerWord) + BitOperations.TrailingZeroCount(bits)];
                logit = logit < 0 ? logit * options.RepetitionPenalty : logit / options.RepetitionPenalty;
            }
        }
    }

    /// <summary>Ids past the vocabulary, such as an image's in a prompt, have no logit that could be penalised.</summary>
    private void See(int id)
    {
        if (seen is not null && (uint)id < (uint)vocabularySize)
        {
            seen[id / BitsPerWord] |= 1UL << (id % BitsPerWord);
        }
    }
}
