namespace Pybo.Rag.Documents.Pdf;

/// <summary>The text of a page, glyph by glyph in the order of its content stream.</summary>
/// <param name="Width">Of the page as displayed, points.</param>
/// <param name="Height">Of the page as displayed, points.</param>
/// <param name="Glyphs">What a reader sees; the recognised text of a scanned page.</param>
/// <param name="Warnings">Korean sentences for the person who uploaded the file.</param>
internal sealed record PdfGlyphPage(float Width, float Height, IReadOnlyList<PdfGlyph> Glyphs, IReadOnlyList<string> Warnings);
