namespace Pybo.Rag.Documents.Pdf;

/// <summary>
/// Whether the lines of a document's Korean paragraphs end between words or anywhere (한글의 "글자 단위" 줄 나눔). Two signs of the latter:
/// some lines end with a space glyph and others do not; or no line does, yet all are filled to less than a letter without their words being spread.
/// </summary>
/// <remarks>Where the second sign decides, a word that happened to end with its line is joined with the next: about one in four.</remarks>
internal sealed class PdfWordBreaks
{
    /// <summary>Fewer lines say nothing.</summary>
    private const int LinesMin = 8;

    /// <summary>Of lines that break anywhere one in three or four ends with a word.</summary>
    private const float SpacedShareMin = 0.05f;
    private const float SpacedShareMax = 0.7f;

    private const float FilledShareMin = 0.9f;

    /// <summary>A line that breaks anywhere has less than one letter's room left, in sizes.</summary>
    private const float RoomMax = 1.05f;

    /// <summary>Spaces between words differ by less than this from their mean, in sizes, where words are not spread.</summary>
    private const float SpreadMax = 0.06f;

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

    /// <summary>Counts a line that the next continues, both Korean where they meet.</summary>
    /// <param name="room">White space from the line to the column's edge, in sizes.</param>
    public void Count(PdfLine line, float room)
    {
        lines++;
        spaced += line.EndsWithSpace ? 1 : 0;
        filled += room < RoomMax ? 1 : 0;
        gaps += line.WordGap;
        gapSquares += line.WordGap * line.WordGap;
    }
}
