using System.IO.Compression;
using UglyToad.PdfPig.Filters;
using UglyToad.PdfPig.Tokens;

namespace Pybo.Rag.Documents.Pdf.Source;

/// <summary>PdfPig's stream filters with what they lack: a limit on what they give, and what lies before the damage in Flate data.</summary>
internal sealed class PdfFilters : IFilterProvider
{
    private const int ZlibHeaderBytes = 2;

    /// <summary>Unpacked in one go: what was unpacked in the same go before damage is lost.</summary>
    private const int PieceBytes = 512;

    private long decodedBytes;

    /// <summary>True where a limit of <see cref="PdfLimits"/> was met: what came behind it is missing.</summary>
    public bool IsTruncated { get; private set; }

    /// <summary>True where packed data was damaged: what came behind the damage is missing.</summary>
    public bool IsDamaged { get; private set; }

    public IReadOnlyList<IFilter> GetFilters(DictionaryToken dictionary) => GetNamedFilters((dictionary.Entry("Filter") ?? dictionary.Entry("F")) switch
    {
        NameToken name => [name],
        ArrayToken array => [.. array.Data.OfType<NameToken>()],
        _ => [],
    });

    /// <summary>Those of images and ciphers among them give nothing: no text lies there.</summary>
    public IReadOnlyList<IFilter> GetNamedFilters(IReadOnlyList<NameToken> names) => [.. names.Select(name => new Bounded(this, Filter(name.Data)))];

    public IReadOnlyList<IFilter> GetAllFilters() => [];

    private static IFilter Filter(string name) => name switch
    {
        "FlateDecode" or "Fl" => new FlateFilter(),
        "LZWDecode" or "LZW" => new LzwFilter(),
        "ASCII85Decode" or "A85" => new Ascii85Filter(),
        "ASCIIHexDecode" or "AHx" => new AsciiHexDecodeFilter(),
        "RunLengthDecode" or "RL" => new RunLengthFilter(),
        _ => new DctDecodeFilter(), // which PdfPig has, and which reads nothing
    };

    /// <summary>What is unpacked up to a limit or to the damage, whatever the header of the data is.</summary>
    private Memory<byte> Inflate(Memory<byte> input, int room)
    {
        // A line end too many before the data is common.
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

    /// <summary>A filter of PdfPig; nothing where its data is damaged, or it is that of an image.</summary>
    private sealed class Bounded(PdfFilters owner, IFilter filter) : IFilter
    {
        public bool IsSupported => true;

        public Memory<byte> Decode(Memory<byte> input, DictionaryToken streamDictionary, IFilterProvider filterProvider, int filterIndex)
        {
            var room = (int)Math.Min(PdfLimits.StreamBytesMax, PdfLimits.DecodedBytesMax - owner.decodedBytes);
            // The others give at most so many times what they take; LZW is the greediest.
            if (room <= 0 || (filter is LzwFilter && input.Length > PdfLimits.LzwBytesMax))
            {
                owner.IsTruncated = true;
                return default;
            }

            try
            {
                // Only PdfPig undoes a predictor; tables have one, contents hardly ever.
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
