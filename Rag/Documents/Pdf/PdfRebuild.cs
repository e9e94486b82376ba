using System.Buffers;

namespace Pybo.Rag.Documents.Pdf;

/// <summary>Makes the cross-reference table of a file whose own is missing or wrong, by looking for everything that begins like an object.</summary>
internal sealed class PdfRebuild(PdfFile file, PdfObjectReader reader)
{
    /// <summary>The dictionary of an object stream or cross-reference stream names its type this near to its beginning.</summary>
    private const int TypeBytes = 512;

    /// <summary>Line ends and the word <c>endstream</c> stand within this after a stream whose length is right.</summary>
    private const int EndBytes = 16;

    private static readonly SearchValues<byte> Digits = SearchValues.Create("0123456789"u8);

    private readonly PdfEntries entries = new();
    private readonly List<int> objectStreams = [];

    /// <summary>The table without what lies in object streams: reading those may need the trailer's encryption first.</summary>
    public PdfEntries FindObjects()
    {
        var span = reader.Bytes.Span;
        for (var at = Next(span, 0, "obj"u8); at >= 0; at = Next(span, at, "obj"u8))
        {
            var word = at;
            at += "obj".Length;
            if (Header(span, word) is var (number, generation, start))
            {
                entries.AddNewer(number, new(0, start, generation));
                Note(span, number, at, start);
                at = BehindStream(span, at);
            }
        }

        for (var at = Next(span, 0, "trailer"u8); at >= 0 && !reader.IsExhausted; at = Next(span, at, "trailer"u8))
        {
            at += "trailer".Length;
            var lexer = reader.LexerAt(at);
            if (new PdfParser(lexer).ReadObject() is PdfDictionary trailer)
            {
                entries.AddNewer(trailer);
            }

            reader.Charge(lexer.Position - at);
        }

        return entries;
    }

    /// <summary>Adds what lies in object streams, unless the object stands again later in the file.</summary>
    public void FindInStreams()
    {
        foreach (var container in objectStreams.Distinct())
        {
            var numbers = file.NumbersIn(container);
            for (var index = 0; index < numbers.Count; index++)
            {
                if (numbers[index] != container && Place(entries[numbers[index]]) < Place(entries[container]))
                {
                    entries.AddNewer(numbers[index], new(container, index, 0));
                }
            }
        }
    }

    /// <summary>Where in the file an object lies, or the stream that holds it; -1 for none.</summary>
    private int Place(PdfEntry? entry) => entry switch
    {
        null => -1,
        { Container: > 0 and var container } => entries[container] is { Container: 0, Place: var place } ? place : -1,
        { Place: var place } => place,
    };

    /// <summary>The first object that says it is the catalog, for a trailer that names none; null where none does.</summary>
    public PdfReference? FindRoot()
    {
        foreach (var number in entries.Numbers.ToList())
        {
            if (file.Dictionary(new PdfReference(number, 0)) is { } dictionary && dictionary.IsNamed("Type", "Catalog") && dictionary.Has("Pages"))
            {
                return new(number, 0);
            }
        }

        return null;
    }

    private void Note(ReadOnlySpan<byte> span, int number, int at, int start)
    {
        var beginning = span.Slice(at, Math.Min(TypeBytes, span.Length - at));
        if (beginning.IndexOf("/ObjStm"u8) >= 0)
        {
            objectStreams.Add(number);
        }
        else if (beginning.IndexOf("/XRef"u8) >= 0 && reader.ReadAt(start, number, security: null)?.Value is PdfStream stream && stream.Dictionary.IsNamed("Type", "XRef"))
        {
            entries.AddNewer(stream.Dictionary);
        }
    }

    /// <summary>Passes over a stream whose length is right: what looks like an object within it belongs to an attached file.</summary>
    private int BehindStream(ReadOnlySpan<byte> span, int at)
    {
        var beginning = span.Slice(at, Math.Min(TypeBytes, span.Length - at));
        var stream = beginning.IndexOf("stream"u8);
        var dictionary = stream < 0 ? default : beginning[..stream];
        var length = dictionary.IndexOf("/Length "u8) + "/Length ".Length;
        if (length < "/Length ".Length || dictionary.IndexOf("obj"u8) >= 0 || !Digits.Contains(dictionary[length..] is [var digit, ..] ? digit : (byte)0))
        {
            return at;
        }

        var lexer = reader.LexerAt(at + length);
        lexer.Read();
        var end = at + stream + "stream".Length + lexer.Number;
        if (lexer.TryReadReference() >= 0 || end > span.Length)
        {
            return at;
        }

        var behind = span.Slice((int)end, Math.Min(EndBytes, span.Length - (int)end));
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
        var end = BackOverSpace(span, at);
        var generation = BackOverDigits(span, end, out var generationStart);
        var middle = BackOverSpace(span, generationStart);
        if (generation < 0 || middle == generationStart)
        {
            return null;
        }

        var number = BackOverDigits(span, middle, out var start);
        return number is < 0 or > PdfLimits.ObjectNumberMax ? null : ((int)number, (int)Math.Min(generation, ushort.MaxValue), start);
    }

    private static int BackOverSpace(ReadOnlySpan<byte> span, int at)
    {
        while (at > 0 && PdfLexer.IsWhite(span[at - 1]))
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
}
