namespace Pybo.Rag.Documents.Pdf.Layout;

/// <summary>
/// Decides whether the lines of a document's Korean paragraphs end between words or anywhere (한글의 "글자 단위" 줄 나눔). Two signs of the latter:
/// some lines end with a space glyph and others do not; or no line does, yet all are filled to less than a letter without justification.
/// </summary>
/// <remarks>
/// If the second sign decides, about one line in four ends with a word and nothing shows which. Words that occur inside the document's lines
/// identify some of them (<see cref="IsCut"/>); the others are joined.
/// </remarks>
internal sealed class PdfWordBreaks
{
    /// <summary>Fewer lines prove nothing.</summary>
    private const int LinesMin = 8;

    /// <summary>Of lines that break anywhere, one in three or four ends with a word.</summary>
    private const float SpacedShareMin = 0.05f;
    private const float SpacedShareMax = 0.7f;

    private const float FilledShareMin = 0.9f;

    /// <summary>A line that breaks anywhere has room for less than one letter, in sizes.</summary>
    private const float RoomMax = 1.05f;

    /// <summary>In unjustified text, spaces between words differ from their mean by less than this, in sizes.</summary>
    private const float SpreadMax = 0.06f;

    /// <summary>The most words remembered; a long book has some 50,000.</summary>
    private const int WordsMax = 100_000;

    /// <summary>Shorter pieces are words by chance.</summary>
    private const int LastWordMin = 2;
    private const int FirstWordMin = 3;

    private readonly HashSet<string> words = new(StringComparer.Ordinal);
    private int lines;
    private int spaced;
    private int filled;
    private double gaps;
    private double gapSquares;

    public bool AreInsideWords
    {
        get
        {
            if (lines < LinesMin)
            {
                return false;
            }

            if (spaced > 0)
            {
                return spaced >= SpacedShareMin * lines && spaced <= SpacedShareMax * lines;
            }

            var mean = gaps / lines;
            return filled >= FilledShareMin * lines && Math.Sqrt(Math.Max(0, (gapSquares / lines) - (mean * mean))) < SpreadMax;
        }
    }

    /// <summary>Counts a continued line, if both lines are Korean where they meet.</summary>
    /// <param name="room">The white space from the line to the column's edge, in sizes.</param>
    public void Count(PdfLine line, float room)
    {
        lines++;
        spaced += line.EndsWithSpace ? 1 : 0;
        filled += room < RoomMax ? 1 : 0;
        gaps += line.WordGap;
        gapSquares += line.WordGap * line.WordGap;
    }

    /// <summary>Remembers the words of a line except those at its ends, which may be pieces.</summary>
    public void Learn(PdfLine line)
    {
        var (first, last) = (line.Text.IndexOf(' ', StringComparison.Ordinal), line.Text.LastIndexOf(' '));
        if (words.Count < WordsMax && last > first)
        {
            words.UnionWith(line.Text[(first + 1)..last].Split(' '));
        }
    }

    /// <summary>True if a Korean word continues in the next line.</summary>
    public bool IsCut(PdfLine line, PdfLine next)
    {
        if (!AreInsideWords || line.EndsWithSpace)
        {
            return false;
        }

        var last = line.Text[(line.Text.LastIndexOf(' ') + 1)..];
        var first = next.Text[..(next.Text.IndexOf(' ', StringComparison.Ordinal) is > 0 and var end ? end : next.Text.Length)];
        var areKnown = (last.Length >= LastWordMin && words.Contains(last)) || (first.Length >= FirstWordMin && words.Contains(first));
        return spaced > 0 || !areKnown || words.Contains(last + first);
    }
}
