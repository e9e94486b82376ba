using System.Buffers.Binary;
using System.Text;
using SkiaSharp;

namespace Pybo.Tests.Pages.Images;

/// <summary>Images made for a test, and files that only look like one.</summary>
internal static class TestImages
{
    /// <summary>What a camera writes about itself; the pixels do not contain it.</summary>
    public const string Camera = "PYBOCAMERA";

    /// <summary>The left half is red, the right half blue, the lowest tenth green.</summary>
    public static byte[] Make(SKEncodedImageFormat format, int width, int height)
    {
        using var bitmap = new SKBitmap(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque);
        using (var canvas = new SKCanvas(bitmap))
        {
            canvas.Clear(SKColors.Red);
            using var paint = new SKPaint();
            paint.Color = SKColors.Blue;
            canvas.DrawRect(width / 2f, 0, width, height, paint);
            paint.Color = SKColors.Lime;
            canvas.DrawRect(0, height * .9f, width, height, paint);
        }

        using var data = bitmap.Encode(format, 90);
        return data.ToArray();
    }

    /// <summary>A red pixel: Skia writes no GIF.</summary>
    public static byte[] Gif() => Convert.FromHexString("474946383961010001008000" + "00FF0000000000" + "2C00000000010001000002024401003B");

    /// <summary>Puts EXIF after a JPEG's first marker: a camera, an orientation, and a place (EXIF 2.32, 4.6.6).</summary>
    public static byte[] WithExif(byte[] jpeg, ushort orientation)
    {
        byte[] exif = [.. "Exif\0\0"u8, .. Tiff(orientation)];
        byte[] length = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)(exif.Length + length.Length));
        return [.. jpeg[..2], 0xFF, 0xE1, .. length, .. exif, .. jpeg[2..]];
    }

    /// <summary>Puts a chunk after a PNG's header (ISO/IEC 15948, 5.3).</summary>
    public static byte[] WithChunk(byte[] png, string type, byte[] content)
    {
        const int headerEnd = 33;
        var named = (byte[])[.. Encoding.ASCII.GetBytes(type), .. content];
        return [.. png[..headerEnd], .. BigEndian((uint)content.Length), .. named, .. BigEndian(Crc(named)), .. png[headerEnd..]];
    }

    /// <summary>States other dimensions than the pixels have.</summary>
    public static byte[] Claiming(byte[] png, uint width, uint height)
    {
        var claiming = png.ToArray();
        BinaryPrimitives.WriteUInt32BigEndian(claiming.AsSpan(16), width);
        BinaryPrimitives.WriteUInt32BigEndian(claiming.AsSpan(20), height);
        BinaryPrimitives.WriteUInt32BigEndian(claiming.AsSpan(29), Crc(claiming[12..29]));
        return claiming;
    }

    public static byte[] Tiff(ushort orientation)
    {
        // Little-endian: header, IFD0 with make, orientation and the GPS pointer, then the camera, then the GPS IFD.
        const uint cameraAt = 50;
        var gpsAt = cameraAt + (uint)Camera.Length + 2;
        return
        [
            .. "II*\0"u8, 8, 0, 0, 0,
            3, 0,
            .. Entry(0x010F, 2, (uint)Camera.Length + 1, cameraAt), .. Entry(0x0112, 3, 1, orientation), .. Entry(0x8825, 4, 1, gpsAt),
            0, 0, 0, 0,
            .. Encoding.ASCII.GetBytes(Camera), 0, 0,
            1, 0,
            .. Entry(0x0001, 2, 2, 'N'),
            0, 0, 0, 0,
        ];
    }

    private static byte[] Entry(ushort tag, ushort type, uint count, uint value)
    {
        var entry = new byte[12];
        BinaryPrimitives.WriteUInt16LittleEndian(entry, tag);
        BinaryPrimitives.WriteUInt16LittleEndian(entry.AsSpan(2), type);
        BinaryPrimitives.WriteUInt32LittleEndian(entry.AsSpan(4), count);
        BinaryPrimitives.WriteUInt32LittleEndian(entry.AsSpan(8), value);
        return entry;
    }

    private static byte[] BigEndian(uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }

    private static uint Crc(byte[] bytes)
    {
        var crc = uint.MaxValue;
        foreach (var one in bytes)
        {
            crc ^= one;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320u);
            }
        }

        return ~crc;
    }
}
