namespace Pybo.Rag.Documents.Pdf.Layout;

/// <summary>A cell of a line or of a ruled row.</summary>
/// <param name="Text">Its words; empty if <paramref name="Lines"/> has them.</param>
/// <param name="Start">Its edges in the line's frame.</param>
/// <param name="Lines">The lines of a ruled cell, which are joined like those of a paragraph; null for a cell of one line.</param>
/// <param name="Column">Counted from 0; -1 if only its place shows it.</param>
internal sealed record PdfCell(string Text, float Start, float End, IReadOnlyList<PdfLine>? Lines = null, int Column = -1, int ColumnSpan = 1, int RowSpan = 1)
{
    public bool EndsWithColon => Text is [.., ':' or '\uFF1A'];
}
