using System.Buffers;
using System.Numerics;
using System.Numerics.Tensors;
using System.Security.Cryptography;

namespace Pybo.Rag.Inference;

/// <summary>Chooses the tokens of one answer from logits.</summary>
/// <remarks>
/// <para>
/// Follows the order of Hugging Face's library: repetition penalty (prompt and answer, each id once), temperature, top-k, top-p, min-p, then a draw.
/// Each step sees the previous one's probabilities, normalised to 1; without sampling only the penalty applies. One difference: among equal logits at
/// the end of top-k or top-p the lowest ids stay, while that library's top-k keeps them all. Equal logits are common in float16.
/// </para>
/// <para>
/// A draw takes one number from <see cref="SplitMix64"/>, even with a single candidate left, and walks the candidates from best to worst (by id if
/// neither top-k nor top-p is on). Probabilities are float64; rounding differences between processors change one draw in some 10¹³. Candidates whose
/// total probability is below one step of that number, 2⁻⁵³, are never drawn.
/// </para>
/// <para>
/// Allocates at construction, not per token. At 262,144 logits on one core with AVX2, greedy takes 26 µs, a draw with top-k 64 and top-p 0.95 takes
/// 45 µs, and a draw without top-k 2.5 to 3.5 ms, because every id's probability is computed. One answer, one thread at a time.
/// </para>
/// </remarks>
internal sealed class Sampler : IDisposable
{
    /// <summary>More ids than any model has; bounds the buffers (16 bytes per id).</summary>
    public const int VocabularySizeMax = 1 << 20;

    private const int BitsPerWord = 64;

    /// <summary>The smallest step of a drawn number.</summary>
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
    /// <param name="vocabularySize">Only ids below it can be chosen: those with a text and an embedding. Further logits are ignored.</param>
    /// <param name="prompt">Ids that the repetition penalty counts from the start.</param>
    /// <param name="bannedIds">Ids that must not be chosen, such as padding.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option, an id or the size is out of range.</exception>
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
    /// <param name="logits">One row, f32 [at least the vocabulary's size]; the penalty and the bans are written into it, so use it for one call only.</param>
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
            logits[id] = float.MinValue; // finite, and with no weight against any other
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
            count = Keep(count, options.MinP); // the best has weight 1
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

    /// <summary>Applies top-k and top-p: moves the best to the front of the buffers.</summary>
    private int Best(ReadOnlySpan<float> logits)
    {
        var count = blocks.Collect(logits, blocks.Floor(topK), keys);
        keys.AsSpan(0, count).Sort();
        count = Math.Min(count, topK);
        Weigh(count);
        return options.TopP < 1 ? Nucleus(count, TensorPrimitives.Sum<double>(weights.AsSpan(0, count))) : count;
    }

    /// <summary>Applies top-p over the whole vocabulary; sorts only the ids that it can include.</summary>
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
        // All ids below this weight together have less than top-p leaves out.
        count = Keep(count, (1.0 - options.TopP) * total / vocabularySize);
        keys.AsSpan(0, count).Sort();
        Weigh(count);
        return Nucleus(count, total);
    }

    /// <summary>Counts how many of the best make up top-p's share.</summary>
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

    /// <summary>Computes the first keys' weights in a draw; the best has 1.</summary>
    private void Weigh(int count)
    {
        for (var i = 0; i < count; i++)
        {
            weights[i] = ((double)keys[i].Logit - blocks.Max) / options.Temperature;
        }

        var span = weights.AsSpan(0, count);
        TensorPrimitives.Exp(span, span);
    }

    /// <summary>Drops ids below a weight, without changing the order.</summary>
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

    /// <summary>Ids beyond the vocabulary, such as an image's in a prompt, have no logit to penalise.</summary>
    private void See(int id)
    {
        if (seen is not null && (uint)id < (uint)vocabularySize)
        {
            seen[id / BitsPerWord] |= 1UL << (id % BitsPerWord);
        }
    }
}
