using UglyToad.PdfPig.Content;
using UglyToad.PdfPig.Core;
using UglyToad.PdfPig.PdfFonts;
using UglyToad.PdfPig.Tokenization.Scanner;
using UglyToad.PdfPig.Tokens;

namespace Pybo.Rag.Documents.Pdf.Source;

/// <summary>
/// The current resources, and a file's fonts. PdfPig's store gets only entries that it can read: a refused one would cost the whole page. Fonts are read
/// when text uses them; patterns, shadings and soft masks, which text does not need, are never read.
/// </summary>
internal sealed class PdfResources(IResourceStore store, IPdfTokenScanner scanner)
{
    private readonly Dictionary<IToken, PdfFont> fonts = [];
    private readonly Stack<DictionaryToken> given = new();

    /// <summary>Above all numbers that a file may use: PdfPig reads a font by its reference.</summary>
    private int nextNumber = PdfLimits.ObjectNumberMax;

    public void Load(DictionaryToken resources)
    {
        store.LoadResourceDictionary(resources.Without("Font").Without("Pattern").Without("Shading").Without("Properties"));
        given.Push(resources);
    }

    public void Unload()
    {
        store.UnloadResourceDictionary();
        given.Pop();
    }

    /// <summary>Returns an entry of the current resources unresolved; null if there is none.</summary>
    public IToken? Entry(string category, string name) =>
        given.Select(resources => scanner.Find<DictionaryToken>(resources, category).Entry(name)).FirstOrDefault(value => value is not null);

    /// <summary>Returns the font, read once for all pages; a guessing font if the value is not a font.</summary>
    /// <param name="value">The unresolved entry of the resources: mostly a reference.</param>
    public PdfFont Font(IToken? value)
    {
        var key = value ?? NullToken.Instance;
        if (!fonts.TryGetValue(key, out var font))
        {
            fonts.Add(key, font = PdfFont.Read(this, scanner, scanner.Find<DictionaryToken>(value) ?? DictionaryToken.Empty));
        }

        return font;
    }

    /// <summary>Returns PdfPig's font for a dictionary; null if it refuses that.</summary>
    public IFont? Read(DictionaryToken font)
    {
        var reference = new IndirectReference(++nextNumber, 0);
        scanner.ReplaceToken(reference, font);
        try
        {
            return store.GetFontDirectly(new(reference));
        }
        catch (Exception broken) when (PdfTokens.IsInFile(broken))
        {
            return null; // the caller then knows the codes, but not their text
        }
    }
}
