using System.Globalization;
using AngleSharp.Html.Parser.Tokens;

namespace Pybo.Rag.Documents.Html;

/// <summary>Builds headings, paragraphs, items and tables from a page's visible elements and their words.</summary>
internal sealed class HtmlBlocks
{
    /// <summary>Longer raised or struck text is a paragraph of its own kind, and is read as it is.</summary>
    private const int SpanCharactersMax = 200;

    /// <summary>The words of a term; longer ones are text.</summary>
    private const int TermCharactersMax = 80;

    private readonly Queue<DocumentPart> ready = new();
    private readonly HtmlLine line = new();
    private readonly HtmlLine annotation = new();
    private readonly HtmlLine title = new();
    private readonly HtmlLinks links = new();
    private readonly HtmlLinkRun linkRun = new();
    private readonly Stack<HtmlTable> tables = new();
    private readonly Stack<HtmlList> lists = new();
    private readonly Stack<Span> spans = new();
    private HtmlMath? math;
    private HtmlLine? control;
    private int controlDepth;
    private string caption = "";
    private string term = "";
    private int level;
    private int preformatted;
    private int drawings;
    private int menus;
    private bool isTitle;
    private bool isAnnotation;
    private bool isInList;
    private bool isInTerm;
    private bool isInDefinition;
    private string? marker;
    private BlockBreak separator = BlockBreak.Paragraph;

    private HtmlLine Target => isTitle ? title : control ?? (isAnnotation ? annotation : tables.TryPeek(out var table) && table.Cell is { } cell ? cell : line);

    /// <summary>Returns the finished parts.</summary>
    public IEnumerable<DocumentPart> Take()
    {
        while (ready.TryDequeue(out var part))
        {
            yield return part;
        }
    }

    public void Words(ReadOnlySpan<char> words)
    {
        if (math is not null)
        {
            math.Words(words);
            return;
        }

        if (caption.Length > 0 && control is null && !words.IsWhiteSpace())
        {
            caption = "";
        }

        Target.Append(words, preformatted > 0 && !isTitle);
    }

    public void LineBreak() => Target.Break();

    /// <summary>Writes the caption of the button that unfolds what follows.</summary>
    public void Unfold()
    {
        var words = caption;
        caption = "";
        if (words.Length > 0)
        {
            EndBlock();
            Words(words);
            EndBlock();
        }
    }

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
                Words(PictureText.Description(tag.GetAttribute("alt")));
                break;
            case "area":
                var start = Target.Here;
                Words($" {tag.GetAttribute("alt")} ");
                Target.AppendAddress(start, links.Target(tag.GetAttribute("href"), menus > 0));
                break;
            case "input":
                Words(HtmlField.Words(tag));
                break;
            default:
                links.Head(tag);
                break;
        }
    }

    /// <param name="depth">The number of elements around it.</param>
    /// <param name="script">1 for raised text, -1 for lowered text, otherwise 0.</param>
    public void Open(HtmlTagToken tag, int depth, int script)
    {
        if (math is not null)
        {
            math.Open(tag.Name);
            return;
        }

        if (HtmlElements.Blocks.Contains(tag.Name))
        {
            EndBlock();
        }

        OpenInline(tag, depth, script);
        switch (tag.Name)
        {
            case "title" when drawings == 0:
                isTitle = true;
                break;
            case "pre" or "listing" or "xmp" or "plaintext" or "textarea":
                preformatted++;
                break;
            case "dt":
                isInTerm = true;
                break;
            case "dd":
                (isInDefinition, separator) = (true, term.Length > 0 ? BlockBreak.Paragraph : BlockBreak.Line);
                break;
            case "li":
                marker = lists.TryPeek(out var list) ? list.NextMarker(tag.GetAttribute("value")) : "- ";
                break;
            case "table":
                EndTableAround();
                tables.Push(new());
                break;
            case "td" or "th" when tables.TryPeek(out var table):
                table.OpenCell(tag);
                break;
            case "thead" when tables.TryPeek(out var table):
                table.IsInHead = true;
                break;
            case var name when HtmlElements.Lists.Contains(name):
                lists.Push(new(name == "ol", tag.GetAttribute("start")));
                break;
            case var name when HtmlElements.Menus.Contains(name):
                menus++;
                break;
            case var name when HtmlElements.HeadingLevel(name) is > 0 and var heading:
                EndTableAround();
                level = heading;
                break;
        }
    }

    /// <summary>Closes an element that was opened here.</summary>
    /// <param name="depth">The number of elements around it.</param>
    public void Close(string name, int depth)
    {
        if (math is not null && name != "math")
        {
            math.Close();
            return;
        }

        if (spans.TryPeek(out var span) && span.Depth == depth)
        {
            spans.Pop();
            Finish(span);
        }

        CloseInline(name, depth);
        if (HtmlElements.Blocks.Contains(name))
        {
            EndBlock();
            CloseBlock(name);
        }
    }

    /// <summary>Ends the current block: a block element begins or ends here.</summary>
    public void EndBlock()
    {
        if (control is not null)
        {
            control.BreakParagraph();
            return;
        }

        if (tables.TryPeek(out var table) && table.Cell is { } cell)
        {
            cell.BreakParagraph();
            if (cell.Length > HtmlTable.CellCharactersMax)
            {
                EndTableAround();
            }

            return;
        }

        Add(line.TakeWords());
    }

    /// <summary>Ends the page, even if elements are open.</summary>
    public void End()
    {
        control = null;
        EndFormula();
        WriteAnnotation();
        while (tables.Count > 0)
        {
            CloseTable();
        }

        EndBlock();
        EndTerm();
        Release(linkRun.End());
    }

    private void OpenInline(HtmlTagToken tag, int depth, int script)
    {
        switch (tag.Name)
        {
            case "a" when links.Target(tag.GetAttribute("href"), menus > 0) is { Length: > 0 } target:
                spans.Push(new(depth, tag.Name, Target, Target.Here, target));
                break;
            case "sup" or "sub" or "s" or "strike" or "del":
                spans.Push(new(depth, tag.Name, Target, Target.Here));
                break;
            case "rt":
                isAnnotation = true;
                break;
            case "q":
                Words("“");
                break;
            case "option" or "textarea" or "title" or "desc":
                Words(" ");
                break;
            case "math":
                math = new();
                break;
            case "button" when HtmlPanels.IsTitle(tag):
                Words(" ");
                break;
            case "button" when control is null:
                (control, controlDepth) = (new(), depth);
                break;
            case "svg":
                drawings++;
                break;
            default:
                if (script != 0)
                {
                    spans.Push(new(depth, script > 0 ? "sup" : "sub", Target, Target.Here));
                }

                break;
        }

        if (tag.Attributes.Count > 0 && HtmlVisibility.Role(tag) == "img")
        {
            Words($" {PictureText.Description(tag.GetAttribute("aria-label"))} ");
        }
    }

    private void CloseInline(string name, int depth)
    {
        switch (name)
        {
            case "title" when drawings == 0:
                isTitle = false;
                Enqueue(new TitlePart(title.Take()));
                break;
            case "rt":
                isAnnotation = false;
                break;
            case "ruby":
                WriteAnnotation();
                break;
            case "q":
                Words("”");
                break;
            case "textarea":
                preformatted--;
                Words(" ");
                break;
            case "option" or "title" or "desc":
                Words(" ");
                break;
            case "math":
                EndFormula();
                break;
            case "button" when control is not null && controlDepth == depth:
                caption = control.Take().Trim();
                control = null;
                break;
            case "button":
                Words(" ");
                break;
            case "svg":
                drawings--;
                break;
        }
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
            case "dt":
                isInTerm = false;
                break;
            case "dd":
                isInDefinition = false;
                break;
            case "dl":
                EndTerm();
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
                    Add(table.TakeRows());
                }

                break;
            case "thead" when tables.TryPeek(out var table):
                table.IsInHead = false;
                break;
            case var _ when HtmlElements.Lists.Contains(name):
                lists.Pop();
                isInList = lists.Count > 0;
                break;
            case var _ when HtmlElements.Menus.Contains(name):
                menus--;
                break;
            case var _ when HtmlElements.HeadingLevel(name) > 0:
                level = 0;
                break;
        }
    }

    /// <summary>Rewrites the words of an inline element that has ended.</summary>
    private static void Finish(Span span)
    {
        switch (span.Name)
        {
            case "sup":
                span.Line.TryReplace(span.Start, SpanCharactersMax, ScriptText.Raised);
                break;
            case "sub":
                span.Line.TryReplace(span.Start, SpanCharactersMax, ScriptText.Lowered);
                break;
            case "a":
                span.Line.AppendAddress(span.Start, span.Address);
                break;
            default:
                span.Line.TryReplace(span.Start, SpanCharactersMax, words => $"~~{words}~~");
                break;
        }
    }

    private void EndFormula()
    {
        if (math?.End() is { } formula)
        {
            math = null;
            Words(formula);
        }
    }

    /// <summary>Treats the surrounding table as layout, because a cell contains a heading or a table.</summary>
    private void EndTableAround()
    {
        if (tables.TryPeek(out var table) && !table.IsLayout)
        {
            var words = table.TurnIntoLayout();
            Add(table.End());
            Add(words);
        }
    }

    private void CloseTable()
    {
        if (tables.TryPop(out var table))
        {
            Add(table.End());
        }
    }

    private void Add(BlockPart? rows)
    {
        if (rows is not null)
        {
            Enqueue(rows);
            isInList = false;
        }
    }

    private void Add(HtmlWords words)
    {
        if (string.IsNullOrWhiteSpace(words.Text))
        {
            return;
        }

        if (isInTerm && IsTerm(words.Text))
        {
            EndTerm();
            term = words.Text.Trim();
            return;
        }

        var lead = level == 0 ? marker ?? "" : "";
        if (isInDefinition && lead.Length == 0 && level == 0)
        {
            lead = term.Length > 0 ? term + ": " : "";
            term = "";
        }

        var isItem = lists.Count > 0 && isInList;
        var block = new BlockPart(level, [new(lead + (words.IsLinksOnly ? words.Text : words.Settled))], isItem ? BlockBreak.Line : separator);
        if (words.IsLinksOnly && level == 0)
        {
            EndTerm();
            Release(linkRun.Add(block, lead, words));
        }
        else
        {
            Enqueue(block);
        }

        separator = BlockBreak.Paragraph;
        marker = null;
        isInList = lists.Count > 0;
    }

    private void Enqueue(DocumentPart part)
    {
        EndTerm();
        Release(linkRun.End());
        ready.Enqueue(part);
    }

    private void Release(IEnumerable<BlockPart> blocks)
    {
        foreach (var block in blocks)
        {
            ready.Enqueue(block);
        }
    }

    /// <summary>A question is a paragraph of its own; other terms precede their definitions on one line.</summary>
    private static bool IsTerm(string words) => words.Length <= TermCharactersMax && !words.Contains('\n', StringComparison.Ordinal) && words.TrimEnd() is not [.., '?' or '.' or '!' or ':' or '？'];

    /// <summary>Writes a term without a definition.</summary>
    private void EndTerm()
    {
        var words = term;
        term = "";
        if (words.Length > 0)
        {
            Enqueue(BlockPart.Paragraph(words));
        }
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

    /// <summary>An inline element whose words are rewritten at its end.</summary>
    private readonly record struct Span(int Depth, string Name, HtmlLine Line, (int Taken, int Start) Start, string Address = "");

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
