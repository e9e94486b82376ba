using System.Buffers.Binary;

namespace Pybo.Rag.Documents.Recognition;

/// <summary>Reads JPEG pictures (ITU-T T.81, annex B): segments with a marker and a length; a frame's segment has the size, a camera's (Exif 2.3, 4.5) how it was held.</summary>
public sealed class JpegReader : PictureReader
{
    /// <summary>Segments before the frame: profiles and previews are divided among some dozens.</summary>
    private const int SegmentsMax = 10_000;

    /// <summary>A frame's marker, length, precision, height and width; the number of components follows.</summary>
    private const int FrameBytes = 9;

    private const byte Mark = 0xFF;
    private const byte ScanMarker = 0xDA;
    private const byte ExifMarker = 0xE1;

    private static ReadOnlySpan<byte> Exif => "Exif\0\0"u8;

    public override DocumentFormat Format { get; } = new("JPEG", "image/jpeg", [".jpg", ".jpeg", ".jpe", ".jfif"]);

    public override bool Recognises(ReadOnlySpan<byte> bytes, string fileName) => bytes is [Mark, 0xD8, Mark, ..];

    internal override List<PictureSize> Sizes(ReadOnlySpan<byte> bytes) => Frame(bytes, out _) is { } frame ? [frame] : [];

    /// <summary>Returns the picture's size; null if there is no frame.</summary>
    /// <param name="components">1 for grey, 3 for colours, 4 for inks.</param>
    internal static PictureSize? Frame(ReadOnlySpan<byte> bytes, out int components)
    {
        components = 0;
        var rest = bytes[Math.Min(2, bytes.Length)..];
        var turns = 0;
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
                return null;
            }

            if (IsFrame(marker) && rest.Length > FrameBytes)
            {
                components = rest[FrameBytes];
                return new(BinaryPrimitives.ReadUInt16BigEndian(rest[7..]), BinaryPrimitives.ReadUInt16BigEndian(rest[5..]), turns);
            }

            var end = Math.Min(rest.Length, 2 + BinaryPrimitives.ReadUInt16BigEndian(rest[2..]));
            turns = marker == ExifMarker && rest[4..].StartsWith(Exif) && end > 4 + Exif.Length && TiffReader.Directories(rest[(4 + Exif.Length)..end]) is [var camera, ..] ? camera.QuarterTurns : turns;
            rest = rest[end..];
        }

        return null;
    }

    /// <summary>SOF0 to SOF15; among them are tables that are no frames (DHT, JPG, DAC).</summary>
    private static bool IsFrame(byte marker) => marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC);
}
