using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using UglyToad.PdfPig;
using UglyToad.PdfPig.Core;
using UglyToad.PdfPig.Tokenization.Scanner;
using UglyToad.PdfPig.Tokens;
using UglyToad.PdfPig.Writer;

namespace Pybo.Rag.Documents.Pdf.Source;

/// <summary>
/// Mends a file that PdfPig does not open, or opens without a page: finds its objects in the bytes, and writes a page tree, a catalog, a cross-reference table and a
/// trailer behind them (ISO 32000-2, 7.5). What stood there stays where it is.
/// </summary>
internal sealed partial class PdfRepair
{
    /// <summary>An object names its type this near to its beginning; reading every object would take too long.</summary>
    private const int TypeBytes = 4_096;

    /// <summary>The number and the generation before the word <c>obj</c>.</summary>
    private const int HeaderBytes = 32;

    private static readonly string[] TrailerEntries = ["Root", "Encrypt", "ID", "Info"];

    /// <summary>What a reader of text asks of a catalog, beside its pages.</summary>
    private static readonly string[] CatalogEntries = ["OCProperties", "AcroForm"];

    private readonly ArrayBufferWriter<byte> file = new();
    private readonly SortedDictionary<int, Place> places = [];
    private readonly Dictionary<int, IToken?> read = [];
    private readonly Dictionary<string, IToken> trailer = new(StringComparer.Ordinal);
    private readonly List<IndirectReferenceToken> pages = [];
    private long parsedBytes;
    private int nextNumber;

    private PdfRepair(ReadOnlyMemory<byte> bytes)
    {
        Write($"%PDF-1.7\n");
        var given = bytes.ToArray();
        foreach (var at in Places(bytes, "/Length "))
        {
            // PdfPig goes where a stream's length leads, also beyond the file.
            var number = given.AsSpan(at + "/Length ".Length);
            number[..(Utf8Parser.TryParse(number, out long length, out var digits) && length > number.Length ? digits : 0)].Fill((byte)'0');
        }

        file.Write(given);
        Write($"\n");
        FindObjects();
        foreach (var (_, stream) in Objects("XRef").OrderBy(pair => pair.Place.Start))
        {
            Note(stream);
        }

        foreach (var at in Places(file.WrittenMemory, "trailer"))
        {
            Note(ReadAt(at + "trailer".Length) as DictionaryToken);
        }
    }

    private ReadOnlySpan<byte> Span => file.WrittenSpan;

    /// <summary>The file with a table and a page tree that hold; null where nothing in it says that it is a page.</summary>
    /// <param name="left">An entry of the trailer that is left out.</param>
    public static byte[]? Rebuild(ReadOnlyMemory<byte> bytes, string? left = null)
    {
        try
        {
            var repair = new PdfRepair(bytes);
            repair.trailer.Remove(left ?? "");
            return repair.TryMend() ? repair.Span.ToArray() : null;
        }
        catch (Exception broken) when (PdfTokens.IsInFile(broken))
        {
            return null; // What is left of a page cannot be written: its values are no PDF.
        }
    }

    /// <summary>The encryption dictionary that the file's last trailer names; null where it names none.</summary>
    public static DictionaryToken? Encryption(ReadOnlyMemory<byte> bytes)
    {
        var repair = new PdfRepair(bytes);
        return repair.Resolve(repair.trailer.GetValueOrDefault("Encrypt")) as DictionaryToken;
    }

    private static IEnumerable<int> Places(ReadOnlyMemory<byte> bytes, string word)
    {
        var name = Encoding.ASCII.GetBytes(word);
        for (var at = bytes.Span.IndexOf(name); at >= 0;)
        {
            yield return at;
            at = bytes.Span[(at + 1)..].IndexOf(name) is >= 0 and var next ? at + 1 + next : -1;
        }
    }

    // The last of several versions counts.
    private void FindObjects()
    {
        foreach (var at in Places(file.WrittenMemory, "obj").TakeWhile(_ => places.Count < PdfLimits.ObjectsMax))
        {
            var start = Math.Max(0, at - HeaderBytes);
            var header = Header().Match(Encoding.Latin1.GetString(Span[start..at]));
            if (int.TryParse(header.Groups[1].ValueSpan, CultureInfo.InvariantCulture, out var number) && number is > 0 and <= PdfLimits.ObjectNumberMax)
            {
                places[number] = new(start + header.Index, int.Parse(header.Groups[2].ValueSpan, CultureInfo.InvariantCulture), at + "obj".Length);
            }
        }
    }

    [GeneratedRegex(@"([0-9]+)[\0\s]+([0-9]{1,5})[\0\s]*$")]
    private static partial Regex Header();

    private void Note(DictionaryToken? found)
    {
        foreach (var name in TrailerEntries.Where(name => found.Entry(name) is not (null or NullToken)))
        {
            trailer[name] = found.Entry(name)!;
        }
    }

    private bool TryMend()
    {
        nextNumber = places.Keys.LastOrDefault() + 1;
        if (!trailer.ContainsKey("Encrypt"))
        {
            Unpack();
            nextNumber = places.Keys.LastOrDefault() + 1;
        }

        var root = Resolve(trailer.GetValueOrDefault("Root")) is DictionaryToken named && named.Entry("Pages") is not null
            ? named
            : Objects("Catalog").Select(pair => pair.Value).FirstOrDefault(DictionaryToken.Empty);
        FindPages(root);
        if (pages.Count == 0)
        {
            return false;
        }

        var tree = Add(DictionaryToken.Empty.With("Type", NameToken.Pages).With("Kids", new ArrayToken(pages)).With("Count", new NumericToken(pages.Count)));
        // Encrypted strings would have another object's key here.
        var kept = CatalogEntries.Where(name => root.Entry(name) is { } value && (value is IndirectReferenceToken || !trailer.ContainsKey("Encrypt")));
        trailer["Root"] = Add(kept.Aggregate(DictionaryToken.Empty, (all, name) => all.With(name, root.Entry(name)!)).With("Type", NameToken.Catalog).With("Pages", tree));
        WriteTable();
        return true;
    }

    // PdfPig reads an object stream as a whole, or nothing of it: its objects stand on their own afterwards, unless they stand again later in the file.
    private void Unpack()
    {
        var (filters, outside) = (new PdfFilters(), new Dictionary<int, Place>(places));
        foreach (var (container, dictionary) in Objects("ObjStm").OrderBy(pair => pair.Place.Start).ToList())
        {
            if (dictionary.Entry("First") is not NumericToken { Int: > 0 and var first })
            {
                continue;
            }

            var data = new StreamToken(dictionary, StreamData(container.Body)).Decode(filters).ToArray();
            var head = Encoding.ASCII.GetString(data.AsSpan(0, Math.Min(first, data.Length))).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
                .TakeWhile(word => int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out _)).Select(word => int.Parse(word, CultureInfo.InvariantCulture)).ToList();
            var ends = head.Where((_, at) => at % 2 == 1).Append(Math.Max(0, data.Length - first)).Distinct().Order().ToList();
            for (var at = 0; at + 1 < head.Count && places.Count < PdfLimits.ObjectsMax; at += 2)
            {
                var (number, next) = (head[at], ends.BinarySearch(head[at + 1]) + 1);
                if (number is > 0 and <= PdfLimits.ObjectNumberMax && next < ends.Count && first + ends[next] <= data.Length
                    && !(outside.TryGetValue(number, out var other) && other.Start > container.Start))
                {
                    Add(number, data.AsSpan((first + head[at + 1])..(first + ends[next])));
                }
            }
        }
    }

    private byte[] StreamData(int at)
    {
        var start = Next(at, "stream"u8) is >= 0 and var word ? word + "stream".Length : Span.Length;
        start += Span[start..] is [(byte)'\r', (byte)'\n', ..] ? 2 : Span[start..] is [(byte)'\n' or (byte)'\r', ..] ? 1 : 0;
        return Span[start..(Next(start, "endstream"u8) is >= 0 and var end ? end : Span.Length)].ToArray();
    }

    /// <summary>The pages of the tree in their order, then all other objects that say they are one.</summary>
    private void FindPages(DictionaryToken root)
    {
        var (walked, lost) = (new HashSet<int>(), Objects("Page").Select(pair => pair.Place).ToHashSet());
        var open = new Stack<(IEnumerator<IToken> Kids, IToken? Branch)>();
        open.Push((new List<IToken> { root.Entry("Pages") ?? NullToken.Instance }.GetEnumerator(), null));
        for (var nodes = 0; open.TryPeek(out var next) && nodes < PdfLimits.PageNodesMax && pages.Count <= DocumentBuilder.PagesMax; nodes++)
        {
            if (!next.Kids.MoveNext())
            {
                open.Pop();
                continue;
            }

            var reference = next.Kids.Current as IndirectReferenceToken;
            if ((reference is not null && !walked.Add((int)reference.Data.ObjectNumber)) || Resolve(next.Kids.Current) is not DictionaryToken node)
            {
                continue;
            }

            if (Resolve(node.Entry("Kids")) is ArrayToken kids)
            {
                open.Push((kids.Data.GetEnumerator(), reference ?? next.Branch));
            }
            else if (!IsNamed(node, "Pages") && !IsNamed(node, "Catalog"))
            {
                // A page that the tree holds itself, or that does not name the node from which it inherits, is written once more.
                pages.Add(reference is not null && (node.Entry("Parent") is not null || next.Branch is null) ? reference : Add(next.Branch is null ? node : node.With("Parent", next.Branch)));
            }
        }

        pages.AddRange(places.Where(pair => lost.Contains(pair.Value) && !walked.Contains(pair.Key))
            .Select(pair => new IndirectReferenceToken(new(pair.Key, pair.Value.Generation))).Take(Math.Max(0, DocumentBuilder.PagesMax + 1 - pages.Count)));
    }

    private void Write(FormattableString text) => file.Write(Encoding.ASCII.GetBytes(text.ToString(CultureInfo.InvariantCulture)));

    private IndirectReferenceToken Add(DictionaryToken value) => Add(nextNumber++, Bytes(value));

    private IndirectReferenceToken Add(int number, ReadOnlySpan<byte> value)
    {
        var start = Span.Length;
        Write($"{number} 0 obj\n");
        places[number] = new(start, 0, Span.Length);
        file.Write(value);
        Write($"\nendobj\n");
        return new(new(number, 0));
    }

    private void WriteTable()
    {
        var start = Span.Length;
        Write($"xref\n");
        foreach (var (number, place) in places)
        {
            Write($"{number} 1\n{place.Start:D10} {place.Generation:D5} n \n");
        }

        Write($"trailer\n");
        file.Write(Bytes(trailer.Aggregate(DictionaryToken.Empty, (all, entry) => all.With(entry.Key, entry.Value)).With("Size", new NumericToken(nextNumber))));
        Write($"\nstartxref\n{start}\n%%EOF\n");
    }

    private static byte[] Bytes(DictionaryToken value)
    {
        using var text = new MemoryStream();
        TokenWriter.Instance.WriteToken(value, text);
        return text.ToArray();
    }

    private static bool IsNamed(DictionaryToken dictionary, string type) => dictionary.Entry("Type") is NameToken token && token.Data == type;

    /// <summary>The objects of a type, by their numbers.</summary>
    private IEnumerable<(Place Place, DictionaryToken Value)> Objects(string type)
    {
        var name = Encoding.ASCII.GetBytes(type);
        foreach (var (number, place) in places)
        {
            if (Span.Slice(place.Body, Math.Min(TypeBytes, Span.Length - place.Body)).IndexOf(name) >= 0
                && Resolve(new IndirectReferenceToken(new(number, place.Generation))) is DictionaryToken value && IsNamed(value, type))
            {
                yield return (place, value);
            }
        }
    }

    private IToken? Resolve(IToken? value)
    {
        for (var steps = 0; value is IndirectReferenceToken reference && steps < PdfLimits.NestingMax; steps++)
        {
            var number = (int)reference.Data.ObjectNumber;
            if (!read.TryGetValue(number, out value) && places.TryGetValue(number, out var place))
            {
                read[number] = value = ReadAt(place.Body);
            }
        }

        return value;
    }

    /// <summary>The value that begins there; null where there is none. A reference on its own comes as its number.</summary>
    private IToken? ReadAt(int at)
    {
        if (at >= Span.Length || parsedBytes >= PdfLimits.ParsedBytesMax)
        {
            return null;
        }

        var input = new MemoryInputBytes(file.WrittenMemory.Slice(at, (int)Math.Min(PdfLimits.ParsedBytesMax - parsedBytes, Span.Length - at)));
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

    private int Next(int from, ReadOnlySpan<byte> word) => from < Span.Length && Span[from..].IndexOf(word) is >= 0 and var at ? from + at : -1;

    /// <summary>Where an object lies: <c>12 0 obj</c>, and its value behind that.</summary>
    private readonly record struct Place(int Start, int Generation, int Body);
}
