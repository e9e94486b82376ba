using System.Globalization;
using System.Text;

namespace Pybo.Rag.Documents.Recognition;

/// <summary>A place in pixels.</summary>
internal readonly record struct PixelBox(int Left, int Top, int Width, int Height)
{
    /// <summary>True if the middle of another box is inside.</summary>
    public bool Holds(PixelBox other)
    {
        var (x, y) = (other.Left + (other.Width / 2), other.Top + (other.Height / 2));
        return x >= Left && x < Left + Width && y >= Top && y < Top + Height;
    }
}

/// <summary>A word that Tesseract read.</summary>
/// <param name="Confidence">0 to 100.</param>
/// <param name="Line">The same for all words of a line.</param>
internal readonly record struct RecognisedWord(PixelBox Box, string Text, float Confidence, int Line);

/// <summary>What Tesseract read on a page with one model.</summary>
/// <param name="Picture">The whole page.</param>
/// <param name="Words">In reading order.</param>
internal sealed record RecognisedTable(PixelBox Picture, List<RecognisedWord> Words)
{
    /// <summary>A page of a newspaper has 5,000.</summary>
    private const int WordsMax = 10_000;

    private const int WordCharactersMax = 200;

    private const int TablesMax = 2;

    private const string Header = "level";

    private const string PictureLevel = "1";

    private const string WordLevel = "5";

    /// <summary>Page, block, paragraph and line.</summary>
    private const int LineColumns = 4;

    /// <summary>Left, top, width, height, confidence, text.</summary>
    private const int PlaceColumns = 6;

    /// <summary>
    /// Parses tables, one after the other. Each has a header and tab-separated rows (tesseract(1), TSV): level, page, block, paragraph, line, word, left, top, width, height in
    /// pixels, confidence, text. Level 1 is the picture and level 5 a word.
    /// </summary>
    public static List<RecognisedTable> Parse(ReadOnlySpan<byte> bytes)
    {
        var tables = new List<RecognisedTable>();
        var (key, line) = ("", 0);
        foreach (var row in Encoding.UTF8.GetString(bytes).Split('\n'))
        {
            var cells = row.Split('\t', 2 + LineColumns + PlaceColumns);
            if (cells[0] == Header && tables.Count < TablesMax)
            {
                tables.Add(new(default, []));
            }

            if (tables.Count == 0 || cells is not [var level, _, _, _, _, _, .. { Length: PlaceColumns } place] || BoxOf(place) is not { } box)
            {
                continue;
            }

            if (level == PictureLevel)
            {
                tables[^1] = tables[^1] with { Picture = box };
            }
            else if (level == WordLevel && tables[^1].Words.Count < WordsMax && WordOf(place, box) is { } word)
            {
                var next = string.Join('\t', cells, 1, LineColumns);
                line += next == key ? 0 : 1;
                key = next;
                tables[^1].Words.Add(word with { Line = line });
            }
        }

        return tables;
    }

    private static RecognisedWord? WordOf(string[] place, PixelBox box)
    {
        var text = TextNormalizer.OneLine(place[5], WordCharactersMax).Replace(" ", "", StringComparison.Ordinal);
        return float.TryParse(place[4], NumberStyles.Float, CultureInfo.InvariantCulture, out var confidence) && text.AsSpan().ContainsAnyExcept("|_¦") ? new(box, text, confidence, 0) : null;
    }

    private static PixelBox? BoxOf(string[] place)
    {
        var box = new PixelBox(Pixels(place[0]), Pixels(place[1]), Pixels(place[2]), Pixels(place[3]));
        return box.Width > 0 && box.Height > 0 ? box : null;
    }

    private static int Pixels(string number) => int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var pixels) ? Math.Min(pixels, RecognitionLimits.PicturePixelsMax) : 0;
}
