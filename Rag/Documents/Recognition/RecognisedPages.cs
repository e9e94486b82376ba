using Pybo.Data;
using Pybo.Rag.Documents.Pdf.Layout;

namespace Pybo.Rag.Documents.Recognition;

/// <summary>The recognised pages of a document while it is read, and the counts for its reader.</summary>
internal sealed class RecognisedPages(IReadOnlyList<RecognisedPage> pages)
{
    private readonly Dictionary<int, RecognisedPage> byNumber = pages.DistinctBy(page => page.Number).ToDictionary(page => page.Number);
    private int taken;

    /// <summary>The pages that are pictures and were not recognised.</summary>
    public int Left { get; set; }

    /// <summary>Returns a page's lines, possibly none; null if it was not recognised.</summary>
    /// <param name="width">The page's width in points.</param>
    /// <param name="height">The page's height in points.</param>
    public List<PdfLine>? Take(int number, float width, float height)
    {
        if (!byNumber.TryGetValue(number, out var page))
        {
            return null;
        }

        var lines = RecognisedText.Lines(width, height, page);
        taken += lines.Count > 0 ? 1 : 0;
        return lines;
    }

    /// <param name="count">The pages of the document.</param>
    public IEnumerable<Notice> Notices(int count)
    {
        if (taken > 0)
        {
            yield return Notice.Of(ReadingProblem.Recognised, count, taken);
        }

        if (Left > 0)
        {
            yield return Notice.Of(ReadingProblem.PdfScanned, count, Left);
        }
    }
}
