namespace Pybo.Rag.Documents.Pdf;

/// <summary>An INDEX of a CFF font: a count, offsets, and the items they point into.</summary>
internal readonly struct CffIndex
{
    private readonly FontBytes font;
    private readonly int offsetBytes;
    private readonly long offsets;

    public CffIndex(FontBytes font, long start)
    {
        this.font = font;
        offsetBytes = font.UInt8(start + 2);
        offsets = start + 3;
        var count = start > 0 && offsetBytes is >= 1 and <= 4 ? font.UInt16(start) : 0;
        Count = offsets + ((count + 1L) * offsetBytes) <= font.Length ? count : 0;
        End = Count == 0 ? start + 2 : Base + Offset(Count);
    }

    public int Count { get; }

    /// <summary>Where the font goes on.</summary>
    public long End { get; }

    private long Base => offsets + ((Count + 1L) * offsetBytes) - 1;

    /// <summary>The bytes of an item; none where there is no such item.</summary>
    public FontBytes Item(int index) =>
        index >= 0 && index < Count ? font.Slice(Base + Offset(index), (long)Offset(index + 1) - Offset(index)) : new(ReadOnlyMemory<byte>.Empty);

    private uint Offset(int index)
    {
        var value = 0u;
        for (var at = 0; at < offsetBytes; at++)
        {
            value = (value << 8) | (uint)font.UInt8(offsets + ((long)index * offsetBytes) + at);
        }

        return value;
    }
}
