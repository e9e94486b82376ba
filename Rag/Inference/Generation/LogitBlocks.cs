using System.Numerics;
using System.Runtime.InteropServices;

namespace Pybo.Rag.Inference;

/// <summary>Finds the best of many logits in one pass: each block's maximum decides whether the block needs a second look.</summary>
/// <remarks>
/// With at least k blocks, the k-th largest of their maxima is a floor that at least k logits reach, and few more do: with four blocks for each of k
/// = 64, about 74 of 262,144 evenly spread logits. Only blocks that reach the floor are read again.
/// </remarks>
internal sealed class LogitBlocks
{
    private const int LengthMax = 1_024;
    private const int LengthMin = 64;
    private const int BlocksPerCandidate = 4;

    private readonly int length;
    private readonly float[] maxima;
    private readonly float[] sorted;

    /// <param name="columns">The number of logits in a row.</param>
    /// <param name="candidates">How many of the best will be requested.</param>
    public LogitBlocks(int columns, int candidates)
    {
        length = (int)Math.Clamp(columns / ((long)candidates * BlocksPerCandidate) / LengthMin * LengthMin, LengthMin, LengthMax);
        maxima = new float[(columns + length - 1) / length];
        sorted = new float[maxima.Length];
    }

    /// <summary>The largest logit of the last scanned row.</summary>
    public float Max { get; private set; }

    /// <summary>Computes a row's block maxima.</summary>
    /// <exception cref="InvalidOperationException">A logit is not a finite number.</exception>
    public void Scan(ReadOnlySpan<float> logits)
    {
        Max = float.MinValue;
        for (var block = 0; block < maxima.Length; block++)
        {
            var values = Block(logits, block);
            maxima[block] = FiniteMax(values) ?? throw NotFinite(values, block * length);
            Max = Math.Max(Max, maxima[block]);
        }
    }

    /// <summary>Returns the lowest id with the largest logit.</summary>
    public int IndexOfMax(ReadOnlySpan<float> logits)
    {
        var block = maxima.IndexOf(Max);
        return (block * length) + Block(logits, block).IndexOf(Max);
    }

    /// <summary>Returns a logit that at least <paramref name="candidates"/> logits reach.</summary>
    public float Floor(int candidates)
    {
        if (candidates > maxima.Length)
        {
            return float.MinValue;
        }

        maxima.CopyTo(sorted);
        Array.Sort(sorted);
        return sorted[^candidates];
    }

    /// <summary>Collects the ids whose logits reach a floor, in order.</summary>
    /// <returns>The number of ids.</returns>
    public int Collect(ReadOnlySpan<float> logits, float floor, Span<LogitKey> keys)
    {
        var count = 0;
        for (var block = 0; block < maxima.Length; block++)
        {
            if (maxima[block] >= floor)
            {
                count += Collect(Block(logits, block), block * length, floor, keys[count..]);
            }
        }

        return count;
    }

    private static int Collect(ReadOnlySpan<float> values, int firstId, float floor, Span<LogitKey> keys)
    {
        var count = 0;
        for (var i = 0; i < values.Length;)
        {
            var isWhole = values.Length - i >= Vector<float>.Count;
            var end = isWhole ? i + Vector<float>.Count : values.Length;
            if (isWhole && !Vector.GreaterThanOrEqualAny(new Vector<float>(values[i..]), new Vector<float>(floor)))
            {
                i = end;
                continue;
            }

            for (; i < end; i++)
            {
                if (values[i] >= floor)
                {
                    keys[count++] = new(firstId + i, values[i]);
                }
            }
        }

        return count;
    }

    /// <summary>Returns null if a value is not finite: only such values times 0 are not 0.</summary>
    private static float? FiniteMax(ReadOnlySpan<float> values)
    {
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(values);
        var (max0, max1) = (new Vector<float>(float.MinValue), new Vector<float>(float.MinValue));
        var (zero0, zero1) = (Vector<float>.Zero, Vector<float>.Zero);
        var i = 0;
        for (; i + 1 < vectors.Length; i += 2) // two independent chains, because one would stall on itself
        {
            max0 = Vector.MaxNative(max0, vectors[i]);
            zero0 += vectors[i] * 0f;
            max1 = Vector.MaxNative(max1, vectors[i + 1]);
            zero1 += vectors[i + 1] * 0f;
        }

        var maxima = Vector.MaxNative(max0, max1);
        var zero = Vector.Sum(zero0 + zero1);
        var max = float.MinValue;
        for (var lane = 0; lane < Vector<float>.Count; lane++)
        {
            max = Math.Max(max, maxima[lane]);
        }

        foreach (var value in values[(i * Vector<float>.Count)..])
        {
            max = Math.Max(max, value);
            zero += value * 0f;
        }

        return zero == 0 ? max : null;
    }

    private static InvalidOperationException NotFinite(ReadOnlySpan<float> values, int firstId)
    {
        var i = 0;
        while (float.IsFinite(values[i]))
        {
            i++;
        }

        return new($"The logit of id {firstId + i} is {values[i]}, not a finite number: the model's weights or its run are broken.");
    }

    private ReadOnlySpan<float> Block(ReadOnlySpan<float> logits, int block) => logits.Slice(block * length, Math.Min(length, logits.Length - (block * length)));
}
