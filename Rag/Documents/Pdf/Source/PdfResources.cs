using UglyToad.PdfPig.Content;
using UglyToad.PdfPig.Core;
using UglyToad.PdfPig.PdfFonts;
using UglyToad.PdfPig.Tokenization.Scanner;
using UglyToad.PdfPig.Tokens;

namespace Pybo.Rag.Documents.Pdf.Source;

/// <summary>
/// The resources that are in force, and a file's fonts. PdfPig's store gets only entries that it reads: one that it refuses would cost the whole page. Fonts are read
/// when text is shown in them; patterns, shadings and soft masks, which text does not need, not at all.
/// </summary>
internal sealed class PdfResources(IResourceStore store, IPdfTokenScanner scanner)
{
    private readonly Dictionary<IToken, PdfFont> fonts = [];
    private readonly Stack<DictionaryToken> given = new();

    /// <summary>Beyond all numbers that a file may use: PdfPig reads a font by its reference.</summary>
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

    /// <summary>An entry of the resources as it stands there; null where none is in force.</summary>
    public IToken? Entry(string category, string name) =>
        given.Select(resources => scanner.Find<DictionaryToken>(resources, category).Entry(name)).FirstOrDefault(value => value is not null);

    /// <summary>The font, read once however many pages name it; one that guesses where the value is none.</summary>
    /// <param name="value">As it stands in the resources: mostly a reference.</param>
    public PdfFont Font(IToken? value)
    {
        var key = value ?? NullToken.Instance;
        if (!fonts.TryGetValue(key, out var font))
        {
            fonts.Add(key, font = PdfFont.Read(this, scanner, scanner.Find<DictionaryToken>(value) ?? DictionaryToken.Empty));
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
            return store.GetFontDirectly(new(reference));
        }
        catch (Exception broken) when (PdfTokens.IsInFile(broken))
        {
            return null; // the caller then knows the codes, and nothing of their text
        }
    }
}
