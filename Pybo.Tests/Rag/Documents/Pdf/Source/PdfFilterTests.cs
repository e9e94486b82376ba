using System.Globalization;
using System.Text;
using Pybo.Rag.Documents.Pdf;
using Pybo.Rag.Documents.Pdf.Source;
using UglyToad.PdfPig;
using UglyToad.PdfPig.Tokens;

namespace Pybo.Tests.Rag.Documents.Pdf.Source;

/// <summary>Our additions to PdfPig's filters: limits, and the data before damage.</summary>
public sealed class PdfFilterTests
{
    private static readonly byte[] Plain = Encoding.Latin1.GetBytes(string.Concat(Enumerable.Range(0, 2_000).Select(line => string.Create(CultureInfo.InvariantCulture, $"{line} {line * line} Td (text) Tj\n"))));

    [Fact]
    public void Flate_data_is_read_with_any_header_and_checksum()
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
    public void Flate_data_is_read_up_to_the_damage()
    {
        var packed = PdfFileWriter.Zlib(Plain);
        var cut = Flate(packed[..(packed.Length / 2)]);
        Assert.InRange(cut.Length, Plain.Length / 4, Plain.Length - 1);
        Assert.Equal(Plain[..cut.Length], cut);

        var damaged = (byte[])packed.Clone();
        damaged.AsSpan(packed.Length / 2, 40).Fill(0xFF);
        var filters = new PdfFilters();
        var read = Decode(filters, damaged, Name("FlateDecode"));
        Assert.True(read.AsSpan().CommonPrefixLength(Plain) > Plain.Length / 4, $"{read.AsSpan().CommonPrefixLength(Plain)} of {Plain.Length} bytes");
        Assert.True(filters.IsDamaged);
        Assert.Empty(Flate([]));
        Assert.Empty(Flate([0x78]));
    }

    /// <summary>PNG's Up predictor with rows of four bytes, also when the data breaks off.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    public void A_predictor_is_undone_for_all_unpacked_data(int cut)
    {
        var rows = Enumerable.Range(0, 500).SelectMany(row => new byte[] { 2, 1, 0, 0, (byte)(row % 7) }).ToArray();
        var packed = PdfFileWriter.Zlib(rows)[..^cut];
        var parameters = DictionaryToken.Empty.With("Predictor", new NumericToken(12)).With("Columns", new NumericToken(4));
        var read = new StreamToken(Name("FlateDecode").With("DecodeParms", parameters), packed).Decode(new PdfFilters()).ToArray();
        Assert.Equal([1, 0, 0, 0, 2, 0, 0, 1], read[..8]);
        Assert.InRange(read.Length, 4 * 400, 4 * 500);
    }

    [Theory]
    [InlineData("ASCIIHexDecode", "48 65\n6C6c 6F>", "Hello")]
    [InlineData("A85", "87cURD]i,\"Ebo80~>", "Hello World!")]
    public void Filters_of_PdfPig_have_long_and_short_names(string name, string encoded, string text) =>
        Assert.Equal(text, Encoding.Latin1.GetString(Decode(new(), PdfFileWriter.Latin1(encoded), Name(name))));

    [Theory]
    [InlineData("DCTDecode")]
    [InlineData("JPXDecode")]
    [InlineData("Unknown")]
    public void Images_and_unknown_filters_yield_nothing(string name) => Assert.Empty(Decode(new(), PdfFileWriter.Zlib(Plain), Name(name)));

    [Fact]
    public void Each_stream_and_all_streams_together_have_a_limit()
    {
        var bomb = PdfFileWriter.Zlib(new byte[PdfLimits.StreamBytesMax + 1]);
        var filters = new PdfFilters();
        Assert.Equal(PdfLimits.StreamBytesMax, Decode(filters, bomb, Name("FlateDecode")).Length);
        Assert.True(filters.IsTruncated);
        Assert.Equal(PdfLimits.DecodedBytesMax, PdfLimits.StreamBytesMax + Enumerable.Range(0, 60).Sum(_ => (long)Decode(filters, bomb, Name("FlateDecode")).Length));
    }

    [Fact]
    public void Lzw_data_that_would_exhaust_memory_is_skipped()
    {
        var filters = new PdfFilters();
        Assert.Empty(Decode(filters, new byte[PdfLimits.LzwBytesMax + 1], Name("LZWDecode")));
        Assert.True(filters.IsTruncated);
        // ISO 32000-1, 7.4.4.2: 45 45 45 45 45 65 45 45 45 66.
        Assert.Equal([45, 45, 45, 45, 45, 65, 45, 45, 45, 66], Decode(new(), [0x80, 0x0B, 0x60, 0x50, 0x22, 0x0C, 0x0C, 0x85, 0x01], Name("LZWDecode")));
    }

    private static DictionaryToken Name(string filter) => DictionaryToken.Empty.With("Filter", NameToken.Create(filter));

    private static byte[] Flate(byte[] packed) => Decode(new(), packed, Name("FlateDecode"));

    private static byte[] Decode(PdfFilters filters, byte[] data, DictionaryToken dictionary) => new StreamToken(dictionary, data).Decode(filters).ToArray();
}
