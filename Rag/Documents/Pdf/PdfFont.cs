namespace Pybo.Rag.Documents.Pdf;

/// <summary>What a font makes of one code. Lengths are shares of the font's size.</summary>
/// <param name="Text">Its Unicode text; empty where nobody can say.</param>
/// <param name="Advance">How far it moves the pen: to the right, in vertical writing upwards (so it is negative there).</param>
/// <param name="IsSpace">The code of one byte 32, to which word spacing is added.</param>
internal sealed record PdfCharacter(string Text, double Advance, bool IsSpace);

/// <summary>A font of a PDF file: cuts strings into codes and knows their text and widths.</summary>
internal abstract class PdfFont(PdfFontLook look)
{
    public PdfFontLook Look { get; } = look;

    public virtual bool IsVertical => false;

    /// <summary>The height of an em as a share of the size that is set: 1 but for fonts made of drawings (Type 3), which may use any unit.</summary>
    public virtual double EmHeight => 1;

    /// <summary>The first character of a string that is not empty.</summary>
    /// <param name="length">The bytes it takes, at least one.</param>
    public abstract PdfCharacter Read(ReadOnlySpan<byte> bytes, out int length);

    /// <summary>A text that people can read: not empty, no control characters, and none for private use, whose look only the font knows.</summary>
    protected static bool IsGood([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] string? text) =>
        text is { Length: > 0 } && !CMap.IsNoText(text) && text[0] is < '\uE000' or > '\uF8FF';
}
