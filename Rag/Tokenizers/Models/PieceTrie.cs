using System.Numerics;

namespace Pybo.Rag.Tokenizers;

/// <summary>
/// A trie over UTF-16 units that finds the pieces a text begins with. The first step is an array look-up by character, each later one a probe of a
/// single open-addressed table keyed by (node, character): built in linear time, walked without pointers. It stores only ids, not the pieces.
/// Immutable after <see cref="Build"/>.
/// </summary>
/// <example>Pieces "a" (4), "ab" (7): walking "abc" gives 4 after one unit, 7 after two, then ends.</example>
internal sealed class PieceTrie
{
    public const int NoPiece = -1;

    /// <summary>A node without children: the walk stops without a probe.</summary>
    private const int DeadEnd = -1;

    /// <summary>One step: from a node (upper bits of the key) by a character (lower 16) to <see cref="Next"/>.</summary>
    private struct Edge
    {
        public long Key;
        public int Next;
        public int Piece;
    }

    private const long EmptyKey = 0;
    private const double FillMax = 0.5;

    /// <summary>By character, up to the last that begins any piece.</summary>
    private readonly Edge[] first;
    private Edge[] table = [];
    private int shift;

    private PieceTrie(int firstCharacters) => first = new Edge[firstCharacters];

    /// <summary>Builds the trie; a piece's id is its index, and the last of equal pieces counts. Empty pieces match nothing.</summary>
    public static PieceTrie Build(IReadOnlyList<string> pieces)
    {
        var trie = new PieceTrie(pieces.Where(piece => piece.Length > 0).Select(piece => piece[0] + 1).DefaultIfEmpty().Max());
        Array.Fill(trie.first, new Edge { Next = DeadEnd, Piece = NoPiece });
        trie.Resize((int)BitOperations.RoundUpToPowerOf2((uint)(pieces.Count + 1) * 4));
        var (nodes, edges) = (0, 0);
        for (var id = 0; id < pieces.Count; id++)
        {
            var piece = pieces[id];
            if (piece.Length == 0)
            {
                continue;
            }
            ref var edge = ref trie.first[piece[0]];
            foreach (var c in piece.AsSpan(1))
            {
                if (edge.Next == DeadEnd)
                {
                    edge.Next = ++nodes;
                }
                var key = Key(edge.Next, c);
                if (edges + 1 > trie.table.Length * FillMax)
                {
                    trie.Resize(trie.table.Length * 2);
                }
                edge = ref trie.Probe(key);
                if (edge.Key == EmptyKey)
                {
                    edge = new Edge { Key = key, Next = DeadEnd, Piece = NoPiece };
                    edges++;
                }
            }
            edge.Piece = id;
        }
        return trie;
    }

    /// <summary>Starts a walk. After each true <see cref="Walk.Step"/>, <see cref="Walk.Piece"/> is the piece that ends there, or <see cref="NoPiece"/>.</summary>
    public Walk Start() => new(this);

    /// <summary>Returns the id of the piece that equals <paramref name="text"/>, or <see cref="NoPiece"/>.</summary>
    public int Find(ReadOnlySpan<char> text)
    {
        var walk = Start();
        foreach (var c in text)
        {
            if (!walk.Step(c))
            {
                return NoPiece;
            }
        }
        return text.IsEmpty ? NoPiece : walk.Piece;
    }

    private static long Key(int node, char c) => ((long)node << 16) | c;

    private ref Edge Probe(long key)
    {
        var mask = table.Length - 1;
        var slot = (int)((ulong)(key * unchecked((long)0x9E37_79B9_7F4A_7C15)) >> shift);
        while (table[slot].Key != key && table[slot].Key != EmptyKey)
        {
            slot = (slot + 1) & mask;
        }
        return ref table[slot];
    }

    private void Resize(int size)
    {
        var old = table;
        table = new Edge[size];
        shift = 64 - BitOperations.Log2((uint)size);
        foreach (var edge in old)
        {
            if (edge.Key != EmptyKey)
            {
                Probe(edge.Key) = edge;
            }
        }
    }

    public struct Walk(PieceTrie trie)
    {
        private const int AtRoot = 0;

        private int node = AtRoot;

        public int Piece { get; private set; } = NoPiece;

        public bool Step(char c)
        {
            if (node == DeadEnd || (node == AtRoot && c >= trie.first.Length))
            {
                return false;
            }
            ref var edge = ref node == AtRoot ? ref trie.first[c] : ref trie.Probe(Key(node, c));
            if (node == AtRoot ? edge.Next == DeadEnd && edge.Piece == NoPiece : edge.Key == EmptyKey)
            {
                return false;
            }
            (node, Piece) = (edge.Next, edge.Piece);
            return true;
        }
    }
}
