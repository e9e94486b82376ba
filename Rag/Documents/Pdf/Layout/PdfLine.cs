using Pybo.Data;

namespace Pybo.Rag.Documents.Pdf.Layout;

/// <summary>A line of text on a page, in reading order.</summary>
/// <param name="Text">Its words in logical order, separated by a space; the cells of a table by a tab.</param>
/// <param name="Frame">The direction it is written in.</param>
/// <param name="Extent">Its position in its frame.</param>
/// <param name="Column">Lines with the same number are in one region of the page, one below the other.</param>
/// <param name="Size">The size of most of its letters.</param>
/// <param name="IsBold">True if all of it is bold.</param>
/// <param name="EndsWithSpace">A space glyph was shown after its last letter: a word ends there.</param>
/// <param name="FirstWordWidth">The width of its first word: if that would have fitted on the previous line, a paragraph ended there.</param>
/// <param name="WordGap">The mean space between its words, in sizes; 0 for a single word. It varies from line to line in justified text.</param>
/// <param name="IsRightToLeft">True if it begins on the right.</param>
/// <param name="Box">Its position on the page as displayed.</param>
internal sealed record PdfLine(
    string Text, PdfFrame Frame, PdfExtent Extent, float Baseline, int Column, float Size, bool IsBold,
    bool EndsWithSpace, float FirstWordWidth, float WordGap, bool IsRightToLeft, PageBox Box)
{
    public const char CellSeparator = '\t';

    /// <summary>A running header or footer, kept because it is the first: it belongs to no paragraph and is no heading.</summary>
    public bool IsRunning { get; init; }

    /// <summary>A footnote, which is read after its page's text.</summary>
    public bool IsNote { get; init; }

    /// <summary>The cells of a table's row.</summary>
    public IReadOnlyList<PdfCell> Cells { get; init; } = [];

    /// <summary>A label with a colon and what is filled in behind it: a line of its own.</summary>
    public bool IsLabelled { get; init; }

    /// <summary>The rules of the row's table; null for a row without rules.</summary>
    public PdfGrid? Grid { get; init; }

    /// <summary>True for a row of a table.</summary>
    public bool HasCells => Grid is not null || Cells.Count > 0;
}
