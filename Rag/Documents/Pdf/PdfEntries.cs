namespace Pybo.Rag.Documents.Pdf;

/// <summary>Where an object lies: at an offset of the file, or as one of an object stream.</summary>
/// <param name="Container">The number of the object stream; 0 for an object of its own.</param>
/// <param name="Place">The offset in the file, or the index in the object stream.</param>
internal readonly record struct PdfEntry(int Container, int Place, int Generation);

/// <summary>The cross-reference table: which object lies where, and what the trailers say.</summary>
internal sealed class PdfEntries
{
    private readonly Dictionary<int, PdfEntry?> entries = [];
    private readonly Dictionary<string, PdfObject> trailer = new(StringComparer.Ordinal);

    /// <summary>The numbers of all objects, in the order in which they were met.</summary>
    public IEnumerable<int> Numbers => entries.Where(entry => entry.Value is not null).Select(entry => entry.Key);

    public PdfDictionary Trailer => new(trailer);

    public bool IsFull => entries.Count >= PdfLimits.ObjectsMax;

    public PdfEntry? this[int number] => entries.GetValueOrDefault(number);

    /// <summary>True where the table says something of the object, if only that it was deleted.</summary>
    public bool Has(int number) => entries.ContainsKey(number);

    /// <summary>Adds an object that no later section has told of; null for one that was deleted.</summary>
    public void AddOlder(int number, PdfEntry? entry)
    {
        if (number is >= 0 and <= PdfLimits.ObjectNumberMax && !IsFull)
        {
            entries.TryAdd(number, entry);
        }
    }

    /// <summary>Adds an object that takes the place of an earlier one.</summary>
    public void AddNewer(int number, PdfEntry entry)
    {
        if (number is >= 0 and <= PdfLimits.ObjectNumberMax && (!IsFull || entries.ContainsKey(number)))
        {
            entries[number] = entry;
        }
    }

    public void AddOlder(PdfDictionary section)
    {
        foreach (var (name, value) in section.Entries)
        {
            trailer.TryAdd(name, value);
        }
    }

    public void AddNewer(PdfDictionary section)
    {
        foreach (var (name, value) in section.Entries)
        {
            trailer[name] = value;
        }
    }
}
