namespace Pybo.Rag.Documents.Pdf.Layout;

/// <summary>A line of text on a page, in reading order.</summary>
/// <param name="Text">Its words in logical order, separated by a space; the cells of a table by a tab.</param>
/// <param name="Frame">The direction it is written in.</param>
/// <param name="Extent">Where it stands in its frame.</param>
/// <param name="Column">Lines with the same number stand in one region of the page, one below the other.</param>
/// <param name="Size">The size of most of its letters.</param>
/// <param name="IsBold">All of it is.</param>
/// <param name="EndsWithSpace">A space glyph was shown after its last letter: a word ends there.</param>
/// <param name="FirstWordWidth">How wide its first word is: where that would have fitted on the line before, a paragraph ended there.</param>
/// <param name="WordGap">The mean space between its words, in sizes; 0 for a single word. It differs from line to line where words are spread to fill the lines.</param>
/// <param name="IsRightToLeft">It begins on the right.</param>
/// <param name="Box">Where it stands on the page as displayed.</param>
internal sealed record PdfLine(
    string Text, PdfFrame Frame, PdfExtent Extent, float Baseline, int Column, float Size, bool IsBold,
    bool EndsWithSpace, float FirstWordWidth, float WordGap, bool IsRightToLeft, LineBox Box)
{
    public const char CellSeparator = '\t';

    /// <summary>A running header or footer, kept because it is the first: it belongs to no paragraph and heads nothing.</summary>
    public bool IsRunning { get; init; }

    /// <summary>A row of a table.</summary>
    public bool HasCells { get; } = Text.Contains(CellSeparator, StringComparison.Ordinal);
}
