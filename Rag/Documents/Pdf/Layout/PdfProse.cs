using System.Text;

namespace Pybo.Rag.Documents.Pdf.Layout;

/// <summary>Tells a few lines of running text from the cells of a table: two columns of three lines look like a table of three rows.</summary>
internal static class PdfProse
{
    /// <summary>Longer columns are told by their shape.</summary>
    public const int RowsMax = 12;

    private const int RowsMin = 2;

    private const int WordsMin = 3;

    /// <summary>A word that would have fitted on the previous line, with this space in sizes, begins a paragraph or a cell.</summary>
    private const float WordSpace = 0.6f;

    /// <summary>Lines of a paragraph are at most this far apart, in sizes.</summary>
    private const float PitchMax = 2.2f;

    /// <summary>True if both columns are full lines of several words, and a sentence goes on from line to line.</summary>
    public static bool Is(List<PdfRow> left, List<PdfRow> right)
    {
        var top = Math.Max(left[0].Baseline, right[0].Baseline);
        var (lefts, rights) = (Close(left, top), Close(right, top));
        if (Math.Max(lefts.Count, rights.Count) > RowsMax || Math.Min(lefts.Count, rights.Count) < RowsMin)
        {
            return false;
        }

        var (lines, others) = (lefts.ConvertAll(Text), rights.ConvertAll(Text));
        return AreFull(lefts, lines) && AreFull(rights, others) && (GoesOn(lines) || GoesOn(others));
    }

    /// <summary>Returns the closely spaced rows from a baseline on, without headings above them.</summary>
    private static List<PdfRow> Close(List<PdfRow> rows, float top)
    {
        var first = rows.FindIndex(row => row.Baseline >= top - (row.Size / 2));
        var end = first + 1;
        while (first >= 0 && end < rows.Count && rows[end].Baseline - rows[end - 1].Baseline <= PitchMax * rows[end].Size)
        {
            end++;
        }

        return first < 0 ? [] : rows[first..end];
    }

    private static bool AreFull(List<PdfRow> rows, List<Words> lines)
    {
        var end = rows.Max(row => row.Extent.End);
        var count = 0;
        for (var at = 0; at < rows.Count; at++)
        {
            count += lines[at].Count;
            if (PdfListMarks.Begins(lines[at].Text) || lines[at].Text.Contains(PdfLine.CellSeparator, StringComparison.Ordinal)
                || (at + 1 < rows.Count && end - rows[at].Extent.End > lines[at + 1].FirstWidth + (WordSpace * rows[at].Size)))
            {
                return false;
            }
        }

        return count >= WordsMin * rows.Count;
    }

    /// <summary>True if a line shows that it continues the one above (a small letter, a particle), or a sentence ends inside a line.</summary>
    private static bool GoesOn(List<Words> lines)
    {
        for (var at = 0; at < lines.Count; at++)
        {
            var text = lines[at].Text;
            var isContinued = at > 0 && !PdfLineEnd.EndsSentence(lines[at - 1].Text) && (Rune.IsLower(PdfLineEnd.First(text)) || PdfWordBreaks.BeginsInside(lines[at - 1].Text, text));
            if (isContinued || HasSentenceEnd(text))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>True for a full stop after two letters and before a word: no abbreviation and no list mark.</summary>
    private static bool HasSentenceEnd(string text)
    {
        var stop = text.IndexOf(". ", StringComparison.Ordinal);
        return stop > 1 && char.IsLetter(text[stop - 1]) && char.IsLetter(text[stop - 2]);
    }

    private static Words Text(PdfRow row)
    {
        var letters = PdfWords.Letters(row);
        var separators = PdfWords.Separators(letters, []);
        var text = new StringBuilder(2 * letters.Count);
        for (var at = 0; at < letters.Count; at++)
        {
            text.Append(separators[at] == '\0' ? "" : separators[at].ToString()).Append(letters[at].Text);
        }

        var end = Array.FindIndex(separators, separator => separator != '\0');
        return new(text.ToString(), 1 + separators.Count(separator => separator != '\0'), letters[end < 0 ? ^1 : end - 1].End - letters[0].Start);
    }

    /// <summary>A line's text, the number of its words, and the width of the first.</summary>
    private readonly record struct Words(string Text, int Count, float FirstWidth);
}
