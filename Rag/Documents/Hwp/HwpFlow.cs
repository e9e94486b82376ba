using System.Diagnostics.CodeAnalysis;
using Pybo.Data;
using Pybo.Rag.Documents.Zip;

namespace Pybo.Rag.Documents.Hwp;

/// <summary>How a list of paragraphs apart from the surrounding text is treated.</summary>
internal enum HwpListKind
{
    /// <summary>A text box, a caption, a note: follows the paragraph in which it is anchored.</summary>
    Text,

    /// <summary>A header, a footer, a master page: each text once in the document.</summary>
    Running,

    /// <summary>A memo in the margin, for the readers of the text.</summary>
    Memo,

    /// <summary>A hidden comment, which no one sees.</summary>
    Hidden,
}

/// <summary>
/// Puts paragraphs, tables and the objects anchored in them into reading order, the same for all of 한글's formats. A reader opens and closes
/// items as they arrive; a paragraph of the body is returned when it is closed.
/// </summary>
internal sealed class HwpFlow(HwpStyles styles)
{
    /// <summary>A table in a cell adds three levels (paragraph, table, cell), so this is a table in 32 others; 한글 itself shows no use for more than three.</summary>
    public const int NestingMax = 96;

    /// <summary>A longer one is a paragraph numbered by the outline (법령, 회의록), not a heading.</summary>
    private const int HeadingCharactersMax = 120;

    /// <summary>The number of different headers and footers remembered; a document has one pair per section.</summary>
    private const int RunningTextsMax = 10_000;

    private readonly Stack<object> open = new();
    private readonly Queue<DocumentPart> ready = new();
    private readonly HashSet<string> runningTexts = new(StringComparer.Ordinal);
    private readonly HwpCharacters characters = new();
    private int skipped;
    private bool isTooDeep;
    private bool hasTooManyRunningTexts;

    public HwpPages Pages { get; } = new();

    /// <summary>The number of tracked deletions that were left out.</summary>
    public int Deletions { get; set; }

    /// <summary>True once a block on a page has been read.</summary>
    public bool HasText { get; private set; }

    /// <summary>The innermost open paragraph.</summary>
    public HwpParagraph? Paragraph => skipped > 0 ? null : open.OfType<HwpParagraph>().FirstOrDefault();

    /// <summary>The innermost open cell, if nothing was opened in it.</summary>
    public HwpCell? Cell => skipped > 0 ? null : open.TryPeek(out var top) ? top as HwpCell : null;

    /// <summary>True while the innermost paragraph is the body's, not a cell's or a note's.</summary>
    public bool IsInBody => skipped == 0 && open.Count == 1 && open.Peek() is HwpParagraph;

    /// <summary>Returns the refusal of a document without a readable body.</summary>
    public static DocumentUnreadableException Broken() => new(Notice.Of(ReadingProblem.HwpBodyBroken));

    /// <summary>Returns the same for an XML body that ended with this fault: it may be too large, and saving it again would not fix that.</summary>
    public static DocumentUnreadableException Unreadable(Notice fault) => fault == XmlScanner.BrokenReason ? Broken() : new(fault);

    /// <summary>Returns warnings about omitted content, for the end.</summary>
    public IEnumerable<WarningPart> Warnings()
    {
        if (isTooDeep)
        {
            yield return new(Notice.Of(ReadingProblem.TablesTooDeep));
        }

        if (hasTooManyRunningTexts)
        {
            yield return new(Notice.Of(ReadingProblem.TooManyHeaders));
        }

        if (Deletions > 0)
        {
            yield return new(Notice.Of(ReadingProblem.DeletionsLeftOut, Deletions));
        }

        if (characters.LostCount > 0)
        {
            yield return new(Notice.Of(ReadingProblem.HwpLostCharacters, characters.LostCount));
        }
    }

    /// <summary>Takes the next finished part.</summary>
    public bool TryTake([NotNullWhen(true)] out DocumentPart? part) => ready.TryDequeue(out part);

    public void OpenParagraph(int shapeId, int styleId, bool startsPage = false) => Open(new HwpParagraph(shapeId, styleId, startsPage));

    public void OpenTable() => Open(new List<HwpCell>());

    public void OpenCell(HwpCell cell) => Open(cell);

    public void OpenList(HwpListKind kind) => Open(new TextList(kind));

    /// <summary>Closes the item opened last.</summary>
    public void Close()
    {
        if (skipped > 0)
        {
            skipped--;
            return;
        }

        switch (open.Pop())
        {
            case HwpParagraph paragraph when open.Count == 0:
                Give(Blocks(paragraph, Pages.Breaks(paragraph)));
                break;
            case HwpParagraph paragraph:
                Place(Blocks(paragraph, []).OfType<BlockPart>());
                break;
            case HwpCell cell when open.TryPeek(out var table) && table is List<HwpCell> cells:
                cells.Add(cell);
                break;
            case HwpCell cell:
                Place(cell.Blocks);
                break;
            case List<HwpCell> cells:
                Place(HwpTable.Blocks(cells));
                break;
            case TextList { Kind: HwpListKind.Memo, Blocks: [_, ..] } memo:
                Place([BlockPart.Paragraph($"{StoredWords.Comment}: {HwpTable.Text(memo.Blocks)}")]);
                break;
            case TextList list when IsShown(list):
                Place(list.Blocks);
                break;
        }
    }

    private void Open(object frame)
    {
        if (skipped > 0 || open.Count >= NestingMax)
        {
            skipped++;
            isTooDeep = true;
            return;
        }

        open.Push(frame);
    }

    private bool IsShown(TextList list) => list.Kind switch
    {
        HwpListKind.Text => true,
        HwpListKind.Running => IsNew(HwpTable.Text(list.Blocks)),
        _ => false,
    };

    private bool IsNew(string runningText)
    {
        if (runningTexts.Count < RunningTextsMax)
        {
            return runningTexts.Add(runningText);
        }

        hasTooManyRunningTexts |= !runningTexts.Contains(runningText);
        return false;
    }

    /// <summary>Puts blocks into the innermost open item: a paragraph's object, a cell, a list, a table's caption before it, or the document.</summary>
    private void Place(IEnumerable<BlockPart> blocks)
    {
        foreach (var frame in open)
        {
            switch (frame)
            {
                case HwpParagraph paragraph:
                    paragraph.CurrentObject().Blocks.AddRange(blocks);
                    return;
                case HwpCell cell:
                    cell.Blocks.AddRange(blocks);
                    return;
                case TextList list:
                    list.Blocks.AddRange(blocks);
                    return;
            }
        }

        Give(blocks);
    }

    private void Give(IEnumerable<DocumentPart> parts)
    {
        foreach (var part in parts)
        {
            HasText |= part is BlockPart;
            ready.Enqueue(part);
        }
    }

    /// <summary>Returns a paragraph's blocks, numbered only now, because the first paragraph of a section names the section's outline numbering.</summary>
    private List<DocumentPart> Blocks(HwpParagraph paragraph, List<int> pageBreaks)
    {
        var (level, label) = styles.Next(paragraph.ShapeId, paragraph.StyleId);
        var pieces = paragraph.Pieces;
        var isHeading = level > 0 && pieces.Sum(piece => piece.Text.Length) <= HeadingCharactersMax;
        return new HwpParagraphWriter(isHeading ? level : 0, characters.Written(label), Pages.Next(), characters).Write(pieces, isHeading ? pageBreaks.ConvertAll(_ => 0) : pageBreaks);
    }

    private sealed record TextList(HwpListKind Kind)
    {
        public List<BlockPart> Blocks { get; } = [];
    }
}
