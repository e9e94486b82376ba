using System.Numerics;
using System.Runtime.CompilerServices;

namespace Pybo.Rag.Tokenizers;

/// <summary>
/// The merges of a BPE model by the ids of their two sides: what two neighbouring pieces become, and how early. One open-addressed
/// table of 8 bytes an entry, since most of the time goes into waiting for memory. Once filled it is only read.
/// </summary>
/// <example>The first line "나 무" gives (5, 7) → rank 0, which becomes the id of "나무".</example>
internal sealed class MergeTable
{
    /// <summary>The rank of a pair that nothing joins; above all others.</summary>
    public const int Never = int.MaxValue;

    /// <summary>Ranks go up to here. The longest published list has half a million.</summary>
    public const int RanksMax = (1 << RankBits) - 1;

    // An entry is left id, right id and rank + 1 from the highest bit down, so that 0 is a free one. Ids have 20 bits, as Vocabulary sees to.
    private const int RankBits = 24;
    private const ulong RankMask = (1UL << RankBits) - 1;
    private const int SlotsPerMerge = 2;

    private ulong[] entries;
    private int shift;
    private int count;

    /// <summary>By rank.</summary>
    private int[] ids;

    /// <param name="capacity">About how many merges will be added.</param>
    public MergeTable(int capacity) => (entries, ids) = (Empty(capacity), new int[capacity]);

    /// <summary>A table with some of another's merges.</summary>
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

    /// <summary>Of a pair that is added twice the later rank counts, as in the reference implementation.</summary>
    /// <exception cref="InvalidDataException">There are too many.</exception>
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

    /// <summary>The rank of the pair, or <see cref="Never"/>.</summary>
    public int Find(int left, int right)
    {
        var entry = entries[Slot(Key(left, right))];
        return entry == 0 ? Never : (int)(entry & RankMask) - 1;
    }

    /// <summary>What the pair of this rank becomes.</summary>
    public int IdOf(int rank) => ids[rank];

    /// <summary>All merges, in no order.</summary>
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // a million calls in the first second, before the runtime would get to it
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
