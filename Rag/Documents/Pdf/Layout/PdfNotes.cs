namespace Pybo.Rag.Documents.Pdf.Layout;

/// <summary>Finds footnotes: at the foot of a column they would cut a sentence that goes on in the next column or on the next page.</summary>
internal static class PdfNotes
{
    /// <summary>A note's size as a share of the page's text, at most.</summary>
    private const float SizeMax = 0.94f;

    /// <summary>A note as large as the text is further below it than lines of a paragraph, in pitches.</summary>
    private const float PitchMin = 1.5f;

    /// <summary>A note as large as the text is in this lower share of the page.</summary>
    private const float FootShare = 0.5f;

    /// <summary>Returns the lines of a page with its notes marked.</summary>
    public static List<PdfLine> Marked(List<PdfLine> lines, float pageHeight)
    {
        if (lines.Count == 0)
        {
            return lines;
        }

        var sizes = lines.ConvertAll(line => line.Size);
        sizes.Sort();
        var size = sizes[sizes.Count / 2];
        var notes = new HashSet<PdfLine>(ReferenceEqualityComparer.Instance);
        foreach (var column in lines.GroupBy(line => line.Column))
        {
            notes.UnionWith(Notes([.. column.Where(line => !line.IsRunning)], size, pageHeight));
        }

        return notes.Count == 0 || notes.Count == lines.Count ? lines : lines.ConvertAll(line => notes.Contains(line) ? line with { IsNote = true } : line);
    }

    /// <summary>Returns the last lines of a column that are notes: smaller than the text, or further down below an unfinished sentence.</summary>
    private static PdfLine[] Notes(PdfLine[] column, float size, float pageHeight)
    {
        var first = column.Length;
        while (first > 0 && column[first - 1].Size <= SizeMax * size && !column[first - 1].HasCells)
        {
            first--;
        }

        var begin = Array.FindIndex(column, first, line => PdfListMarks.BeginsNote(line.Text));
        if (begin >= 0)
        {
            return column[begin..];
        }

        var pitch = PdfColumnShape.Of(column).Values.FirstOrDefault().Pitch;
        for (var at = column.Length - 1; at > 0; at--)
        {
            if (column[at].Baseline - column[at - 1].Baseline > PitchMin * pitch)
            {
                var isNote = PdfListMarks.BeginsNote(column[at].Text) && !column[at - 1].HasCells && !PdfLineEnd.EndsSentence(column[at - 1].Text)
                    && column[at].Box.Y >= FootShare * pageHeight;
                return isNote ? column[at..] : [];
            }
        }

        return [];
    }
}
