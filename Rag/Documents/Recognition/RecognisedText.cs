using System.Globalization;
using System.Text;
using Pybo.Rag.Documents.Pdf;

namespace Pybo.Rag.Documents.Recognition;

/// <summary>
/// Turns Tesseract's table of a page into glyphs with their places, so that recognised text gets its lines, columns, paragraphs and headings as any other page does.
/// </summary>
/// <remarks>
/// The table has a header and tab-separated rows (tesseract(1), TSV): level, page, block, paragraph, line, word, left, top, width, height in pixels, confidence, text.
/// Level 1 is the picture and level 5 a word. Korean words often come as single syllables, and a word's box may be as high as its whole row; so a line has one size and one baseline,
/// and the gaps between boxes decide where words end.
/// </remarks>
internal static class RecognisedText
{
    /// <summary>A word below this confidence (0 to 100) is more often a picture's pattern than a word.</summary>
    private const float ConfidenceMin = 25;

    /// <summary>A page of a newspaper has 5,000.</summary>
    private const int WordsMax = 20_000;

    private const int WordCharactersMax = 200;

    private const string PictureLevel = "1";

    private const string WordLevel = "5";

    /// <summary>The columns up to the text.</summary>
    private const int Columns = 12;

    /// <summary>The height of Hangul and of Latin capitals, as a share of the size.</summary>
    private const float BodyShare = 0.88f;

    /// <summary>The part of Hangul's body below the baseline, as a share of the size.</summary>
    private const float DescentShare = 0.12f;

    /// <summary>Boxes end at the ink: the room that a glyph has on each side, as a share of the size.</summary>
    private const float SideBearing = 0.05f;

    /// <summary>Sizes that differ by less than this from the page's usual one are that size: boxes are measured with noise.</summary>
    private const float SizeNoise = 0.3f;

    private static readonly PdfFontLook Look = new("", IsBold: false, IsItalic: false, BodyShare - DescentShare, DescentShare);

    /// <param name="width">The page's width in points.</param>
    /// <param name="height">The page's height in points.</param>
    /// <param name="page">The words of a picture of the whole page.</param>
    public static PdfGlyphPage Page(float width, float height, RecognisedPage page)
    {
        var glyphs = new List<PdfGlyph>();
        var (picture, lines) = Read(page);
        if (lines.Count == 0 || picture is null)
        {
            return new(width, height, glyphs, []);
        }

        var (across, down) = (width / picture.Value.Width, height / picture.Value.Height);
        var usual = Median(lines.SelectMany(line => Enumerable.Repeat(line.Size, line.Letters)));
        for (var at = 0; at < lines.Count; at++)
        {
            var size = Math.Abs(lines[at].Size - usual) <= SizeNoise * usual ? usual : lines[at].Size;
            foreach (var word in lines[at].Words)
            {
                Add(glyphs, word, lines[at].Bottom - (DescentShare * size), size, across, down, at);
            }
        }

        return new(width, height, glyphs, []);
    }

    /// <summary>Divides a word's box among its characters.</summary>
    private static void Add(List<PdfGlyph> glyphs, Word word, float baseline, float size, float across, float down, int line)
    {
        var bearing = SideBearing * size;
        var characters = word.Text.EnumerateRunes().ToList();
        var advance = (word.Box.Width + (2 * bearing)) / characters.Count;
        for (var at = 0; at < characters.Count; at++)
        {
            var start = word.Box.Left - bearing + (at * advance);
            glyphs.Add(new(characters[at].ToString(), start * across, baseline * down, advance * across, size * down, 0, IsVertical: false, Look, line));
        }
    }

    /// <summary>Returns the picture's box and the lines of its words.</summary>
    private static (Box? Picture, List<Line> Lines) Read(RecognisedPage page)
    {
        var lines = new List<Line>();
        Box? picture = null;
        var (words, key, count) = (new List<Word>(), "", 0);
        foreach (var row in Encoding.UTF8.GetString(page.Table.Span).Split('\n'))
        {
            if (row.Split('\t', Columns) is not [var level, var sheet, var block, var paragraph, var line, _, .. { Length: 6 } place])
            {
                continue;
            }

            picture = level == PictureLevel ? BoxOf(place) : picture;
            if (level != WordLevel || count == WordsMax || WordOf(place) is not { } word)
            {
                continue;
            }

            count++;
            var next = string.Join('\t', sheet, block, paragraph, line);
            if (next != key && words.Count > 0)
            {
                lines.Add(new(words));
                words = [];
            }

            key = next;
            words.Add(word);
        }

        return (picture, words.Count > 0 ? [.. lines, new(words)] : lines);
    }

    /// <summary>Returns a word; null if it is empty or too uncertain.</summary>
    private static Word? WordOf(string[] place)
    {
        var text = TextNormalizer.OneLine(place[5], WordCharactersMax).Replace(" ", "", StringComparison.Ordinal);
        var isCertain = float.TryParse(place[4], NumberStyles.Float, CultureInfo.InvariantCulture, out var confidence) && confidence >= ConfidenceMin;
        return isCertain && text.Length > 0 && BoxOf(place) is { } box ? new(box, text) : null;
    }

    private static Box? BoxOf(string[] place)
    {
        var box = new Box(Pixels(place[0]), Pixels(place[1]), Pixels(place[2]), Pixels(place[3]));
        return box.Width > 0 && box.Height > 0 ? box : null;
    }

    private static int Pixels(string number) => int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var pixels) ? Math.Min(pixels, RecognitionLimits.PicturePixelsMax) : 0;

    private static float Median(IEnumerable<float> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }

    /// <summary>A place in pixels.</summary>
    private readonly record struct Box(int Left, int Top, int Width, int Height);

    private readonly record struct Word(Box Box, string Text);

    private sealed class Line(List<Word> words)
    {
        public List<Word> Words => words;

        public int Letters { get; } = words.Sum(word => word.Text.Length);

        /// <summary>The height of an em in pixels.</summary>
        public float Size { get; } = Median(words.SelectMany(word => Enumerable.Repeat((float)word.Box.Height, word.Text.Length))) / BodyShare;

        /// <summary>The lower edge of most letters.</summary>
        public float Bottom { get; } = Median(words.SelectMany(word => Enumerable.Repeat((float)word.Box.Top + word.Box.Height, word.Text.Length)));
    }
}
