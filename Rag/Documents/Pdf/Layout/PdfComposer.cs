namespace Pybo.Rag.Documents.Pdf.Layout;

/// <summary>The lines of a page in reading order.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Width">As displayed, points.</param>
internal sealed record PdfPageLines(int Number, float Width, float Height, List<PdfLine> Lines)
{
    /// <summary>True if the page shows something but has no text.</summary>
    public bool IsPicture { get; init; }

    /// <summary>By how many quarters, clockwise, its picture must be turned to be upright.</summary>
    public int QuarterTurns { get; init; }
}

/// <summary>Builds the parts of a document from the lines of its pages, window by window, learning from the document on the way.</summary>
internal sealed class PdfComposer
{
    private readonly PdfHeadings headings = new();
    private readonly PdfWordBreaks breaks = new();
    private readonly PdfRunningLines running = new();
    private readonly PdfBlocks blocks;
    private int counted;

    public PdfComposer() => blocks = new(headings, breaks);

    /// <summary>Returns the parts of the window's pages and removes these; unless the window is the last, its last page stays and waits for the next one.</summary>
    public IEnumerable<DocumentPart> Compose(List<PdfPageLines> window, bool isLast)
    {
        var pages = running.Without(window, counted).ConvertAll(page => page with { Lines = PdfNotes.Marked(page.Lines, page.Height) });
        foreach (var page in pages.Where(p => p.Number > counted))
        {
            headings.Count(page.Lines);
            PdfBlocks.Count(page.Lines, breaks);
            counted = page.Number;
        }

        var ready = isLast ? pages.Count : pages.Count - 1;
        for (var at = 0; at < ready; at++)
        {
            yield return new PagePart(pages[at].Width, pages[at].Height, pages[at].IsPicture, pages[at].QuarterTurns);
            var following = pages.Skip(at + 1).FirstOrDefault(page => page.Lines.Count > 0)?.Lines.Find(line => !line.IsNote);
            foreach (var block in blocks.Read(pages[at].Lines, following))
            {
                yield return block;
            }
        }

        if (isLast && blocks.End() is { } rest)
        {
            yield return rest;
        }

        window.Clear();
        window.AddRange(pages.Skip(ready));
    }
}
