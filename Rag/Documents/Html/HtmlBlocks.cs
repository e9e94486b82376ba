using System.Globalization;
using AngleSharp.Html.Parser.Tokens;

namespace Pybo.Rag.Documents.Html;

/// <summary>Builds headings, paragraphs, items and tables from a page's visible elements and their words.</summary>
internal sealed class HtmlBlocks
{
    private readonly Queue<DocumentPart> ready = new();
    private readonly HtmlLine line = new();
    private readonly HtmlLine annotation = new();
    private readonly HtmlLine title = new();
    private readonly Stack<HtmlTable> tables = new();
    private readonly Stack<HtmlList> lists = new();
    private int level;
    private int preformatted;
    private bool isTitle;
    private bool isAnnotation;
    private bool isInList;
    private string? marker;
    private BlockBreak separator = BlockBreak.Paragraph;

    private HtmlLine Target => isTitle ? title : isAnnotation ? annotation : tables.TryPeek(out var table) && table.Cell is { } cell ? cell : line;

    /// <summary>Returns the finished parts.</summary>
    public IEnumerable<DocumentPart> Take()
    {
        while (ready.TryDequeue(out var part))
        {
            yield return part;
        }
    }

    public void Words(ReadOnlySpan<char> words) => Target.Append(words, preformatted > 0 && !isTitle);

    public void LineBreak() => Target.Break();

    /// <summary>Handles a tag without content.</summary>
    public void Void(HtmlTagToken tag)
    {
        switch (tag.Name)
        {
            case "br":
                LineBreak();
                break;
            case "hr":
                EndBlock();
                break;
            case "img":
                Words(tag.GetAttribute("alt"));
                break;
        }
    }

    public void Open(HtmlTagToken tag)
    {
        if (HtmlElements.Blocks.Contains(tag.Name))
        {
            EndBlock();
        }

        switch (tag.Name)
        {
            case "title":
                isTitle = true;
                break;
            case "rt":
                isAnnotation = true;
                break;
            case "q":
                Words("“");
                break;
            case "pre" or "listing" or "xmp" or "plaintext":
                preformatted++;
                break;
            case "dd":
                separator = BlockBreak.Line;
                break;
            case "li":
                marker = lists.TryPeek(out var list) ? list.NextMarker(tag.GetAttribute("value")) : "- ";
                break;
            case "table":
                EndTableAround();
                tables.Push(new());
                break;
            case "td" or "th" when tables.TryPeek(out var table):
                table.OpenCell();
                break;
            case var name when HtmlElements.Lists.Contains(name):
                lists.Push(new(name == "ol", tag.GetAttribute("start")));
                break;
            case var name when HtmlElements.HeadingLevel(name) is > 0 and var heading:
                EndTableAround();
                level = heading;
                break;
        }
    }

    /// <summary>Closes an element that was opened here.</summary>
    public void Close(string name)
    {
        switch (name)
        {
            case "title":
                isTitle = false;
                ready.Enqueue(new TitlePart(title.Take()));
                return;
            case "rt":
                isAnnotation = false;
                return;
            case "ruby":
                WriteAnnotation();
                return;
            case "q":
                Words("”");
                return;
        }

        if (HtmlElements.Blocks.Contains(name))
        {
            EndBlock();
            CloseBlock(name);
        }
    }

    /// <summary>Ends the current block: a block element begins or ends here.</summary>
    public void EndBlock()
    {
        if (tables.TryPeek(out var table) && table.Cell is { } cell)
        {
            cell.BreakParagraph();
            if (cell.Length > HtmlTable.CellCharactersMax)
            {
                EndTableAround();
            }

            return;
        }

        Add(line.Take());
    }

    /// <summary>Ends the page, even if elements are open.</summary>
    public void End()
    {
        WriteAnnotation();
        while (tables.Count > 0)
        {
            CloseTable();
        }

        EndBlock();
    }

    private void CloseBlock(string name)
    {
        switch (name)
        {
            case "pre" or "listing" or "xmp" or "plaintext":
                preformatted--;
                break;
            case "li":
                marker = null;
                break;
            case "table":
                CloseTable();
                break;
            case "td" or "th" when tables.TryPeek(out var table):
                table.CloseCell();
                break;
            case "tr" when tables.TryPeek(out var table):
                table.CloseRow();
                if (table.IsBlockFull)
                {
                    AddRows(table);
                }

                break;
            case var _ when HtmlElements.Lists.Contains(name):
                lists.Pop();
                isInList = lists.Count > 0;
                break;
            case var _ when HtmlElements.HeadingLevel(name) > 0:
                level = 0;
                break;
        }
    }

    /// <summary>Treats the surrounding table as layout, because a cell contains a heading or a table.</summary>
    private void EndTableAround()
    {
        if (tables.TryPeek(out var table) && !table.IsLayout)
        {
            var words = table.TurnIntoLayout();
            AddRows(table);
            Add(words);
        }
    }

    private void CloseTable()
    {
        if (tables.TryPop(out var table))
        {
            table.CloseRow();
            AddRows(table);
        }
    }

    private void AddRows(HtmlTable table)
    {
        if (table.TakeRows() is { } rows)
        {
            ready.Enqueue(rows);
            isInList = false;
        }
    }

    private void Add(string words)
    {
        if (string.IsNullOrWhiteSpace(words))
        {
            return;
        }

        var isItem = lists.Count > 0 && isInList;
        ready.Enqueue(new BlockPart(level, [new(level == 0 ? marker + words : words)], isItem ? BlockBreak.Line : separator));
        separator = BlockBreak.Paragraph;
        marker = null;
        isInList = lists.Count > 0;
    }

    /// <summary>Writes 漢(かん)字(じ) as 漢字(かんじ), so that a word can be found whole.</summary>
    private void WriteAnnotation()
    {
        isAnnotation = false;
        var words = annotation.Take();
        if (!string.IsNullOrWhiteSpace(words))
        {
            Words($"({words.Trim()})");
        }
    }

    private sealed class HtmlList(bool isOrdered, string? start)
    {
        private int number = Number(start) ?? 1;

        public string NextMarker(string? value)
        {
            number = Number(value) ?? number;
            return isOrdered ? string.Create(CultureInfo.InvariantCulture, $"{unchecked(number++)}. ") : "- ";
        }

        private static int? Number(string? digits) =>
            int.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
    }
}
