namespace Pybo.Rag.Documents.Pdf;

/// <summary>One shown character (or ligature) on its page as displayed: the page's rotation applied, points, origin in the upper left corner, y downwards.</summary>
/// <param name="Text">Its Unicode text, one or more UTF-16 units; never empty.</param>
/// <param name="X">The start of its baseline; in vertical writing the middle of its column.</param>
/// <param name="Y">The baseline; in vertical writing the glyph's upper edge. It is below the page if lines flow over its edge.</param>
/// <param name="Advance">How far along <paramref name="Angle"/> the next glyph would begin, without character and word spacing.</param>
/// <param name="Size">The font's size as displayed: the height of an em.</param>
/// <param name="Angle">The writing direction as displayed, degrees clockwise, rounded: 0 for ordinary text, 90 for text that runs down the page.</param>
/// <param name="IsVertical">Vertical writing mode: glyphs are upright below each other.</param>
/// <param name="Font">Its font's look.</param>
/// <param name="Run">The number of its show operator on the page: glyphs with the same number were shown together.</param>
internal readonly record struct PdfGlyph(string Text, float X, float Y, float Advance, float Size, short Angle, bool IsVertical, PdfFontLook Font, int Run);

/// <summary>A font's look according to its descriptor.</summary>
/// <param name="Name">The font's name without a subset prefix; empty if it has no name.</param>
/// <param name="IsBold">By its name, weight or flags.</param>
/// <param name="IsItalic">By its name, angle or flags.</param>
/// <param name="Ascent">Above the baseline, as a share of the size.</param>
/// <param name="Descent">Below it, positive.</param>
internal sealed record PdfFontLook(string Name, bool IsBold, bool IsItalic, float Ascent, float Descent)
{
    private const int FlagItalic = 1 << 6;
    private const int FlagForceBold = 1 << 18;
    private const int BoldWeightMin = 600;
    private const float AscentDefault = 0.8f;
    private const float DescentDefault = 0.2f;

    /// <param name="name">With its subset prefix (<c>ABCDEF+</c>), if any.</param>
    /// <param name="flags">The descriptor's flags (ISO 32000-2, 9.8.2).</param>
    public static PdfFontLook Of(string name, int flags, double weight, double angle, double ascent, double descent)
    {
        name = name.Length > 7 && name[6] == '+' && !name.AsSpan(0, 6).ContainsAnyExceptInRange('A', 'Z') ? name[7..] : name;
        bool Has(params string[] parts) => parts.Any(part => name.Contains(part, StringComparison.OrdinalIgnoreCase));
        return new(
            name,
            weight >= BoldWeightMin || (flags & FlagForceBold) != 0 || Has("Bold", "Black", "Heavy"),
            (flags & FlagItalic) != 0 || angle != 0 || Has("Italic", "Oblique"),
            ascent is > 0.3 and < 1.5 ? (float)ascent : AscentDefault,
            Math.Abs(descent) is > 0 and < 0.8 and var below ? (float)below : DescentDefault);
    }
}
