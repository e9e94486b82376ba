namespace Pybo.Rag.Documents.Hwp;

/// <summary>
/// Tells where pages begin, from the lines as 한글 laid them out when the document was saved: a line that stands higher than the one before it
/// stands on a new page, or in the next column.
/// </summary>
internal sealed class HwpPages
{
    /// <summary>1/7200 inch, the format's unit, in points.</summary>
    private const float PointsPerUnit = 0.01f;

    private int columns = 1;
    private int column;
    private int? lastVertical;
    private bool isNewPage = true;
    private bool? isKnown;
    private PagePart page = new();

    /// <summary>How many columns the text has from here on. Lines are counted from the top of the columns, which need not be the page's.</summary>
    public void SetColumns(int count) => (columns, column, lastVertical) = (Math.Max(1, count), 0, null);

    /// <summary>The paper, in units of 1/7200 inch.</summary>
    public void SetSize(uint width, uint height) => page = new(MathF.Round(width * PointsPerUnit, 2), MathF.Round(height * PointsPerUnit, 2));

    /// <summary>A section begins on a page of its own.</summary>
    public void BeginSection()
    {
        isNewPage = true;
        SetColumns(1);
    }

    /// <summary>
    /// The positions in a paragraph of the document's body at which pages begin. None in a document whose first paragraph was never laid out:
    /// programs other than 한글 write such, and a part of its pages would be wrong ones.
    /// </summary>
    public List<int> Breaks(HwpParagraph paragraph)
    {
        isKnown ??= paragraph.Lines.Count > 0;
        var breaks = new List<int>();
        if (isKnown == false)
        {
            return breaks;
        }

        if (isNewPage || paragraph.StartsPage)
        {
            breaks.Add(0);
            (isNewPage, lastVertical, column) = (false, null, 0);
        }

        foreach (var (position, vertical) in paragraph.Lines)
        {
            if (vertical < lastVertical && ++column >= columns)
            {
                breaks.Add(position);
                column = 0;
            }

            lastVertical = vertical;
        }

        return breaks;
    }

    /// <summary>A page as it begins now.</summary>
    public PagePart Next() => page;
}
