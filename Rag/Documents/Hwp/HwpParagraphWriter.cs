using System.Text;

namespace Pybo.Rag.Documents.Hwp;

/// <summary>
/// Builds the blocks of one paragraph. An object before the first word precedes the text, and every other one follows it, so that no picture's
/// caption cuts a sentence. If a page begins within the paragraph, its text is cut there and continues after the page's beginning.
/// </summary>
/// <param name="level">The heading's level, 0 for a paragraph.</param>
/// <param name="label">Number or bullet, put before the first word.</param>
/// <param name="page">The part returned at the beginning of a page.</param>
/// <param name="characters">Writes private-use characters.</param>
internal sealed class HwpParagraphWriter(int level, string label, PagePart page, HwpCharacters characters)
{
    private readonly List<DocumentPart> parts = [];
    private readonly List<BlockPart> objects = [];
    private readonly StringBuilder text = new();
    private BlockBreak textBreak = BlockBreak.Paragraph;
    private bool hasWords;
    private bool isLabelled;

    /// <summary>Returns the parts of a paragraph; pages begin at the given positions.</summary>
    public List<DocumentPart> Write(IReadOnlyList<HwpParagraph.Piece> pieces, List<int> pageBreaks)
    {
        var next = 0;
        foreach (var piece in pieces)
        {
            var written = 0;
            for (; next < pageBreaks.Count && pageBreaks[next] < piece.End; next++)
            {
                var cut = piece.IsObject ? 0 : Math.Max(written, pageBreaks[next] - piece.Position);
                cut = Math.Min(cut, piece.Text.Length);
                AppendText(piece.Text[written..cut], piece.Script);
                written = cut;
                BeginPage();
            }

            AppendText(piece.Text[written..], piece.Script);
            AddObjects(piece.Blocks);
        }

        for (; next < pageBreaks.Count; next++)
        {
            BeginPage();
        }

        Flush();
        return parts;
    }

    private void AppendText(string piece, int script)
    {
        text.Append(characters.Written(script switch { > 0 => ScriptText.Raised(piece), < 0 => ScriptText.Lowered(piece), _ => piece }));
        hasWords |= !string.IsNullOrWhiteSpace(piece);
    }

    private void AddObjects(List<BlockPart> blocks)
    {
        if (hasWords)
        {
            objects.AddRange(blocks);
        }
        else
        {
            parts.AddRange(blocks);
        }
    }

    private void BeginPage()
    {
        var goesOn = hasWords && objects.Count == 0 && text.Length > 0;
        textBreak = !goesOn ? BlockBreak.Paragraph : char.IsWhiteSpace(text[^1]) ? BlockBreak.Space : BlockBreak.None;
        Flush();
        parts.Add(page);
    }

    private void Flush()
    {
        var words = text.ToString();
        if (!string.IsNullOrWhiteSpace(words))
        {
            var line = isLabelled || label.Length == 0 ? words : $"{label} {words.TrimStart()}";
            parts.Add(level > 0 ? BlockPart.Heading(level, line) : BlockPart.Paragraph(line, isLabelled ? textBreak : BlockBreak.Paragraph));
            isLabelled = true;
        }

        parts.AddRange(objects);
        objects.Clear();
        text.Clear();
    }
}
