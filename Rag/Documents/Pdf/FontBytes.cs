using System.Buffers.Binary;

namespace Pybo.Rag.Documents.Pdf;

/// <summary>The bytes of a font program. What lies outside of them reads as zero, which every table takes for "none": offsets come from files.</summary>
internal readonly record struct FontBytes(ReadOnlyMemory<byte> Bytes)
{
    public int Length => Bytes.Length;

    public int UInt8(long at) => at >= 0 && at < Bytes.Length ? Bytes.Span[(int)at] : 0;

    public int UInt16(long at) => at >= 0 && at + 2 <= Bytes.Length ? BinaryPrimitives.ReadUInt16BigEndian(Bytes.Span[(int)at..]) : 0;

    public int Int16(long at) => (short)UInt16(at);

    public uint UInt32(long at) => at >= 0 && at + 4 <= Bytes.Length ? BinaryPrimitives.ReadUInt32BigEndian(Bytes.Span[(int)at..]) : 0;

    /// <summary>A part, cut to what is there.</summary>
    public FontBytes Slice(long start, long length)
    {
        var from = (int)Math.Clamp(start, 0, Bytes.Length);
        return new(Bytes.Slice(from, (int)Math.Clamp(length, 0, Bytes.Length - from)));
    }
}
