namespace Pybo.Rag.Documents.Pdf;

/// <summary>Which value each code has: ranges of codes that count up from a value, found by halving.</summary>
/// <remarks>Where ranges overlap, as they do in careless files, the one that begins last is asked first.</remarks>
internal sealed class CMapRanges
{
    /// <summary>More ranges than a font has glyphs, and than any predefined CMap: the rest of a file that goes on is left out.</summary>
    public const int RangesMax = 200_000;

    /// <summary>Ranges within each other that are looked through for one code; in files that mean something there are two.</summary>
    private const int OverlapMax = 1_024;

    private readonly List<Range> ranges = [];
    private bool isSorted = true;

    /// <summary>Where each range begins, side by side: halving looks at nothing else. Null until it is asked for after the last range.</summary>
    private uint[]? lows;

    /// <summary>Maps the codes from <paramref name="low"/> to <paramref name="high"/> to <paramref name="value"/> and those that follow.</summary>
    public void Add(uint low, uint high, int value)
    {
        if (high < low || ranges.Count >= RangesMax)
        {
            return;
        }

        isSorted = isSorted && (ranges.Count == 0 || ranges[^1].Low <= low);
        ranges.Add(new(low, high, value, ranges.Count));
        lows = null;
    }

    /// <summary>Puts the ranges in the order in which they are searched; from then on threads may share them.</summary>
    public void Sort() => SortedLows();

    private uint[] SortedLows()
    {
        if (lows is { } sorted)
        {
            return sorted;
        }

        if (!isSorted)
        {
            ranges.Sort();
            isSorted = true;
        }

        return lows = [.. ranges.Select(static range => range.Low)];
    }

    /// <summary>The value at the start of the code's range, and how far into it the code is.</summary>
    public bool TryFind(uint code, out int value, out uint offset)
    {
        var starts = SortedLows();
        var (low, high) = (0, starts.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = starts[middle] <= code ? (middle + 1, high) : (low, middle);
        }

        for (var at = low - 1; at >= 0 && at >= low - OverlapMax; at--)
        {
            if (ranges[at].High >= code)
            {
                (value, offset) = (ranges[at].Value, code - ranges[at].Low);
                return true;
            }
        }

        (value, offset) = (0, 0);
        return false;
    }

    private readonly record struct Range(uint Low, uint High, int Value, int Order) : IComparable<Range>
    {
        public int CompareTo(Range other) => (Low, Order).CompareTo((other.Low, other.Order));
    }
}
