namespace Pybo.Rag.Documents.Hwp;

/// <summary>
/// Finds where pages begin, from the line positions that 한글 stored when the document was saved: a line that is higher than the previous one
/// is on a new page, or in the next column.
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

    /// <summary>Sets the number of columns from here on. Lines are measured from the top of the columns, which need not be the page's.</summary>
    public void SetColumns(int count) => (columns, column, lastVertical) = (Math.Max(1, count), 0, null);

    /// <summary>Sets the paper size, in units of 1/7200 inch.</summary>
    public void SetSize(uint width, uint height) => page = new(MathF.Round(width * PointsPerUnit, 2), MathF.Round(height * PointsPerUnit, 2));

    /// <summary>Begins a section, on a page of its own.</summary>
    public void BeginSection()
    {
        isNewPage = true;
        SetColumns(1);
    }

    /// <summary>
    /// Returns the positions in a body paragraph at which pages begin. Empty for a document whose first paragraph was never laid out:
    /// programs other than 한글 write such documents, and some of the pages found would be wrong.
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

    /// <summary>Returns the page that begins now.</summary>
    public PagePart Next() => page;
}
