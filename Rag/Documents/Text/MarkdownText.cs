using System.Text;
using Markdig.Extensions.Tables;
using Markdig.Extensions.TaskLists;
using Markdig.Extensions.Yaml;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Pybo.Rag.Documents;

/// <summary>Writes a parsed markdown tree as blocks of plain text. The parser bounds the depth of the tree.</summary>
internal sealed class MarkdownText
{
    private readonly List<BlockPart> blocks = [];
    private int listDepth;
    private bool isInList;
    private string? marker;

    private MarkdownText()
    {
    }

    public static IReadOnlyList<BlockPart> Blocks(MarkdownDocument tree)
    {
        var text = new MarkdownText();
        text.Write(tree);
        return text.blocks;
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
            case ContainerBlock container:
                foreach (var child in container)
                {
                    Write(child);
                }

                break;
            case HtmlBlock html:
                WriteParagraph(MarkdownHtml.Words(html.Lines.ToString()));
                break;
            case LeafBlock { Inline: { } inline }:
                WriteParagraph(Words(inline));
                break;
            case LeafBlock leaf:
                WriteParagraph(leaf.Lines.ToString());
                break;
        }
    }

    private void WriteHeading(HeadingBlock heading)
    {
        var words = heading.Inline is null ? "" : TextNormalizer.Normalize(Words(heading.Inline));
        if (words.Length > 0)
        {
            Add(heading.Level, words);
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
        var rows = table.OfType<TableRow>().Select(row => string.Join(" | ", row.OfType<TableCell>().Select(CellWords)));
        WriteParagraph(string.Join('\n', rows));
    }

    private void WriteParagraph(string paragraph)
    {
        var words = TextNormalizer.Normalize(paragraph);
        if (words.Length > 0)
        {
            Add(level: 0, words);
        }
    }

    /// <summary>Adds words, after a blank line between paragraphs or a line end inside a list.</summary>
    private void Add(int level, string words)
    {
        blocks.Add(new(level, [new(level == 0 ? marker + words : words)], listDepth > 0 && isInList ? BlockBreak.Line : BlockBreak.Paragraph));
        marker = null;
        isInList = listDepth > 0;
    }

    private static string CellWords(TableCell cell) =>
        string.Join(' ', cell.OfType<LeafBlock>().Where(b => b.Inline is not null).Select(b => TextNormalizer.Normalize(Words(b.Inline!)).Replace('\n', ' ')));

    /// <summary>Returns the words of a tree of inlines. The walk is not recursive, however deep the tree is.</summary>
    private static string Words(ContainerInline inlines)
    {
        var words = new StringBuilder();
        foreach (var inline in inlines.FindDescendants<Inline>())
        {
            _ = inline switch
            {
                LiteralInline literal => words.Append(literal.Content.AsSpan()),
                CodeInline code => words.Append(code.ContentSpan),
                LineBreakInline lineBreak => words.Append(lineBreak.IsHard ? '\n' : ' '),
                AutolinkInline link => words.Append(link.Url),
                HtmlEntityInline entity => words.Append(entity.Transcoded.AsSpan()),
                TaskList task => words.Append(task.Checked ? "[x]" : "[ ]"),
                HtmlInline { Tag: var tag } when tag.StartsWith("<br", StringComparison.OrdinalIgnoreCase) => words.Append('\n'),
                _ => words,
            };
        }

        return words.ToString();
    }
}
