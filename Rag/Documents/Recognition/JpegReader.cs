using System.Buffers.Binary;

namespace Pybo.Rag.Documents.Recognition;

/// <summary>Reads JPEG pictures (ITU-T T.81, annex B): segments with a marker and a length; a frame's segment has the size.</summary>
public sealed class JpegReader : PictureReader
{
    /// <summary>Segments before the frame: profiles and previews are divided among some dozens.</summary>
    private const int SegmentsMax = 10_000;

    private const byte Mark = 0xFF;
    private const byte ScanMarker = 0xDA;

    public override DocumentFormat Format { get; } = new("JPEG", "image/jpeg", [".jpg", ".jpeg", ".jpe", ".jfif"]);

    public override bool Recognises(ReadOnlySpan<byte> bytes, string fileName) => bytes is [Mark, 0xD8, Mark, ..];

    internal override List<PictureSize> Sizes(ReadOnlySpan<byte> bytes)
    {
        var rest = bytes[Math.Min(2, bytes.Length)..];
        for (var segment = 0; segment < SegmentsMax && rest is [Mark, var marker, ..]; segment++)
        {
            if (marker == Mark)
            {
                // Fill bytes may precede a marker.
                rest = rest[1..];
                continue;
            }

            if (marker == ScanMarker || rest.Length < 4)
            {
                return [];
            }

            if (IsFrame(marker))
            {
                return rest.Length < 9 ? [] : [new(BinaryPrimitives.ReadUInt16BigEndian(rest[7..]), BinaryPrimitives.ReadUInt16BigEndian(rest[5..]))];
            }

            rest = rest[Math.Min(rest.Length, 2 + BinaryPrimitives.ReadUInt16BigEndian(rest[2..]))..];
        }

        return [];
    }

    /// <summary>SOF0 to SOF15; among them are tables that are no frames (DHT, JPG, DAC).</summary>
    private static bool IsFrame(byte marker) => marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC);
}
