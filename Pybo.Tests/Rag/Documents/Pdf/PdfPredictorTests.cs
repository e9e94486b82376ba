using Pybo.Rag.Documents.Pdf;

namespace Pybo.Tests.Rag.Documents.Pdf;

public sealed class PdfPredictorTests
{
    private const int Rows = 6;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Rows_of_every_png_kind_are_read(byte kind)
    {
        foreach (var (colors, bits, columns) in new[] { (1, 8, 7), (3, 8, 5), (4, 16, 3), (1, 1, 13), (3, 4, 5) })
        {
            var predictor = new PdfPredictor(10 + kind, colors, bits, columns);
            var rowBytes = (colors * bits * columns + 7) / 8;
            var plain = Samples(rowBytes * Rows);
            Assert.True(predictor.IsValid && predictor.IsNeeded);
            Assert.Equal(plain, Decode(predictor, Png(plain, kind, rowBytes, Math.Max(1, colors * bits / 8))));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(16)]
    public void Rows_of_tiff_samples_are_read(int bits)
    {
        const int colors = 3;
        const int columns = 16;
        var rowBytes = colors * bits * columns / 8;
        var plain = Samples(rowBytes * Rows);
        Assert.Equal(plain, Decode(new PdfPredictor(2, colors, bits, columns), Tiff(plain, bits, colors, rowBytes)));
    }

    [Fact]
    public void A_last_row_that_is_cut_off_is_read_as_far_as_it_goes()
    {
        var plain = Samples(20);
        Assert.Equal(plain[..17], Decode(new PdfPredictor(12, 1, 8, 10), Png(plain, 2, 10, 1)[..^3]));
        Assert.Equal(plain[..10], Decode(new PdfPredictor(12, 1, 8, 10), Png(plain, 2, 10, 1)[..12]));
    }

    [Theory]
    [InlineData(0, 8, 1)]
    [InlineData(-1, 8, 1)]
    [InlineData(int.MaxValue, 8, int.MaxValue)]
    [InlineData(1, 3, 10)]
    [InlineData(1, 8, 0)]
    [InlineData(1, 8, int.MaxValue)]
    [InlineData(32, 16, 536_870_912)]
    public void Parameters_that_make_no_sense_are_refused(int colors, int bits, int columns) =>
        Assert.False(new PdfPredictor(15, colors, bits, columns).IsValid);

    private static byte[] Samples(int count)
    {
        var samples = new byte[count];
        new Random(5).NextBytes(samples);
        return samples;
    }

    private static byte[] Decode(PdfPredictor predictor, byte[] source)
    {
        var output = new PdfBuffer(PdfLimits.StreamBytesMax);
        predictor.Decode(source, output);
        return output.Written.ToArray();
    }

    private static byte[] Png(byte[] plain, byte kind, int rowBytes, int pixel)
    {
        var encoded = new List<byte>();
        for (var start = 0; start < plain.Length; start += rowBytes)
        {
            encoded.Add(kind);
            for (var at = 0; at < rowBytes; at++)
            {
                int left = at < pixel ? 0 : plain[start + at - pixel];
                int above = start == 0 ? 0 : plain[start + at - rowBytes];
                int corner = start == 0 || at < pixel ? 0 : plain[start + at - rowBytes - pixel];
                var nearest = new[] { left, above, corner }.MinBy(value => Math.Abs(left + above - corner - value));
                encoded.Add((byte)(plain[start + at] - kind switch { 1 => left, 2 => above, 3 => (left + above) / 2, 4 => nearest, _ => 0 }));
            }
        }

        return [.. encoded];
    }

    private static byte[] Tiff(byte[] plain, int bits, int colors, int rowBytes)
    {
        var encoded = new byte[plain.Length];
        for (var row = 0; row < plain.Length / rowBytes; row++)
        {
            for (var sample = 0; sample < rowBytes * 8 / bits; sample++)
            {
                var value = Sample(plain, row * rowBytes * 8 + sample * bits, bits);
                var before = sample < colors ? 0 : Sample(plain, row * rowBytes * 8 + (sample - colors) * bits, bits);
                var difference = (value - before) & ((1 << bits) - 1);
                for (var bit = 0; bit < bits; bit++)
                {
                    var place = row * rowBytes * 8 + sample * bits + bit;
                    encoded[place / 8] |= (byte)(((difference >> (bits - 1 - bit)) & 1) << (7 - place % 8));
                }
            }
        }

        return encoded;
    }

    private static int Sample(byte[] bytes, int place, int bits)
    {
        var value = 0;
        for (var bit = place; bit < place + bits; bit++)
        {
            value = (value << 1) | ((bytes[bit / 8] >> (7 - bit % 8)) & 1);
        }

        return value;
    }
}
