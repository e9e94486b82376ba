namespace Pybo.Rag.Tokenizers;

/// <summary>A piece during merging: its id and the UTF-16 units [Start, End) of the word that it covers.</summary>
internal record struct BpeSymbol(int Id, int Start, int End);

/// <summary>
/// Applies merges to a row of symbols in place, lowest rank first, then leftmost; both methods give the same result.
/// </summary>
internal static class BpeMerging
{
    private const int None = -1;

    /// <summary>Searches all pairs for each merge: quadratic, and the fastest for a word.</summary>
    public static Span<BpeSymbol> Scan(Span<BpeSymbol> symbols, MergeTable merges)
    {
        // ranks[i] is the rank of symbols i and i + 1.
        Span<int> ranks = stackalloc int[symbols.Length];
        for (var i = 0; i + 1 < symbols.Length; i++)
        {
            ranks[i] = merges.Find(symbols[i].Id, symbols[i + 1].Id);
        }
        for (var count = symbols.Length; ; count--)
        {
            var (at, best) = (None, MergeTable.Never);
            for (var i = 0; i + 1 < count; i++)
            {
                if (ranks[i] < best)
                {
                    (at, best) = (i, ranks[i]);
                }
            }
            if (at == None)
            {
                return symbols[..count];
            }
            symbols[at] = new BpeSymbol(merges.IdOf(best), symbols[at].Start, symbols[at + 1].End);
            symbols[(at + 2)..count].CopyTo(symbols[(at + 1)..]);
            ranks[(at + 2)..count].CopyTo(ranks[(at + 1)..]);
            if (at > 0)
            {
                ranks[at - 1] = merges.Find(symbols[at - 1].Id, symbols[at].Id);
            }
            ranks[at] = at + 2 < count ? merges.Find(symbols[at].Id, symbols[at + 1].Id) : MergeTable.Never;
        }
    }

    /// <summary>Keeps the pairs in a queue: n log n, for words of any length.</summary>
    public static Span<BpeSymbol> Queue(Span<BpeSymbol> symbols, MergeTable merges)
    {
        // A merged symbol keeps its place with id None; links between neighbours skip it.
        var (previous, next) = (new int[symbols.Length], new int[symbols.Length]);
        var queue = new PriorityQueue<(int At, int Left, int Right, int Rank), long>(symbols.Length);
        for (var i = 0; i < symbols.Length; i++)
        {
            (previous[i], next[i]) = (i - 1, i + 1 < symbols.Length ? i + 1 : None);
            Enqueue(symbols, i, next[i]);
        }
        while (queue.TryDequeue(out var pair, out _))
        {
            var right = symbols[pair.At].Id == None ? None : next[pair.At];
            if (right == None || symbols[pair.At].Id != pair.Left || symbols[right].Id != pair.Right)
            {
                continue; // one of the two has since been merged
            }
            symbols[pair.At] = new BpeSymbol(merges.IdOf(pair.Rank), symbols[pair.At].Start, symbols[right].End);
            symbols[right].Id = None;
            next[pair.At] = next[right];
            if (next[right] != None)
            {
                previous[next[right]] = pair.At;
            }
            Enqueue(symbols, previous[pair.At], pair.At);
            Enqueue(symbols, pair.At, next[pair.At]);
        }
        var count = 0;
        foreach (var symbol in symbols)
        {
            if (symbol.Id != None)
            {
                symbols[count++] = symbol;
            }
        }
        return symbols[..count];

        void Enqueue(Span<BpeSymbol> symbols, int left, int right)
        {
            if (left != None && right != None && merges.Find(symbols[left].Id, symbols[right].Id) is not MergeTable.Never and var rank)
            {
                queue.Enqueue((left, symbols[left].Id, symbols[right].Id, rank), ((long)rank << 32) | (uint)left);
            }
        }
    }
}
