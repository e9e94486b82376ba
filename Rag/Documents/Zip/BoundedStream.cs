using System.IO.Compression;
using System.Runtime.InteropServices;
using Pybo.Data;

namespace Pybo.Rag.Documents.Zip;

/// <summary>The decoded bytes of all entries of an archive together.</summary>
/// <param name="bytesMax">The limit for all of them.</param>
/// <param name="entryBytesMax">The limit for each.</param>
internal sealed class DecodedBudget(long bytesMax, long entryBytesMax)
{
    private long bytes;

    public long EntryBytesMax => entryBytesMax;

    /// <summary>Counts further bytes; returns false if they are too many.</summary>
    public bool Take(long count) => (bytes += count) <= bytesMax;
}

/// <summary>Counts decoded bytes against the limits of the entry and of the archive; reports any fault in the bytes as a notice.</summary>
internal sealed class BoundedStream : ForwardStream
{
    /// <summary>XML compresses 10 to 20 times, a sheet of similar rows 100 times; deflate's own maximum is 1,032.</summary>
    public const int RatioMax = 200;

    /// <summary>Less than this is never a bomb, whatever its ratio.</summary>
    private const long RatioBytesMin = 1_000_000;

    private readonly DecodedBudget budget;
    private readonly long bytesMax;
    private long bytes;

    private BoundedStream(DecodedBudget budget, Stream inner, long compressedBytes) : base(inner)
    {
        this.budget = budget;
        bytesMax = Math.Min(budget.EntryBytesMax, Math.Max(RatioBytesMin, compressedBytes * RatioMax));
    }

    /// <param name="compressed">The entry's bytes, decrypted.</param>
    /// <param name="compressedBytes">Their number.</param>
    /// <param name="method">As in <see cref="ZipEntry"/>.</param>
    /// <param name="budget">What may still be decoded.</param>
    /// <exception cref="DocumentUnreadableException">It is compressed in an unknown way.</exception>
    public static BoundedStream Decode(Stream compressed, long compressedBytes, int method, DecodedBudget budget) => method switch
    {
        0 => new(budget, compressed, compressedBytes),
        8 => new(budget, new DeflateStream(compressed, CompressionMode.Decompress), compressedBytes),
        _ => throw new DocumentUnreadableException(Notice.Of(ReadingProblem.UnknownCompression)),
    };

    public static DocumentUnreadableException TooLarge() => new(Notice.Of(ReadingProblem.TooLargeUnpacked));

    public override int Read(Span<byte> buffer)
    {
        try
        {
            var count = Inner.Read(buffer);
            bytes += count;
            return budget.Take(count) && bytes <= bytesMax ? count : throw TooLarge();
        }
        catch (Exception broken) when (broken is InvalidDataException or IOException)
        {
            throw new DocumentUnreadableException(Notice.Of(ReadingProblem.BrokenCompression), broken);
        }
    }
}

/// <summary>Opens bytes in memory as a stream without copying them.</summary>
internal static class MemoryStreams
{
    public static MemoryStream AsStream(this ReadOnlyMemory<byte> bytes) => MemoryMarshal.TryGetArray(bytes, out var array) && array.Array is { } all
        ? new(all, array.Offset, array.Count, writable: false)
        : new(bytes.ToArray(), writable: false);
}
