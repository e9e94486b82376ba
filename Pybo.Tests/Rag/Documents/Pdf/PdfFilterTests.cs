using System.Globalization;
using System.Text;
using Pybo.Rag.Documents.Pdf;

namespace Pybo.Tests.Rag.Documents.Pdf;

public sealed class PdfFilterTests
{
    private static readonly byte[] Plain = Encoding.Latin1.GetBytes(string.Concat(Enumerable.Range(0, 2_000).Select(line => string.Create(CultureInfo.InvariantCulture, $"{line} {line * line} Td (text) Tj\n"))));

    [Fact]
    public void Flate_data_is_read_whatever_its_header_and_checksum_are()
    {
        var packed = PdfFileWriter.Zlib(Plain);
        Assert.Equal(Plain, Flate(packed));
        Assert.Equal(Plain, Flate([.. packed[..^4], 1, 2, 3, 4]));
        Assert.Equal(Plain, Flate(packed[..^4]));
        Assert.Equal(Plain, Flate([0, 0, .. packed[2..]]));
        Assert.Equal(Plain, Flate(packed[2..]));
        Assert.Equal(Plain, Flate([(byte)'\r', (byte)'\n', .. packed]));
    }

    [Fact]
    public void Flate_data_is_read_up_to_where_it_is_damaged()
    {
        var packed = PdfFileWriter.Zlib(Plain);
        var cut = Flate(packed[..(packed.Length / 2)]);
        Assert.InRange(cut.Length, Plain.Length / 4, Plain.Length - 1);
        Assert.Equal(Plain[..cut.Length], cut);

        var damaged = (byte[])packed.Clone();
        damaged.AsSpan(packed.Length / 2, 40).Fill(0xFF);
        var read = Flate(damaged);
        Assert.True(read.AsSpan().CommonPrefixLength(Plain) > Plain.Length / 4, $"{read.AsSpan().CommonPrefixLength(Plain)} of {Plain.Length} bytes");
        Assert.Empty(Flate([]));
        Assert.Empty(Flate([0x78]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Lzw_codes_grow_early_or_late(int earlyChange)
    {
        var output = new PdfBuffer(PdfLimits.StreamBytesMax);
        PdfLzw.Decode(LzwEncoder.Encode(Plain, earlyChange), earlyChange, output);
        Assert.Equal(Plain, output.Written.ToArray());
    }

    [Fact]
    public void Lzw_of_the_standards_example_is_read()
    {
        // ISO 32000-1, 7.4.4.2: 45 45 45 45 45 65 45 45 45 66.
        var output = new PdfBuffer(100);
        PdfLzw.Decode([0x80, 0x0B, 0x60, 0x50, 0x22, 0x0C, 0x0C, 0x85, 0x01], 1, output);
        Assert.Equal([45, 45, 45, 45, 45, 65, 45, 45, 45, 66], output.Written.ToArray());
    }

    [Theory]
    [InlineData("87cURD]i,\"Ebo80~>", "Hello World!")]
    [InlineData("<~87cUR\nD]i,\"Ebo7~>", "Hello World")]
    [InlineData("z~>", "\0\0\0\0")]
    [InlineData("87cUR", "Hell")]
    [InlineData("8~>", "")]
    public void Ascii85_is_read(string encoded, string text)
    {
        var output = new PdfBuffer(100);
        PdfPlainFilters.DecodeAscii85(PdfFileWriter.Latin1(encoded), output);
        Assert.Equal(text, Encoding.Latin1.GetString(output.Written.Span));
    }

    [Theory]
    [InlineData("48 65\n6C6c 6F>ff", "Hello")]
    [InlineData("4", "@")]
    [InlineData("", "")]
    [InlineData("4x8>", "H")]
    public void Ascii_hexadecimal_is_read(string encoded, string text)
    {
        var output = new PdfBuffer(100);
        PdfPlainFilters.DecodeAsciiHexadecimal(PdfFileWriter.Latin1(encoded), output);
        Assert.Equal(text, Encoding.Latin1.GetString(output.Written.Span));
    }

    [Theory]
    [InlineData(new byte[] { 2, 65, 66, 67, 254, 68, 128, 1, 1 }, "ABCDDD")]
    [InlineData(new byte[] { 9, 65 }, "A")]
    [InlineData(new byte[] { 200 }, "")]
    public void Run_lengths_are_read(byte[] encoded, string text)
    {
        var output = new PdfBuffer(100);
        PdfPlainFilters.DecodeRunLength(encoded, output);
        Assert.Equal(text, Encoding.Latin1.GetString(output.Written.Span));
    }

    [Fact]
    public void A_decoder_stops_at_the_limit_of_its_output()
    {
        var output = new PdfBuffer(1_000);
        PdfFlate.Decode(PdfFileWriter.Zlib(Plain), output);
        Assert.Equal(Plain[..1_000], output.Written.ToArray());
        Assert.True(output.IsFull);

        output = new PdfBuffer(1_000);
        PdfLzw.Decode(LzwEncoder.Encode(Plain, 1), 1, output);
        Assert.Equal(Plain[..1_000], output.Written.ToArray());
    }

    [Theory]
    [InlineData("/Filter[/ASCIIHexDecode/FlateDecode]")]
    [InlineData("/Filter[/AHx/Fl]")]
    [InlineData("/Filter[/Crypt/AHx/Fl]/DecodeParms[<</Name/Identity>> null null]")]
    [InlineData("/F[/AHx/Fl]")]
    public void Filters_follow_each_other_and_have_short_names(string entries) =>
        Assert.Equal(Plain, Content(PdfFileWriter.Latin1(Convert.ToHexString(PdfFileWriter.Zlib(Plain)) + ">"), entries));

    [Theory]
    [InlineData("/Filter/DCTDecode")]
    [InlineData("/Filter[/FlateDecode/JPXDecode]")]
    [InlineData("/Filter/Unknown")]
    [InlineData("/Filter[/Fl/Fl/Fl/Fl/Fl/Fl/Fl/Fl/Fl]")]
    public void Images_and_unknown_filters_give_nothing(string entries) => Assert.Empty(Content(PdfFileWriter.Zlib(Plain), entries));

    [Fact]
    public void All_streams_together_have_a_limit()
    {
        var bomb = PdfFileWriter.Zlib(new byte[PdfLimits.StreamBytesMax + 1]);
        var writer = new PdfFileWriter().OnePage("");
        for (var number = 5; number < 15; number++)
        {
            writer.Stream(number, bomb, "/Filter/FlateDecode");
        }

        var file = PdfFile.Open(writer.ToArray());
        var decoded = Enumerable.Range(5, 10).Sum(number => file.Decode(file.Stream(new PdfReference(number, 0))!).Length);
        Assert.Equal(PdfLimits.DecodedBytesMax, decoded);
        Assert.True(file.IsTruncated);
    }

    private static byte[] Flate(byte[] packed)
    {
        var output = new PdfBuffer(PdfLimits.StreamBytesMax);
        PdfFlate.Decode(packed, output);
        return output.Written.ToArray();
    }

    private static byte[] Content(byte[] data, string entries)
    {
        var writer = new PdfFileWriter().Object(1, PdfFileWriter.Catalog).Object(2, PdfFileWriter.Branch).Object(3, PdfFileWriter.Page).Stream(4, data, entries);
        writer.Table();
        var file = PdfFile.Open(writer.ToArray());
        return file.Contents(file.Pages().Single()).ToArray();
    }
}
