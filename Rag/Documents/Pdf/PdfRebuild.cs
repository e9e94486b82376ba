namespace Pybo.Rag.Documents.Pdf;

/// <summary>Makes the cross-reference table of a file whose own is missing or wrong, by looking for everything that begins like an object.</summary>
internal sealed class PdfRebuild(PdfFile file, ReadOnlyMemory<byte> bytes)
{
    /// <summary>The dictionary of an object stream or cross-reference stream names its type this near to its beginning.</summary>
    private const int TypeBytes = 512;

    private readonly PdfEntries entries = new();
    private readonly List<int> objectStreams = [];

    /// <summary>The table without what lies in object streams: reading those may need the trailer's encryption first.</summary>
    public PdfEntries FindObjects()
    {
        var span = bytes.Span;
        for (var at = Next(span, 0, "obj"u8); at >= 0; at = Next(span, at + 3, "obj"u8))
        {
            if (Header(span, at) is var (number, generation, start))
            {
                entries.AddNewer(number, new(0, start, generation));
                Note(span, number, at, start);
            }
        }

        for (var at = Next(span, 0, "trailer"u8); at >= 0; at = Next(span, at + 7, "trailer"u8))
        {
            if (new PdfParser(new(bytes, at + 7, file.Names)).ReadObject() is PdfDictionary trailer)
            {
                entries.AddNewer(trailer);
            }
        }

        return entries;
    }

    /// <summary>Adds what lies in object streams; an object of its own that comes later in the file has been met already and stays.</summary>
    public void FindInStreams()
    {
        foreach (var container in objectStreams)
        {
            var numbers = file.NumbersIn(container);
            for (var index = 0; index < numbers.Count; index++)
            {
                var known = entries[numbers[index]];
                if (known is null or { Container: > 0 })
                {
                    entries.AddNewer(numbers[index], new(container, index, 0));
                }
            }
        }
    }

    /// <summary>A number that names the root: the trailer's, else that of an object that says it is the catalog.</summary>
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
        else if (beginning.IndexOf("/XRef"u8) >= 0 && file.ReadObjectAt(start, number) is PdfStream stream && stream.Dictionary.IsNamed("Type", "XRef"))
        {
            entries.AddNewer(stream.Dictionary);
        }
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
