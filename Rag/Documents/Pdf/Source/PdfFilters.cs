using System.IO.Compression;
using UglyToad.PdfPig.Filters;
using UglyToad.PdfPig.Tokens;

namespace Pybo.Rag.Documents.Pdf.Source;

/// <summary>Extends PdfPig's stream filters: a limit on their output, and recovery of the data before the damage in Flate streams.</summary>
internal sealed class PdfFilters : IFilterProvider
{
    private const int ZlibHeaderBytes = 2;

    /// <summary>Bytes inflated at a time: damage loses the whole piece.</summary>
    private const int PieceBytes = 512;

    private long decodedBytes;

    /// <summary>True if a limit of <see cref="PdfLimits"/> was reached: the data after it is missing.</summary>
    public bool IsTruncated { get; private set; }

    /// <summary>True if packed data was damaged: the data after the damage is missing.</summary>
    public bool IsDamaged { get; private set; }

    public IReadOnlyList<IFilter> GetFilters(DictionaryToken dictionary) => GetNamedFilters((dictionary.Entry("Filter") ?? dictionary.Entry("F")) switch
    {
        NameToken name => [name],
        ArrayToken array => [.. array.Data.OfType<NameToken>()],
        _ => [],
    });

    /// <summary>Filters of images and ciphers return nothing: they contain no text.</summary>
    public IReadOnlyList<IFilter> GetNamedFilters(IReadOnlyList<NameToken> names) => [.. names.Select(name => new Bounded(this, Filter(name.Data)))];

    public IReadOnlyList<IFilter> GetAllFilters() => [];

    private static IFilter Filter(string name) => name switch
    {
        "FlateDecode" or "Fl" => new FlateFilter(),
        "LZWDecode" or "LZW" => new LzwFilter(),
        "ASCII85Decode" or "A85" => new Ascii85Filter(),
        "ASCIIHexDecode" or "AHx" => new AsciiHexDecodeFilter(),
        "RunLengthDecode" or "RL" => new RunLengthFilter(),
        _ => new DctDecodeFilter(), // PdfPig's filter, which decodes nothing
    };

    /// <summary>Inflates up to a limit or to the damage, with any header.</summary>
    private Memory<byte> Inflate(Memory<byte> input, int room)
    {
        // A surplus line end before the data is common.
        var start = Math.Max(0, input.Span.IndexOfAnyExcept((byte)'\r', (byte)'\n'));
        var unpacked = Unpack(input[Math.Min(start + ZlibHeaderBytes, input.Length)..], room);
        return unpacked.IsEmpty ? Unpack(input[start..], room) : unpacked;
    }

    private Memory<byte> Unpack(Memory<byte> input, int room)
    {
        using var inflater = new DeflateStream(new MemoryStream(input.ToArray(), writable: false), CompressionMode.Decompress);
        var output = new MemoryStream((int)Math.Min(room, 4L * input.Length));
        Span<byte> piece = stackalloc byte[PieceBytes];
        try
        {
            for (int read; output.Length <= room && (read = inflater.Read(piece)) > 0;)
            {
                output.Write(piece[..read]);
            }
        }
        catch (InvalidDataException)
        {
            IsDamaged = true;
        }

        return output.GetBuffer().AsMemory(0, (int)output.Length);
    }

    /// <summary>Wraps a PdfPig filter; returns nothing for damaged data or an image filter.</summary>
    private sealed class Bounded(PdfFilters owner, IFilter filter) : IFilter
    {
        public bool IsSupported => true;

        public Memory<byte> Decode(Memory<byte> input, DictionaryToken streamDictionary, IFilterProvider filterProvider, int filterIndex)
        {
            var room = (int)Math.Min(PdfLimits.StreamBytesMax, PdfLimits.DecodedBytesMax - owner.decodedBytes);
            // The others expand their input by a bounded factor; LZW expands it most.
            if (room <= 0 || (filter is LzwFilter && input.Length > PdfLimits.LzwBytesMax))
            {
                owner.IsTruncated = true;
                return default;
            }

            try
            {
                // Only PdfPig undoes a predictor; tables have one, contents rarely.
                var hasPredictor = DecodeParameterResolver.GetFilterParameters(streamDictionary, filterIndex).Entry("Predictor") is NumericToken { Int: > 1 };
                var decoded = filter is FlateFilter && !hasPredictor ? owner.Inflate(input, room) : filter.Decode(input, streamDictionary, filterProvider, filterIndex);
                owner.IsTruncated |= decoded.Length > room;
                decoded = decoded[..Math.Min(decoded.Length, room)];
                owner.decodedBytes += decoded.Length;
                return decoded;
            }
            catch (Exception broken) when (PdfTokens.IsInFile(broken))
            {
                owner.IsDamaged = true;
                return default;
            }
        }
    }
}
