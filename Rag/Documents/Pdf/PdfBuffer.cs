namespace Pybo.Rag.Documents.Pdf;

/// <summary>Collects decoded bytes up to a limit; what goes beyond it is dropped.</summary>
internal sealed class PdfBuffer(int bytesMax)
{
    private const int StartBytes = 4_096;

    private byte[] bytes = [];

    public int Count { get; private set; }

    public bool IsFull => Count == bytesMax;

    public ReadOnlyMemory<byte> Written => bytes.AsMemory(0, Count);

    /// <summary>Room behind what was written, at least one byte unless it is full; <see cref="Advance"/> says how much of it was used.</summary>
    public Span<byte> Room(int wanted = 1)
    {
        var needed = (int)Math.Min((long)Count + wanted, bytesMax);
        if (needed > bytes.Length)
        {
            Array.Resize(ref bytes, (int)Math.Min(bytesMax, Math.Max(needed, Math.Max(StartBytes, 2L * bytes.Length))));
        }

        return bytes.AsSpan(Count);
    }

    public void Advance(int count) => Count += count;

    public void Append(byte value)
    {
        var room = Room();
        if (!room.IsEmpty)
        {
            room[0] = value;
            Count++;
        }
    }

    public void Append(ReadOnlySpan<byte> values)
    {
        var room = Room(values.Length);
        var taken = Math.Min(room.Length, values.Length);
        values[..taken].CopyTo(room);
        Count += taken;
    }

    public void Append(byte value, int times)
    {
        var room = Room(times);
        var taken = Math.Min(room.Length, times);
        room[..taken].Fill(value);
        Count += taken;
    }

    /// <summary>Appends bytes that were written before; the two ranges may overlap, as in all dictionary coders.</summary>
    public void Repeat(int start, int length)
    {
        var taken = Math.Min(Room(length).Length, length);
        for (var at = 0; at < taken; at++)
        {
            bytes[Count + at] = bytes[start + at];
        }

        Count += taken;
    }
}
