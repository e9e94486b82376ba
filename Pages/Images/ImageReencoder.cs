using Pybo.Data;
using SkiaSharp;

namespace Pybo.Pages.Images;

/// <summary>
/// Makes a new image from the pixels of an uploaded one. Nothing else survives: no metadata (place and camera in EXIF, comments, colour profiles), and no
/// bytes behind the image, which could be a program or an archive. Orientation is applied to the pixels, colours become sRGB, an animation its first frame.
/// </summary>
internal static class ImageReencoder
{
    public const int BytesMax = 8_000_000;

    /// <summary>The most pixels that are decoded, 4 bytes each. The header states their number, so nothing larger is decoded.</summary>
    public const int PixelsMax = 40_000_000;

    /// <summary>A lossless image that would be longer, such as a photo, is stored as WebP.</summary>
    private const int LosslessBytesMax = 3_000_000;

    private const int Quality = 85;

    /// <summary>A decoder that shrinks while it reads rounds its scale down by less than half of one of its eight steps.</summary>
    private const float ScaleStep = 1 / 16f;

    /// <summary>Smooth at any reduction.</summary>
    private static readonly SKSamplingOptions Sampling = new(SKFilterMode.Linear, SKMipmapMode.Linear);

    /// <summary>Returns the image's own format by its first bytes; null for everything else, whatever its name says.</summary>
    public static SKEncodedImageFormat? FormatOf(ReadOnlySpan<byte> bytes) => bytes switch
    {
        [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => SKEncodedImageFormat.Png,
        [0xFF, 0xD8, 0xFF, ..] => SKEncodedImageFormat.Jpeg,
        [(byte)'G', (byte)'I', (byte)'F', (byte)'8', (byte)'7' or (byte)'9', (byte)'a', ..] => SKEncodedImageFormat.Gif,
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => SKEncodedImageFormat.Webp,
        _ => null,
    };

    /// <summary>Returns the new image; null with the fault if the bytes are no image that can be read whole.</summary>
    public static (Image? Image, ImageFault Fault) Make(byte[] bytes, long ownerId)
    {
        if (bytes.Length > BytesMax)
        {
            return (null, ImageFault.TooLong);
        }

        if (FormatOf(bytes) is not { } format)
        {
            return (null, bytes.Length == 0 ? ImageFault.Empty : ImageFault.OtherFormat);
        }

        using var data = SKData.CreateCopy(bytes);
        using var codec = SKCodec.Create(data);
        if (codec is null || codec.EncodedFormat != format || codec.Info is not { Width: > 0, Height: > 0 } info)
        {
            return (null, ImageFault.Damaged);
        }

        if ((long)info.Width * info.Height > PixelsMax)
        {
            return (null, ImageFault.TooManyPixels);
        }

        using var pixels = Decode(codec);
        return pixels is null ? (null, ImageFault.Damaged) : (Encode(pixels, format, ownerId), ImageFault.None);
    }

    /// <summary>Returns the upright image, shrunk to the size that is stored; null if its bytes end early or are faulty.</summary>
    private static SKBitmap? Decode(SKCodec codec)
    {
        var scale = Math.Min(1f, (float)Image.SideMax / Math.Max(codec.Info.Width, codec.Info.Height));
        var size = codec.GetScaledDimensions(Math.Min(1f, scale + ScaleStep));
        using var color = SKColorSpace.CreateSrgb();
        var alpha = codec.Info.IsOpaque ? SKAlphaType.Opaque : SKAlphaType.Premul;
        var read = new SKBitmap();
        if (!read.TryAllocPixels(new SKImageInfo(size.Width, size.Height, SKColorType.Rgba8888, alpha, color)) || codec.GetPixels(read.Info, read.GetPixels()) != SKCodecResult.Success)
        {
            read.Dispose();
            return null;
        }

        var longer = Math.Max(size.Width, size.Height);
        if (codec.EncodedOrigin == SKEncodedOrigin.TopLeft && longer <= Image.SideMax)
        {
            return read;
        }

        using (read)
        {
            return Drawn(read, Math.Min(1f, (float)Image.SideMax / longer), codec.EncodedOrigin);
        }
    }

    private static SKBitmap? Drawn(SKBitmap source, float scale, SKEncodedOrigin origin)
    {
        var (width, height) = (Math.Max(1, (int)MathF.Round(source.Width * scale)), Math.Max(1, (int)MathF.Round(source.Height * scale)));
        var isTurned = origin is SKEncodedOrigin.LeftTop or SKEncodedOrigin.RightTop or SKEncodedOrigin.RightBottom or SKEncodedOrigin.LeftBottom;
        var drawn = new SKBitmap();
        if (!drawn.TryAllocPixels(source.Info.WithSize(isTurned ? height : width, isTurned ? width : height)))
        {
            drawn.Dispose();
            return null;
        }

        using var canvas = new SKCanvas(drawn);
        using var image = SKImage.FromBitmap(source);
        canvas.Clear(SKColors.Transparent);
        canvas.SetMatrix(Upright(origin, width, height));
        canvas.DrawImage(image, new SKRect(0, 0, width, height), Sampling);
        return drawn;
    }

    /// <summary>Maps an image as it is stored, of this size, to the way it is seen (EXIF 2.32, tag 0x0112).</summary>
    private static SKMatrix Upright(SKEncodedOrigin origin, int width, int height) => origin switch
    {
        SKEncodedOrigin.TopRight => new(-1, 0, width, 0, 1, 0, 0, 0, 1),
        SKEncodedOrigin.BottomRight => new(-1, 0, width, 0, -1, height, 0, 0, 1),
        SKEncodedOrigin.BottomLeft => new(1, 0, 0, 0, -1, height, 0, 0, 1),
        SKEncodedOrigin.LeftTop => new(0, 1, 0, 1, 0, 0, 0, 0, 1),
        SKEncodedOrigin.RightTop => new(0, -1, height, 1, 0, 0, 0, 0, 1),
        SKEncodedOrigin.RightBottom => new(0, -1, height, -1, 0, width, 0, 0, 1),
        SKEncodedOrigin.LeftBottom => new(0, 1, 0, -1, 0, width, 0, 0, 1),
        _ => SKMatrix.Identity,
    };

    private static Image Encode(SKBitmap pixels, SKEncodedImageFormat format, long ownerId)
    {
        var kind = format switch { SKEncodedImageFormat.Jpeg => ImageKind.Jpeg, SKEncodedImageFormat.Webp => ImageKind.WebP, _ => ImageKind.Png };
        var bytes = Bytes(pixels, kind);
        if (kind == ImageKind.Png && bytes.Length > LosslessBytesMax)
        {
            (kind, bytes) = (ImageKind.WebP, Bytes(pixels, ImageKind.WebP));
        }

        using var small = pixels.Width > Image.ThumbnailWidth ? Drawn(pixels, (float)Image.ThumbnailWidth / pixels.Width, SKEncodedOrigin.TopLeft) : null;
        var thumbnail = small is null ? null : Bytes(small, kind);
        return new()
        {
            Name = Image.NewName(pixels.Width, pixels.Height),
            OwnerId = ownerId,
            Kind = kind,
            Width = pixels.Width,
            Height = pixels.Height,
            Length = bytes.Length + (thumbnail?.Length ?? 0),
            Bytes = bytes,
            Thumbnail = thumbnail,
        };
    }

    private static byte[] Bytes(SKBitmap pixels, ImageKind kind)
    {
        var format = kind switch { ImageKind.Jpeg => SKEncodedImageFormat.Jpeg, ImageKind.WebP => SKEncodedImageFormat.Webp, _ => SKEncodedImageFormat.Png };
        using var encoded = pixels.Encode(format, Quality) ?? throw new InvalidOperationException($"{kind} was not written.");
        return encoded.ToArray();
    }
}

/// <summary>The reason why bytes did not become an image.</summary>
internal enum ImageFault
{
    None,
    Empty,
    TooLong,
    OtherFormat,
    Damaged,
    TooManyPixels,
}
