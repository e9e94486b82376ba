namespace Pybo.Rag.Documents.Pdf;

/// <summary>Shares the strings of names and operators, of which a file repeats a few hundred a million times.</summary>
internal sealed class PdfNames
{
    private readonly Dictionary<string, PdfName> names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PdfName>.AlternateLookup<ReadOnlySpan<char>> lookup;

    public PdfNames() => lookup = names.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <param name="bytes">The name's bytes, decoded, without its slash.</param>
    public PdfName Name(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > PdfLimits.CachedNameLengthMax)
        {
            return new(System.Text.Encoding.Latin1.GetString(bytes));
        }

        Span<char> characters = stackalloc char[bytes.Length];
        for (var at = 0; at < bytes.Length; at++)
        {
            characters[at] = (char)bytes[at];
        }

        if (lookup.TryGetValue(characters, out var known))
        {
            return known;
        }

        var name = new PdfName(characters.ToString());
        if (names.Count < PdfLimits.CachedNamesMax)
        {
            names.Add(name.Value, name);
        }

        return name;
    }
}
