using System.Globalization;
using Pybo.Rag.Documents.Zip;

namespace Pybo.Rag.Documents.Office;

/// <summary>
/// Converts the body of a text to blocks, node by node. Open paragraphs are on a stack, because a text box has paragraphs inside one; so are tables.
/// Pages begin where Word broke them when it last saved the file, and where the author did.
/// </summary>
/// <param name="styles">Of the text.</param>
/// <param name="numbering">Of its lists.</param>
/// <param name="notes">Its footnotes and comments.</param>
/// <param name="inline">Reads what is inside paragraphs.</param>
/// <param name="drawn">Returns the words of a drawn part, by its relationship's id.</param>
internal sealed class DocxBody(DocxStyles styles, DocxNumbering numbering, DocxNotes notes, DocxInline inline, Func<string, IEnumerable<DocumentPart>> drawn)
{
    private readonly AlternateContent alternates = new();
    private readonly Stack<DocxParagraph> paragraphs = [];
    private readonly OfficeTable tables = new();
    private readonly Stack<string?> tableStyles = [];
    private readonly List<DocumentPart> due = [];
    private string? textBefore;
    private int deletionsBefore;
    private int dueBefore;
    private bool isPageDue;
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

            foreach (var part in xml.IsStart ? Start(xml) : xml.IsEnd ? End(xml.Name) : [])
            {
                yield return part;
            }
        }

        foreach (var part in Close())
        {
            yield return part;
        }

        if (isCut || tables.IsCut)
        {
            yield return new TruncatedPart(XmlScanner.CutReason);
        }
    }

    /// <summary>Returns what a part that breaks off leaves open: its paragraphs and tables.</summary>
    private IEnumerable<DocumentPart> Close()
    {
        while (paragraphs.TryPop(out var paragraph))
        {
            foreach (var part in EndParagraph(paragraph))
            {
                yield return part;
            }
        }

        foreach (var part in JoinNothing())
        {
            yield return part;
        }

        while (tables.IsOpen)
        {
            if (tables.End() is { } table)
            {
                yield return table;
            }
        }

        foreach (var part in Due())
        {
            yield return part;
        }
    }

    private IEnumerable<DocumentPart> Start(XmlScanner xml)
    {
        switch (xml.Name)
        {
            case "p":
                StartParagraph();
                return [];
            case "tbl":
                var before = JoinNothing();
                tables.Start();
                tableStyles.Push(null);
                inline.TableStyle = null;
                return before;
            case "tr" or "tc" or "tblStyle" or "tblLook" or "trPr" or "tcPr" when tables.IsOpen:
                Table(xml);
                return [];
            case "lastRenderedPageBreak":
                return BreakPage();
            case "br" when xml.Attribute("type") == "page":
                return BreakPage();
            case "altChunk":
                HasForeignParts = true;
                return [];
            case "footnoteReference" or "endnoteReference" or "commentReference":
                TakeNotes(xml);
                return [];
            default:
                return paragraphs.TryPeek(out var paragraph) ? Inside(xml, paragraph) : Outside(xml);
        }
    }

    private IEnumerable<DocumentPart> Outside(XmlScanner xml)
    {
        inline.Start(xml, null);
        return [];
    }

    private void StartParagraph()
    {
        var paragraph = new DocxParagraph();
        if (textBefore is { } text)
        {
            paragraph.Add(text);
            textBefore = null;
        }

        paragraphs.Push(paragraph);
    }

    /// <summary>A hidden reference hides its note too.</summary>
    private void TakeNotes(XmlScanner xml)
    {
        var taken = notes.Take(xml.Name, xml.Attribute("id"));
        if (!inline.IsHidden(paragraphs.TryPeek(out var paragraph) ? paragraph : null))
        {
            due.AddRange(taken.Select(note => BlockPart.Paragraph(note)));
        }
    }

    private void Table(XmlScanner xml)
    {
        switch (xml.Name)
        {
            case "tr":
                tables.StartRow();
                (deletionsBefore, dueBefore) = (inline.Deletions, due.Count);
                break;
            case "tc":
                tables.StartCell();
                break;
            case "tblStyle" when tableStyles.TryPop(out _):
                tableStyles.Push(xml.Attribute("val"));
                inline.TableStyle = xml.Attribute("val");
                break;
            case "tblLook" when IsFirstRowStyled(xml) && styles.HasHeaderRow(inline.TableStyle):
                tables.StyleFirstRow();
                break;
            case "trPr" or "tcPr":
                TableProperties(xml);
                break;
        }
    }

    /// <summary>Reads a row's or a cell's properties to their end (ECMA-376 part 1, 17.4.81 and 17.4.70).</summary>
    private void TableProperties(XmlScanner xml)
    {
        var depth = xml.Depth;
        while (xml.Read() && !(xml.IsEnd && xml.Depth == depth))
        {
            if (!xml.IsStart)
            {
                continue;
            }

            if (xml.Name is "trPrChange" or "tcPrChange")
            {
                xml.Skip();
            }
            else if (tables.CurrentCell is { } cell)
            {
                CellProperty(xml, cell);
            }
            else if (tables.CurrentRow is { } row)
            {
                RowProperty(xml, row);
            }
        }
    }

    private static void RowProperty(XmlScanner xml, OfficeTable.Row row)
    {
        switch (xml.Name)
        {
            case "gridBefore":
                row.Skip(Number(xml.Attribute("val")));
                break;
            case "tblHeader":
                row.IsHeader = DocxRun.IsOn(xml);
                break;
            case "hidden" when DocxRun.IsOn(xml):
                row.IsLeftOut = true;
                break;
            case "del":
                (row.IsLeftOut, row.IsDeleted) = (true, true);
                break;
        }
    }

    private static void CellProperty(XmlScanner xml, OfficeTable.Cell cell)
    {
        switch (xml.Name)
        {
            case "gridSpan":
                cell.ColumnSpan = Number(xml.Attribute("val"));
                break;
            case "vMerge":
                (cell.IsMerged, cell.IsCovered) = (true, xml.Attribute("val") != "restart");
                break;
            case "hMerge":
                cell.IsCoveredFromLeft = xml.Attribute("val") != "restart";
                break;
            case "cellDel":
                cell.IsDeleted = true;
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
                paragraph.ListLevel = Number(xml.Attribute("val"));
                return [];
            case "pageBreakBefore" when DocxRun.IsOn(xml):
                return BreakPage();
            case "sectPr":
                (endsSection, paragraph.EndsPage) = (true, true);
                return [];
            case "type" when endsSection:
                paragraph.EndsPage = xml.Attribute("val") != "continuous";
                return [];
            default:
                return Words(xml, paragraph);
        }
    }

    private IEnumerable<DocumentPart> Words(XmlScanner xml, DocxParagraph paragraph)
    {
        // The page begins with its first words: consecutive breaks count as one.
        var mayBegin = isPageDue && !tables.IsOpen && paragraph.IsEmpty;
        inline.Start(xml, paragraph);
        if (!mayBegin || paragraph.IsEmpty || string.IsNullOrWhiteSpace(paragraph.From(0)))
        {
            return [];
        }

        isPageDue = false;
        return [new PagePart()];
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
            case "txbxContent":
                return JoinNothing();
            case "tc" when tables.IsOpen:
                var rest = JoinNothing();
                tables.EndCell();
                return rest;
            case "tr" when tables.IsOpen:
                return EndRow();
            case "tbl" when tables.IsOpen:
                return EndTable();
            case "sectPr":
                endsSection = false;
                return [];
            default:
                inline.End(name, paragraphs.TryPeek(out var inside) ? inside : null);
                return [];
        }
    }

    private List<DocumentPart> EndParagraph(DocxParagraph paragraph)
    {
        inline.EndParagraph();
        isCut |= paragraph.IsCut;
        if (paragraph.IsDeleted)
        {
            textBefore = paragraph.Take();
            return [];
        }

        var parts = new List<DocumentPart>();
        if (tables.IsOpen)
        {
            AddToCell(paragraph);
        }
        else if (Block(paragraph) is { } block)
        {
            parts.Add(block);
        }

        AddDrawings();
        isPageDue |= paragraph.EndsPage && !tables.IsOpen;
        if (paragraphs.Count == 0 && !tables.IsOpen)
        {
            parts.AddRange(Due());
        }

        return parts;
    }

    /// <summary>Returns a paragraph whose end is deleted, but which none follows.</summary>
    private List<DocumentPart> JoinNothing()
    {
        if (textBefore is null)
        {
            return [];
        }

        StartParagraph();
        return EndParagraph(paragraphs.Pop());
    }

    private void AddToCell(DocxParagraph paragraph)
    {
        if (Numbered(paragraph) is { Length: > 0 } text)
        {
            tables.Add(text);
        }

        foreach (var description in inline.Drawings.Select(drawing => drawing.Description).OfType<string>())
        {
            tables.Add(description);
        }

        inline.Drawings.RemoveAll(drawing => drawing.Description is not null);
    }

    private void AddDrawings()
    {
        foreach (var drawing in inline.Drawings)
        {
            due.AddRange(drawing is { Description: { } description } ? [BlockPart.Paragraph(description)] : drawn(drawing.Part ?? ""));
        }

        inline.Drawings.Clear();
    }

    /// <summary>A page break inside a row belongs to the row's first words: the row is the first of the next page.</summary>
    private IEnumerable<DocumentPart> EndRow()
    {
        if (tables.CurrentRow is { IsLeftOut: true } row)
        {
            inline.Deletions = row.IsDeleted ? deletionsBefore + 1 : inline.Deletions;
            due.RemoveRange(Math.Min(dueBefore, due.Count), Math.Max(0, due.Count - dueBefore));
        }

        var breaks = isPageDue && tables.IsOutermost;
        if (breaks && tables.Take(isPageEnd: true) is { } before)
        {
            yield return before;
        }

        if (breaks)
        {
            isPageDue = false;
            yield return new PagePart();
        }

        tables.EndRow();
        if (tables.HasRows && tables.Take(isPageEnd: false) is { } rows)
        {
            yield return rows;
        }
    }

    private IEnumerable<DocumentPart> EndTable()
    {
        var table = tables.End();
        tableStyles.TryPop(out _);
        inline.TableStyle = tableStyles.TryPeek(out var outer) ? outer : null;
        if (tables.IsOpen)
        {
            return [];
        }

        isAfterItem = false;
        return table is null ? Due() : Due().Prepend(table);
    }

    private List<DocumentPart> Due()
    {
        List<DocumentPart> parts = [.. due];
        due.Clear();
        isAfterItem &= parts.Count == 0;
        return parts;
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

    /// <summary>Reads whether the table's look uses its style's first row: an attribute, or a bit of older editions.</summary>
    private static bool IsFirstRowStyled(XmlScanner xml)
    {
        const int firstRow = 0x20;
        return xml.Attribute("firstRow") is { } value ? value is "1" or "true" or "on"
            : int.TryParse(xml.Attribute("val"), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var look) && (look & firstRow) != 0;
    }

    private static int Number(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
