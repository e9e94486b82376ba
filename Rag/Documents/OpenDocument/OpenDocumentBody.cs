using System.Globalization;
using System.Text;
using Pybo.Data;
using Pybo.Rag.Documents.Tables;
using Pybo.Rag.Documents.Zip;

namespace Pybo.Rag.Documents.OpenDocument;

/// <summary>Reads <c>content.xml</c> forwards: headings, paragraphs, lists, notes, tables, sheets and slides in their order.</summary>
/// <param name="xml">At the beginning of the part.</param>
/// <param name="styles">The styles of <c>styles.xml</c>; those of this part are added.</param>
/// <param name="hasSheets">True if its tables are sheets, which have names.</param>
internal sealed class OpenDocumentBody(XmlScanner xml, OpenDocumentStyles styles, bool hasSheets)
{
    /// <summary>Spaces in a row that one element repeats.</summary>
    private const int SpacesMax = 100;

    private const int CellCharactersMax = 1_000_000;

    /// <summary>Notes and comments that wait for the end of their paragraph.</summary>
    private const int NotesMax = 1_000;

    private readonly Stack<Table> tables = [];
    private readonly List<string> notes = [];
    private int lists;
    private bool startsItem;
    private bool isInList;
    private int hiddenSheets;
    private int hiddenSlides;
    private int hiddenRows;
    private int deletions;

    public IEnumerable<DocumentPart> Parts()
    {
        while (xml.Read())
        {
            styles.Take(xml);
            foreach (var part in xml.IsStart ? Start() : xml.IsEnd ? End() : [])
            {
                yield return part;
            }
        }

        while (tables.Count > 0)
        {
            foreach (var part in EndTable())
            {
                yield return part;
            }
        }
    }

    /// <summary>Returns what was left out because the document hides it.</summary>
    public IEnumerable<Notice> Warnings()
    {
        (ReadingProblem Problem, int Count)[] counts =
        [
            (ReadingProblem.HiddenSheetsLeftOut, hiddenSheets), (ReadingProblem.HiddenRowsLeftOut, hiddenRows),
            (ReadingProblem.HiddenSlidesLeftOut, hiddenSlides), (ReadingProblem.DeletionsLeftOut, deletions),
        ];
        return counts.Where(count => count.Count > 0).Select(count => Notice.Of(count.Problem, count.Count));
    }

    private IEnumerable<DocumentPart> Start()
    {
        switch (xml.Name)
        {
            case "h" or "p":
                return Paragraph(xml.Name == "h" && tables.Count == 0 && int.TryParse(xml.Attribute("outline-level") ?? "1", CultureInfo.InvariantCulture, out var level) ? Math.Clamp(level, 1, 6) : 0);
            case "list":
                lists++;
                break;
            case "list-item" or "list-header":
                startsItem = xml.Name == "list-item";
                break;
            case "tracked-changes":
                SkipDeletions();
                break;
            case "page":
                return Page();
            case "table" when styles.IsLeftOut(xml.Attribute("style-name")):
                hiddenSheets++;
                xml.Skip();
                break;
            case "table":
                return Sheet();
            case "table-header-rows" when tables.TryPeek(out var table):
                table.IsInHeader = true;
                break;
            case "table-row" when xml.Attribute("visibility") is "collapse" or "filter":
                hiddenRows += string.IsNullOrWhiteSpace(xml.TextInside()) ? 0 : 1;
                break;
            case "table-row" when tables.TryPeek(out var table):
                table.StartRow();
                break;
            case "table-cell" or "covered-table-cell" when tables.TryPeek(out var table):
                table.StartCell(Number("number-columns-repeated"), Number("number-columns-spanned"), Number("number-rows-spanned"), xml.Name == "covered-table-cell");
                break;
            case "title" or "desc" when xml.TextInside().Trim() is { Length: > 0 } description:
                return Text(0, description);
            case "forms" or "shapes" or "scripts" or "font-face-decls" or "event-listeners" or "table-of-content-source" or "sequence-decls":
                xml.Skip();
                break;
        }

        return [];
    }

    private IEnumerable<DocumentPart> End()
    {
        switch (xml.Name)
        {
            case "list":
                lists = Math.Max(0, lists - 1);
                isInList &= lists > 0;
                break;
            case "table-header-rows" when tables.TryPeek(out var table):
                table.IsInHeader = false;
                break;
            case "table-cell" or "covered-table-cell" when tables.TryPeek(out var table):
                table.EndCell();
                break;
            case "table-row" when tables.TryPeek(out var table):
                table.EndRow();
                return tables.Count == 1 && table.Rows.TakeRows() is { } block ? [block] : [];
            case "table":
                return EndTable();
        }

        return [];
    }

    private IEnumerable<DocumentPart> Page()
    {
        if (styles.IsLeftOut(xml.Attribute("style-name")))
        {
            hiddenSlides++;
            xml.Skip();
            return [];
        }

        return [new PagePart()];
    }

    /// <summary>Begins a table; a sheet's name is a heading, as a reader sees it on its tab.</summary>
    private IEnumerable<DocumentPart> Sheet()
    {
        var name = hasSheets && tables.Count == 0 ? xml.Attribute("name") : null;
        tables.Push(new());
        return name is { Length: > 0 } ? [BlockPart.Heading(1, name)] : [];
    }

    private IEnumerable<DocumentPart> EndTable()
    {
        if (!tables.TryPop(out var table))
        {
            return [];
        }

        if (tables.TryPeek(out var outer))
        {
            // A table in a cell becomes words of the cell.
            outer.Add(string.Join(" / ", table.Rows.End()?.Lines.Select(line => line.Text.Trim()) ?? []));
            return [];
        }

        return table.Rows.End() is { } block ? [block] : [];
    }

    private IEnumerable<DocumentPart> Paragraph(int level)
    {
        var isHidden = styles.IsHidden(xml.Attribute("style-name"));
        var text = Inline();
        var after = notes.ToList();
        notes.Clear();
        return isHidden ? [] : [.. Text(level, text), .. after.SelectMany(note => Text(0, note))];
    }

    /// <summary>Returns a paragraph, or adds it to the open cell.</summary>
    private IEnumerable<DocumentPart> Text(int level, string text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return [];
        }

        if (tables.TryPeek(out var table))
        {
            table.Add(text);
            return [];
        }

        if (level > 0)
        {
            return [BlockPart.Heading(level, text)];
        }

        var mark = lists > 0 && startsItem ? "- " : "";
        var separator = isInList && lists > 0 ? BlockBreak.Line : BlockBreak.Paragraph;
        (startsItem, isInList) = (false, lists > 0);
        return [BlockPart.Paragraph(mark + text, separator)];
    }

    /// <summary>Returns the words of the paragraph that starts here, and moves to its end.</summary>
    private string Inline()
    {
        var depth = xml.Depth;
        var text = new StringBuilder();
        var spans = new Stack<(int Depth, int Start, string? Style)>();
        var links = new Stack<(int Depth, int Start, string? Address)>();
        while (xml.Read() && !(xml.IsEnd && xml.Depth == depth))
        {
            if (xml.IsStart)
            {
                StartInline(text, spans, links);
            }
            else if (xml.IsEnd)
            {
                EndInline(text, spans, links);
            }
            else if (!BoundedText.Add(text, xml.Text, XmlScanner.TextCharactersMax))
            {
                xml.Cut();
            }
        }

        return text.ToString();
    }

    private void StartInline(StringBuilder text, Stack<(int Depth, int Start, string? Style)> spans, Stack<(int Depth, int Start, string? Address)> links)
    {
        switch (xml.Name)
        {
            case "s":
                text.Append(' ', Math.Min(SpacesMax, Number("c")));
                break;
            case "tab" or "line-break":
                text.Append(xml.Name == "tab" ? '\t' : '\n');
                break;
            case "span":
                spans.Push((xml.Depth, text.Length, xml.Attribute("style-name")));
                break;
            case "a":
                links.Push((xml.Depth, text.Length, xml.Attribute("href")));
                break;
            case "note":
                Note(xml.Attribute("note-class") == "endnote" ? StoredWords.Endnote : StoredWords.Footnote);
                break;
            case "annotation":
                Note(StoredWords.Comment);
                break;
            case "hidden-text" or "hidden-paragraph" or "ruby-text" or "note-citation" or "event-listeners":
                xml.Skip();
                break;
            case "p" when text.Length > 0:
                // A text box within the paragraph.
                text.Append('\n');
                break;
        }
    }

    private void EndInline(StringBuilder text, Stack<(int Depth, int Start, string? Style)> spans, Stack<(int Depth, int Start, string? Address)> links)
    {
        if (xml.Name == "span" && spans.TryPeek(out var span) && span.Depth == xml.Depth)
        {
            spans.Pop();
            var words = text.ToString(span.Start, text.Length - span.Start);
            text.Length = span.Start;
            text.Append(styles.IsHidden(span.Style) ? "" : styles.Placed(span.Style, words));
        }
        else if (xml.Name == "a" && links.TryPeek(out var link) && link.Depth == xml.Depth)
        {
            links.Pop();
            var words = text.ToString(link.Start, text.Length - link.Start);
            text.Append(LinkText.After(words, link.Address ?? ""));
        }
    }

    /// <summary>Keeps a note or a comment for the end of the paragraph.</summary>
    private void Note(string label)
    {
        var depth = xml.Depth;
        var words = new StringBuilder();
        while (xml.Read() && !(xml.IsEnd && xml.Depth == depth))
        {
            if (xml.IsStart && xml.Name is "note-citation" or "creator" or "date" or "date-string" or "creator-initials")
            {
                xml.Skip();
            }
            else if (!BoundedText.Add(words, xml.IsStart && xml.Name == "p" && words.Length > 0 ? " " : xml.Text, XmlScanner.TextCharactersMax))
            {
                xml.Cut();
            }
        }

        if (words.Length > 0 && notes.Count < NotesMax)
        {
            notes.Add($"{label}: {words}");
        }
    }

    private void SkipDeletions()
    {
        var depth = xml.Depth;
        while (xml.Read() && !(xml.IsEnd && xml.Depth == depth))
        {
            deletions += xml.IsStart && xml.Name == "deletion" ? 1 : 0;
        }
    }

    /// <summary>Returns a count; 1 without one.</summary>
    private int Number(string name) => int.TryParse(xml.Attribute(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? Math.Clamp(number, 1, TableGrid.ColumnsMax) : 1;

    /// <summary>A table that is being read.</summary>
    private sealed class Table
    {
        /// <summary>An equal cell is repeated in no more columns: the rest is a filled-in margin.</summary>
        private const int RepeatedMax = 64;

        private readonly StringBuilder cell = new();
        private List<TableCell> row = [];
        private int column;
        private (int Repeated, int Columns, int Rows, bool IsCovered) open;

        public TableRows Rows { get; } = new();

        public bool IsInHeader { get; set; }

        public void StartRow() => (row, column) = ([], 0);

        public void StartCell(int repeated, int columns, int rows, bool isCovered)
        {
            cell.Clear();
            open = (repeated, columns, rows, isCovered);
        }

        public void Add(string text) => BoundedText.Add(cell, cell.Length > 0 ? " " + text : text, CellCharactersMax);

        public void EndCell()
        {
            var text = open.IsCovered ? "" : cell.ToString();
            cell.Clear();
            for (var at = 0; text.Length > 0 && at < Math.Min(open.Repeated, RepeatedMax); at++)
            {
                row.Add(new(text, open.Columns, open.Rows, Column: column + at));
            }

            column += Math.Max(1, open.Repeated);
            open = default;
        }

        public void EndRow()
        {
            if (row.Count > 0)
            {
                Rows.AddRow(row, IsInHeader);
            }

            row = [];
        }
    }
}
