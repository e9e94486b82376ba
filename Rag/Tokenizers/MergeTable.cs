using System.Numerics;
using System.Runtime.CompilerServices;

namespace Pybo.Rag.Tokenizers;

/// <summary>What two neighbouring pieces become, and how early: the lowest rank is merged first.</summary>
internal readonly record struct Merge(int Rank, int Id)
{
    public const int Never = int.MaxValue;

    public static Merge None { get; } = new(Never, Vocabulary.NoPiece);
}

/// <summary>The merges of a BPE model by the ids of their two sides: one open-addressed table. Once filled it is only read.</summary>
/// <example>The first line "나 무" gives (5, 7) → rank 0, id of "나무".</example>
internal sealed class MergeTable
{
    private const int SlotsPerMerge = 2;

    private Entry[] entries;
    private int shift;

    /// <param name="capacity">About how many merges will be added.</param>
    public MergeTable(int capacity) => entries = Empty(capacity);

    public int Count { get; private set; }

    public void Add(int left, int right, Merge merge)
    {
        if ((Count + 1) * SlotsPerMerge > entries.Length)
        {
            var old = entries;
            entries = Empty(old.Length - 1);
            foreach (var kept in old)
            {
                if (kept.Key != 0)
                {
                    entries[Slot(kept.Key)] = kept;
                }
            }
        }
        ref var entry = ref entries[Slot(Key(left, right))];
        Count += entry.Key == 0 ? 1 : 0;
        // Of a pair written twice the later line counts, as in the reference implementation.
        entry = new Entry(Key(left, right), merge);
    }

    /// <summary>What the pair becomes, or <see cref="Merge.None"/>.</summary>
    public Merge Find(int left, int right)
    {
        ref var entry = ref entries[Slot(Key(left, right))];
        return entry.Key == 0 ? Merge.None : entry.Merge;
    }

    /// <summary>All merges, in no order.</summary>
    public Enumerator GetEnumerator() => new(entries);

    private static ulong Key(int left, int right) => ((ulong)(uint)(left + 1) << 32) | (uint)(right + 1);

    private Entry[] Empty(int capacity)
    {
        var size = BitOperations.RoundUpToPowerOf2((uint)(capacity + 1) * SlotsPerMerge);
        shift = 64 - BitOperations.Log2(size);
        return new Entry[size];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // a million calls in the first second, before the runtime would get to it
    private int Slot(ulong key)
    {
        var slot = (int)((key * 0x9E37_79B9_7F4A_7C15) >> shift);
        while (entries[slot].Key != key && entries[slot].Key != 0)
        {
            slot = (slot + 1) & (entries.Length - 1);
        }
        return slot;
    }

    internal readonly record struct Entry(ulong Key, Merge Merge);

    public struct Enumerator(Entry[] entries)
    {
        private int at = -1;

        public readonly (int Left, int Right, Merge Merge) Current =>
            ((int)(entries[at].Key >> 32) - 1, (int)(uint)entries[at].Key - 1, entries[at].Merge);

        public bool MoveNext()
        {
            while (++at < entries.Length)
            {
                if (entries[at].Key != 0)
                {
                    return true;
                }
            }
            return false;
        }
    }
}
