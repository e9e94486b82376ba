using System.Buffers;
using System.Text;
using Markdig.Extensions.Tables;
using Markdig.Extensions.Yaml;
using Markdig.Syntax;
using Pybo.Data;
using Pybo.Rag.Documents.Html;
using Pybo.Rag.Documents.MarkdownParsing;
using Pybo.Rag.Documents.Tables;
using TableCell = Markdig.Extensions.Tables.TableCell;
using TableRow = Markdig.Extensions.Tables.TableRow;

namespace Pybo.Rag.Documents;

/// <summary>Writes a parsed markdown tree as blocks of plain text. The parser bounds the depth of the tree.</summary>
internal sealed class MarkdownText
{
    private static readonly SearchValues<char> AddressSigns = SearchValues.Create("/.:#?@\\");

    private readonly List<BlockPart> blocks = [];
    private readonly Queue<LinkReferenceDefinition> definitions = [];
    private readonly List<FootnoteBlock> notes = [];
    private readonly MarkdownInlines inlines;
    private readonly bool showsHtml;
    private int listDepth;
    private bool isInList;
    private bool isInNotes;
    private string? marker;

    private MarkdownText(bool showsHtml)
    {
        this.showsHtml = showsHtml;
        inlines = new(note => note is [LeafBlock { Inline: { } words }] ? MarkdownInlines.WordsOfNote(words) : "");
    }

    /// <param name="showsHtml">True for a post, which shows HTML as it is typed: none of it is hidden.</param>
    public static IReadOnlyList<BlockPart> Blocks(MarkdownDocument tree, bool showsHtml)
    {
        var text = new MarkdownText(showsHtml);
        text.Write(tree);
        return text.blocks;
    }

    private void Write(MarkdownDocument tree)
    {
        foreach (var definition in tree.OfType<LinkReferenceDefinitionGroup>().SelectMany(group => group).OfType<LinkReferenceDefinition>().Where(IsRemark).OrderBy(definition => definition.Line))
        {
            definitions.Enqueue(definition);
        }

        WriteChildren(tree);
        WriteRemarks(int.MaxValue);
        foreach (var note in notes.Where(note => !inlines.IsPlaced(note)))
        {
            // Only another note refers to it.
            WriteNote(note);
            WriteNotes();
        }
    }

    private void Write(Block block)
    {
        switch (block)
        {
            case YamlFrontMatterBlock or LinkReferenceDefinitionGroup:
                break;
            case HeadingBlock heading:
                WriteHeading(heading);
                break;
            case Table table:
                WriteTable(table);
                break;
            case ListBlock list:
                WriteList(list);
                break;
            case FootnoteBlock { IsReferenced: true } note:
                notes.Add(note);
                break;
            case FootnoteBlock note:
                WriteNote(note);
                break;
            case ContainerBlock container:
                WriteChildren(container);
                break;
            case LeafBlock { Inline: { } words }:
                WriteParagraph(inlines.Words(words));
                break;
            case LeafBlock leaf:
                WriteParagraph(leaf.Lines.ToString());
                break;
        }

        WriteNotes();
    }

    /// <summary>HTML with a blank line in it is several blocks, and is read as one.</summary>
    private void WriteChildren(ContainerBlock container)
    {
        var html = new StringBuilder();
        foreach (var child in container)
        {
            if (child is HtmlBlock block)
            {
                html.Append(block.Lines.ToString()).Append('\n');
                continue;
            }

            WriteHtml(html);
            if (container is MarkdownDocument)
            {
                WriteRemarks(child.Line);
            }

            Write(child);
        }

        WriteHtml(html);
    }

    private void WriteHtml(StringBuilder html)
    {
        if (html.Length == 0)
        {
            return;
        }

        var source = html.ToString();
        html.Clear();
        if (showsHtml || source.Contains("<style", StringComparison.OrdinalIgnoreCase))
        {
            WriteParagraph(MarkdownHtml.Words(source));
            return;
        }

        foreach (var block in new HtmlText(source, new()).Parts().OfType<BlockPart>())
        {
            Add(marker is null || block.Level > 0 ? block : block with { Lines = [block.Lines[0] with { Text = marker + block.Lines[0].Text }, .. block.Lines.Skip(1)] });
        }
    }

    private void WriteHeading(HeadingBlock heading)
    {
        var words = heading.Inline is null ? "" : TextNormalizer.Normalize(inlines.Words(heading.Inline));
        if (words.Length > 0)
        {
            Add(new(heading.Level, [new(words)]));
        }
    }

    private void WriteList(ListBlock list)
    {
        var number = int.TryParse(list.OrderedStart, out var first) ? first : 1;
        listDepth++;
        foreach (var item in list)
        {
            // The marker precedes an item's first words; an item without words leaves no marker behind.
            marker = list.IsOrdered ? $"{number++}. " : "- ";
            Write(item);
            marker = null;
        }

        listDepth--;
        isInList = listDepth > 0;
    }

    private void WriteTable(Table table)
    {
        var rows = new TableRows();
        foreach (var row in table.OfType<TableRow>())
        {
            rows.AddRow([.. row.OfType<TableCell>().Select(cell => new Tables.TableCell(CellWords(cell), cell.ColumnSpan, cell.RowSpan))], row.IsHeader);
        }

        if (rows.End() is { } block)
        {
            Add(block);
        }
    }

    private void WriteParagraph(string paragraph)
    {
        var words = TextNormalizer.Normalize(paragraph);
        if (words.Length > 0)
        {
            Add(new(0, [new(marker + words)]));
        }
    }

    /// <summary>Writes the notes that were too long for the line they belong to.</summary>
    private void WriteNotes()
    {
        if (isInNotes)
        {
            // Notes of notes follow them, so that a chain of them does not nest.
            return;
        }

        isInNotes = true;
        foreach (var note in inlines.TakeNotes())
        {
            WriteNote(note);
        }

        isInNotes = false;
    }

    private void WriteNote(FootnoteBlock note)
    {
        marker = $"{StoredWords.Footnote}: ";
        WriteChildren(note);
        marker = null;
    }

    /// <summary>Writes remarks that look like definitions of links, as far as they are above a line.</summary>
    private void WriteRemarks(int line)
    {
        while (definitions.TryPeek(out var remark) && remark.Line < line)
        {
            definitions.Dequeue();
            WriteParagraph($"{remark.Label}: {string.Join(' ', new[] { remark.Url, remark.Title }.Where(text => !string.IsNullOrEmpty(text)))}");
        }
    }

    /// <summary><c>[주의]: 환불불가</c> defines no link, because its target is no address.</summary>
    private static bool IsRemark(LinkReferenceDefinition definition) =>
        definition.Label is { Length: > 0 } && definition.Url is { Length: > 0 } target && !target.AsSpan().ContainsAny(AddressSigns);

    /// <summary>Adds words, after a blank line between paragraphs or a line end inside a list.</summary>
    private void Add(BlockPart block)
    {
        blocks.Add(block with { Break = listDepth > 0 && isInList ? BlockBreak.Line : block.Break });
        marker = null;
        isInList = listDepth > 0;
    }

    private string CellWords(TableCell cell) =>
        string.Join(' ', cell.OfType<LeafBlock>().Where(b => b.Inline is not null).Select(b => TextNormalizer.Normalize(inlines.Words(b.Inline!)).Replace('\n', ' ')));
}
