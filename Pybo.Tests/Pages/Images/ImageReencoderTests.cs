using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using Pybo.Data;
using Pybo.Pages.Images;
using SkiaSharp;

namespace Pybo.Tests.Pages.Images;

public sealed class ImageReencoderTests
{
    [Theory]
    [InlineData(SKEncodedImageFormat.Png, ImageKind.Png)]
    [InlineData(SKEncodedImageFormat.Jpeg, ImageKind.Jpeg)]
    [InlineData(SKEncodedImageFormat.Webp, ImageKind.WebP)]
    public void An_image_keeps_its_format_and_its_pixels(SKEncodedImageFormat format, ImageKind kind)
    {
        var image = Made(TestImages.Make(format, 60, 40));
        Assert.Equal((kind, 60, 40, null), (image.Kind, image.Width, image.Height, image.Thumbnail));
        Assert.EndsWith("-60x40", image.Name, StringComparison.Ordinal);
        AssertColors(image.Bytes, SKColors.Red, SKColors.Blue);
    }

    [Fact]
    public void A_gif_becomes_its_first_frame() => Assert.Equal((ImageKind.Png, 1, 1), Made(TestImages.Gif()) switch { var image => (image.Kind, image.Width, image.Height) });

    [Theory]
    [InlineData("<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>")]
    [InlineData("<?xml version=\"1.0\"?><svg/>")]
    [InlineData("<!DOCTYPE html><script>alert(1)</script>")]
    [InlineData("%PDF-1.7")]
    [InlineData("BM\u0001\u0002\u0003\u0004")]
    [InlineData("II*\0")]
    [InlineData("RIFF1234AVI ")]
    [InlineData("그림")]
    public void Anything_else_is_refused_by_its_first_bytes(string text) => Assert.Equal(ImageFault.OtherFormat, ImageReencoder.Make(Encoding.UTF8.GetBytes(text), 1).Fault);

    [Fact]
    public void An_empty_or_a_long_file_is_refused()
    {
        Assert.Equal(ImageFault.Empty, ImageReencoder.Make([], 1).Fault);
        Assert.Equal(ImageFault.TooLong, ImageReencoder.Make([.. TestImages.Make(SKEncodedImageFormat.Png, 4, 4), .. new byte[ImageReencoder.BytesMax]], 1).Fault);
    }

    [Theory]
    [InlineData(SKEncodedImageFormat.Png)]
    [InlineData(SKEncodedImageFormat.Jpeg)]
    [InlineData(SKEncodedImageFormat.Webp)]
    public void An_image_that_is_cut_off_is_refused(SKEncodedImageFormat format)
    {
        var whole = TestImages.Make(format, 300, 300);
        foreach (var length in new[] { 12, whole.Length / 3, whole.Length / 2 })
        {
            Assert.Equal(ImageFault.Damaged, ImageReencoder.Make(whole[..length], 1).Fault);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void A_turned_photo_is_upright_and_its_camera_and_place_are_gone(ushort orientation)
    {
        var photo = TestImages.WithExif(TestImages.Make(SKEncodedImageFormat.Jpeg, 80, 40), orientation);
        using var codec = SKCodec.Create(new MemoryStream(photo));
        Assert.Equal(orientation, (ushort)codec.EncodedOrigin);

        var image = Made(photo);
        Assert.Equal(orientation >= 5 ? (40, 80) : (80, 40), (image.Width, image.Height));
        var text = Encoding.Latin1.GetString(image.Bytes);
        Assert.DoesNotContain(TestImages.Camera, text, StringComparison.Ordinal);
        Assert.DoesNotContain("Exif", text, StringComparison.Ordinal);
        // Where a viewer that obeys EXIF shows the stored left (red) and right (blue).
        var (red, blue) = orientation switch
        {
            1 or 4 => ((.25f, .5f), (.75f, .5f)),
            2 or 3 => ((.75f, .5f), (.25f, .5f)),
            5 or 6 => ((.5f, .25f), (.5f, .75f)),
            _ => ((.5f, .75f), (.5f, .25f)),
        };
        Assert.Equal((SKColors.Red, SKColors.Blue), (At(image.Bytes, red), At(image.Bytes, blue)));
        // The stored bottom is green.
        var green = orientation switch { 1 or 2 => (.5f, .97f), 3 or 4 => (.5f, .03f), 5 or 8 => (.97f, .5f), _ => (.03f, .5f) };
        Assert.Equal(SKColors.Lime, At(image.Bytes, green));
    }

    [Theory]
    [InlineData(SKEncodedImageFormat.Png)]
    [InlineData(SKEncodedImageFormat.Jpeg)]
    [InlineData(SKEncodedImageFormat.Webp)]
    public void Bytes_behind_an_image_are_gone(SKEncodedImageFormat format)
    {
        byte[] file = [.. TestImages.Make(format, 20, 20), .. "PK\u0003\u0004<script>alert(1)</script><?php phpinfo();"u8];
        Assert.DoesNotContain("script", Encoding.Latin1.GetString(Made(file).Bytes), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tEXt")]
    [InlineData("iTXt")]
    [InlineData("eXIf")]
    [InlineData("prIv")]
    public void Text_within_a_png_is_gone(string chunk)
    {
        byte[] content = chunk == "eXIf" ? TestImages.Tiff(1) : [.. "Comment\0"u8, .. Encoding.ASCII.GetBytes(chunk == "iTXt" ? $"\0\0\0\0{TestImages.Camera}" : TestImages.Camera)];
        var file = TestImages.WithChunk(TestImages.Make(SKEncodedImageFormat.Png, 20, 20), chunk, content);
        Assert.Contains(TestImages.Camera, Encoding.Latin1.GetString(file), StringComparison.Ordinal);
        Assert.DoesNotContain(TestImages.Camera, Encoding.Latin1.GetString(Made(file).Bytes), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(10_000u, 10_000u)]
    [InlineData(60_000u, 700u)]
    [InlineData(900_000u, 900_000u)]
    [InlineData(int.MaxValue, int.MaxValue)]
    [InlineData(1u, 40_000_001u)]
    public void A_bomb_is_refused_by_its_header(uint width, uint height)
    {
        var file = TestImages.Claiming(TestImages.Make(SKEncodedImageFormat.Png, 4, 4), width, height);
        var start = Stopwatch.GetTimestamp();
        Assert.True(ImageReencoder.Make(file, 1).Fault is ImageFault.TooManyPixels or ImageFault.Damaged);
        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void A_gif_of_huge_dimensions_is_refused_by_its_header()
    {
        var file = TestImages.Gif();
        (file[6], file[7], file[8], file[9]) = (0xFF, 0xFF, 0xFF, 0xFF);
        Assert.Equal(ImageFault.TooManyPixels, ImageReencoder.Make(file, 1).Fault);
    }

    [Fact]
    public void A_long_side_is_shrunk_and_a_wide_image_gets_a_thumbnail()
    {
        var wide = Made(TestImages.Make(SKEncodedImageFormat.Jpeg, 5_000, 2_500));
        Assert.Equal((2_000, 1_000), (wide.Width, wide.Height));
        AssertColors(wide.Bytes, SKColors.Red, SKColors.Blue);
        using var small = SKBitmap.Decode(wide.Thumbnail);
        Assert.Equal((800, 400), (small.Width, small.Height));
        Assert.Equal(wide.Length, wide.Bytes.Length + wide.Thumbnail!.Length);

        var tall = Made(TestImages.Make(SKEncodedImageFormat.Png, 300, 6_500));
        Assert.Equal((92, 2_000, null), (tall.Width, tall.Height, tall.Thumbnail));
        Assert.Equal((1, 2_000), Made(TestImages.Make(SKEncodedImageFormat.Png, 1, 9_000)) switch { var line => (line.Width, line.Height) });
    }

    [Fact]
    public void A_photo_without_loss_is_stored_shorter()
    {
        using var noise = new SKBitmap(1_500, 1_500, SKColorType.Rgba8888, SKAlphaType.Opaque);
        new Random(7).NextBytes(noise.GetPixelSpan());
        using var png = noise.Encode(SKEncodedImageFormat.Png, 100);
        var image = Made(png.Size > ImageReencoder.BytesMax ? throw new InvalidOperationException("The sample is too long.") : png.ToArray());
        Assert.Equal(ImageKind.WebP, image.Kind);
        Assert.True(image.Bytes.Length < png.Size);
    }

    [Fact]
    public void See_through_pixels_stay_so()
    {
        using var bitmap = new SKBitmap(10, 10, SKColorType.Rgba8888, SKAlphaType.Premul);
        bitmap.Erase(SKColors.Transparent);
        using var png = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        Assert.Equal(0, At(Made(png.ToArray()).Bytes, (.5f, .5f)).Alpha);
    }

    [Fact]
    public void A_compressed_profile_that_unpacks_without_end_is_not_kept()
    {
        using var packed = new MemoryStream();
        using (var zip = new ZLibStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            zip.Write(new byte[200_000_000]);
        }

        var file = TestImages.WithChunk(TestImages.Make(SKEncodedImageFormat.Png, 4, 4), "iCCP", [.. "x\0\0"u8, .. packed.ToArray()]);
        var start = Stopwatch.GetTimestamp();
        Assert.True(ImageReencoder.Make(file, 1) is { Image.Bytes.Length: < 10_000 } or { Fault: ImageFault.Damaged });
        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(2));
    }

    private static Image Made(byte[] file)
    {
        var (image, fault) = ImageReencoder.Make(file, 1);
        Assert.Equal(ImageFault.None, fault);
        return image!;
    }

    private static void AssertColors(byte[] image, SKColor left, SKColor right) => Assert.Equal((left, right), (At(image, (.25f, .5f)), At(image, (.75f, .5f))));

    /// <summary>The colour at a place, its parts rounded to nothing or all: JPEG changes them slightly.</summary>
    private static SKColor At(byte[] image, (float X, float Y) place)
    {
        using var bitmap = SKBitmap.Decode(image);
        var color = bitmap.GetPixel((int)(place.X * bitmap.Width), (int)(place.Y * bitmap.Height));
        return new(Rounded(color.Red), Rounded(color.Green), Rounded(color.Blue), color.Alpha);

        static byte Rounded(byte part) => part < 128 ? byte.MinValue : byte.MaxValue;
    }
}
