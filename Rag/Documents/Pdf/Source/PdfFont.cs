using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using UglyToad.PdfPig.Core;
using UglyToad.PdfPig.PdfFonts;
using UglyToad.PdfPig.Tokenization.Scanner;
using UglyToad.PdfPig.Tokens;

namespace Pybo.Rag.Documents.Pdf.Source;

/// <summary>A font's character for one code. Lengths are shares of the font's size.</summary>
/// <param name="Text">Its Unicode text; empty if unknown.</param>
/// <param name="Advance">How far it moves the pen: to the right, or upwards in vertical writing (so it is negative there).</param>
/// <param name="IsSpace">True for the one-byte code 32, to which word spacing is added.</param>
internal sealed record PdfCharacter(string Text, double Advance, bool IsSpace);

/// <summary>A font of a PDF file: splits strings into codes and knows their text and widths.</summary>
/// <remarks>
/// PdfPig reads encodings, CMaps and programs. It gets a dictionary reduced to the necessary entries: with the map to Unicode but without the program,
/// which PdfPig would always unpack; for codes without good text in the map, it gets one without the map.
/// </remarks>
internal abstract class PdfFont
{
    protected const double Thousand = 1_000;

    private static readonly SearchValues<char> NoText = SearchValues.Create([.. Enumerable.Range(0, ' ').Select(value => (char)value), '\uFFFD', '\uFFFE', '\uFFFF']);
    private static readonly string[] Programs = ["FontFile2", "FontFile3", "FontFile"];

    private readonly Lazy<IFont?> mapped;
    private readonly Lazy<IFont?> plain;

    /// <param name="glyphs">The dictionary with the descriptor: the font itself, or its descendant.</param>
    protected PdfFont(PdfResources resources, IPdfTokenScanner scanner, DictionaryToken font, DictionaryToken glyphs)
    {
        Descriptor = scanner.Find<DictionaryToken>(glyphs, "FontDescriptor") ?? DictionaryToken.Empty;
        IsEmbedded = Programs.Any(name => Descriptor.Entry(name) is not null);
        double Number(string name) => scanner.Number(Descriptor, name) ?? 0;
        Flags = (int)Number("Flags");
        Look = PdfFontLook.Of(
            scanner.Name(glyphs, "BaseFont") ?? scanner.Name(Descriptor, "FontName") ?? "", Flags, Number("FontWeight"), Number("ItalicAngle"), Number("Ascent") / Thousand, Number("Descent") / Thousand);
        mapped = new(() => scanner.Find<StreamToken>(font, "ToUnicode") is null ? null : resources.Read(Reduced().With("ToUnicode", font.Entry("ToUnicode")!)), LazyThreadSafetyMode.None);
        plain = new(() => resources.Read(Reduced()), LazyThreadSafetyMode.None);
    }

    public PdfFontLook Look { get; }

    public virtual bool IsVertical => false;

    /// <summary>The height of an em as a share of the set size: 1 except for fonts made of drawings (Type 3), which may use any unit.</summary>
    public virtual double EmHeight => 1;

    protected DictionaryToken Descriptor { get; }

    protected int Flags { get; }

    protected bool IsEmbedded { get; }

    /// <summary>PdfPig's font, with the map to Unicode if there is one; null if PdfPig refuses it.</summary>
    protected IFont? Given => mapped.Value ?? plain.Value;

    /// <param name="font">Its dictionary; an empty one yields a font that guesses.</param>
    public static PdfFont Read(PdfResources resources, IPdfTokenScanner scanner, DictionaryToken font)
    {
        if (scanner.Name(font, "Subtype") != "Type0" && font.Entry("DescendantFonts") is null)
        {
            return new PdfSimpleFont(resources, scanner, font);
        }

        var descendants = scanner.Find<ArrayToken>(font, "DescendantFonts");
        return new PdfCompositeFont(resources, scanner, font, (descendants is { Length: > 0 } ? scanner.Find<DictionaryToken>(descendants[0]) : null) ?? DictionaryToken.Empty);
    }

    /// <summary>Returns the character at the current byte; moves to its last byte.</summary>
    public abstract PdfCharacter Read(IInputBytes bytes);

    /// <summary>The dictionary that PdfPig reads, without a map to Unicode.</summary>
    protected abstract DictionaryToken Reduced();

    /// <summary>Returns the text of a code for which the map to Unicode has no good text.</summary>
    /// <param name="known">PdfPig's answer without that map.</param>
    protected abstract string? TextWithoutMap(int code, Func<string?> known);

    /// <summary>Prefers the map to Unicode if it has good text; private-use text is the last choice.</summary>
    protected string Text(int code)
    {
        string? map = null;
        if (mapped.Value?.TryGetUnicode(code, out map) == true && IsGood(map))
        {
            return map;
        }

        var text = TextWithoutMap(code, () => plain.Value?.TryGetUnicode(code, out var known) == true && IsGood(known) ? known : null);
        return IsGood(text) || map is not { Length: > 0 } || IsNoText(map) ? text ?? "" : map;
    }

    /// <summary>True for a readable text: not empty, no control characters, and no private-use characters, whose look only the font knows.</summary>
    private static bool IsGood([NotNullWhen(true)] string? text) => text is { Length: > 0 } && !IsNoText(text) && text[0] is < '\uE000' or > '\uF8FF';

    /// <summary>True for a text without a character: empty, control characters, U+FFFD and U+FFFF.</summary>
    private static bool IsNoText(string text) => !text.AsSpan().ContainsAnyExcept(NoText);
}
