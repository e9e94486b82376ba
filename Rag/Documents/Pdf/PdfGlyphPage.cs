using Pybo.Data;

namespace Pybo.Rag.Documents.Pdf;

/// <summary>The text of a page, glyph by glyph in the order of its content stream.</summary>
/// <param name="Width">The width of the page as displayed, in points.</param>
/// <param name="Height">The height of the page as displayed, in points.</param>
/// <param name="Glyphs">The visible glyphs; on a scanned page the recognised text.</param>
/// <param name="Warnings">Warnings for the person who uploaded the file.</param>
/// <param name="Unknown">The number of further visible glyphs, of fonts that do not give their meaning.</param>
/// <param name="HasImages">True if the page shows an image.</param>
internal sealed record PdfGlyphPage(float Width, float Height, List<PdfGlyph> Glyphs, IReadOnlyList<Notice> Warnings, int Unknown = 0, bool HasImages = false)
{
    private const int UnknownMin = 20;

    /// <summary>The names of the fonts of <see cref="Unknown"/>.</summary>
    public IReadOnlyCollection<string> UnknownFonts { get; init; } = [];

    /// <summary>True if the page shows an image or a filled shape: letters may be drawn as shapes.</summary>
    public bool HasDrawings { get; init; }

    /// <summary>The rules of tables among other lines.</summary>
    public IReadOnlyList<PdfRule> Rules { get; init; } = [];

    /// <summary>Comments on the page, which a viewer shows in windows of their own.</summary>
    public IReadOnlyList<PdfComment> Comments { get; init; } = [];

    /// <summary>True if most of its text is unknown: many pages have a few bullets and symbols without a meaning.</summary>
    public bool IsUnreadable => Unknown >= UnknownMin && Unknown > Glyphs.Count;
}

/// <summary>A comment and the place on the page that it is about.</summary>
internal readonly record struct PdfComment(string Text, PageBox Place);
