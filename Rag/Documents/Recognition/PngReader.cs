using System.Buffers.Binary;

namespace Pybo.Rag.Documents.Recognition;

/// <summary>Reads PNG pictures (ISO/IEC 15948): the header chunk comes first and has the size.</summary>
public sealed class PngReader : PictureReader
{
    private const int WidthAt = 16;

    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    public override DocumentFormat Format { get; } = new("PNG", "image/png", [".png"]);

    public override bool Recognises(ReadOnlySpan<byte> bytes, string fileName) => bytes.StartsWith(Signature);

    internal override List<PictureSize> Sizes(ReadOnlySpan<byte> bytes) => bytes.Length < WidthAt + (2 * sizeof(uint)) || !bytes[12..].StartsWith("IHDR"u8)
        ? []
        : [new(BinaryPrimitives.ReadUInt32BigEndian(bytes[WidthAt..]), BinaryPrimitives.ReadUInt32BigEndian(bytes[(WidthAt + sizeof(uint))..]))];
}
