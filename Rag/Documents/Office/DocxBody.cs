using System.Globalization;
using Pybo.Rag.Documents.Zip;

namespace Pybo.Rag.Documents.Office;

/// <summary>
/// Converts the body of a text to blocks, node by node. Open paragraphs are on a stack, because a text box has paragraphs inside one; so are tables.
/// Pages begin where Word broke them when it last saved the file, and where the author did.
/// </summary>
internal sealed class DocxBody(DocxStyles styles, DocxNumbering numbering, DocxNotes notes)
{
    private readonly AlternateContent alternates = new();
    private readonly Stack<DocxParagraph> paragraphs = [];
    private readonly TableText tables = new();
    private readonly List<string> notesDue = [];
    private bool isPageDue;
    private bool isInRun;
    private bool isHidden;
    private bool isAfterItem;
    private bool endsSection;
    private bool isCut;

    /// <summary>True if the text has a part of another format that only Word can show.</summary>
    public bool HasForeignParts { get; private set; }

    public IEnumerable<DocumentPart> Read(IEnumerable<XmlScanner> nodes)
    {
        yield return new PagePart();
        foreach (var xml in nodes)
        {
            if (alternates.Skips(xml))
            {
                continue;
            }

            if (xml.IsStart && DocxInline.IsUnread(xml.Name))
            {
                xml.Skip();
                continue;
            }

            foreach (var part in xml.IsStart ? Start(xml) : xml.IsEnd ? End(xml.Name) : [])
            {
                yield return part;
            }
        }

        // A part that breaks off leaves its paragraphs and tables open.
        while (paragraphs.TryPop(out var paragraph))
        {
            foreach (var part in EndParagraph(paragraph))
            {
                yield return part;
            }
        }

        while (tables.IsOpen)
        {
            tables.EndCell();
            if (tables.End() is { } table)
            {
                yield return table;
            }
        }

        foreach (var part in NotesDue())
        {
            yield return part;
        }

        if (isCut || tables.IsCut)
        {
            yield return new TruncatedPart(XmlScanner.CutReason);
        }
    }

    private IEnumerable<DocumentPart> Start(XmlScanner xml)
    {
        switch (xml.Name)
        {
            case "p" or "tbl" or "tr":
                StartBlock(xml.Name);
                return [];
            case "r":
                (isInRun, isHidden) = (true, false);
                return [];
            case "vanish" when isInRun:
                isHidden = IsOn(xml);
                return [];
            case "lastRenderedPageBreak":
                return BreakPage();
            case "br" when xml.Attribute("type") == "page":
                return BreakPage();
            case "altChunk":
                HasForeignParts = true;
                return [];
            case "footnoteReference" or "endnoteReference" or "commentReference":
                notesDue.AddRange(notes.Take(xml.Name, xml.Attribute("id")));
                return [];
            default:
                return paragraphs.TryPeek(out var paragraph) ? Inside(xml, paragraph) : [];
        }
    }

    private void StartBlock(string name)
    {
        switch (name)
        {
            case "p":
                paragraphs.Push(new());
                break;
            case "tbl":
                tables.Start();
                break;
            default:
                tables.StartRow();
                break;
        }
    }

    private IEnumerable<DocumentPart> Inside(XmlScanner xml, DocxParagraph paragraph)
    {
        switch (xml.Name)
        {
            case "pStyle":
                paragraph.Style = xml.Attribute("val");
                return [];
            case "outlineLvl":
                paragraph.Level = DocxStyles.LevelOf(xml.Attribute("val"));
                return [];
            case "numId":
                paragraph.List = xml.Attribute("val");
                return [];
            case "ilvl":
                paragraph.ListLevel = int.TryParse(xml.Attribute("val"), NumberStyles.None, CultureInfo.InvariantCulture, out var level) ? level : 0;
                return [];
            case "pageBreakBefore" when IsOn(xml):
                return BreakPage();
            case "sectPr":
                (endsSection, paragraph.EndsPage) = (true, true);
                return [];
            case "type" when endsSection:
                paragraph.EndsPage = xml.Attribute("val") != "continuous";
                return [];
            default:
                return DocxInline.Text(xml) is { Length: > 0 } text && !(isInRun && isHidden) ? Add(paragraph, text) : [];
        }
    }

    private IEnumerable<DocumentPart> Add(DocxParagraph paragraph, string text)
    {
        // The page begins with its first words: consecutive breaks count as one.
        var begins = isPageDue && !tables.IsOpen && paragraph.IsEmpty && !string.IsNullOrWhiteSpace(text);
        isPageDue &= !begins;
        isCut |= !paragraph.Add(text);
        return begins ? [new PagePart()] : [];
    }

    /// <summary>Writes the paragraph's text so far on the previous page.</summary>
    private IEnumerable<DocumentPart> BreakPage()
    {
        isPageDue = true;
        if (tables.IsOpen || !paragraphs.TryPeek(out var paragraph) || paragraph.IsEmpty)
        {
            return [];
        }

        var before = Block(paragraph);
        paragraph.GoesOn = true;
        return before is null ? [] : [before];
    }

    private IEnumerable<DocumentPart> End(string name)
    {
        switch (name)
        {
            case "p" when paragraphs.TryPop(out var paragraph):
                return EndParagraph(paragraph);
            case "tc":
                tables.EndCell();
                return [];
            case "tr" when tables.IsOutermost && (isPageDue || tables.RowCount >= TableText.RowsMax):
                return EndRows();
            case "tbl":
                return tables.End() is { } table ? AfterTable(table) : [];
            case "r":
                isInRun = false;
                return [];
            case "sectPr":
                endsSection = false;
                return [];
            default:
                return [];
        }
    }

    private IEnumerable<DocumentPart> EndParagraph(DocxParagraph paragraph)
    {
        if (tables.IsOpen)
        {
            if (Numbered(paragraph) is { Length: > 0 } text)
            {
                tables.Add(text);
            }

            yield break;
        }

        if (Block(paragraph) is { } block)
        {
            yield return block;
        }

        isPageDue |= paragraph.EndsPage;
        if (paragraphs.Count == 0)
        {
            foreach (var note in NotesDue())
            {
                yield return note;
            }
        }
    }

    /// <summary>A page break inside a row belongs to the row's first words: the row is the first of the next page.</summary>
    private IEnumerable<DocumentPart> EndRows()
    {
        yield return tables.Take(rowsLeft: isPageDue ? 1 : 0);
        if (isPageDue)
        {
            isPageDue = false;
            yield return new PagePart();
        }
    }

    private IEnumerable<DocumentPart> AfterTable(BlockPart table)
    {
        isAfterItem = false;
        return NotesDue().Prepend(table);
    }

    private List<DocumentPart> NotesDue()
    {
        List<DocumentPart> due = [.. notesDue.Select(note => BlockPart.Paragraph(note))];
        notesDue.Clear();
        isAfterItem &= due.Count == 0;
        return due;
    }

    private BlockPart? Block(DocxParagraph paragraph)
    {
        if (paragraph.IsEmpty)
        {
            return null;
        }

        var goesOn = paragraph.GoesOn;
        var list = ListOf(paragraph);
        var text = Numbered(paragraph);
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        // Some authors set whole paragraphs in a heading style: a heading would be cut.
        var level = text.Length > DocumentReader.TitleCharactersMax ? 0 : paragraph.Level ?? styles.HeadingLevel(paragraph.Style);
        var isItem = list is not null && level == 0;
        var separator = goesOn ? BlockBreak.Space : isItem && isAfterItem ? BlockBreak.Line : BlockBreak.Paragraph;
        isAfterItem = isItem;
        return level > 0 && !goesOn ? BlockPart.Heading(level, text) : BlockPart.Paragraph(text, separator);
    }

    /// <summary>Returns the paragraph's text after its number; an empty paragraph has no number and does not count.</summary>
    private string Numbered(DocxParagraph paragraph)
    {
        var text = paragraph.Take();
        if (paragraph.GoesOn || string.IsNullOrWhiteSpace(text))
        {
            return text;
        }

        var label = numbering.Next(ListOf(paragraph), paragraph.ListLevel ?? styles.Numbering(paragraph.Style).Level);
        return label.Length > 0 ? $"{label} {text.TrimStart()}" : text;
    }

    private string? ListOf(DocxParagraph paragraph) => (paragraph.List ?? styles.Numbering(paragraph.Style).List) is not "0" and var list ? list : null;

    private static bool IsOn(XmlScanner xml) => xml.Attribute("val") is not ("0" or "false" or "off");
}
