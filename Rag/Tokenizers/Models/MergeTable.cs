using System.Numerics;
using System.Runtime.CompilerServices;

namespace Pybo.Rag.Tokenizers;

/// <summary>
/// A BPE model's merges by the ids of their two sides: the result of two adjacent pieces, and its rank. One open-addressed table of 8 bytes per
/// entry, since most of the time is spent waiting for memory. Read-only once filled.
/// </summary>
/// <example>The first line "나 무" gives (5, 7) → rank 0, which becomes the id of "나무".</example>
internal sealed class MergeTable
{
    /// <summary>The rank of a pair without a merge; above all others.</summary>
    public const int Never = int.MaxValue;

    /// <summary>The highest rank. The longest published list has half a million.</summary>
    public const int RanksMax = (1 << RankBits) - 1;

    // An entry is left id, right id and rank + 1 from the highest bit down, so that 0 is a free one. Ids have 20 bits, as Vocabulary ensures.
    private const int RankBits = 24;
    private const ulong RankMask = (1UL << RankBits) - 1;
    private const int SlotsPerMerge = 2;

    private ulong[] entries;
    private int shift;
    private int count;

    /// <summary>By rank.</summary>
    private int[] ids;

    /// <param name="capacity">The approximate number of merges.</param>
    public MergeTable(int capacity) => (entries, ids) = (Empty(capacity), new int[capacity]);

    /// <summary>Creates a table with some of another's merges.</summary>
    public MergeTable(MergeTable other, Func<int, bool> isKept)
    {
        (entries, ids) = (Empty(other.count), other.ids);
        foreach (var (left, right, rank) in other)
        {
            if (isKept(other.IdOf(rank)))
            {
                Insert(left, right, rank);
            }
        }
    }

    public int Count => count;

    /// <summary>If a pair is added twice the later rank counts, as in the reference implementation.</summary>
    /// <exception cref="InvalidDataException">There are too many merges.</exception>
    public void Add(int left, int right, int rank, int id)
    {
        if (rank >= RanksMax)
        {
            throw new InvalidDataException($"there are more than {RanksMax} merges");
        }
        if (rank >= ids.Length)
        {
            Array.Resize(ref ids, (rank + 1) * 2);
        }
        ids[rank] = id;
        if ((count + 1) * SlotsPerMerge > entries.Length)
        {
            var old = entries;
            entries = Empty(old.Length - 1);
            foreach (var entry in old)
            {
                if (entry != 0)
                {
                    entries[Slot(entry & ~RankMask)] = entry;
                }
            }
        }
        Insert(left, right, rank);
    }

    /// <summary>Returns the pair's rank, or <see cref="Never"/>.</summary>
    public int Find(int left, int right)
    {
        var entry = entries[Slot(Key(left, right))];
        return entry == 0 ? Never : (int)(entry & RankMask) - 1;
    }

    /// <summary>Returns the id that the pair of this rank becomes.</summary>
    public int IdOf(int rank) => ids[rank];

    /// <summary>Enumerates all merges, in no particular order.</summary>
    public Enumerator GetEnumerator() => new(entries);

    private static ulong Key(int left, int right) => ((ulong)(uint)left << 44) | ((ulong)(uint)right << RankBits);

    private void Insert(int left, int right, int rank)
    {
        ref var entry = ref entries[Slot(Key(left, right))];
        count += entry == 0 ? 1 : 0;
        entry = Key(left, right) | (uint)(rank + 1);
    }

    private ulong[] Empty(int capacity)
    {
        var size = BitOperations.RoundUpToPowerOf2((uint)(capacity + 1) * SlotsPerMerge);
        shift = 64 - BitOperations.Log2(size);
        return new ulong[size];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // a million calls in the first second, before tiered compilation would optimise it
    private int Slot(ulong key)
    {
        var slot = (int)((key * 0x9E37_79B9_7F4A_7C15) >> shift);
        while (entries[slot] is var entry && entry != 0 && (entry & ~RankMask) != key)
        {
            slot = (slot + 1) & (entries.Length - 1);
        }
        return slot;
    }

    public struct Enumerator(ulong[] entries)
    {
        private int at = -1;

        public readonly (int Left, int Right, int Rank) Current =>
            ((int)(entries[at] >> 44), (int)(entries[at] >> RankBits) & (Vocabulary.PiecesMax - 1), (int)(entries[at] & RankMask) - 1);

        public bool MoveNext()
        {
            while (++at < entries.Length)
            {
                if (entries[at] != 0)
                {
                    return true;
                }
            }
            return false;
        }
    }
}
