using System.Buffers.Binary;

namespace Pybo.Rag.Documents.Recognition;

/// <summary>Reads TIFF pictures (TIFF 6.0, section 2): a chain of directories, one for each page, whose entries have the size.</summary>
public sealed class TiffReader : PictureReader
{
    private const ushort WidthTag = 256;
    private const ushort HeightTag = 257;
    private const ushort OrientationTag = 274;
    private const ushort ShortType = 3;
    private const ushort LongType = 4;
    private const int EntryBytes = 12;

    public override DocumentFormat Format { get; } = new("TIFF", "image/tiff", [".tif", ".tiff"]);

    public override bool Recognises(ReadOnlySpan<byte> bytes, string fileName) => bytes.StartsWith("II*\0"u8) || bytes.StartsWith("MM\0*"u8);

    internal override List<PictureSize> Sizes(ReadOnlySpan<byte> bytes) => Directories(bytes);

    /// <summary>Reads the chain; one that ends in a circle ends at the limit of pages. JPEG pictures of cameras contain one too (Exif).</summary>
    internal static List<PictureSize> Directories(ReadOnlySpan<byte> bytes)
    {
        var sizes = new List<PictureSize>();
        var isLittle = bytes.StartsWith("II"u8);
        for (long next = Long(bytes, 4, isLittle); next > 0 && sizes.Count < DocumentBuilder.PagesMax;)
        {
            var entries = Short(bytes, next, isLittle);
            var end = next + 2 + (entries * EntryBytes);
            if (entries == 0 || end > bytes.Length)
            {
                break;
            }

            var (width, height, orientation) = (0L, 0L, 0L);
            for (var at = next + 2; at < end; at += EntryBytes)
            {
                var tag = Short(bytes, at, isLittle);
                width = tag == WidthTag ? Value(bytes, at, isLittle) : width;
                height = tag == HeightTag ? Value(bytes, at, isLittle) : height;
                orientation = tag == OrientationTag ? Value(bytes, at, isLittle) : orientation;
            }

            sizes.Add(new(width, height, QuarterTurns(orientation)));
            next = Long(bytes, end, isLittle);
        }

        return sizes;
    }

    /// <summary>The values whose picture is turned; mirrored ones come from no scanner or camera.</summary>
    private static int QuarterTurns(long orientation) => orientation switch { 6 => 1, 3 => 2, 8 => 3, _ => 0 };

    private static long Value(ReadOnlySpan<byte> bytes, long entry, bool isLittle) => Short(bytes, entry + 2, isLittle) switch
    {
        ShortType => Short(bytes, entry + 8, isLittle),
        LongType => Long(bytes, entry + 8, isLittle),
        _ => 0,
    };

    private static int Short(ReadOnlySpan<byte> bytes, long at, bool isLittle) => at > bytes.Length - sizeof(ushort) ? 0
        : isLittle ? BinaryPrimitives.ReadUInt16LittleEndian(bytes[(int)at..]) : BinaryPrimitives.ReadUInt16BigEndian(bytes[(int)at..]);

    private static long Long(ReadOnlySpan<byte> bytes, long at, bool isLittle) => at > bytes.Length - sizeof(uint) ? 0
        : isLittle ? BinaryPrimitives.ReadUInt32LittleEndian(bytes[(int)at..]) : BinaryPrimitives.ReadUInt32BigEndian(bytes[(int)at..]);
}
