using System.Numerics;

namespace Pybo.Rag.Tokenizers;

/// <summary>
/// The pairs of adjacent characters that some merge joins. A text can be cut anywhere else before merging without changing the result, so that even a
/// page without a space for the pre-tokenizer is split into words.
/// </summary>
/// <remarks>One bit per hash, without the pairs: a collision only means one cut fewer.</remarks>
/// <example>Merges "▁ 나", "나 무": "나무▁나" may be cut between 무 and ▁, which no merge joins.</example>
internal sealed class JointFilter
{
    private const int BitsPerPair = 8;

    private readonly ulong[] bits;
    private readonly int shift;

    public JointFilter(int pairs)
    {
        var size = BitOperations.RoundUpToPowerOf2((uint)Math.Max(pairs, 64) * BitsPerPair);
        bits = new ulong[size / 64];
        shift = 32 - BitOperations.Log2(size);
    }

    public void Add(char left, char right)
    {
        var bit = Bit(left, right);
        bits[bit >> 6] |= 1UL << (int)(bit & 63);
    }

    /// <summary>False if no merge ever joins a piece that ends with <paramref name="left"/> to one that begins with <paramref name="right"/>.</summary>
    public bool MayJoin(char left, char right)
    {
        var bit = Bit(left, right);
        return (bits[bit >> 6] >> (int)(bit & 63) & 1) != 0;
    }

    private uint Bit(char left, char right) => ((((uint)left << 16) | right) * 0x9E37_79B1) >> shift;
}
