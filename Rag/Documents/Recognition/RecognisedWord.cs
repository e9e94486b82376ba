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
/// <param name="Box">Up to the next word at most.</param>
/// <param name="Confidence">0 to 100.</param>
/// <param name="Line">The same for all words of a line.</param>
/// <param name="AfterSpace">False for a piece that continues the previous word: Korean words come in syllables.</param>
internal readonly record struct RecognisedWord(PixelBox Box, string Text, float Confidence, int Line, bool AfterSpace = true);

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
    /// pixels, confidence, text. Level 1 is the picture and level 5 a word. The page's plain text may follow, which alone tells spaces.
    /// </summary>
    public static List<RecognisedTable> Parse(ReadOnlySpan<byte> bytes)
    {
        var tables = new List<RecognisedTable>();
        var (key, line, text) = ("", 0, new StringBuilder());
        foreach (var row in Encoding.UTF8.GetString(bytes).Split('\n'))
        {
            var cells = row.Split('\t', 2 + LineColumns + PlaceColumns);
            if (cells[0] == Header && tables.Count < TablesMax)
            {
                Finish(tables, text);
                tables.Add(new(default, []));
            }
            else if (tables.Count > 0 && cells is [var level, _, _, _, _, _, .. { Length: PlaceColumns } place])
            {
                var box = BoxOf(place);
                tables[^1] = level == PictureLevel && box is { } picture ? tables[^1] with { Picture = picture } : tables[^1];
                if (level == WordLevel && tables[^1].Words.Count < WordsMax && box is { } own && WordOf(place, own) is { } word)
                {
                    var next = string.Join('\t', cells, 1, LineColumns);
                    line += next == key ? 0 : 1;
                    key = next;
                    tables[^1].Words.Add(word with { Line = line });
                }
            }
            else
            {
                text.Append(row).Append('\n');
            }
        }

        Finish(tables, text);
        return tables;
    }

    /// <summary>Takes the spaces from the plain text, in which the same words are in the same order, and ends each box before the next word.</summary>
    private static void Finish(List<RecognisedTable> tables, StringBuilder plain)
    {
        var words = tables is [.., var table] ? table.Words : [];
        var (text, at) = (plain.ToString(), 0);
        for (var index = 0; index < words.Count; index++)
        {
            var word = words[index];
            var start = at;
            while (at < text.Length && char.IsWhiteSpace(text[at]))
            {
                at++;
            }

            var isFound = string.CompareOrdinal(text, at, word.Text, 0, word.Text.Length) == 0;
            var isSpaced = !isFound || at > start || index == 0 || words[index - 1].Line != word.Line;
            at = isFound ? at + word.Text.Length : start;
            var right = index + 1 < words.Count && words[index + 1].Line == word.Line && words[index + 1].Box.Left > word.Box.Left ? words[index + 1].Box.Left : int.MaxValue;
            words[index] = word with { Box = word.Box with { Width = Math.Min(word.Box.Width, right - word.Box.Left) }, AfterSpace = isSpaced };
        }

        plain.Clear();
    }

    private static RecognisedWord? WordOf(string[] place, PixelBox box)
    {
        var text = place[5].Trim();
        return text.Length is > 0 and <= WordCharactersMax && float.TryParse(place[4], NumberStyles.Float, CultureInfo.InvariantCulture, out var confidence) ? new(box, text, confidence, 0) : null;
    }

    private static PixelBox? BoxOf(string[] place)
    {
        var box = new PixelBox(Pixels(place[0]), Pixels(place[1]), Pixels(place[2]), Pixels(place[3]));
        return box.Width > 0 && box.Height > 0 ? box : null;
    }

    private static int Pixels(string number) => int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var pixels) ? Math.Min(pixels, RecognitionLimits.PicturePixelsMax) : 0;
}
