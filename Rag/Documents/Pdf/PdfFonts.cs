namespace Pybo.Rag.Documents.Pdf;

/// <summary>The fonts of a file, each read once however many pages name it.</summary>
internal sealed class PdfFonts(PdfFile file)
{
    /// <summary>Fonts that are kept: the figures of a large file have a few thousand.</summary>
    private const int CachedMax = 10_000;

    private readonly PdfFontPrograms programs = new(file);
    private readonly Dictionary<PdfReference, PdfFont> byReference = [];
    private readonly Dictionary<PdfDictionary, PdfFont> byDictionary = new(ReferenceEqualityComparer.Instance);

    /// <summary>The font; one that guesses where the value is none.</summary>
    /// <param name="value">As it stands in the resources: mostly a reference.</param>
    public PdfFont Find(PdfObject? value)
    {
        if (byDictionary.Count >= CachedMax || byReference.Count >= CachedMax)
        {
            byDictionary.Clear();
            byReference.Clear();
            programs.Clear();
        }

        if (value is PdfReference reference && byReference.TryGetValue(reference, out var known))
        {
            return known;
        }

        var dictionary = file.Dictionary(value) ?? PdfDictionary.Empty;
        if (!byDictionary.TryGetValue(dictionary, out var font))
        {
            font = Read(dictionary);
            byDictionary.Add(dictionary, font);
        }

        if (value is PdfReference key)
        {
            byReference.Add(key, font);
        }

        return font;
    }

    private PdfFont Read(PdfDictionary font)
    {
        var toUnicode = ToUnicode(font);
        var descendants = file.Array(font, "DescendantFonts");
        if (file.Name(font, "Subtype") == "Type0" || descendants is not null)
        {
            var descendant = file.Dictionary(descendants?.ElementAtOrDefault(0)) ?? PdfDictionary.Empty;
            var encodingName = file.Name(font, "Encoding");
            var isUnicode = file.Name(font, "ToUnicode") is "Identity-H" or "Identity-V";
            return new CompositeFont(file, descendant, new(file, descendant, programs), Encoding(font, encodingName), Ordering(descendant, encodingName), toUnicode, isUnicode);
        }

        return new SimpleFont(file, font, new(file, font, programs), toUnicode);
    }

    private CMap? ToUnicode(PdfDictionary font)
    {
        if (file.Stream(font, "ToUnicode") is { } stream)
        {
            return Parse(stream, 0) is { SaysNothing: false } map ? map : null;
        }

        return null;
    }

    private CMap Encoding(PdfDictionary font, string? name)
    {
        if (file.Stream(font, "Encoding") is { } stream)
        {
            var map = Parse(stream, 0);
            map.IsVertical = map.IsVertical || file.Integer(stream.Dictionary, "WMode") == 1;
            return map;
        }

        return name is not null && CMapLibrary.Find(name) is { } predefined ? predefined : CMap.Identity(name?.EndsWith("-V", StringComparison.Ordinal) ?? false);
    }

    // A CMap's dictionary may name the one it builds on, as well as the map itself; a chain that leads back ends at its depth.
    private CMap Parse(PdfStream stream, int depth)
    {
        var map = CMapParser.Parse(file.Decode(stream), CMapLibrary.Find);
        if (file.Name(stream.Dictionary, "UseCMap") is { } name && CMapLibrary.Find(name) is { } predefined)
        {
            map.Use(predefined);
        }
        else if (depth < CMap.UseDepthMax && file.Stream(stream.Dictionary, "UseCMap") is { } other && other != stream)
        {
            map.Use(Parse(other, depth + 1));
        }

        return map;
    }

    private string? Ordering(PdfDictionary descendant, string? encodingName)
    {
        var system = file.Dictionary(descendant, "CIDSystemInfo");
        var ordering = system is not null && file.String(system, "Ordering") is { } bytes ? System.Text.Encoding.Latin1.GetString(bytes.Span) : null;
        return ordering is "Korea1" or "Japan1" or "GB1" or "CNS1" ? ordering : encodingName is null ? null : CMapLibrary.Ordering(encodingName);
    }
}
