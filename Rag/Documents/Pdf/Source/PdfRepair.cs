using System.Buffers;
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
/// Repairs a file that PdfPig cannot open, or opens without a page: finds its objects in the bytes, and appends a page tree, a catalog, a cross-reference
/// table and a trailer (ISO 32000-2, 7.5). The original bytes stay in place.
/// </summary>
internal sealed partial class PdfRepair
{
    private static readonly string[] TrailerEntries = ["Root", "Encrypt", "ID", "Info"];

    /// <summary>Catalog entries needed for reading text, in addition to its pages.</summary>
    private static readonly string[] CatalogEntries = ["OCProperties", "AcroForm"];

    private readonly ArrayBufferWriter<byte> file = new();
    private readonly SortedDictionary<int, Place> places = [];
    private DictionaryToken trailer = DictionaryToken.Empty;

    private PdfRepair(ReadOnlyMemory<byte> bytes)
    {
        Write($"%PDF-1.7\n");
        file.Write(bytes.Span);
        Write($"\n");
        var trailers = FindObjects();
        foreach (var found in Objects("XRef").OrderBy(found => found.Place.Start).Select(found => found.Value).Concat(trailers.Select(place => Read(place) as DictionaryToken)))
        {
            trailer = TrailerEntries.Where(name => found.Entry(name) is not (null or NullToken)).Aggregate(trailer, (all, name) => all.With(name, found.Entry(name)!));
        }
    }

    private ReadOnlySpan<byte> Span => file.WrittenSpan;

    /// <summary>Returns the file with a valid table and page tree.</summary>
    public static byte[] Rebuild(ReadOnlyMemory<byte> bytes) => new PdfRepair(bytes).Mended();

    /// <summary>True if an encrypted file declares its streams (<c>StmF</c>) or strings (<c>StrF</c>) unencrypted.</summary>
    public static bool IsPlain(DictionaryToken encryption, string kind) =>
        encryption.Entry("V") is NumericToken { Int: 4 or 5 } && encryption.Entry(kind) is null or NameToken { Data: "Identity" };

    /// <summary>Finds text that begins like an object, the last of several versions, and the data after the word <c>trailer</c>; each ends at the next beginning.</summary>
    private List<Place> FindObjects()
    {
        var (marks, trailers) = (Mark().Matches(Encoding.Latin1.GetString(Span)), new List<Place>());
        for (var at = 0; at < marks.Count && places.Count < PdfLimits.ObjectsMax; at++)
        {
            var (mark, end) = (marks[at], at + 1 < marks.Count ? marks[at + 1].Index : Span.Length);
            if (!mark.Groups[1].Success)
            {
                trailers.Add(new(mark.Index, 0, mark.Index + mark.Length, end));
            }
            else if (int.Parse(mark.Groups[1].ValueSpan, CultureInfo.InvariantCulture) is > 0 and <= PdfLimits.ObjectNumberMax and var number)
            {
                places[number] = new(mark.Index, int.Parse(mark.Groups[2].ValueSpan, CultureInfo.InvariantCulture), mark.Index + mark.Length, end);
            }
        }

        return trailers;
    }

    [GeneratedRegex(@"([0-9]{1,9})[\0\s]{1,9}([0-9]{1,5})[\0\s]{0,9}obj|trailer")]
    private static partial Regex Mark();

    private byte[] Mended()
    {
        if (Resolve(trailer.Entry("Encrypt")) is DictionaryToken encryption)
        {
            // PdfPig refuses unencrypted streams combined with AES strings, and a damaged title: the title is sacrificed for the text.
            trailer = IsPlain(encryption, "StrF") ? trailer : trailer.Without("Info");
            trailer = IsPlain(encryption, "StmF") ? trailer.Without("Encrypt") : trailer;
        }

        if (trailer.Entry("Encrypt") is null)
        {
            Unpack();
        }

        var root = Resolve(trailer.Entry("Root")) as DictionaryToken ?? Objects("Catalog").Select(found => found.Value).LastOrDefault(DictionaryToken.Empty);
        var pages = Pages(root);
        var tree = Add(DictionaryToken.Empty.With("Type", NameToken.Pages).With("Kids", new ArrayToken(pages)).With("Count", new NumericToken(pages.Count)));
        var catalog = DictionaryToken.Empty.With("Type", NameToken.Catalog).With("Pages", tree);
        trailer = trailer.With("Root", Add(CatalogEntries.Where(name => root.Entry(name) is not null).Aggregate(catalog, (all, name) => all.With(name, root.Entry(name)!))));
        WriteTable();
        return Span.ToArray();
    }

    // PdfPig reads all of an object stream or nothing: its objects become separate ones, unless the file has them again later.
    private void Unpack()
    {
        var filters = new PdfFilters();
        foreach (var (_, container, dictionary) in Objects("ObjStm").OrderByDescending(found => found.Place.Start).ToList())
        {
            var data = new StreamToken(dictionary, StreamData(container)).Decode(filters).ToArray();
            var first = dictionary.Entry("First") is NumericToken { Int: > 0 and var given } && given < data.Length ? given : data.Length;
            var head = Encoding.ASCII.GetString(data[..first]).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
                .TakeWhile(word => int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out _)).Select(word => int.Parse(word, CultureInfo.InvariantCulture)).ToList();
            for (var at = 0; at + 1 < head.Count && places.Count < PdfLimits.ObjectsMax; at += 2)
            {
                var end = Math.Min(at + 3 < head.Count ? head[at + 3] : data.Length, data.Length - first);
                if (head[at] is > 0 and <= PdfLimits.ObjectNumberMax && head[at + 1] < end && !(places.TryGetValue(head[at], out var other) && other.Start > container.Start))
                {
                    Add(head[at], data.AsSpan((first + head[at + 1])..(first + end)));
                }
            }
        }
    }

    private byte[] StreamData(Place place)
    {
        var data = Span[place.Body..place.End];
        data = data.IndexOf("stream"u8) is >= 0 and var start ? data[(start + "stream".Length)..].TrimStart("\r\n"u8) : default;
        return data[..(data.IndexOf("endstream"u8) is >= 0 and var end ? end : data.Length)].ToArray();
    }

    /// <summary>Returns the pages of the tree in order, then all other objects of type page.</summary>
    private List<IToken> Pages(DictionaryToken root)
    {
        var (pages, walked, left, open) = (new List<IToken>(), new HashSet<int>(), PdfLimits.PageNodesMax, new Stack<IToken?>([root.Entry("Pages")]));
        while (open.TryPop(out var next))
        {
            if (next is not IndirectReferenceToken { Data: var reference } || !walked.Add((int)reference.ObjectNumber) || Resolve(next) is not DictionaryToken node)
            {
                continue;
            }

            if (left > 0 && Resolve(node.Entry("Kids")) is ArrayToken kids)
            {
                foreach (var kid in kids.Data.Take(left).Reverse())
                {
                    open.Push(kid);
                }

                left -= kids.Length;
            }
            else if (!IsNamed(node, "Pages") && !IsNamed(node, "Catalog"))
            {
                pages.Add(next);
            }
        }

        return [.. pages, .. Objects("Page").Where(found => walked.Add(found.Number)).Select(found => new IndirectReferenceToken(new(found.Number, found.Place.Generation)))];
    }

    private void Write(FormattableString text) => file.Write(Encoding.ASCII.GetBytes(text.ToString(CultureInfo.InvariantCulture)));

    private IndirectReferenceToken Add(DictionaryToken value) => Add(places.Keys.LastOrDefault() + 1, Bytes(value));

    private IndirectReferenceToken Add(int number, ReadOnlySpan<byte> value)
    {
        var start = Span.Length;
        Write($"{number} 0 obj\n");
        places[number] = new(start, 0, Span.Length, Span.Length + value.Length);
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
        file.Write(Bytes(trailer.With("Size", new NumericToken(places.Keys.Last() + 1))));
        Write($"\nstartxref\n{start}\n%%EOF\n");
    }

    private static byte[] Bytes(DictionaryToken value)
    {
        using var text = new MemoryStream();
        TokenWriter.Instance.WriteToken(value, text);
        return text.ToArray();
    }

    private static bool IsNamed(DictionaryToken dictionary, string type) => dictionary.Entry("Type") is NameToken token && token.Data == type;

    /// <summary>Returns the objects of a type, by their numbers; reads only those that name it.</summary>
    private IEnumerable<(int Number, Place Place, DictionaryToken Value)> Objects(string type)
    {
        var name = Encoding.ASCII.GetBytes(type);
        return from entry in places
               where Span[entry.Value.Body..entry.Value.End].IndexOf(name) >= 0
               let value = Read(entry.Value) as DictionaryToken
               where value is not null && IsNamed(value, type)
               select (entry.Key, entry.Value, value);
    }

    private IToken? Resolve(IToken? value) =>
        value is not IndirectReferenceToken reference ? value : places.TryGetValue((int)reference.Data.ObjectNumber, out var place) ? Read(place) : null;

    /// <summary>Returns the value at that place; null if there is none. A bare reference yields its number.</summary>
    private IToken? Read(Place place)
    {
        try
        {
            var scanner = new CoreTokenScanner(new MemoryInputBytes(file.WrittenMemory[place.Body..place.End]), usePdfDocEncoding: true, new(PdfLimits.NestingMax), useLenientParsing: true);
            return scanner.MoveNext() ? scanner.CurrentToken : null;
        }
        catch (Exception broken) when (PdfTokens.IsInFile(broken))
        {
            return null; // an unreadable object counts as missing
        }
    }

    /// <summary>An object's position: <c>12 0 obj</c>, followed by its value.</summary>
    private readonly record struct Place(int Start, int Generation, int Body, int End);
}
