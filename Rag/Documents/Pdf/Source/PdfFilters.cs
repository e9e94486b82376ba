using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;
using UglyToad.PdfPig.Filters;
using UglyToad.PdfPig.Tokens;

namespace Pybo.Rag.Documents.Pdf.Source;

/// <summary>PdfPig's stream filters with what they lack: a limit on what they give, and what lies before the damage in Flate data.</summary>
/// <remarks>
/// PdfPig's own <see cref="FlateFilter"/> unpacks without a limit, and gives the packed bytes themselves where they are damaged. Here the data is unpacked
/// up to a limit or to the damage; PdfPig's filter then only undoes the predictor, from deflate blocks that store the bytes as they are.
/// </remarks>
internal sealed class PdfFilters : IFilterProvider
{
    private const int ZlibHeaderBytes = 2;
    private const int StoredBlockBytes = ushort.MaxValue;
    private const int StoredHeaderBytes = 5;

    private readonly Dictionary<string, IFilter> filters = new(StringComparer.Ordinal);
    private readonly Unknown unknown;
    private long decodedBytes;

    public PdfFilters()
    {
        unknown = new(this);
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
                filters.Add(name, filter is FlateFilter ? new Flate(this, filter) : new Bounded(this, filter));
            }
        }
    }

    /// <summary>True where a limit of <see cref="PdfLimits"/> was met: what came behind it is missing.</summary>
    public bool IsTruncated { get; private set; }

    /// <summary>True where packed data was damaged: what came behind the damage is missing.</summary>
    public bool IsDamaged { get; private set; }

    public IReadOnlyList<IFilter> GetFilters(DictionaryToken dictionary)
    {
        var names = dictionary.Entry("Filter") ?? dictionary.Entry("F");
        return GetNamedFilters(names switch
        {
            NameToken name => [name],
            ArrayToken array => [.. array.Data.OfType<NameToken>()],
            _ => [],
        });
    }

    /// <summary>Those of images and ciphers among them give nothing: no text lies there.</summary>
    public IReadOnlyList<IFilter> GetNamedFilters(IReadOnlyList<NameToken> names)
    {
        if (names.Count > PdfLimits.FiltersMax)
        {
            IsTruncated = true;
            return [unknown];
        }

        return [.. names.Select(name => filters.GetValueOrDefault(name.Data, unknown))];
    }

    public IReadOnlyList<IFilter> GetAllFilters() => [.. filters.Values.Distinct()];

    /// <summary>How much one more stream may give, bytes.</summary>
    private int Room()
    {
        var room = (int)Math.Min(PdfLimits.StreamBytesMax, PdfLimits.DecodedBytesMax - decodedBytes);
        IsTruncated |= room <= 0;
        return Math.Max(0, room);
    }

    private Memory<byte> Counted(Memory<byte> decoded, int room)
    {
        IsTruncated |= decoded.Length > room;
        var kept = decoded[..Math.Min(decoded.Length, room)];
        decodedBytes += kept.Length;
        return kept;
    }

    /// <summary>A filter of PdfPig; nothing where its data is damaged.</summary>
    private class Bounded(PdfFilters owner, IFilter filter) : IFilter
    {
        protected PdfFilters Owner => owner;

        public bool IsSupported => true;

        public virtual Memory<byte> Decode(Memory<byte> input, DictionaryToken streamDictionary, IFilterProvider filterProvider, int filterIndex)
        {
            var room = owner.Room();
            // These give at most so many times what they take; LZW is the greediest.
            if (room == 0 || (filter is LzwFilter && input.Length > PdfLimits.LzwBytesMax))
            {
                owner.IsTruncated = true;
                return default;
            }

            try
            {
                return owner.Counted(filter.Decode(input, streamDictionary, filterProvider, filterIndex), room);
            }
            catch (Exception broken) when (PdfTokens.IsInFile(broken))
            {
                owner.IsDamaged = true;
                return default;
            }
        }
    }

    private sealed class Flate(PdfFilters owner, IFilter predictor) : Bounded(owner, predictor)
    {
        public override Memory<byte> Decode(Memory<byte> input, DictionaryToken streamDictionary, IFilterProvider filterProvider, int filterIndex)
        {
            var room = Owner.Room();
            var unpacked = Inflate(input, room);
            var hasPredictor = DecodeParameterResolver.GetFilterParameters(streamDictionary, filterIndex).Entry("Predictor") is NumericToken { Int: > 1 };
            return hasPredictor ? base.Decode(Stored(unpacked.Span), streamDictionary, filterProvider, filterIndex) : Owner.Counted(unpacked, room);
        }

        private Memory<byte> Inflate(Memory<byte> input, int room)
        {
            // A line end too many before the data is common.
            var start = Math.Max(0, input.Span.IndexOfAnyExcept((byte)'\r', (byte)'\n'));
            if (HasHeader(input.Span[start..]) || !HasHeader(input.Span))
            {
                input = input[start..];
            }

            // Where the header is damaged, or there is none, only one of the two ways gives anything.
            var headed = HasHeader(input.Span) || input.Length < ZlibHeaderBytes;
            var unpacked = Unpack(input[Math.Min(ZlibHeaderBytes, input.Length)..], room);
            return unpacked.Length == 0 && !headed ? Unpack(input, room) : unpacked;
        }

        private static bool HasHeader(ReadOnlySpan<byte> bytes) => bytes is [var method, var flags, ..] && (method & 0x0F) == 8 && ((method << 8) | flags) % 31 == 0;

        private Memory<byte> Unpack(Memory<byte> input, int room)
        {
            using var source = MemoryMarshal.TryGetArray<byte>(input, out var segment) && segment.Array is { } array
                ? new MemoryStream(array, segment.Offset, segment.Count, writable: false)
                : new MemoryStream(input.ToArray(), writable: false);
            using var inflater = new DeflateStream(source, CompressionMode.Decompress);
            var output = new byte[Math.Min(room, Math.Max(1_024, 4L * input.Length))];
            var count = 0;
            try
            {
                for (int read; (read = inflater.Read(output.AsSpan(count))) > 0;)
                {
                    count += read;
                    if (count == output.Length)
                    {
                        if (count == room)
                        {
                            Owner.IsTruncated |= inflater.ReadByte() >= 0;
                            break;
                        }

                        Array.Resize(ref output, (int)Math.Min(room, 2L * count));
                    }
                }
            }
            catch (InvalidDataException)
            {
                Owner.IsDamaged = true;
                count = Written(input, output, count);
            }

            return output.AsMemory(0, count);
        }

        // A block in which the damage lies is lost as a whole: it is read again, byte by byte.
        private static int Written(Memory<byte> input, byte[] output, int count)
        {
            using var inflater = new DeflateStream(new MemoryStream(input.ToArray(), writable: false), CompressionMode.Decompress);
            try
            {
                inflater.ReadExactly(output.AsSpan(0, count));
                for (int value; count < output.Length && (value = inflater.ReadByte()) >= 0; count++)
                {
                    output[count] = (byte)value;
                }
            }
            catch (Exception end) when (end is InvalidDataException or EndOfStreamException)
            {
                return count; // here the damage begins
            }

            return count;
        }

        /// <summary>Zlib data whose deflate blocks store the bytes as they are (RFC 1951, 3.2.4).</summary>
        private static byte[] Stored(ReadOnlySpan<byte> bytes)
        {
            var blocks = Math.Max(1, (bytes.Length + StoredBlockBytes - 1) / StoredBlockBytes);
            var stored = new byte[ZlibHeaderBytes + (blocks * StoredHeaderBytes) + bytes.Length];
            (stored[0], stored[1]) = (0x78, 0x01);
            var at = ZlibHeaderBytes;
            for (var block = 0; block < blocks; block++)
            {
                var part = bytes.Slice(block * StoredBlockBytes, Math.Min(StoredBlockBytes, bytes.Length - (block * StoredBlockBytes)));
                stored[at] = block == blocks - 1 ? (byte)1 : (byte)0;
                BinaryPrimitives.WriteUInt16LittleEndian(stored.AsSpan(at + 1), (ushort)part.Length);
                BinaryPrimitives.WriteUInt16LittleEndian(stored.AsSpan(at + 3), (ushort)~part.Length);
                part.CopyTo(stored.AsSpan(at + StoredHeaderBytes));
                at += StoredHeaderBytes + part.Length;
            }

            return stored;
        }
    }

    /// <summary>Of an image, a cipher of its own, or a name that no standard knows.</summary>
    private sealed class Unknown(PdfFilters owner) : IFilter
    {
        public bool IsSupported => false;

        public Memory<byte> Decode(Memory<byte> input, DictionaryToken streamDictionary, IFilterProvider filterProvider, int filterIndex)
        {
            owner.IsDamaged = true;
            return default;
        }
    }
}
