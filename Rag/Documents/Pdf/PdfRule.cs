namespace Pybo.Rag.Documents.Pdf;

/// <summary>A straight horizontal or vertical line that a page shows, as a table's rules are; on the page as displayed, from the left or the top.</summary>
internal readonly record struct PdfRule(float X1, float Y1, float X2, float Y2)
{
    public bool IsHorizontal => X2 - X1 > Y2 - Y1;
}
