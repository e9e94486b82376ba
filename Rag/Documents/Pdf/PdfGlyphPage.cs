using Pybo.Data;

namespace Pybo.Rag.Documents.Pdf;

/// <summary>The text of a page, glyph by glyph in the order of its content stream.</summary>
/// <param name="Width">Of the page as displayed, points.</param>
/// <param name="Height">Of the page as displayed, points.</param>
/// <param name="Glyphs">What a reader sees; the recognised text of a scanned page.</param>
/// <param name="Warnings">For the person who uploaded the file.</param>
/// <param name="Unknown">Glyphs that were shown beside these, of fonts that do not say what they mean.</param>
/// <param name="HasImages">True where it shows an image.</param>
internal sealed record PdfGlyphPage(float Width, float Height, List<PdfGlyph> Glyphs, IReadOnlyList<Notice> Warnings, int Unknown = 0, bool HasImages = false)
{
    private const int UnknownMin = 20;

    /// <summary>The names of the fonts of <see cref="Unknown"/>.</summary>
    public IReadOnlyCollection<string> UnknownFonts { get; init; } = [];

    /// <summary>True where most of what it says is not known: a few bullets and symbols without a meaning are on many pages.</summary>
    public bool IsUnreadable => Unknown >= UnknownMin && Unknown > Glyphs.Count;
}
