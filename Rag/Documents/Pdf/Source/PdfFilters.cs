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

    private readonly Dictionary<string, IFilter> filters = new(StringComparer.Ordinal);
    private readonly Bounded unknown;
    private long decodedBytes;

    public PdfFilters()
    {
        unknown = new(this, new DctDecodeFilter()); // which PdfPig has, and which reads nothing
        foreach (var (filter, names) in new (IFilter, string[])[]
        {
            (new FlateFilter(), ["FlateDecode", "Fl"]),
            (new LzwFilter(), ["LZWDecode", "LZW"]),
            (new Ascii85Filter(), ["ASCII85Decode", "A85"]),
            (new AsciiHexDecodeFilter(), ["ASCIIHexDecode", "AHx"]),
            (new RunLengthFilter(), ["RunLengthDecode", "RL"]),
        })
        {
            foreach (var name in names)
            {
                filters.Add(name, new Bounded(this, filter));
            }
        }
    }

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
    public IReadOnlyList<IFilter> GetNamedFilters(IReadOnlyList<NameToken> names) => [.. names.Select(name => filters.GetValueOrDefault(name.Data, unknown))];

    public IReadOnlyList<IFilter> GetAllFilters() => [.. filters.Values];

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
        var (output, count) = (new byte[Math.Min(room, Math.Max(1_024, 4L * input.Length))], 0);
        try
        {
            for (int read; (read = inflater.Read(output.AsSpan(count, Math.Min(PieceBytes, output.Length - count)))) > 0;)
            {
                count += read;
                if (count == output.Length && count < room)
                {
                    Array.Resize(ref output, (int)Math.Min(room, 2L * count));
                }
            }

            IsTruncated |= count == room && inflater.ReadByte() >= 0;
        }
        catch (InvalidDataException)
        {
            IsDamaged = true;
        }

        return output.AsMemory(0, count);
    }

    // PdfPig unpacks without a limit, and gives the packed bytes where they are damaged: it only undoes the predictor, of data that is stored as it is.
    private static byte[] Stored(ReadOnlySpan<byte> bytes)
    {
        using var stored = new MemoryStream();
        using (var zlib = new ZLibStream(stored, CompressionLevel.NoCompression))
        {
            zlib.Write(bytes);
        }

        return stored.ToArray();
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
                var decoded = filter is FlateFilter ? owner.Inflate(input, room) : filter.Decode(input, streamDictionary, filterProvider, filterIndex);
                if (filter is FlateFilter && DecodeParameterResolver.GetFilterParameters(streamDictionary, filterIndex).Entry("Predictor") is NumericToken { Int: > 1 })
                {
                    decoded = filter.Decode(Stored(decoded.Span), streamDictionary, filterProvider, filterIndex);
                }

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
