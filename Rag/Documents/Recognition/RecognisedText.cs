using Pybo.Data;
using Pybo.Rag.Documents.Pdf;
using Pybo.Rag.Documents.Pdf.Layout;

namespace Pybo.Rag.Documents.Recognition;

/// <summary>Turns what Tesseract read on a page into glyphs with their places, so that recognised text gets its lines, columns, paragraphs and headings as any other page does.</summary>
/// <remarks>
/// Korean words often come as single syllables, and a word's box may be as high as its whole row; so a line has one size and one baseline.
/// </remarks>
internal static class RecognisedText
{
    /// <summary>A line below this confidence (0 to 100) is a picture's pattern. In a line that is read well, uncertain words are mostly right.</summary>
    private const float LineConfidenceMin = 30;

    /// <summary>What the rules of a table look like.</summary>
    private const string Rules = "|_¦";

    /// <summary>The height of Hangul and of Latin capitals, as a share of the size.</summary>
    private const float BodyShare = 0.88f;

    /// <summary>The part of Hangul's body below the baseline, as a share of the size.</summary>
    private const float DescentShare = 0.12f;

    /// <summary>Sizes that differ by less than this from the page's usual one are that size: boxes are measured with noise.</summary>
    private const float SizeNoise = 0.3f;

    private static readonly PdfFontLook Look = new("", IsBold: false, IsItalic: false, BodyShare - DescentShare, DescentShare);

    /// <summary>Returns the lines of a page.</summary>
    /// <param name="width">The page's width in points.</param>
    /// <param name="height">The page's height in points.</param>
    public static List<PdfLine> Lines(float width, float height, RecognisedPage page) =>
        PdfLayout.Lines(new(width, height, Glyphs(width, height, page), [])).ConvertAll(line => line with { Box = Turned(line.Box, page.Skew, width, height) });

    private static List<PdfGlyph> Glyphs(float width, float height, RecognisedPage page)
    {
        var glyphs = new List<PdfGlyph>();
        if (RecognisedTable.Parse(page.Tables.Span) is not [{ Picture: { Width: > 0 } picture } korean, .. var others])
        {
            return glyphs;
        }

        var words = others is [var english] ? EnglishWords.Merge(korean.Words, english.Words) : korean.Words;
        var lines = words.Where(word => word.Text.AsSpan().ContainsAnyExcept(Rules)).GroupBy(word => word.Line).Select(words => new Line([.. words]))
            .Where(line => line.Confidence >= LineConfidenceMin).ToList();
        if (lines.Count == 0)
        {
            return glyphs;
        }

        var (scaleAcross, scaleDown) = (width / picture.Width, height / picture.Height);
        var usual = Median(lines.SelectMany(line => Enumerable.Repeat(line.Size, line.Letters)));
        for (var at = 0; at < lines.Count; at++)
        {
            var size = Math.Abs(lines[at].Size - usual) <= SizeNoise * usual ? usual : lines[at].Size;
            var look = new PdfGlyph(" ", 0, (lines[at].Bottom - (DescentShare * size)) * scaleDown, 0, size * scaleDown, 0, IsVertical: false, Look, at);
            Add(glyphs, lines[at].Words, look, scaleAcross);
        }

        return glyphs;
    }

    /// <summary>Divides the words' boxes among their characters. Pieces of one word have no gap between them.</summary>
    private static void Add(List<PdfGlyph> glyphs, List<RecognisedWord> words, PdfGlyph look, float scale)
    {
        for (var at = 0; at < words.Count; at++)
        {
            var (box, start) = (words[at].Box, words[at].Box.Left * scale);
            var continues = at + 1 < words.Count && !words[at + 1].AfterSpace && words[at + 1].Box.Left > box.Left;
            var end = (continues ? words[at + 1].Box.Left : box.Left + box.Width) * scale;
            if (words[at].AfterSpace)
            {
                glyphs.Add(look with { X = start });
            }

            var characters = words[at].Text.EnumerateRunes().ToList();
            var advance = (end - start) / characters.Count;
            glyphs.AddRange(characters.Select((character, index) => look with { Text = character.ToString(), X = start + (index * advance), Advance = advance }));
        }
    }

    /// <summary>Returns the box around a line that is turned with its page around the middle.</summary>
    private static PageBox Turned(PageBox box, float degrees, float width, float height)
    {
        if (degrees == 0 || !float.IsFinite(degrees))
        {
            return box;
        }

        var (sine, cosine) = MathF.SinCos(degrees * MathF.PI / 180);
        var (x, y) = (box.X + (box.Width / 2) - (width / 2), box.Y + (box.Height / 2) - (height / 2));
        var (across, down) = ((box.Width * cosine) + (box.Height * MathF.Abs(sine)), (box.Height * cosine) + (box.Width * MathF.Abs(sine)));
        var (left, top) = ((x * cosine) - (y * sine) + (width / 2) - (across / 2), (x * sine) + (y * cosine) + (height / 2) - (down / 2));
        var (start, upper) = (Math.Clamp(left, 0, width), Math.Clamp(top, 0, height));
        return new(start, upper, Math.Clamp(left + across, 0, width) - start, Math.Clamp(top + down, 0, height) - upper);
    }

    private static float Median(IEnumerable<float> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }

    private sealed class Line(List<RecognisedWord> words)
    {
        public List<RecognisedWord> Words => words;

        public int Letters { get; } = words.Sum(word => word.Text.Length);

        public float Confidence => words.Sum(word => word.Confidence * word.Text.Length) / Letters;

        /// <summary>The height of an em in pixels.</summary>
        public float Size { get; } = Median(words.SelectMany(word => Enumerable.Repeat((float)word.Box.Height, word.Text.Length))) / BodyShare;

        /// <summary>The lower edge of most letters.</summary>
        public float Bottom { get; } = Median(words.SelectMany(word => Enumerable.Repeat((float)word.Box.Top + word.Box.Height, word.Text.Length)));
    }
}
