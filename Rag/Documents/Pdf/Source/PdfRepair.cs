using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using UglyToad.PdfPig;
using UglyToad.PdfPig.Core;
using UglyToad.PdfPig.Tokenization.Scanner;
using UglyToad.PdfPig.Tokens;
using UglyToad.PdfPig.Writer;

namespace Pybo.Rag.Documents.Pdf.Source;

/// <summary>
/// Mends a file that PdfPig does not open, or opens without a page: finds its objects in the bytes, and writes a new cross-reference stream, trailer, catalog and
/// page tree behind them (ISO 32000-2, 7.5). What stood there stays where it is.
/// </summary>
internal sealed class PdfRepair : IDisposable
{
    /// <summary>The dictionary of an object stream or cross-reference stream names its type this near to its beginning.</summary>
    private const int TypeBytes = 512;

    /// <summary>Line ends and the word <c>endstream</c> stand within this after a stream whose length is right.</summary>
    private const int EndBytes = 16;

    private const int EntryBytes = 9;

    private static readonly string[] TrailerEntries = ["Root", "Encrypt", "ID", "Info"];

    /// <summary>What a reader of text asks of a catalog, beside its pages.</summary>
    private static readonly string[] CatalogEntries = ["OCProperties", "AcroForm"];

    private readonly ReadOnlyMemory<byte> bytes;
    private readonly PdfFilters filters = new();
    private readonly SortedDictionary<int, Place> places = [];
    private readonly Dictionary<int, IToken?> read = [];
    private readonly Dictionary<int, byte[]> streams = [];
    private readonly List<Range> wrongLengths = [];
    private readonly Dictionary<string, IToken> trailer = new(StringComparer.Ordinal);
    private readonly List<int> objectStreams = [];
    private readonly HashSet<int> walked = [];
    private readonly List<(IToken Kid, DictionaryToken Value, DictionaryToken Inherited)> pages = [];
    private readonly MemoryStream output = new();
    private DictionaryToken? root;
    private long parsedBytes;
    private int nextNumber;

    private PdfRepair(ReadOnlyMemory<byte> bytes) => this.bytes = bytes;

    private ReadOnlySpan<byte> Span => bytes.Span;

    /// <summary>The catalog that a trailer names, or the first that is found.</summary>
    private DictionaryToken Root => root ??= Resolve(trailer.GetValueOrDefault("Root")) is DictionaryToken named && named.Entry("Pages") is not null ? named : FindRoot();

    /// <summary>The file with a table and a page tree that hold; null where nothing in it says that it is a page.</summary>
    public static byte[]? Rebuild(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            using var repair = new PdfRepair(bytes);
            repair.FindObjects();
            repair.FindTrailers();
            if (repair.trailer.GetValueOrDefault("Encrypt") is null)
            {
                repair.FindInStreams();
            }

            repair.FindPages();
            return repair.pages.Count == 0 ? null : repair.Write();
        }
        catch (Exception broken) when (PdfTokens.IsInFile(broken))
        {
            return null; // What is left of a page cannot be written: its values are no PDF.
        }
    }

    /// <summary>The encryption dictionary that the file's last trailer names; null where it names none.</summary>
    public static DictionaryToken? Encryption(ReadOnlyMemory<byte> bytes)
    {
        using var repair = new PdfRepair(bytes);
        repair.FindObjects();
        repair.FindTrailers();
        return repair.Resolve(repair.trailer.GetValueOrDefault("Encrypt")) as DictionaryToken;
    }

    /// <summary>The same file, in which no dictionary has an entry of this name: the trailer's <c>Encrypt</c> or <c>Info</c>.</summary>
    public static byte[] Without(ReadOnlyMemory<byte> bytes, string entry)
    {
        var (without, name) = (bytes.ToArray(), Encoding.ASCII.GetBytes("/" + entry));
        for (var at = Next(without, 0, name); at >= 0; at = Next(without, at + 1, name))
        {
            var behind = at + name.Length;
            if (behind < without.Length && without[behind] is (byte)' ' or (byte)'\r' or (byte)'\n' or (byte)'<')
            {
                without[behind - 1] = (byte)'_'; // As long as before: the table still holds.
            }
        }

        return without;
    }

    public void Dispose() => output.Dispose();

    private void FindObjects()
    {
        for (var at = Next(Span, 0, "obj"u8); at >= 0 && places.Count < PdfLimits.ObjectsMax; at = Next(Span, at, "obj"u8))
        {
            var word = at;
            at += "obj".Length;
            if (Header(Span, word) is not var (number, generation, start))
            {
                continue;
            }

            // The last of several versions counts.
            places[number] = new(0, start, generation, at);
            var beginning = Span.Slice(at, Math.Min(TypeBytes, Span.Length - at));
            if (beginning.IndexOf("/ObjStm"u8) >= 0)
            {
                objectStreams.Add(number);
            }
            else if (beginning.IndexOf("/XRef"u8) >= 0 && ReadAt(at) is DictionaryToken stream && IsNamed(stream, "Type", "XRef"))
            {
                Note(stream);
            }

            at = BehindStream(at);
        }
    }

    private void FindTrailers()
    {
        for (var at = Next(Span, 0, "trailer"u8); at >= 0; at = Next(Span, at, "trailer"u8))
        {
            at += "trailer".Length;
            if (ReadAt(at) is DictionaryToken found)
            {
                Note(found);
            }
        }
    }

    private void Note(DictionaryToken found)
    {
        foreach (var name in TrailerEntries)
        {
            if (found.Entry(name) is { } value and not NullToken)
            {
                trailer[name] = value;
            }
        }
    }

    /// <summary>Adds what lies in object streams, unless the object stands again later in the file.</summary>
    private void FindInStreams()
    {
        foreach (var container in objectStreams.Distinct())
        {
            if (places[container] is not { Container: 0 } place || ReadAt(place.Body) is not DictionaryToken dictionary || !IsNamed(dictionary, "Type", "ObjStm")
                || dictionary.Entry("First") is not NumericToken { Int: > 0 and var first } || StreamData(place.Body) is not { } packed)
            {
                continue;
            }

            var data = new StreamToken(dictionary, packed.ToArray()).Decode(filters).ToArray();
            streams[container] = data;
            var inside = Pairs(data.AsMemory(0, Math.Min(first, data.Length))).ToList();
            var ends = inside.Select(pair => pair.Offset).Append(data.Length - first).Order().ToList();
            foreach (var (number, offset) in inside)
            {
                if (places.Count >= PdfLimits.ObjectsMax)
                {
                    return;
                }

                var end = first + ends.Find(next => next > offset);
                if (end > first + offset && end <= data.Length && (!places.TryGetValue(number, out var other) || Start(other) < place.StartOrEnd))
                {
                    places[number] = new(container, end, 0, first + offset);
                }
            }
        }
    }

    /// <summary>Where in the file an object lies, or the stream that holds it.</summary>
    private int Start(Place place) => place.Container == 0 ? place.StartOrEnd : places.GetValueOrDefault(place.Container).StartOrEnd;

    private static IEnumerable<(int Number, int Offset)> Pairs(Memory<byte> head)
    {
        var words = Encoding.ASCII.GetString(head.Span).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        for (var at = 0; at + 1 < words.Length && int.TryParse(words[at], out var number) && int.TryParse(words[at + 1], out var offset); at += 2)
        {
            if (number is > 0 and <= PdfLimits.ObjectNumberMax && offset >= 0)
            {
                yield return (number, offset);
            }
        }
    }

    private DictionaryToken FindRoot() => places
        .Where(pair => Mentions(pair.Value, "/Catalog"u8))
        .Select(pair => Resolve(Reference(pair.Key, pair.Value.Generation)))
        .OfType<DictionaryToken>().FirstOrDefault(value => IsNamed(value, "Type", "Catalog")) ?? DictionaryToken.Empty;

    /// <summary>The pages of the tree in their order, then all other objects that say they are one.</summary>
    private void FindPages()
    {
        var open = new Stack<(IEnumerator<IToken> Kids, DictionaryToken Inherited)>();
        open.Push((new List<IToken> { Root.Entry("Pages") ?? NullToken.Instance }.GetEnumerator(), DictionaryToken.Empty));
        for (var nodes = 0; open.TryPeek(out var next) && nodes < PdfLimits.PageNodesMax && pages.Count <= PdfLimits.PagesMax;)
        {
            if (!next.Kids.MoveNext())
            {
                open.Pop();
                continue;
            }

            nodes++;
            var kid = next.Kids.Current;
            if ((kid is IndirectReferenceToken reference && !walked.Add((int)reference.Data.ObjectNumber)) || Resolve(kid) is not DictionaryToken node)
            {
                continue;
            }

            if (Resolve(node.Entry("Kids")) is ArrayToken kids)
            {
                open.Push((kids.Data.GetEnumerator(), Inherit(node, next.Inherited, DictionaryToken.Empty)));
            }
            else if (!IsNamed(node, "Type", "Pages") && !IsNamed(node, "Type", "Catalog"))
            {
                pages.Add((kid, node, next.Inherited));
            }
        }

        foreach (var (number, place) in places)
        {
            var reference = Reference(number, place.Generation);
            if (pages.Count <= PdfLimits.PagesMax && !walked.Contains(number) && Mentions(place, "/Page"u8) && Resolve(reference) is DictionaryToken page && IsNamed(page, "Type", "Page"))
            {
                pages.Add((reference, page, DictionaryToken.Empty));
            }
        }
    }

    /// <summary>What pages take from the nodes above them, added to <paramref name="start"/>.</summary>
    private static DictionaryToken Inherit(DictionaryToken node, DictionaryToken inherited, DictionaryToken start) =>
        PdfPageFactory.Inheritable.Aggregate(start, (all, name) => (node.Entry(name) ?? inherited.Entry(name)) is { } value ? all.With(name, value) : all);

    // Reading every object would take as long as the file is large: the type stands near the beginning.
    private bool Mentions(Place place, ReadOnlySpan<byte> word)
    {
        var source = place.Container == 0 ? Span : streams.GetValueOrDefault(place.Container);
        return place.Body < source.Length && source.Slice(place.Body, Math.Min(8 * TypeBytes, source.Length - place.Body)).IndexOf(word) >= 0;
    }

    private byte[] Write()
    {
        output.Write("%PDF-1.7\n"u8);
        var shift = (int)output.Length;
        output.Write(Span);
        output.Write("\n"u8);
        foreach (var digits in wrongLengths)
        {
            output.GetBuffer().AsSpan(shift)[digits].Fill((byte)'0');
        }

        nextNumber = places.Count == 0 ? 1 : places.Keys.Max() + 1;
        var written = new Dictionary<int, int>();
        WritePacked(written);
        var tree = Take();
        // A page that the tree holds itself, or that does not name the node from which it inherits, is written once more.
        var kids = pages.ConvertAll(page => page.Kid is IndirectReferenceToken reference && (page.Value.Entry("Parent") is not null || page.Inherited.Data.Count == 0)
            ? reference
            : WriteObject(Take(), Inherit(page.Value, page.Inherited, page.Value), written));
        WriteObject(tree, new(new Dictionary<NameToken, IToken>
        {
            [NameToken.Type] = NameToken.Pages,
            [NameToken.Kids] = new ArrayToken(kids),
            [NameToken.Count] = new NumericToken(kids.Count),
        }), written);
        var catalog = Take();
        // Encrypted strings would have another object's key here.
        var kept = CatalogEntries.Where(name => Root.Entry(name) is { } value && (value is IndirectReferenceToken || !trailer.ContainsKey("Encrypt")));
        WriteObject(catalog, kept.Aggregate(DictionaryToken.Empty, (all, name) => all.With(name, Root.Entry(name)!)).With(NameToken.Type, NameToken.Catalog).With(NameToken.Pages, Reference(tree, 0)), written);
        WriteTable(catalog, shift, written);
        return output.ToArray();
    }

    // PdfPig reads an object stream as a whole, or nothing of it: its objects stand on their own now.
    private void WritePacked(Dictionary<int, int> written)
    {
        foreach (var (number, place) in places.Where(pair => pair.Value.Container > 0))
        {
            written[number] = (int)output.Length;
            WriteLine($"{number} 0 obj");
            output.Write(streams[place.Container].AsSpan(place.Body..place.StartOrEnd));
            output.Write("\nendobj\n"u8);
        }
    }

    private void WriteLine(FormattableString line) => output.Write(Encoding.ASCII.GetBytes(line.ToString(CultureInfo.InvariantCulture) + "\n"));

    private int Take() => nextNumber++;

    private IndirectReferenceToken WriteObject(int number, DictionaryToken value, Dictionary<int, int> written)
    {
        written[number] = (int)output.Length;
        WriteLine($"{number} 0 obj");
        TokenWriter.Instance.WriteToken(value, output);
        output.Write("\nendobj\n"u8);
        return Reference(number, 0);
    }

    /// <summary>A cross-reference stream that lies unpacked: type, place and generation in 1, 4 and 4 bytes.</summary>
    private void WriteTable(int catalog, int shift, Dictionary<int, int> written)
    {
        var entries = new MemoryStream();
        var index = new List<IToken>();
        Span<byte> entry = stackalloc byte[EntryBytes];
        var all = places.Where(pair => pair.Value.Container == 0).Select(pair => (pair.Key, Start: pair.Value.StartOrEnd + shift, pair.Value.Generation))
            .Concat(written.Select(pair => (pair.Key, Start: pair.Value, Generation: 0)));
        foreach (var (number, place, generation) in all)
        {
            entry[0] = 1;
            BinaryPrimitives.WriteInt32BigEndian(entry[1..], place);
            BinaryPrimitives.WriteInt32BigEndian(entry[5..], generation);
            entries.Write(entry);
            index.AddRange([new NumericToken(number), NumericToken.One]);
        }

        var start = (int)output.Length;
        var dictionary = new Dictionary<NameToken, IToken>
        {
            [NameToken.Type] = NameToken.Xref,
            [NameToken.Size] = new NumericToken(nextNumber + 1),
            [NameToken.W] = new ArrayToken([new NumericToken(1), new NumericToken(4), new NumericToken(4)]),
            [NameToken.Index] = new ArrayToken(index),
            [NameToken.Root] = Reference(catalog, 0),
            [NameToken.Filter] = NameToken.AsciiHexDecode,
        };
        foreach (var name in TrailerEntries.Where(name => name != "Root" && trailer.ContainsKey(name)))
        {
            dictionary[NameToken.Create(name)] = trailer[name];
        }

        // In hexadecimal: PdfPig looks for the word endstream in the bytes.
        var data = Encoding.ASCII.GetBytes(Convert.ToHexString(entries.GetBuffer().AsSpan(0, (int)entries.Length)) + ">");
        dictionary[NameToken.Length] = new NumericToken(data.Length);
        WriteLine($"{nextNumber} 0 obj");
        TokenWriter.Instance.WriteToken(new DictionaryToken(dictionary), output);
        output.Write("\nstream\n"u8);
        output.Write(data);
        WriteLine($"\nendstream\nendobj\nstartxref\n{start}\n%%EOF");
    }

    private static IndirectReferenceToken Reference(int number, int generation) => new(new(number, generation));

    private static bool IsNamed(DictionaryToken dictionary, string name, string value) => dictionary.Entry(name) is NameToken token && token.Data == value;

    private IToken? Resolve(IToken? value)
    {
        for (var steps = 0; value is IndirectReferenceToken reference; steps++)
        {
            value = steps < PdfLimits.ReferencesMax ? Load((int)reference.Data.ObjectNumber) : null;
        }

        return value;
    }

    private IToken? Load(int number)
    {
        if (!read.TryGetValue(number, out var value) && places.TryGetValue(number, out var place))
        {
            value = place.Container == 0 ? ReadAt(place.Body) : streams.TryGetValue(place.Container, out var stream) ? ReadAt(stream, place.Body) : null;
            read[number] = value;
        }

        return value;
    }

    private IToken? ReadAt(int at) => ReadAt(bytes, at);

    /// <summary>The value that begins there; null where there is none. A reference on its own comes as its number.</summary>
    private IToken? ReadAt(ReadOnlyMemory<byte> source, int at)
    {
        if (at >= source.Length || parsedBytes > PdfLimits.ParsedBytesMax)
        {
            return null;
        }

        var input = new MemoryInputBytes(source.Slice(at, Math.Min(PdfLimits.ObjectBytesMax, source.Length - at)));
        try
        {
            var scanner = new CoreTokenScanner(input, usePdfDocEncoding: true, new(PdfLimits.NestingMax), useLenientParsing: true);
            return scanner.MoveNext() ? scanner.CurrentToken : null;
        }
        catch (Exception broken) when (PdfTokens.IsInFile(broken))
        {
            return null; // an object that cannot be read counts as missing
        }
        finally
        {
            parsedBytes += input.CurrentOffset;
        }
    }

    /// <summary>A stream's bytes: by its length where that leads to its end, otherwise up to the word <c>endstream</c>.</summary>
    private ReadOnlyMemory<byte>? StreamData(int at)
    {
        var word = Next(Span, at, "stream"u8);
        if (word < 0)
        {
            return null;
        }

        var start = word + "stream".Length;
        start += Span[start..] is [(byte)'\r', (byte)'\n', ..] ? 2 : Span[start..] is [(byte)'\n' or (byte)'\r', ..] ? 1 : 0;
        var end = BehindStream(at) is var right && right > start ? right : Next(Span, start, "endstream"u8);
        return bytes[start..(end < 0 ? bytes.Length : end)];
    }

    /// <summary>Passes over a stream whose length is right: what looks like an object within it belongs to an attached file.</summary>
    private int BehindStream(int at)
    {
        var beginning = Span.Slice(at, Math.Min(TypeBytes, Span.Length - at));
        var stream = beginning.IndexOf("stream"u8);
        var dictionary = stream < 0 ? default : beginning[..stream];
        var length = dictionary.IndexOf("/Length "u8) + "/Length ".Length;
        if (length < "/Length ".Length || dictionary.IndexOf("obj"u8) >= 0
            || !System.Buffers.Text.Utf8Parser.TryParse(dictionary[length..], out int count, out var digits) || count < 0)
        {
            return at;
        }

        var isReference = dictionary[(length + digits)..] is [(byte)' ', >= (byte)'0' and <= (byte)'9', ..];
        var end = at + stream + "stream".Length + (long)count;
        if (!isReference && end > Span.Length)
        {
            wrongLengths.Add((at + length)..(at + length + digits)); // PdfPig would go there, beyond the file.
        }

        if (isReference || end > Span.Length)
        {
            return at;
        }

        var behind = Span.Slice((int)end, Math.Min(EndBytes, Span.Length - (int)end));
        return behind.IndexOf("endstream"u8) >= 0 ? (int)end : at;
    }

    private static int Next(ReadOnlySpan<byte> span, int from, ReadOnlySpan<byte> word)
    {
        var at = from >= span.Length ? -1 : span[from..].IndexOf(word);
        return at < 0 ? -1 : from + at;
    }

    /// <summary>Reads "12 0 " backwards from the word obj.</summary>
    private static (int Number, int Generation, int Start)? Header(ReadOnlySpan<byte> span, int at)
    {
        var generation = BackOverDigits(span, BackOverSpace(span, at), out var generationStart);
        var middle = BackOverSpace(span, generationStart);
        if (generation < 0 || middle == generationStart)
        {
            return null;
        }

        var number = BackOverDigits(span, middle, out var start);
        return number is <= 0 or > PdfLimits.ObjectNumberMax ? null : ((int)number, (int)Math.Min(generation, ushort.MaxValue), start);
    }

    private static int BackOverSpace(ReadOnlySpan<byte> span, int at)
    {
        while (at > 0 && span[at - 1] is 0 or (byte)'\t' or (byte)'\n' or (byte)'\f' or (byte)'\r' or (byte)' ')
        {
            at--;
        }

        return at;
    }

    /// <returns>The number that ends there; -1 where there is none.</returns>
    private static long BackOverDigits(ReadOnlySpan<byte> span, int end, out int start)
    {
        const int digitsMax = 10;
        start = end;
        while (start > 0 && end - start < digitsMax && span[start - 1] is >= (byte)'0' and <= (byte)'9')
        {
            start--;
        }

        var value = 0L;
        foreach (var digit in span[start..end])
        {
            value = (value * 10) + (digit - '0');
        }

        return start == end ? -1 : value;
    }

    /// <summary>Where an object lies.</summary>
    /// <param name="Container">The object stream that holds it; 0 for the file itself.</param>
    /// <param name="StartOrEnd">Where <c>12 0 obj</c> begins in the file; within an object stream, where the object ends.</param>
    /// <param name="Body">Where its value begins, in the file or in the unpacked stream.</param>
    private readonly record struct Place(int Container, int StartOrEnd, int Generation, int Body);
}
