using System.IO.Compression;
using System.Runtime.InteropServices;

namespace Pybo.Rag.Documents.Pdf;

/// <summary>The FlateDecode filter (ISO 32000-2, 7.4.4): zlib data, read up to where it is damaged, with a bad header or none, whatever its checksum says.</summary>
internal static class PdfFlate
{
    private const int HeaderBytes = 2;
    private const int BlockBytes = 16 << 10;

    /// <returns>False where the data is damaged; what came before the damage is in the output.</returns>
    public static bool Decode(ReadOnlyMemory<byte> source, PdfBuffer output)
    {
        // A line end too many before the data is common.
        var start = 0;
        while (start < source.Length && source.Span[start] is (byte)'\r' or (byte)'\n')
        {
            start++;
        }

        if (HasHeader(source.Span[start..]))
        {
            return Inflate(source[(start + HeaderBytes)..], output);
        }

        if (HasHeader(source.Span))
        {
            return Inflate(source[HeaderBytes..], output);
        }

        // The header is damaged, or there is none: only one of them decodes to anything.
        var isWhole = Inflate(source[Math.Min(HeaderBytes, source.Length)..], output);
        return output.Count == 0 ? Inflate(source, output) : isWhole;
    }

    private static bool HasHeader(ReadOnlySpan<byte> source) =>
        source.Length >= HeaderBytes && (source[0] & 0x0F) == 8 && ((source[0] << 8) | source[1]) % 31 == 0;

    private static bool Inflate(ReadOnlyMemory<byte> source, PdfBuffer output)
    {
        var start = output.Count;
        if (TryInflate(source, output, skip: 0, BlockBytes))
        {
            return true;
        }

        // A block in which the damage lies is lost as a whole: read it again, byte by byte.
        TryInflate(source, output, skip: output.Count - start, blockBytes: 1);
        return false;
    }

    /// <returns>False where the data is damaged; what came before it is in the output.</returns>
    private static bool TryInflate(ReadOnlyMemory<byte> source, PdfBuffer output, int skip, int blockBytes)
    {
        using var bytes = Stream(source);
        using var inflater = new DeflateStream(bytes, CompressionMode.Decompress);
        try
        {
            Span<byte> skipped = stackalloc byte[1_024];
            while (skip > 0)
            {
                var count = inflater.Read(skipped[..Math.Min(skip, skipped.Length)]);
                if (count == 0)
                {
                    return false;
                }

                skip -= count;
            }

            while (!output.IsFull)
            {
                var room = output.Room(blockBytes);
                var count = inflater.Read(room[..Math.Min(room.Length, blockBytes)]);
                if (count == 0)
                {
                    break;
                }

                output.Advance(count);
            }

            return true;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    private static MemoryStream Stream(ReadOnlyMemory<byte> source) => MemoryMarshal.TryGetArray(source, out var segment) && segment.Array is { } array
        ? new(array, segment.Offset, segment.Count, writable: false)
        : new(source.ToArray(), writable: false);
}
