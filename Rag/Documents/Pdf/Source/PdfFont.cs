using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using UglyToad.PdfPig.Core;
using UglyToad.PdfPig.Filters;
using UglyToad.PdfPig.Tokenization.Scanner;
using UglyToad.PdfPig.Tokens;

namespace Pybo.Rag.Documents.Pdf.Source;

/// <summary>What a font makes of one code. Lengths are shares of the font's size.</summary>
/// <param name="Text">Its Unicode text; empty where nobody can say.</param>
/// <param name="Advance">How far it moves the pen: to the right, in vertical writing upwards (so it is negative there).</param>
/// <param name="IsSpace">The code of one byte 32, to which word spacing is added.</param>
internal sealed record PdfCharacter(string Text, double Advance, bool IsSpace);

/// <summary>A font of a PDF file: cuts strings into codes and knows their text and widths.</summary>
/// <remarks>
/// PdfPig reads encodings, CMaps and programs. It gets a dictionary of which only what is needed is left: with the map to Unicode but without the program,
/// which PdfPig would unpack in any case, and only for codes without a good text there one without the map.
/// </remarks>
internal abstract class PdfFont(PdfFontDescriptor descriptor)
{
    protected const double Thousand = 1_000;

    private static readonly SearchValues<char> NoText = SearchValues.Create([.. Enumerable.Range(0, ' ').Select(value => (char)value), '\uFFFD', '\uFFFE', '\uFFFF']);

    public PdfFontLook Look => descriptor.Look;

    public virtual bool IsVertical => false;

    /// <summary>The height of an em as a share of the size that is set: 1 but for fonts made of drawings (Type 3), which may use any unit.</summary>
    public virtual double EmHeight => 1;

    protected PdfFontDescriptor Descriptor => descriptor;

    /// <param name="font">Its dictionary; an empty one gives a font that guesses.</param>
    public static PdfFont Read(PdfResources resources, IPdfTokenScanner scanner, ILookupFilterProvider filters, DictionaryToken font)
    {
        if (scanner.Name(font, "Subtype") != "Type0" && font.Entry("DescendantFonts") is null)
        {
            return new PdfSimpleFont(resources, scanner, font, new(scanner, filters, font));
        }

        var descendants = scanner.Find<ArrayToken>(font, "DescendantFonts");
        var descendant = (descendants is { Length: > 0 } ? scanner.Find<DictionaryToken>(descendants[0]) : null) ?? DictionaryToken.Empty;
        return new PdfCompositeFont(resources, scanner, filters, font, descendant, new(scanner, filters, descendant));
    }

    /// <summary>The character at which the bytes stand; moves them to its last byte.</summary>
    public abstract PdfCharacter Read(IInputBytes bytes);

    /// <summary>A text that people can read: not empty, no control characters, and none for private use, whose look only the font knows.</summary>
    protected static bool IsGood([NotNullWhen(true)] string? text) => text is { Length: > 0 } && !IsNoText(text) && text[0] is < '\uE000' or > '\uF8FF';

    /// <summary>True for a text that stands for no character: empty, control characters, U+FFFD and U+FFFF.</summary>
    protected static bool IsNoText(string text) => !text.AsSpan().ContainsAnyExcept(NoText);
}
