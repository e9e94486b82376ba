using System.Diagnostics.CodeAnalysis;
using UglyToad.PdfPig.Content;
using UglyToad.PdfPig.Core;
using UglyToad.PdfPig.Filters;
using UglyToad.PdfPig.Graphics.Colors;
using UglyToad.PdfPig.PdfFonts;
using UglyToad.PdfPig.Tokenization.Scanner;
using UglyToad.PdfPig.Tokens;

namespace Pybo.Rag.Documents.Pdf.Source;

/// <summary>
/// PdfPig's store of the resources that are in force, given only entries that it reads: one that it refuses would cost the whole page. Fonts are read when text
/// is shown in them; patterns, shadings and soft masks, which text does not need, not at all.
/// </summary>
internal sealed class PdfResources(IResourceStore inner, IPdfTokenScanner scanner, ILookupFilterProvider filters) : IResourceStore
{
    /// <summary>Fonts that are kept: the figures of a large file have a few thousand.</summary>
    private const int FontsMax = 10_000;

    /// <summary>Dictionaries of which the good entries are kept.</summary>
    private const int DictionariesMax = 10_000;

    private readonly Dictionary<IToken, PdfFont> fonts = [];
    private readonly Dictionary<DictionaryToken, DictionaryToken> good = [];
    private readonly List<DictionaryToken> given = [];

    /// <summary>Beyond all numbers that a file may use: PdfPig reads a font by its reference.</summary>
    private int nextNumber = PdfLimits.ObjectNumberMax;

    /// <summary>Resource dictionaries that are in force.</summary>
    public int Depth => given.Count;

    public void LoadResourceDictionary(DictionaryToken resourceDictionary)
    {
        if (!good.TryGetValue(resourceDictionary, out var entries))
        {
            if (good.Count >= DictionariesMax)
            {
                good.Clear();
            }

            entries = Good(resourceDictionary);
            good.Add(resourceDictionary, entries);
        }

        given.Add(resourceDictionary);
        inner.LoadResourceDictionary(entries);
    }

    public void UnloadResourceDictionary()
    {
        given.RemoveAt(given.Count - 1);
        inner.UnloadResourceDictionary();
    }

    /// <summary>Takes back what was loaded before an error.</summary>
    public void UnloadTo(int depth)
    {
        while (given.Count > depth)
        {
            UnloadResourceDictionary();
        }
    }

    /// <summary>An entry of the resources as it stands there; null where none is in force.</summary>
    public IToken? Entry(string category, string name)
    {
        for (var at = given.Count - 1; at >= 0; at--)
        {
            if (scanner.Find<DictionaryToken>(given[at], category).Entry(name) is { } value)
            {
                return value;
            }
        }

        return null;
    }

    /// <summary>The font, read once however many pages name it; one that guesses where the value is none.</summary>
    /// <param name="value">As it stands in the resources: mostly a reference.</param>
    public PdfFont Font(IToken? value)
    {
        var key = value ?? NullToken.Instance;
        if (!fonts.TryGetValue(key, out var font))
        {
            if (fonts.Count >= FontsMax)
            {
                fonts.Clear();
            }

            font = PdfFont.Read(this, scanner, filters, scanner.Find<DictionaryToken>(value) ?? DictionaryToken.Empty);
            fonts.Add(key, font);
        }

        return font;
    }

    /// <summary>PdfPig's font of a dictionary; null where it refuses that.</summary>
    public IFont? Read(DictionaryToken font)
    {
        var reference = new IndirectReference(++nextNumber, 0);
        scanner.ReplaceToken(reference, font);
        try
        {
            return inner.GetFontDirectly(new(reference));
        }
        catch (Exception broken) when (PdfTokens.IsInFile(broken))
        {
            return null; // the caller then knows the codes, and nothing of their text
        }
    }

    /// <summary>PdfPig asks only to show text, which <see cref="PdfContentProcessor"/> does itself.</summary>
    public IFont? GetFont(NameToken name) => null;

    public IFont GetFontDirectly(IndirectReferenceToken fontReferenceToken) => inner.GetFontDirectly(fontReferenceToken);

    public bool TryGetXObject(NameToken name, [NotNullWhen(true)] out StreamToken? stream) => inner.TryGetXObject(name, out stream);

    public bool TryGetXObjectReference(NameToken name, out IndirectReference reference) => inner.TryGetXObjectReference(name, out reference);

    public DictionaryToken? GetExtendedGraphicsStateDictionary(NameToken name) => inner.GetExtendedGraphicsStateDictionary(name);

    public bool TryGetNamedColorSpace(NameToken name, out ResourceColorSpace namedColorSpace) => inner.TryGetNamedColorSpace(name, out namedColorSpace);

    public ColorSpaceDetails GetColorSpaceDetails(NameToken? name, DictionaryToken? dictionary) => inner.GetColorSpaceDetails(name, dictionary);

    public ColorSpaceDetails GetDeviceColorSpaceDetails(ColorSpace deviceColorSpace) => inner.GetDeviceColorSpaceDetails(deviceColorSpace);

    public DictionaryToken? GetMarkedContentPropertiesDictionary(NameToken name) => inner.GetMarkedContentPropertiesDictionary(name);

    public IReadOnlyDictionary<NameToken, PatternColor> GetPatterns() => inner.GetPatterns();

    public Shading GetShading(NameToken name) => inner.GetShading(name);

    private DictionaryToken Good(DictionaryToken resources)
    {
        var all = new Dictionary<string, IToken>(StringComparer.Ordinal);
        foreach (var (category, take) in new (string, Func<IToken, IToken?>)[]
        {
            ("XObject", value => value as IndirectReferenceToken),
            ("ExtGState", value => scanner.Find<DictionaryToken>(value)?.Without("Font").Without("SMask")),
            ("ColorSpace", value => scanner.Find<NameToken>(value) ?? (scanner.Find<ArrayToken>(value) is { Length: > 0 } array && array[0] is NameToken ? array : (IToken?)null)),
        })
        {
            var entries = scanner.Find<DictionaryToken>(resources, category)?.Data ?? DictionaryToken.Empty.Data;
            all[category] = DictionaryToken.With(entries.Select(entry => (entry.Key, Value: take(entry.Value))).Where(entry => entry.Value is not null).ToDictionary(entry => entry.Key, entry => entry.Value!, StringComparer.Ordinal));
        }

        return DictionaryToken.With(all);
    }
}
