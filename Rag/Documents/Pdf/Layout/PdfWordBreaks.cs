using System.Runtime.InteropServices;
using Pybo.Data;

namespace Pybo.Rag.Documents.Pdf.Layout;

/// <summary>
/// Decides whether the lines of a document's Korean paragraphs end between words or anywhere (한글의 "글자 단위" 줄 나눔), and which of them end inside a word.
/// Three signs of the latter: some lines end with a space glyph and others do not; lines begin with what begins no word (<see cref="KoreanLineBreak.IsInside"/>);
/// or all lines are filled to less than a letter without justification.
/// </summary>
/// <remarks>
/// Without space glyphs about one line in three ends with a word. The words and pairs of syllables inside the document's lines, and the endings of the language,
/// identify most of them; the others are joined.
/// </remarks>
internal sealed class PdfWordBreaks
{
    /// <summary>Fewer lines prove nothing by their shape.</summary>
    private const int LinesMin = 8;

    /// <summary>Of lines that break anywhere, one in three or four ends with a word.</summary>
    private const float SpacedShareMin = 0.05f;
    private const float SpacedShareMax = 0.7f;

    private const float FilledShareMin = 0.9f;

    /// <summary>If lines break anywhere, three in ten begin with a particle or an ending; otherwise one in thirty seems to.</summary>
    private const float InsideShareMin = 0.15f;

    /// <summary>A line that breaks anywhere has room for less than one letter, in sizes.</summary>
    private const float RoomMax = 1.05f;

    /// <summary>In unjustified text, spaces between words differ from their mean by less than this, in sizes.</summary>
    private const float SpreadMax = 0.06f;

    /// <summary>The most words remembered; a long book has some 50,000.</summary>
    private const int WordsMax = 100_000;

    /// <summary>The most pairs of syllables remembered.</summary>
    private const int PairsMax = 200_000;

    /// <summary>A pair of syllables is this many times as frequent inside words as between them, or the other way round, if it shows which it is.</summary>
    private const int PairRatioMin = 2;

    /// <summary>Shorter pieces are words by chance.</summary>
    private const int LastWordMin = 2;
    private const int FirstWordMin = 3;

    private readonly HashSet<string> words = new(StringComparer.Ordinal);
    private readonly Dictionary<(char First, char Second), (int Inside, int Between)> pairs = [];
    private int lines;
    private int spaced;
    private int filled;
    private int inside;
    private double gaps;
    private double gapSquares;

    /// <summary>True if lines are filled to the last letter, so that a line with room for one ends its paragraph.</summary>
    public bool AreFilled => AreInsideWords && filled >= FilledShareMin * lines;

    public bool AreInsideWords
    {
        get
        {
            if (lines >= LinesMin && spaced > 0)
            {
                return spaced >= SpacedShareMin * lines && spaced <= SpacedShareMax * lines;
            }

            if (inside > 0 && inside >= InsideShareMin * lines)
            {
                return true;
            }

            var mean = gaps / Math.Max(lines, 1);
            return lines >= LinesMin && filled >= FilledShareMin * lines && Math.Sqrt(Math.Max(0, (gapSquares / lines) - (mean * mean))) < SpreadMax;
        }
    }

    /// <summary>Counts a continued line, if both lines are Korean where they meet.</summary>
    /// <param name="room">The white space from the line to the column's edge, in sizes.</param>
    public void Count(PdfLine line, PdfLine next, float room)
    {
        lines++;
        spaced += line.EndsWithSpace ? 1 : 0;
        filled += room < RoomMax ? 1 : 0;
        inside += KoreanLineBreak.IsInside(LastWord(line.Text), FirstWord(next.Text)) ? 1 : 0;
        gaps += line.WordGap;
        gapSquares += line.WordGap * line.WordGap;
    }

    /// <summary>Remembers the words of a line except those at its ends, which may be pieces, and its pairs of syllables.</summary>
    public void Learn(PdfLine line)
    {
        var text = line.Text;
        var (first, last) = (text.IndexOf(' ', StringComparison.Ordinal), text.LastIndexOf(' '));
        if (words.Count < WordsMax && last > first)
        {
            words.UnionWith(text[(first + 1)..last].Split(' '));
        }

        for (var at = 1; at < text.Length; at++)
        {
            var isBetween = text[at - 1] == ' ' && at > 1;
            var before = isBetween ? text[at - 2] : text[at - 1];
            if (HangulSyllable.Of(before) is not null && HangulSyllable.Of(text[at]) is not null && pairs.Count < PairsMax)
            {
                ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(pairs, (before, text[at]), out _);
                count = isBetween ? (count.Inside, count.Between + 1) : (count.Inside + 1, count.Between);
            }
        }
    }

    /// <summary>True if a Korean word continues in the next line.</summary>
    public bool IsCut(PdfLine line, PdfLine next)
    {
        if (!AreInsideWords || line.EndsWithSpace)
        {
            return false;
        }

        return spaced > 0 || IsCut(LastWord(line.Text), FirstWord(next.Text));
    }

    /// <summary>True if the next line begins with what begins no word, in a document whose lines break anywhere.</summary>
    public bool IsSurelyCut(PdfLine line, PdfLine next) => AreInsideWords && !line.EndsWithSpace && BeginsInside(line.Text, next.Text);

    /// <summary>True if a line's text begins with what begins no word.</summary>
    public static bool BeginsInside(string text, string next) => KoreanLineBreak.IsInside(LastWord(text), FirstWord(next));

    private bool IsCut(string last, string first)
    {
        if (words.Contains(last + first) || KoreanLineBreak.IsInside(last, first))
        {
            return true;
        }

        var areKnown = (last.Length >= LastWordMin && words.Contains(last)) || (first.Length >= FirstWordMin && words.Contains(first));
        var (inWord, between) = pairs.GetValueOrDefault((last[^1], first[0]));
        return inWord >= PairRatioMin * between && inWord > 0
            || (!(between >= PairRatioMin * inWord && between > 0) && !areKnown && !KoreanLineBreak.EndsWord(last, first));
    }

    private static string LastWord(string text) => text[(text.LastIndexOf(' ') + 1)..];

    private static string FirstWord(string text) => text[..(text.IndexOf(' ', StringComparison.Ordinal) is > 0 and var end ? end : text.Length)];
}
